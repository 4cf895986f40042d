import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';

/**
 * Outside facts, T10: what runs beside a token that can publish or deploy.
 *
 * @see https://docs.github.com/en/actions/reference/security/secure-use
 */
const ROOT = path.join(__dirname, '..', '..');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Record<string, string>;
}

interface Job {
  readonly permissions?: Record<string, string>;
  readonly environment?: string;
  readonly env?: Record<string, string>;
  readonly steps: Step[];
}

interface Workflow {
  readonly permissions?: Record<string, string>;
  readonly jobs: Record<string, Job>;
}

const OURS = fs.readdirSync(path.join(ROOT, '.github/workflows')).map(file => `.github/workflows/${file}`);
const OF_USERS = ['templates/init/typescript/deploy.yml', 'templates/init/python/deploy.yml', 'examples/github-workflow/release.yml'];
const FILES = [...OURS, ...OF_USERS];

const textOf = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const jobs = FILES.flatMap(file => {
  const workflow = parse(textOf(file)) as Workflow;
  return Object.entries(workflow.jobs).map(([name, job]) => ({ at: `${file}, ${name}`, file, name, job, permissions: job.permissions ?? workflow.permissions ?? {} }));
});
const commandsOf = ({ steps }: Job) => steps.flatMap(({ run }) => run ?? []);
/** What can publish under this project's name, or deploy. */
const powerful = jobs.filter(({ job, permissions }) => permissions['id-token'] === 'write' || /secrets\.(?!GITHUB_TOKEN)/.test(JSON.stringify(job)));

test('there are jobs with power to look at', () => {
  expect(powerful.map(({ at }) => at)).toEqual(expect.arrayContaining([
    '.github/workflows/release.yml, release_npm', '.github/workflows/release.yml, release_pypi', 'templates/init/typescript/deploy.yml, deploy',
    'templates/init/python/deploy.yml, deploy', 'examples/github-workflow/release.yml, release',
  ]));
});

test.each(FILES)('%s names each action by its commit', file => {
  const used = [...textOf(file).matchAll(/\buses: *(.*)/g)].map(([, action]) => action);
  expect(used.filter(action => !/^[\w-]+\/[\w./-]+@[0-9a-f]{40}( # v\d+\.\d+\.\d+)?$/.test(action))).toEqual([]);
});

test.each(OF_USERS)('%s says which version each commit is', file => {
  expect([...textOf(file).matchAll(/\buses: .*/g)].map(([line]) => line).filter(line => !/ # v\d/.test(line))).toEqual([]);
});

test.each(jobs.map(({ at, job }) => [at, job] as const))('%s runs no tool of the day', (_, job) => {
  expect(commandsOf(job).filter(command => /@latest\b/.test(command))).toEqual([]);
  const fetched = commandsOf(job).flatMap(command => [...command.matchAll(/npx '?-p'? '?([^' ]+)/g)].map(([, name]) => name));
  expect(fetched.filter(name => !/@\d+\.\d+\.\d+$/.test(name))).toEqual([]);
});

test('installing this repository\'s packages runs no scripts', () => {
  expect(textOf('.npmrc')).toMatch(/^ignore-scripts=true$/m);
});

test.each(powerful.map(({ at, file, job }) => [at, file, job] as const))('%s runs no script of a package when it is installed', (_, file, job) => {
  const installs = commandsOf(job).filter(command => /\bnpm (ci|install)\b|\bnpx '?-p/.test(command));
  const isOff = job.env?.npm_config_ignore_scripts === 'true';
  expect(installs.filter(command => !isOff && !command.includes('--ignore-scripts') && !OURS.includes(file))).toEqual([]);
  expect(OURS.includes(file) && installs.some(command => command.includes('npx')) ? isOff : true).toBe(true);
  expect(commandsOf(job).filter(command => /\bpip install\b/.test(command) && !command.includes('--only-binary=":all:"'))).toEqual([]);
});

test.each(powerful.filter(({ file, name }) => /release_|deploy/.test(name) && file !== OF_USERS[2]).map(({ at, job }) => [at, job] as const))(
  '%s waits for the rules of a protected environment', (_, job) => {
    expect(['release', 'production']).toContain(job.environment);
  });

test('the package on npm has a provenance statement', () => {
  const { job } = jobs.find(({ name }) => name === 'release_npm')!;
  expect(job.permissions).toMatchObject({ 'id-token': 'write' });
  expect(job.steps.find(({ env }) => env?.NPM_CONFIG_PROVENANCE)!.env).toMatchObject({ NPM_CONFIG_PROVENANCE: 'true', NPM_TRUSTED_PUBLISHER: 'true' });
});

test('no job that tests a change has a token of more than reading', () => {
  const reading = jobs.filter(({ file }) => ['.github/workflows/nightly.yml', ...OF_USERS.slice(0, 2)].includes(file)).filter(({ name }) => name === 'test');
  expect(reading).toHaveLength(3);
  expect(reading.map(({ permissions }) => permissions)).toEqual([{ contents: 'read' }, { contents: 'read' }, { contents: 'read' }]);
});
