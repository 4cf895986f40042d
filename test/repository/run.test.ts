/** The commands of CONTRIBUTING.md: scripts/run.mjs. Its modules are plain JavaScript, as they run before anything is installed. */
import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const ROOT = path.join(__dirname, '..', '..');

/** What an expression gives, in the folder of the repository or in another one. Its names are the exports of a module of scripts/run. */
function evaluate<T>(module: string, names: string, expression: string, cwd = ROOT): T {
  const url = path.join(ROOT, 'scripts', 'run', module);
  const script = `import { ${names} } from ${JSON.stringify(url)};\nprocess.stdout.write(JSON.stringify(await (${expression})));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd, encoding: 'utf8' }).split('\n').at(-1)!) as T;
}

interface Outcome {
  readonly name: string;
  readonly state: string;
}

describe('steps', () => {
  const run = (steps: string, atOnce: number) => evaluate<Outcome[]>('steps.mjs', 'runSteps', `runSteps([${steps}], ${atOnce})`);
  const step = (name: string, needs: string[], action: string) => `{ name: '${name}', needs: ${JSON.stringify(needs)}, action: async () => ${action} }`;

  test('run when the steps that they need have passed, also those that come later in the list', () => {
    const order = '(globalThis.order ??= [])';
    const steps = [step('a', ['b'], `${order}.push('a') === 2`), step('b', [], `${order}.push('b') === 1`)];
    expect(run(steps.join(), 2).map(({ state }) => state)).toEqual(['passed', 'passed']);
  });

  test('do not run after a failure of what they need, and others do', () => {
    const steps = [step('a', [], 'false'), step('b', ['a'], 'true'), step('c', ['b'], 'true'), step('d', [], 'true')];
    expect(run(steps.join(), 2).map(({ name, state }) => [name, state])).toEqual([['a', 'failed'], ['b', 'not run'], ['c', 'not run'], ['d', 'passed']]);
  });

  test.each([1, 2, 3])('run %i at once at most', atOnce => {
    const counting = '(globalThis.now = (globalThis.now ?? 0) + 1, globalThis.most = Math.max(globalThis.most ?? 0, globalThis.now), '
      + `await new Promise(resolve => setTimeout(resolve, 50)), globalThis.now -= 1, globalThis.most <= ${atOnce})`;
    expect(run(['a', 'b', 'c', 'd', 'e'].map(name => step(name, [], counting)).join(), atOnce).map(({ state }) => state)).toEqual(Array(5).fill('passed'));
  });
});

describe('a tier', () => {
  interface Step { readonly name: string; readonly needs: string[] }
  const tiers = evaluate<{ quick: Step[]; all: Step[] }>('suite.mjs', 'allSteps, quickSteps', '{ quick: quickSteps(), all: allSteps() }');

  test.each(['quick', 'all'] as const)('%s has each step once, and every step that another one needs', tier => {
    const names = tiers[tier].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(tiers[tier].flatMap(({ needs }) => needs).filter(name => !names.includes(name))).toEqual([]);
  });

  test('all has everything that the quick one has', () => {
    const [quick, all] = [tiers.quick, tiers.all].map(steps => steps.map(({ name }) => name));
    expect(all.slice(0, quick.length)).toEqual(quick);
    expect(all).toContain('pytest-toolchain');
  });

  test('and its files are in the list of docs/testing.md', () => {
    const listed = fs.readFileSync(path.join(ROOT, 'docs', 'testing.md'), 'utf8');
    const folders = fs.readdirSync(path.join(ROOT, 'test'), { withFileTypes: true }).filter(each => each.isDirectory() && !each.name.startsWith('__')).map(({ name }) => name);
    expect(folders.length).toBeGreaterThan(20);
    expect(folders.filter(name => !listed.includes(`\`test/${name}/\``))).toEqual([]);
  });
});

describe('the totals', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oky-results-'));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test('are those that Jest and pytest report; a file that cannot be loaded is one failure', () => {
    const results = path.join(folder, '.build', 'results');
    fs.mkdirSync(results, { recursive: true });
    fs.writeFileSync(path.join(results, 'jest.json'), JSON.stringify({
      numPassedTests: 5,
      numFailedTests: 1,
      numPendingTests: 2,
      testResults: [
        { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
        { status: 'failed', assertionResults: [] },
        { status: 'passed', assertionResults: [{ status: 'passed' }] },
      ],
    }));
    fs.writeFileSync(path.join(results, 'pytest-linters.xml'), '<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1"></testsuite></testsuites>');
    expect(evaluate('results.mjs', 'results', 'results()', folder)).toEqual({
      'jest': { passed: 5, failed: 2, skipped: 2 },
      'pytest-linters': { passed: 4, failed: 3, skipped: 3 },
    });
  });
});

describe('npm run check', () => {
  const chosen = (...files: string[]) => evaluate<string[]>('check.mjs', 'testsOf', `testsOf(${JSON.stringify(files)})`);

  test('runs the tests in the folder of the same name, and those that import the file', () => {
    expect(chosen('src/edge/web-acl.ts')).toContain('test/edge');
    expect(chosen('src/lazy-modules.ts')).toEqual([]);
    expect(chosen('test/nag/packs.ts')).toEqual(expect.arrayContaining(['test/nag', 'test/examples/validation.test.ts']));
  });

  test('runs a changed test, and no other', () => {
    expect(chosen('test/edge/web-acl.test.ts')).toEqual(['test/edge/web-acl.test.ts']);
  });

  test('runs the tests of documents, of the package and of templates', () => {
    expect(chosen('README.md', 'package.json')).toEqual(['test/repository/docs.test.ts', 'test/repository/package.test.ts']);
    expect(chosen('templates/init/typescript/app.test.ts')).toEqual(['test/cli']);
  });
});
