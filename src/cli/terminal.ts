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
  private session?: { readonly lines: Interface; readonly ended: Promise<never> };

  public async ask(prompt: string): Promise<string> {
    this.session ??= begin();
    return Promise.race([this.session.lines.question(prompt), this.session.ended]);
  }

  public print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  public printError(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  public close(): void {
    this.session?.lines.close();
  }
}

/** Ctrl-C and Ctrl-D, which would end the process as if all had been well, are an error here. */
function begin() {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new Error('\nthe questions were not answered to the end: nothing was written')));
  });
  // Also when nobody waits for an answer any more.
  ended.catch(() => undefined);
  return { lines, ended };
}
