/** Starts programs, and shows what they write. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The runner of Jest has no timeouts for tests, so a program that hangs ends here. */
const MINUTES_AT_MOST = 40;

/** Programs of one step. With a label, which comes before each line, several steps can write at the same time. */
export class Programs {
  #label;

  constructor(label) {
    this.#label = label;
  }

  say(text) {
    console.log(this.#label ? `${this.#label} │ ${text}` : text);
  }

  /** Runs a program to its end, and says whether it succeeded. It can't ask anything. */
  run(command, args, env = {}) {
    const output = this.#label ? 'pipe' : 'inherit';
    const child = spawn(command, args, {
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env },
      timeout: MINUTES_AT_MOST * 60_000,
    });
    for (const stream of this.#label ? [child.stdout, child.stderr] : []) {
      createInterface({ input: stream }).on('line', line => this.say(line));
    }
    return new Promise(resolve => {
      child.on('error', error => {
        this.say(`${command}: ${error.message}`);
        resolve(false);
      });
      child.on('close', (code, signal) => {
        if (signal) {
          this.say(`${command} was ended by ${signal}; a program can take ${MINUTES_AT_MOST} minutes at most`);
        }
        resolve(code === 0);
      });
    });
  }

  /** A script, in the Node.js that runs this. */
  node(script, ...args) {
    return this.run(process.execPath, [script, ...args]);
  }

  /** The npm that runs this, if one does. */
  npm(...args) {
    const script = process.env.npm_execpath;
    return script?.endsWith('npm-cli.js') ? this.node(script, ...args) : this.run('npm', args);
  }
}
