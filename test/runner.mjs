/**
 * jest-light-runner with a channel for each test file. Its own channel is shared by all workers: when the first worker asks for its settings, the
 * listeners of the others are dropped too, and a worker that starts later, on a busy machine, waits forever.
 *
 * @see https://github.com/nicolo-ribaudo/jest-light-runner/blob/main/src/index.js
 */
import { createRunner } from 'jest-light-runner';

/** Answers the one question of a worker. */
function channel(workerData) {
  let send;
  return {
    onMessage(listener) {
      send = listener;
    },
    postMessage(message) {
      if (message === 'jest-light-runner-get-worker-data') {
        send({ type: 'jest-light-runner-worker-data', workerData });
      }
    },
  };
}

export default class Runner extends createRunner({ runtime: 'child_process' }) {
  _runTest(test) {
    const projectConfig = test.context.config;
    // The first file makes the workers, and is the only one on the shared channel.
    const pool = this._testRunners.get(projectConfig)?.pool;
    const workerData = { globalConfig: this._globalConfig, projectConfig, runtime: this._runtime };
    return pool ? pool.run(test.path, { channel: channel(workerData) }) : super._runTest(test);
  }
}
