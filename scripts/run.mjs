/**
 * The commands of the README and of CONTRIBUTING.md: `npm run demo`, `npm test`, `npm run test:all`, `npm run check`, `npm run docs` and
 * `npm run bench`. On a fresh clone nothing is installed, so this is plain Node.js: it installs and compiles what is missing or out of date.
 */
import './run/environment.mjs';
import { availableParallelism } from 'node:os';
import { check } from './run/check.mjs';
import { installWheel, makeEnvironment, pack } from './run/packages.mjs';
import { Programs } from './run/programs.mjs';
import { clearResults, results } from './run/results.mjs';
import { compile, install } from './run/setup.mjs';
import { runSteps } from './run/steps.mjs';
import { allSteps, pytest, quickSteps } from './run/suite.mjs';

/** Without a label: one program at a time. */
const programs = new Programs();

async function demo(...args) {
  return await install(programs) && await compile(programs) && programs.node('--import', 'tsx', 'scripts/demo.ts', ...args);
}

async function preparePython() {
  return await install(programs) && await compile(programs) && await makeEnvironment(programs, 'venv') && await pack(programs) && installWheel(programs);
}

/** Measures what the library costs. Python is measured with the wheel. */
async function bench(...args) {
  return await preparePython() && programs.node('--import', 'tsx', 'benchmarks/run.ts', ...args);
}

/** Writes the generated documents, or says which are out of date: scripts/docs/main.ts. */
async function docs(...args) {
  return await install(programs) && await compile(programs) && programs.node('--import', 'tsx', 'scripts/docs/main.ts', ...args);
}

/** With arguments: the tests that they name, for Jest or, below test/python, for pytest. Jest needs no compiled library. */
async function testPart(...args) {
  if (!args.some(arg => arg.startsWith('test/python'))) {
    return await install(programs) && programs.node('node_modules/jest/bin/jest.js', ...args);
  }
  return await preparePython() && await makeEnvironment(programs, 'venv-emulator') && await makeEnvironment(programs, 'venv-linters') && pytest(programs, ...args);
}

/** All checks of a tier, and as the last line the sum of what all runners counted. */
async function testTier(steps) {
  clearResults();
  const outcomes = await runSteps(steps, Math.max(2, availableParallelism()) + 1);
  return summarise(outcomes);
}

function summarise(outcomes) {
  const counts = results();
  console.log('');
  for (const { name, state, seconds } of [...outcomes].sort((one, other) => other.seconds - one.seconds)) {
    const { passed, failed, skipped } = counts[name] ?? {};
    const counted = passed === undefined ? '' : `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped: the reasons are above` : ''}`;
    console.log(`${state === 'passed' ? '✔' : '✘'} ${name.padEnd(18)}${seconds.toFixed(1).padStart(7)} s  ${state === 'not run' ? 'not run' : counted}`);
  }
  const isTestedBy = ({ name }) => /^(jest|pytest)/.test(name);
  const withoutTests = outcomes.filter(each => isTestedBy(each) && each.state === 'passed' && !(counts[each.name]?.passed > 0));
  withoutTests.forEach(({ name }) => console.log(`✘ ${name} ran no test`));
  const sum = key => Object.values(counts).reduce((total, each) => total + each[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return outcomes.every(({ state }) => state === 'passed') && withoutTests.length === 0 && sum('failed') === 0;
}

const COMMANDS = {
  demo,
  docs,
  bench,
  'check': () => check(programs),
  'test': (...args) => args.length > 0 ? testPart(...args) : testTier(quickSteps()),
  'test:all': () => testTier(allSteps()),
};
const [command, ...args] = process.argv.slice(2);
if (!COMMANDS[command]) {
  console.error(`usage: node scripts/run.mjs ${Object.keys(COMMANDS).join('|')}`);
  process.exit(2);
}
process.exit(await COMMANDS[command](...args) ? 0 : 1);
