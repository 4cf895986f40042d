import { execFile } from 'child_process';
import { availableParallelism } from 'os';

/** How long one call may take, in milliseconds. */
const PATIENCE = 120_000;
/** Of AWS's services, for what the caller may not do. A HEAD request has only the status. */
const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|AuthorizationErrorException|NotAuthorized|403)$/;
/** What IAM calls a service whose commands have another name. */
const IAM_NAMES: Record<string, string> = { 's3api': 's3', 'service-quotas': 'servicequotas' };

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the AWS command line with these arguments. Rejects with the code `ENOENT` where there is none. */
export type Run = (args: readonly string[]) => Promise<Ended>;

/** A call of the AWS command line that failed. */
export class AwsError extends Error {
  constructor(
    /** As the service names it, such as `NoSuchEntity`; `ENOENT` without a command line; otherwise empty. */
    readonly code: string,
    message: string,
    /** The permission that the caller does not have. */
    readonly permission?: string,
  ) {
    super(message);
  }
}

/** The AWS command line of the person who deploys. The doctor reads only. Both of its versions print this JSON. */
export class Aws {
  private readonly answers = new Map<string, Promise<unknown>>();
  private readonly waiting: (() => void)[] = [];
  private free = Math.min(4, Math.max(2, availableParallelism()));

  constructor(private readonly run: Run, private readonly profile?: string) {}

  /** What a service answers. The same call is made once. */
  public async call<T>(service: string, operation: string, args: readonly string[], region?: string): Promise<T> {
    const line = this.arguments([service, operation, ...args], region);
    const key = JSON.stringify(line);
    const answer = this.answers.get(key) ?? this.ask(service, operation, line);
    this.answers.set(key, answer);
    return answer as Promise<T>;
  }

  /** What a service answers now: for calls that change something, and for what a command waits for. */
  public async send<T>(service: string, operation: string, args: readonly string[], region?: string): Promise<T> {
    return this.ask(service, operation, this.arguments([service, operation, ...args], region)) as Promise<T>;
  }

  /** What a command prints that has no JSON, such as `s3 presign`. */
  public async text(service: string, operation: string, args: readonly string[], region?: string): Promise<string> {
    return (await this.print(service, operation, this.arguments([service, operation, ...args], region))).trim();
  }

  /** What it answers, or undefined if it says that this is not there. */
  public async find<T>(absent: RegExp, ...call: Parameters<Aws['call']>): Promise<T | undefined> {
    try {
      return await this.call<T>(...call);
    } catch (error) {
      if (error instanceof AwsError && (absent.test(error.code) || absent.test(error.message))) {
        return undefined;
      }
      throw error;
    }
  }

  /** A command for a person to run, with the same profile. */
  public command(args: readonly string[], region?: string): string {
    return ['aws', ...this.arguments(args, region)].map(quote).join(' ');
  }

  private arguments(args: readonly string[], region?: string): string[] {
    return [...args, ...(region ? ['--region', region] : []), ...(this.profile === undefined ? [] : ['--profile', this.profile])];
  }

  private async ask(service: string, operation: string, line: readonly string[]): Promise<unknown> {
    const stdout = await this.print(service, operation, line);
    return stdout.trim() === '' ? {} : JSON.parse(stdout);
  }

  private async print(service: string, operation: string, line: readonly string[]): Promise<string> {
    if (this.free === 0) {
      await new Promise<void>(resolve => this.waiting.push(resolve));
    } else {
      this.free -= 1;
    }
    try {
      const { code, stdout, stderr } = await this.run([...line, '--output', 'json']);
      if (code !== 0) {
        throw failure(service, operation, stderr);
      }
      return stdout;
    } finally {
      const next = this.waiting.shift();
      if (next) {
        next();
      } else {
        this.free += 1;
      }
    }
  }
}

function failure(service: string, operation: string, stderr: string): AwsError {
  const [, code = '', called = operation, said = stderr] = /An error occurred \((\w[\w.]*)\) when calling the (\w+) operation[^:]*:\s*(.*)/s.exec(stderr) ?? [];
  const message = said.trim().split('\n')[0] || `aws ${service} ${operation} failed`;
  if (!DENIED.test(code)) {
    return new AwsError(code, message);
  }
  const needed = /not authorized to perform:? ([\w-]+:\w+)/.exec(said)?.[1] ?? `${IAM_NAMES[service] ?? service}:${called === 'HeadObject' ? 'GetObject' : called}`;
  return new AwsError(code, message, needed);
}

/** As a shell wants it. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) {
    return word;
  }
  return /'/.test(word) && !/["$`\\!]/.test(word) ? `"${word}"` : `'${word.replace(/'/g, '\'\\\'\'')}'`;
}

/** The command line on the path: no shell, no pager, no question. */
export function runAws(environment: NodeJS.ProcessEnv): Run {
  const env = { ...environment, AWS_PAGER: '', AWS_CLI_AUTO_PROMPT: 'off' };
  return async args => new Promise<Ended>((resolve, reject) => {
    const child = execFile('aws', [...args], { env, timeout: PATIENCE, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') {
        reject(new AwsError('ENOENT', 'the program aws is not on the path'));
      } else {
        const why = error?.killed ? `no answer within ${PATIENCE / 1000} seconds` : stderr;
        resolve({ code: error ? Number(error.code) || 1 : 0, stdout, stderr: why });
      }
    });
    child.stdin?.end();
  });
}
