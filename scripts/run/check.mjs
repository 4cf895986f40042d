/** `npm run check`: types, lint, and the tests of what changed since the last commit or, with a clean folder, since `main`. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { clearResults } from './results.mjs';
import { install } from './setup.mjs';
import { runSteps } from './steps.mjs';
import { eslint, jest, typeCheck } from './suite.mjs';

/** Tests of files that no test imports. */
const TESTS_OF = [
  [/\.md$/, 'test/repository/docs.test.ts'],
  [/^(\.projenrc\.ts|package\.json|tsconfig\.json|\.npmignore)$/, 'test/repository/package.test.ts'],
  [/^scripts\/run/, 'test/repository/run.test.ts'],
  [/^templates\//, 'test/cli'],
  [/^examples\//, 'test/examples'],
];

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).split('\n').filter(Boolean);

function changedFiles() {
  const uncommitted = [...git('diff', '--name-only', 'HEAD'), ...git('ls-files', '--others', '--exclude-standard')];
  return (uncommitted.length > 0 ? uncommitted : git('diff', '--name-only', 'main...HEAD')).filter(existsSync);
}

/** The files of the repository that a test imports directly. */
function importsOf(test) {
  const specifiers = [...readFileSync(test, 'utf8').matchAll(/from '(\.[^']*)'/g)].map(([, specifier]) => specifier);
  return specifiers.map(specifier => `${posix.join(posix.dirname(test), specifier)}.ts`);
}

/** The tests beside a file (test/edge of src/edge/web-acl.ts), and all that import it directly. The rest is for `npm test`. */
export function testsOf(changed) {
  const tests = readdirSync('test', { recursive: true }).map(file => `test/${file}`.replaceAll('\\', '/')).filter(file => file.endsWith('.test.ts'));
  const chosen = new Set();
  for (const file of changed) {
    const folder = posix.dirname(file).replace(/^src\b/, 'test');
    tests.filter(test => test === file || importsOf(test).includes(file)).forEach(test => chosen.add(test));
    if (/^test\/./.test(folder) && !file.endsWith('.test.ts') && tests.some(test => test.startsWith(`${folder}/`))) {
      chosen.add(folder);
    }
    TESTS_OF.filter(([pattern]) => pattern.test(file)).forEach(([, test]) => chosen.add(test));
  }
  return [...chosen].filter(test => ![...chosen].some(other => test.startsWith(`${other}/`))).sort();
}

export async function check(programs) {
  if (!await install(programs)) {
    return false;
  }
  const changed = changedFiles();
  const tests = testsOf(changed);
  const sources = changed.filter(file => file.endsWith('.ts') && !file.startsWith('templates/'));
  programs.say(`${changed.length} files changed. Tests: ${tests.join(' ') || 'none'}`);
  clearResults();
  const outcomes = await runSteps([
    ...tests.length > 0 ? [{ name: 'jest', needs: [], action: each => jest(each, 'check', ...tests) }] : [],
    { name: 'type-check', needs: [], action: typeCheck },
    ...sources.length > 0 ? [{ name: 'eslint', needs: [], action: each => eslint(each, '--cache', '--cache-location', '.build/eslint', ...sources) }] : [],
  ], 3);
  const python = changed.filter(file => /^test\/python\/test_.*\.py$/.test(file));
  if (python.length > 0) {
    programs.say(`Python tests are not run here. Run: npm test -- ${python.join(' ')}`);
  }
  return outcomes.every(({ state }) => state === 'passed');
}
