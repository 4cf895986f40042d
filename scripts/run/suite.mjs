/** The two tiers of tests, as steps: docs/testing.md says what is in which, and why. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { installWheel, makeEnvironment, pack, packSources, pythonOf } from './packages.mjs';
import { reportOf } from './results.mjs';
import { compile, install } from './setup.mjs';

/** The folders of test/ that only `npm run test:all` runs. Each can have tests for Jest and for pytest. */
const ONLY_IN_ALL = ['consumers', 'containers'].filter(folder => existsSync(`test/${folder}`));

/** How many deployments `npm run test:all` draws from the option space. A workflow draws more every night. */
const CASES_IN_ALL = '100';

/** Each takes up to a gigabyte. */
const JEST_WORKERS = Math.min(4, Math.max(2, availableParallelism()));

/** Jest, which leaves the report of a step. */
export function jest(programs, step, ...args) {
  return programs.node('node_modules/jest/bin/jest.js', '--ci', `--maxWorkers=${JEST_WORKERS}`, '--json', `--outputFile=${reportOf(step, 'json')}`, ...args);
}

export function pytest(programs, ...args) {
  return programs.run(pythonOf('venv'), ['-B', '-m', 'pytest', ...args]);
}

/** By projen's own options. The cache makes `npm run check` quick; a full run looks at every file. */
export function eslint(programs, ...args) {
  return programs.run(process.execPath, ['node_modules/eslint/bin/eslint.js', '--ext', '.ts', '--no-error-on-unmatched-pattern', ...args],
    { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' });
}

export function typeCheck(programs) {
  return programs.node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.dev.json', '--incremental', '--tsBuildInfoFile', '.build/tsconfig.dev.tsbuildinfo');
}

/** By jsii's own tool, which leaves a translation where packages would be made from it. */
async function compileSnippets(programs) {
  const isGood = await programs.node('node_modules/jsii-rosetta/bin/jsii-rosetta', 'extract', '--compile', '--strict');
  rmSync('.jsii.tabl.json', { force: true });
  return isGood;
}

const pytestStep = (name, needs, ...args) => ({
  name, needs, action: programs => pytest(programs, ...args, `--junitxml=${reportOf(name, 'xml')}`),
});

/**
 * What a step of pytest needs depends on the fixtures of its tests: test/python/conftest.py sets the marks. Each needs the wheel, as pytest imports all
 * files to know which tests they have.
 */
const PYTHON = 'test/python';

/** What `npm test` runs. The order matters where more steps could start than there are processors: those that others wait for come first. */
export function quickSteps() {
  const others = ONLY_IN_ALL.map(folder => `<rootDir>/test/${folder}/`);
  return [
    { name: 'install', needs: [], action: install },
    { name: 'environment', needs: [], action: programs => makeEnvironment(programs, 'venv') },
    { name: 'emulator', needs: [], action: programs => makeEnvironment(programs, 'venv-emulator') },
    { name: 'compile', needs: ['install'], action: compile },
    {
      name: 'jest',
      needs: ['compile'],
      action: programs => jest(programs, 'jest', ...(others.length > 0 ? ['--testPathIgnorePatterns', '/node_modules/', ...others] : [])),
    },
    { name: 'packages', needs: ['compile'], action: pack },
    { name: 'sources', needs: ['compile'], action: packSources },
    { name: 'linters', needs: [], action: programs => makeEnvironment(programs, 'venv-linters') },
    { name: 'wheel', needs: ['environment', 'packages'], action: installWheel },
    pytestStep('pytest-emulator', ['wheel', 'emulator'], PYTHON, '-m', 'emulator'),
    pytestStep('pytest', ['wheel', 'sources'], PYTHON, '-m', 'not emulator and not linters and not toolchain'),
    { name: 'type-check', needs: ['install'], action: typeCheck },
    { name: 'eslint', needs: ['install'], action: programs => eslint(programs, 'src', 'examples', 'scripts', 'benchmarks', 'test', '.projenrc.ts') },
    { name: 'API.md', needs: ['compile'], action: programs => programs.node('--import', 'tsx', 'scripts/docs/main.ts', '--check', 'API.md') },
    { name: 'snippets', needs: ['compile'], action: compileSnippets },
    pytestStep('pytest-linters', ['wheel', 'linters'], PYTHON, '-m', 'linters and not option_space'),
  ];
}

/** What `npm run test:all` runs: the same, and what takes longer or needs other programs. */
export function allSteps() {
  process.env.OKY_CASES ??= CASES_IN_ALL;
  return [
    ...quickSteps(),
    // Jest writes the templates of the option space, for the linters too.
    pytestStep('pytest-option-space', ['wheel', 'linters', 'jest'], PYTHON, '-m', 'option_space'),
    pytestStep('pytest-toolchain', ['wheel', 'sources'], PYTHON, '-m', 'toolchain'),
    ...ONLY_IN_ALL.flatMap(folder => {
      const files = readdirSync(`test/${folder}`, { recursive: true });
      const steps = [];
      if (files.some(file => file.endsWith('.test.ts'))) {
        const name = `jest-${folder}`;
        steps.push({ name, needs: ['compile', 'packages'], action: programs => jest(programs, name, `<rootDir>/test/${folder}/`) });
      }
      if (files.some(file => /(^|\/)test_[^/]*\.py$/.test(file))) {
        steps.push(pytestStep(`pytest-${folder}`, ['wheel'], `test/${folder}`));
      }
      return steps;
    }),
  ];
}
