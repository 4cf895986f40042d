import * as fs from 'fs';
import { createRequire } from 'module';
import * as os from 'os';
import * as path from 'path';
import type { App, Stack } from 'aws-cdk-lib/core';
import * as ts from 'typescript';
import * as library from '../../src';
import { init } from '../../src/cli/init/init';
import { PROFILES } from '../../src/cli/init/profiles';
import { type Answers, FLAGS } from '../../src/cli/init/questions';
import type { Terminal } from '../../src/cli/terminal';

/** Somebody at a terminal, or nobody; remembers what was said. */
export class FakeTerminal implements Terminal {
  public readonly isInteractive: boolean;
  public printed = '';
  public errors = '';
  public prompts: string[] = [];
  public isClosed = false;
  private readonly answers: string[];

  constructor(answers?: string[]) {
    this.isInteractive = answers !== undefined;
    this.answers = [...answers ?? []];
  }

  public ask(prompt: string): Promise<string> {
    this.prompts.push(prompt);
    const answer = this.answers.shift();
    return answer === undefined ? Promise.reject(new Error(`no answer is left, asked: ${this.printed.trim().split('\n').at(-1)}`)) : Promise.resolve(answer);
  }

  public askSecret(prompt: string): Promise<string> {
    return this.ask(prompt);
  }

  public print(text: string): void {
    this.printed += `${text}\n`;
  }

  public printError(text: string): void {
    this.errors += `${text}\n`;
  }

  public close(): void {
    this.isClosed = true;
  }

  /** How many of the answers nobody asked for. */
  public get left(): number {
    return this.answers.length;
  }
}

/** The least that is needed, with certificates made in the zone. */
export const LEAST: Answers = { 'domain': 'oky.example.org', 'region': 'eu-west-2', 'hosted-zone-id': 'Z0123456789EXAMPLE01' };
/** A repository, with the ids that GitHub's tokens have in them. */
export const GITHUB: Answers = { 'github-repository': 'oky-kenya/deployment', 'github-owner-id': '1234567', 'github-repository-id': '123456789' };
export const CERTIFICATE = 'arn:aws:acm:eu-west-2:111122223333:certificate/11111111-2222-3333-4444-555555555555';
export const EDGE_CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555';

export function flags(answers: Answers): string[] {
  return FLAGS.flatMap(flag => answers[flag] === undefined ? [] : [`--${flag}`, answers[flag]]);
}

export function emptyFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'oky-init-'));
}

/** All files below a folder, by their paths, with their texts. */
export function contentsOf(folder: string): Record<string, string> {
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => fs.statSync(path.join(folder, file)).isFile());
  return Object.fromEntries(files.sort().map(file => [file, fs.readFileSync(path.join(folder, file), 'utf8')]));
}

/** What is written for these answers. */
export async function generate(answers: Answers): Promise<Record<string, string>> {
  const folder = emptyFolder();
  const terminal = new FakeTerminal();
  const code = await init(flags({ ...answers, folder }), terminal);
  const files = contentsOf(folder);
  fs.rmSync(folder, { recursive: true });
  if (code !== 0) {
    throw new Error(terminal.errors);
  }
  return files;
}

/** Each profile, and what else changes the code. */
export const KINDS: Record<string, Answers> = {
  ...Object.fromEntries(Object.keys(PROFILES).map(profile => [profile, { ...LEAST, profile }])),
  'everything given': {
    ...LEAST,
    'profile': 'whole-country',
    'account': '111122223333',
    'name-prefix': 'oky-kenya',
    'alarm-email': 'ops@example.org',
    ...GITHUB,
  },
  'certificates': { ...LEAST, 'hosted-zone-id': undefined, 'certificate-arn': CERTIFICATE, 'edge-certificate-arn': EDGE_CERTIFICATE },
  'us-east-1': { ...LEAST, region: 'us-east-1', profile: 'monitored' },
};

const installed = createRequire(__filename);

/** Runs a generated app as `npx cdk` would, without credentials. */
export function run(files: Record<string, string>, context: object = {}): { app: App; stack: Stack } {
  const exports = {};
  const { outputText } = ts.transpileModule(files['app.ts'], { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const load = (name: string): unknown => name === 'cdk-oky-backend' ? library : installed(name);
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ ...JSON.parse(files['cdk.context.json']) as object, ...context });
  (new Function('require', 'exports', outputText) as (load: (name: string) => unknown, exports: object) => void)(load, exports);
  delete process.env.CDK_CONTEXT_JSON;
  return exports as { app: App; stack: Stack };
}
