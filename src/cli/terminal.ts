import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

/** Whom a command talks to. */
export interface Terminal {
  /** Whether somebody is there to answer. */
  readonly isInteractive: boolean;
  /** The line that is typed after the prompt. */
  ask(prompt: string): Promise<string>;
  /** The same, without showing what is typed. */
  askSecret(prompt: string): Promise<string>;
  print(text: string): void;
  printError(text: string): void;
  close(): void;
}

/** The terminal that the process was started in. */
export class ProcessTerminal implements Terminal {
  public readonly isInteractive = process.stdin.isTTY === true && process.stdout.isTTY === true;
  private session?: Conversation;

  public async ask(prompt: string): Promise<string> {
    this.session ??= begin();
    this.session.lines.setPrompt(prompt);
    this.session.lines.prompt();
    return this.session.next();
  }

  public async askSecret(prompt: string): Promise<string> {
    this.session ??= begin();
    process.stdout.write(prompt);
    this.session.isHidden.value = true;
    try {
      return await this.session.next();
    } finally {
      this.session.isHidden.value = false;
      process.stdout.write('\n');
    }
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

interface Conversation {
  readonly lines: Interface;
  /** The next line that is typed, or that a program has sent already. */
  readonly next: () => Promise<string>;
  /** Whether what is typed is hidden at the moment. */
  readonly isHidden: { value: boolean };
}

/** Ctrl-C and Ctrl-D, which would end the process as if all had been well, are an error here. */
function begin(): Conversation {
  const isHidden = { value: false };
  const output = new Writable({
    write(chunk: Buffer, _, done) {
      if (!isHidden.value) {
        process.stdout.write(chunk);
      }
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY === true });
  const typed: string[] = [];
  let isClosed = false;
  let waiting: { readonly resolve: (line: string) => void; readonly reject: (error: Error) => void } | undefined;
  const answer = () => {
    if (waiting && typed.length > 0) {
      waiting.resolve(typed.shift()!);
      waiting = undefined;
    } else if (isClosed) {
      waiting?.reject(new Error('\nthe questions were not answered to the end: nothing was written'));
    }
  };
  lines.on('line', line => {
    typed.push(line);
    answer();
  });
  lines.once('close', () => {
    isClosed = true;
    answer();
  });
  const next = async () => new Promise<string>((resolve, reject) => {
    waiting = { resolve, reject };
    answer();
  });
  return { lines, next, isHidden };
}
