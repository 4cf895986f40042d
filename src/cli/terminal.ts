import { createInterface, type Interface } from 'node:readline/promises';

/** Whom a command talks to. */
export interface Terminal {
  /** Whether somebody is there to answer. */
  readonly isInteractive: boolean;
  /** The line that is typed after the prompt. */
  ask(prompt: string): Promise<string>;
  print(text: string): void;
  printError(text: string): void;
  close(): void;
}

/** The terminal that the process was started in. */
export class ProcessTerminal implements Terminal {
  public readonly isInteractive = process.stdin.isTTY === true && process.stdout.isTTY === true;
  private lines?: Interface;

  public async ask(prompt: string): Promise<string> {
    this.lines ??= createInterface({ input: process.stdin, output: process.stdout });
    const { lines } = this;
    // Without this, Ctrl-C and Ctrl-D would end the process as if all had been well.
    const ended = new Promise<never>((_, reject) => {
      lines.once('close', () => reject(new Error('\nthe questions were not answered to the end: nothing was written')));
    });
    return Promise.race([lines.question(prompt), ended]);
  }

  public print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  public printError(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  public close(): void {
    this.lines?.removeAllListeners('close');
    this.lines?.close();
  }
}
