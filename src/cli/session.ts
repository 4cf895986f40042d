import type { Session } from './database/sql-task';
import { DeployedStack } from './deployed/stack';
import { sleep } from './deployed/task';
import { UnusableCall } from './doctor/assembly';
import { Aws, runAws } from './doctor/aws';

/** The options of each command that works in an account. */
export const PLACE = {
  stack: { type: 'string', default: 'OkyBackend' },
  region: { type: 'string' },
  profile: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

export const PLACE_USAGE = `  --stack <name>         the stack with the backend (default: OkyBackend)
  --region <region>      its region (default: that of the profile)
  --profile <profile>    the profile of the AWS command line
  --help                 print this`;

/** What a command works with, once its arguments are known. */
export type Place = { readonly stack: string; readonly region?: string; readonly profile?: string };

/** A wrong argument is answered with the usage. */
export function withUsage<T>(usage: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UnusableCall(`${(error as Error).message}\n\n${usage}`);
  }
}

/** Finds the deployment. */
export async function openSession({ stack, region, profile }: Place, tell: (line: string) => void): Promise<Session> {
  const aws = new Aws(runAws(process.env), profile);
  return { aws, region, stack: await DeployedStack.read(aws, stack, region), wait: sleep, tell };
}
