/** What the runners counted, read from the reports that they leave in .build/results. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';

const FOLDER = '.build/results';

export function clearResults() {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
}

/** The report of a step: JSON from Jest, JUnit's XML from pytest. */
export function reportOf(step, format) {
  return `${FOLDER}/${step}.${format}`;
}

/** @returns {{ passed: number, failed: number, skipped: number }} */
function fromJest(text) {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(text);
  // A file that can't be run has no tests to count: it is one failure.
  const broken = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.every(each => each.status !== 'failed'));
  return { passed: numPassedTests, failed: numFailedTests + broken.length, skipped: numPendingTests };
}

function fromPytest(text) {
  const [suite] = /<testsuite [^>]*>/.exec(text);
  const count = name => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)[1]);
  const failed = count('failures') + count('errors');
  return { passed: count('tests') - failed - count('skipped'), failed, skipped: count('skipped') };
}

/** The counts of each step that has left a report. */
export function results() {
  const files = existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [];
  return Object.fromEntries(files.map(file => {
    const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
    const [name, format] = file.split('.');
    return [name, format === 'json' ? fromJest(text) : fromPytest(text)];
  }));
}
