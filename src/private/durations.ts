import type { Duration } from 'aws-cdk-lib/core';
import { invalid } from './validation';

/** The days of a duration that is known now. */
export function days(duration: Duration): number | undefined {
  return duration.isUnresolved() ? undefined : duration.toDays({ integral: false });
}

/** CDK can't convert what is known at deployment only. */
export function requireUnit(prop: string, given: Duration, unit: 'seconds' | 'days'): void {
  if (given.isUnresolved() && given.unitLabel() !== unit) {
    throw invalid(prop, `be in ${unit} if it is a token, which can't be converted`, given.unitLabel(), `use Duration.${unit}`);
  }
}
