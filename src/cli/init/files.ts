import * as fs from 'node:fs';
import * as path from 'node:path';
import { PACKAGE_ROOT } from '../package';

const TEMPLATES = path.join(PACKAGE_ROOT, 'templates', 'init');

/** Where each file of a deployment comes from, in templates/init/. npm takes no file by the name .gitignore into a package. */
const DRILLS = ['alarm-test', 'region-loss', 'restore', 'secret-rotation'].map(name => `drills/${name}.sh`);
const BOTH: Record<string, string> = {
  '.gitignore': 'gitignore', 'README.md': 'README.md', 'cdk.context.json': 'cdk.context.json', ...Object.fromEntries(DRILLS.map(file => [file, file])),
};
const LANGUAGES: Record<string, Record<string, string>> = {
  typescript: {
    ...BOTH,
    'app.ts': 'typescript/app.ts',
    'app.test.ts': 'typescript/app.test.ts',
    'cdk.json': 'typescript/cdk.json',
    'package.json': 'typescript/package.json',
    'tsconfig.json': 'typescript/tsconfig.json',
  },
  python: {
    ...BOTH,
    'app.py': 'python/app.py',
    'test_app.py': 'python/test_app.py',
    'cdk.json': 'python/cdk.json',
    'package.json': 'python/package.json',
    'requirements.txt': 'python/requirements.txt',
  },
};
const FOR_GITHUB = (language: string): Record<string, string> => ({
  '.github/workflows/deploy.yml': `${language}/deploy.yml`, 'deploy-role.yml': 'deploy-role.yml',
});

/** The files of a deployment by their paths, each with its text: one value takes the place of each `__NAME__`. */
export function filesOf(language: string, isOnGithub: boolean, values: Record<string, string>): Record<string, string> {
  const templates = { ...LANGUAGES[language], ...isOnGithub && FOR_GITHUB(language) };
  const all = { ...values, GITHUB: isOnGithub ? fill('github.md', values) : '' };
  return Object.fromEntries(Object.entries(templates).map(([file, template]) => [file, fill(template, all)]));
}

/** A value of several lines is indented like its place. */
function fill(template: string, values: Record<string, string>): string {
  const text = fs.readFileSync(path.join(TEMPLATES, template), 'utf8');
  return text.replace(/^( *)(.*)$/gm, (_, indent: string, line: string) => indent + line.replace(/__([A-Z]+(?:_[A-Z]+)*)__/g, (__, name: string) => {
    if (values[name] === undefined) {
      throw new Error(`templates/init/${template} has a place for ${name}, which has no value`);
    }
    return values[name].split('\n').map((each, index) => index === 0 || each === '' ? each : indent + each).join('\n');
  }));
}

/** Refuses a folder that has files of these names: nothing is ever overwritten. */
export function requireFree(folder: string, language = 'typescript', files = Object.keys(LANGUAGES[language])): void {
  const found = [...new Set(files.flatMap(file => inTheWayOf(folder, file) ?? []))];
  if (found.length > 0) {
    throw new Error(`--folder must have none of the files that are to be written, got: ${found.join(', ')}; move them away, or give another folder`);
  }
}

/** A file or link of that name, also one that leads nowhere, or a file where a folder has to be. */
function inTheWayOf(folder: string, file: string): string | undefined {
  const parts = file.split('/');
  const paths = parts.map((_, index) => path.join(folder, ...parts.slice(0, index + 1)));
  return [folder, ...paths].find(each => {
    const there = fs.lstatSync(each, { throwIfNoEntry: false });
    return there && (each === paths.at(-1) || !fs.statSync(each, { throwIfNoEntry: false })?.isDirectory());
  });
}

export function write(folder: string, files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(folder, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    // Fails if another process was quicker.
    fs.writeFileSync(target, text, { flag: 'wx' });
  }
}
