import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { deploy, templateOf } from '../helpers';

/** What is published to npm: everything that is installed with it, and nothing that only this repository needs. */
const ROOT = path.join(__dirname, '..', '..');
const MOST_BYTES = 400 * 1024;

interface Packed {
  readonly size: number;
  readonly files: { readonly path: string; readonly mode: number }[];
}

interface Manifest {
  readonly main: string;
  readonly types: string;
  readonly bin: Record<string, string>;
  readonly exports: Record<string, string | Record<string, string>>;
  readonly dependencies: Record<string, string>;
  readonly bundledDependencies: string[];
  readonly peerDependencies: Record<string, string>;
}

const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;
const [packed] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'],
})) as Packed[];
const files = packed.files.map(file => file.path);

test('the tarball holds the library and what belongs to it, and nothing else', () => {
  expect([...new Set(files.map(file => file.split('/')[0]))].sort()).toEqual(['.jsii', 'LICENSE', 'README.md', 'assets', 'bin', 'lib', 'node_modules', 'package.json', 'templates']);
});

test('of the library it holds what runs and what is typed, for each source file', () => {
  const sources = fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
  const expected = sources.map(file => file.slice(0, -'.ts'.length)).flatMap(file => [`lib/${file}.d.ts`, `lib/${file}.js`]);
  expect(files.filter(file => file.startsWith('lib/')).sort()).toEqual(expected.sort());
});

test('of the assets it holds the files of the containers and the prices', () => {
  expect(files.filter(file => file.startsWith('assets/')).sort()).toEqual([
    'assets/check-signup.js', 'assets/preload.js', 'assets/prices.json', 'assets/profile-prices.json', 'assets/rds-root-certificates.json', 'assets/request-guard.js',
    'assets/service-role.sql', 'assets/sql-task.js',
  ]);
});

test('of the templates it holds those of both services, and what a new deployment is made from', () => {
  const deployment = fs.readdirSync(path.join(ROOT, 'templates/init'), { recursive: true, encoding: 'utf8' })
    .filter(file => fs.statSync(path.join(ROOT, 'templates/init', file)).isFile()).map(file => `templates/init/${file}`);
  expect(files.filter(file => file.startsWith('templates/')).sort()).toEqual([
    ...deployment,
    'templates/project_oky_api_task_configuration.dist.env',
    'templates/project_oky_cms_task_configuration.dist.env',
  ].sort());
});

test('its command can be run as it is in the package, which pip\'s command does', () => {
  expect(Object.entries(manifest.bin)).toEqual([['cdk-oky-backend', 'bin/cdk-oky-backend']]);
  expect(packed.files.find(file => file.path === 'bin/cdk-oky-backend')!.mode.toString(8)).toBe('755');
});

test('it stays below 400 KB', () => {
  expect(packed.size).toBeLessThan(MOST_BYTES);
});

test('everything that package.json points at is in it', () => {
  const targets = [manifest.main, manifest.types, ...Object.values(manifest.bin), ...Object.values(manifest.exports).flatMap(target => typeof target === 'string' ? target : Object.values(target))];
  for (const target of targets.map(each => path.posix.normalize(each))) {
    expect(files.filter(file => target.endsWith('*') ? file.startsWith(target.slice(0, -1)) : file === target)).not.toEqual([]);
  }
});

test('it brings one dependency, which hashes passwords, within the package, and takes any later minor version of its peers', () => {
  expect([manifest.dependencies, manifest.bundledDependencies]).toEqual([{ bcryptjs: '^3' }, ['bcryptjs']]);
  expect([...new Set(files.filter(file => file.startsWith('node_modules/')).map(file => file.split('/')[1]))]).toEqual(['bcryptjs']);
  expect(Object.keys(manifest.peerDependencies).sort()).toEqual(['aws-cdk-lib', 'constructs']);
  for (const range of Object.values(manifest.peerDependencies)) {
    expect(range).toMatch(/^\^\d+\.\d+\.\d+$/);
  }
});

describe.each(['api', 'cms'])('the template of the environment file of the %s', name => {
  const lines = fs.readFileSync(path.join(ROOT, `templates/project_oky_${name}_task_configuration.dist.env`), 'utf8').split('\n');
  const variables = lines.filter(line => line !== '' && !line.startsWith('# ')).map(line => line.replace(/^#/, ''));

  test('has one variable a line and nothing that ECS would take literally', () => {
    expect(variables.length).toBeGreaterThan(0);
    for (const variable of variables.filter(line => line !== '')) {
      expect(variable).toMatch(/^[A-Z][A-Z0-9_]*=[^\s"']*$/);
    }
  });

  test('is one that the construct accepts, with all of its variables', () => {
    const environmentFile = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'env-')), 'all.env');
    fs.writeFileSync(environmentFile, variables.join('\n'));
    expect(() => deploy({ [name]: { environmentFileKey: 'own.env', environmentFile } })).not.toThrow();
    fs.rmSync(path.dirname(environmentFile), { recursive: true });
  });

  test('names all that the construct sets', () => {
    const [definition] = Object.values(templateOf().findResources('AWS::ECS::TaskDefinition', { Properties: { Family: `project-oky-ecs-${name}-task` } }));
    const [{ Environment, Secrets }] = definition.Properties.ContainerDefinitions as Record<string, { readonly Name: string }[]>[];
    const comments = lines.filter(line => line.startsWith('#')).join(' ');
    // The path of programs is set so that a file can't set it: nobody looks for it there.
    expect([...Environment, ...Secrets].map(each => each.Name).filter(variable => variable !== 'PATH' && !new RegExp(`\\b${variable}\\b`).test(comments))).toEqual([]);
  });
});
