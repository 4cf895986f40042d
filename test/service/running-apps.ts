/** Apps in small, started as a task definition starts the containers. */
import { type ChildProcess, spawn } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { SCRATCH, startCommand } from '../../src/service/start-command';

interface Start {
  /** The app; undefined where the image has none in its place. */
  readonly app?: string;
  readonly env?: Record<string, string>;
  /** What a task is started with in place of the command. */
  readonly override?: string[];
  /** The variables of the task definition; undefined for all of the environment. */
  readonly variables?: string[];
  readonly shell?: string;
}

export interface RunningApp {
  readonly child: ChildProcess;
  /** With its exit code. */
  readonly ended: Promise<number | null>;
  /** Which the app prints as `port N` when it listens. */
  readonly port: Promise<number>;
  readonly output: () => string;
  /** Stands for the container's `/tmp`. */
  readonly folder: string;
}

const running: RunningApp[] = [];

/** Runs an app by the start command. The environment is the one given and the path, nothing else. */
export function startApp({ app, env = {}, override, variables, shell = 'sh' }: Start): RunningApp {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'running-app-'));
  if (app !== undefined) {
    fs.writeFileSync(path.join(folder, 'app.js'), app);
  }
  const { entryPoint, command } = startCommand({ script: 'app.js', databaseAuthority: 'authority\n', hasGoogleCredentials: env.GOOGLE_CREDENTIALS !== undefined });
  const [, ...args] = [...entryPoint(variables ?? ['PATH', ...Object.keys(env)]), ...override ?? command].map(part => part.replaceAll(`${SCRATCH}/`, `${folder}/`));
  const child = spawn(shell, args, { argv0: 'sh', cwd: folder, env: { PATH: process.env.PATH, ...env } });
  let output = '';
  [child.stdout, child.stderr].forEach(stream => stream.on('data', data => { output += data; }));
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  const port = new Promise<number>(resolve => child.stdout.once('data', data => resolve(Number(/port (\d+)/.exec(String(data))?.[1]))));
  const started = { child, ended, port, output: () => output, folder };
  running.push(started);
  return started;
}

export function stopApps(): void {
  running.splice(0).forEach(({ child, folder }) => {
    child.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true });
  });
}
