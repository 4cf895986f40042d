import { execFile } from 'child_process';
import { readFileSync } from 'fs';
import * as path from 'path';
import type { RunningService } from './services';
import { withoutComments } from '../../private/scripts';
import type { Session } from '../database/sql-task';
import { TaskRunner } from '../deployed/task';
import { PACKAGE_ROOT } from '../package';

/** Signs up, logs in, and deletes the user again. */
export const SCRIPT = withoutComments(readFileSync(path.join(PACKAGE_ROOT, 'assets', 'check-signup.js'), 'utf8'));

/** Milliseconds: longer than each of the script's requests together. */
const PATIENCE = 300_000;

/** Whether signup works with the revision, in a task that no user gets to. Says what failed, or undefined. */
export async function trySignup({ aws, region, stack, wait }: Session, api: RunningService, revision: string): Promise<string | undefined> {
  const [{ command }] = api.definition.containerDefinitions;
  if (!command) {
    return 'the task definition has no command, so the app can\'t be tried: leave api.command out, or give the command that starts it';
  }
  const { exitCode, reason, lines } = await new TaskRunner(aws, region, wait).run({
    cluster: stack.get('ClusterName'), taskDefinition: revision, service: api.service, override: { command: ['node', '-e', SCRIPT, ...command] },
  }, line => /^(done: |failed, )/.test(line));
  if (exitCode === 0) {
    return undefined;
  }
  return lines.find(line => line.startsWith('failed, '))?.replace('failed, ', '') ?? [exitCode === undefined ? reason : `code ${exitCode}`, ...lines].join('\n  ');
}

/** Whether signup works where users sign up. Says what failed, or undefined. */
export async function checkSignup(host: string): Promise<string | undefined> {
  return new Promise(resolve => {
    execFile(process.execPath, ['-e', SCRIPT, `https://${host}`], { timeout: PATIENCE }, (error, _, stderr) => {
      resolve(error ? stderr.trim().replace('failed, ', '') || error.message : undefined);
    });
  });
}
