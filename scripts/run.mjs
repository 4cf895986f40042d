/**
 * The commands `npm run demo`, `npm test`, `npm run docs` and `npm run bench`. On a fresh clone nothing is installed, so this is plain
 * Node.js: it installs and compiles what is missing or out of date, and then runs the command.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

// jsii's banner about the age of Node.js would hide everything else; what is supported is said in the README.
process.env.JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION ??= process.versions.node.split('.')[0];
process.env.JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION ??= 'true';
process.env.JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION ??= 'true';
process.env.CDK_DISABLE_CLI_TELEMETRY ??= 'true';

const JEST_RESULTS = '.build/jest.json';
const PYTEST_RESULTS = '.build/pytest.xml';
const VENV = '.build/venv';
const VENV_PYTHON = process.platform === 'win32' ? `${VENV}/Scripts/python.exe` : `${VENV}/bin/python`;
const PYTHON = process.env.PYTHON ?? 'python3';
const PACKED = ['bin', '.jsii', 'lib', 'assets', 'templates', 'LICENSE', '.npmignore'];
const REQUIREMENTS = ['test/python/requirements-dev.txt', ...readdirSync('examples').map(name => `examples/${name}/python/requirements.txt`).filter(existsSync)];

/** Runs a program to its end; it can't ask anything. */
function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
  if (error) {
    console.error(`${command}: ${error.message}`);
  }
  return status === 0;
}

const node = (script, ...args) => run(process.execPath, [script, ...args]);

function npm(...args) {
  const script = process.env.npm_execpath;
  // The npm that runs this, where there is one.
  return script?.endsWith('npm-cli.js') ? node(script, ...args) : run('npm', args);
}

/** One step, with the seconds it took. */
function step(name, action) {
  console.log(`\n▶ ${name}`);
  const started = process.hrtime.bigint();
  const isGood = action();
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  console.log(`${isGood ? '✔' : '✘'} ${name} (${seconds.toFixed(1)} s)`);
  return isGood;
}

/** A step that is done only if its outcome is missing or older than what it is made from. */
function stepUnlessCurrent(name, outcomes, sources, action) {
  if (Math.min(...outcomes.map(oldest)) >= Math.max(...sources.map(newest))) {
    console.log(`✔ ${name}: up to date`);
    return true;
  }
  return step(name, action);
}

function oldest(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** Of a file, or of a folder with all that is in it; the folder's own time tells of what was removed. */
function newest(path) {
  if (!existsSync(path)) {
    return 0;
  }
  const own = statSync(path);
  return own.isDirectory() ? Math.max(own.mtimeMs, ...readdirSync(path).map(name => newest(join(path, name)))) : own.mtimeMs;
}

function setUp() {
  return stepUnlessCurrent('install dependencies', ['node_modules/.package-lock.json'], ['package-lock.json'],
    () => npm('ci', '--no-audit', '--no-fund', '--loglevel=error'))
    // jsii puts the README and the package's metadata into .jsii.
    && stepUnlessCurrent('compile', ['.jsii', 'lib/index.js', 'lib/index.d.ts'], ['src', 'README.md', 'package.json', 'tsconfig.json'], () => {
      rmSync('lib', { recursive: true, force: true });
      return node('node_modules/jsii/bin/jsii', '--silence-warnings=reserved-word');
    });
}

function demo(...args) {
  return setUp() && step('demo', () => node('--import', 'tsx', 'scripts/demo.ts', ...args));
}

/** The generated documents, or whether they are up to date: scripts/docs/main.ts. */
function writeDocs(...args) {
  return node('--import', 'tsx', 'scripts/docs/main.ts', ...args);
}

function docs(...args) {
  return setUp() && step('docs', () => writeDocs(...args));
}

/** By jsii's own tool, which leaves a translation where packages would be made from it. */
function compileSnippets() {
  const isGood = node('node_modules/jsii-rosetta/bin/jsii-rosetta', 'extract', '--compile', '--strict');
  rmSync('.jsii.tabl.json', { force: true });
  return isGood;
}

/** Measures what the library costs; Python is measured with the wheel. */
function bench(...args) {
  const wheel = setUp() && packageAll();
  return Boolean(wheel) && installWheel(wheel) && step('bench', () => node('--import', 'tsx', 'benchmarks/run.ts', ...args));
}

/** Packs for npm and PyPI, the tarball and the wheel that a release would publish. */
function packageAll() {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const wheel = `dist/python/cdk_oky_backend-${version}-py3-none-any.whl`;
  const isPacked = stepUnlessCurrent('package for npm and PyPI', [`dist/js/cdk-oky-backend@${version}.jsii.tgz`, wheel], PACKED, () => {
    rmSync('dist', { recursive: true, force: true });
    return node('node_modules/jsii-pacmak/bin/jsii-pacmak', '--target', 'js', '--target', 'python');
  });
  return isPacked && packSources() ? wheel : undefined;
}

/** What the packages for Java and Go are compiled from; test/python/packages.py compiles them where there is a compiler. */
function packSources() {
  const outdir = '.build/source';
  return stepUnlessCurrent('sources for Java and Go', [`${outdir}/java/pom.xml`, `${outdir}/go/cdkokybackend/go.mod`], PACKED, () => {
    rmSync(outdir, { recursive: true, force: true });
    return node('node_modules/jsii-pacmak/bin/jsii-pacmak', '--code-only', '--outdir', outdir, '--target', 'java', '--target', 'go');
  });
}

/** A virtual environment with the wheel and what the examples and the tests ask for; kept while these stay the same. */
function installWheel(wheel) {
  const hash = createHash('sha256');
  [wheel, ...REQUIREMENTS].forEach(file => hash.update(readFileSync(file)));
  const fingerprint = hash.digest('hex');
  const stamp = `${VENV}/fingerprint`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint && existsSync(VENV_PYTHON)) {
    console.log('✔ install the wheel: up to date');
    return true;
  }
  return step('install the wheel', () => {
    rmSync(VENV, { recursive: true, force: true });
    const isInstalled = run(PYTHON, ['-m', 'venv', VENV])
      && run(VENV_PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', wheel, ...REQUIREMENTS.flatMap(file => ['-r', file])]);
    if (isInstalled) {
      writeFileSync(stamp, fingerprint);
    }
    return isInstalled;
  });
}

const NO_RESULTS = { passed: 0, failed: 0 };

function jestResults() {
  if (!existsSync(JEST_RESULTS)) {
    return NO_RESULTS;
  }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(JEST_RESULTS, 'utf8'));
  // A file that can't be run has no tests to count: it is one failure.
  const broken = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.every(each => each.status !== 'failed'));
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}

