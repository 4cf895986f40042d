/** Runs steps side by side: each starts when the steps that it needs have succeeded. */
import { Programs } from './programs.mjs';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} needs The names of the steps that must succeed first.
 * @property {(programs: Programs) => Promise<boolean>} action Says whether it succeeded.
 *
 * @typedef {object} Outcome
 * @property {string} name
 * @property {'passed' | 'failed' | 'not run'} state
 * @property {number} seconds
 */

/**
 * Runs all steps, in their order as far as their needs allow.
 *
 * @param {Step[]} steps
 * @param {number} atOnce How many run at the same time at most.
 * @returns {Promise<Outcome[]>}
 */
export async function runSteps(steps, atOnce) {
  const width = Math.max(...steps.map(({ name }) => name.length));
  const waiting = [...steps];
  const running = new Map();
  const outcomes = new Map();
  const isIn = (state, name) => outcomes.get(name)?.state === state;

  while (waiting.length + running.size > 0) {
    for (const step of [...waiting]) {
      if (step.needs.some(name => isIn('failed', name) || isIn('not run', name))) {
        waiting.splice(waiting.indexOf(step), 1);
        outcomes.set(step.name, { name: step.name, state: 'not run', seconds: 0 });
      } else if (running.size < atOnce && step.needs.every(name => isIn('passed', name))) {
        waiting.splice(waiting.indexOf(step), 1);
        running.set(step.name, runStep(step, new Programs(step.name.padEnd(width))));
      }
    }
    if (running.size > 0) {
      const outcome = await Promise.race(running.values());
      running.delete(outcome.name);
      outcomes.set(outcome.name, outcome);
    }
  }
  return steps.map(({ name }) => outcomes.get(name));
}

/** @returns {Promise<Outcome>} */
async function runStep({ name, action }, programs) {
  programs.say('▶');
  const started = process.hrtime.bigint();
  const isGood = await action(programs);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  programs.say(`${isGood ? '✔' : '✘'} ${seconds.toFixed(1)} s`);
  return { name, state: isGood ? 'passed' : 'failed', seconds };
}
