/** That docs/versioning.md is true of the tasks and workflows that projen wrote. */
import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';

const ROOT = path.join(__dirname, '..', '..');
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');

interface Step {
  readonly spawn?: string;
  readonly execArgs?: string[];
}

interface Target {
  readonly maven: { readonly groupId: string; readonly artifactId: string };
  readonly moduleName: string;
  readonly distName: string;
}

interface Job {
  readonly needs?: string | string[];
  readonly steps: { readonly run?: string; readonly env?: Record<string, string> }[];
}

interface Workflow {
  readonly on: { readonly push?: { readonly branches: string[] } };
  readonly jobs: Record<string, Job>;
}

const { tasks } = JSON.parse(read('.projen/tasks.json')) as { tasks: Record<string, { steps?: Step[]; env?: Record<string, string> }> };
const { name, repository, jsii } = JSON.parse(read('package.json')) as {
  name: string; repository: { url: string }; jsii: { targets: Record<'java' | 'python' | 'go', Target> };
};
const release = parse(read('.github/workflows/release.yml')) as Workflow;
const document = read('docs/versioning.md');

/** All programs that a task runs, with those of the tasks that it spawns. */
function programsOf(task: string): string[] {
  return (tasks[task].steps ?? []).flatMap(({ spawn, execArgs }) => [...(execArgs ? [execArgs.join(' ')] : []), ...(spawn ? programsOf(spawn) : [])]);
}

test.each(['build', 'release'])('%s compares the API with the last release', task => {
  expect(programsOf(task)).toContain(`jsii-diff npm:${name} -k --ignore-file .compatignore`);
});

test('a release is made from main, and stands on GitHub with its changelog once each package is published', () => {
  expect(release.on.push!.branches).toEqual(['main']);
  const runs = Object.values(release.jobs).flatMap(({ steps }) => steps.map(({ run }) => run ?? ''));
  expect(runs).toContain('npx projen release');
  const publishing = ['release_npm', 'release_pypi', 'release_maven', 'release_golang'];
  expect(release.jobs.release_github.needs).toEqual(expect.arrayContaining(publishing));
  expect(tasks.bump.env!.CHANGELOG).toBe('dist/changelog.md');
  expect(release.jobs.release_github.steps.map(({ env }) => env?.CHANGELOG_FILE)).toContain(tasks.bump.env!.CHANGELOG);
});

test('the packages are those that the document lists, and so are the secrets', () => {
  const { java, python, go } = jsii.targets;
  const packages = [`${name}\` on npm`, `${python.distName}\` on PyPI`, `${java.maven.groupId}:${java.maven.artifactId}\``, `${go.moduleName}/${name.replace(/\W/g, '')}\``];
  expect(packages.filter(each => !document.includes(`\`${each}`))).toEqual([]);
  expect(Object.keys(jsii.targets).sort()).toEqual(['go', 'java', 'python']);
  const secrets = new Set([...read('.github/workflows/release.yml').matchAll(/secrets\.(\w+)/g)].map(([, secret]) => secret));
  expect([...secrets].filter(secret => secret !== 'GITHUB_TOKEN' && !document.includes(`\`${secret}\``))).toEqual([]);
});

test('who publishes is named in one way everywhere', () => {
  const folders = ['docs', 'src', 'examples'].flatMap(folder => fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => /\.(md|ts|java|go|mod|xml|yml)$/.test(file)).map(file => path.join(folder, file)));
  const files = ['README.md', 'SECURITY.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CODE_OF_CONDUCT.md', ...folders];
  const owner = repository.url.split('/').slice(0, -1).join('/').replace('https://', '');
  const groups = /\bio\.github\.[a-z]+\b/g;
  const others = files.flatMap(file => {
    const text = read(file);
    const owners = [...text.matchAll(/github\.com\/[\w-]+(?=\/cdk-oky-backend)/g)].map(([found]) => found).filter(found => found !== owner);
    return [...owners, ...[...text.matchAll(groups)].map(([found]) => found).filter(found => found !== jsii.targets.java.maven.groupId)].map(found => `${file}: ${found}`);
  });
  expect(others).toEqual([]);
});
