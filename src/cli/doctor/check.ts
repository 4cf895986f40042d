import type { Aws } from './aws';
import type { Deployment } from './deployment';
import type { Dns } from './dns';
import type { Finding } from './findings';

/** What a check looks with, and at. */
export interface Context {
  readonly aws: Aws;
  readonly dns: Dns;
  readonly deployment: Deployment;
}

/** One subject. It throws what keeps it from looking. */
export interface Check {
  readonly name: string;
  readonly run: (context: Context) => Promise<Finding[]>;
}

/** The findings about each of several things, in their order. */
export async function forEach<T>(things: readonly T[], look: (thing: T) => Promise<Finding[]>): Promise<Finding[]> {
  return (await Promise.all(things.map(look))).flat();
}