function pytestResults() {
  const suite = existsSync(PYTEST_RESULTS) ? /<testsuite [^>]*>/.exec(readFileSync(PYTEST_RESULTS, 'utf8'))?.[0] : undefined;
  if (!suite) {
    return NO_RESULTS;
  }
  const count = name => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)[1]);
  const failed = count('failures') + count('errors');
  return { passed: count('tests') - failed - count('skipped'), failed, skipped: count('skipped') };
}

/** All checks, and at the end one line with the sum of what all runners counted. */
function test() {
  rmSync(JEST_RESULTS, { force: true });
  rmSync(PYTEST_RESULTS, { force: true });
  mkdirSync('.build', { recursive: true });
  const outcomes = new Map();
  // Whatever is imported or packed would be wrong in the same way, so nothing follows where it can't be compiled.
  const canGoOn = setUp() && step('type-check', () => node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.dev.json'));
  outcomes.set('compile and type-check', canGoOn);
  if (canGoOn) {
    outcomes.set('eslint', step('eslint', () => run(process.execPath, [
      'node_modules/eslint/bin/eslint.js', '--ext', '.ts', '--no-error-on-unmatched-pattern', 'src', 'examples', 'scripts', 'benchmarks', 'test', '.projenrc.ts',
    ], { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' })));
    // Two at least, where Jest would take one fewer than there are cores; each takes up to a gigabyte.
    outcomes.set('jest', step('jest', () => node('node_modules/jest/bin/jest.js', '--ci', '--json', `--outputFile=${JEST_RESULTS}`,
      `--maxWorkers=${Math.min(4, Math.max(2, availableParallelism()))}`)));
    outcomes.set('API.md', step('API.md is up to date; if not, run: npm run docs', () => writeDocs('--check', 'API.md')));
    outcomes.set('rosetta', step('code in the README and in docstrings compiles', compileSnippets));
    const wheel = packageAll();
    outcomes.set('package', wheel !== undefined);
    if (wheel) {
      outcomes.set('pytest', installWheel(wheel)
        && step('pytest', () => run(VENV_PYTHON, ['-B', '-m', 'pytest', 'test/python', '-p', 'no:cacheprovider', '-v', '-rs', `--junitxml=${PYTEST_RESULTS}`])));
    }
  }
  return summarise(outcomes);
}

function summarise(outcomes) {
  const runners = { jest: jestResults(), pytest: pytestResults() };
  console.log('');
  for (const [name, { passed, failed, skipped = 0 }] of Object.entries(runners)) {
    if (outcomes.get(name) && passed === 0) {
      outcomes.set(name, false);
      console.log(`✘ ${name} ran no test`);
    }
    if (outcomes.has(name)) {
      console.log(`${name}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped: why is said above` : ''}`);
    }
  }
  const broken = [...outcomes].filter(([, isGood]) => !isGood).map(([name]) => name);
  if (broken.length > 0) {
    console.log(`not in order: ${broken.join(', ')}`);
  }
  const sum = key => Object.values(runners).reduce((total, each) => total + each[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return broken.length === 0 && sum('failed') === 0;
}

const COMMANDS = { demo, test, docs, bench };
const [command, ...args] = process.argv.slice(2);
if (!COMMANDS[command]) {
  console.error(`usage: node scripts/run.mjs ${Object.keys(COMMANDS).join('|')}`);
  process.exit(2);
}
process.exit(COMMANDS[command](...args) ? 0 : 1);
