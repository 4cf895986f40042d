import { Annotations, Match } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib/core';

export * from '../scripts/deployments/sample';

/** The warnings in a stack by their ids, as they are acknowledged by. */
export function warnings(stack: Stack): Record<string, string> {
  const found = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
  return Object.fromEntries(found.map(({ entry }) => {
    const [, message, id] = /^(.*) \[ack: (.*)\]$/s.exec(String(entry.data)) ?? ['', String(entry.data), 'without an id'];
    return [id, message];
  }));
}

/** The message of the error that is thrown. */
export function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('nothing was thrown');
}
