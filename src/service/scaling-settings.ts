import type { OkyScalingOptions, OkyServiceOptions } from './service-options';
import type { ServiceName } from '../private/names';
import { invalid, isKnown, requireInteger } from '../private/validation';

/** What of the whole deployment decides about a service. */
export interface DeploymentChoices {
  readonly highAvailability: boolean;
  readonly scaling?: OkyScalingOptions;
  /** Whether the database pauses when nothing is connected. */
  readonly databasePauses: boolean;
}

/** What is given for one service wins over what is given for both; undefined where neither is. */
export function resolveScaling(name: ServiceName, options: OkyServiceOptions, choices: DeploymentChoices) {
  if (!choices.scaling && !options.scaling) {
    return undefined;
  }
  const given = { ...choices.scaling, ...definedOf(options.scaling) };
  const least = choices.highAvailability ? 2 : 1;
  const scaling = {
    ...given,
    minCapacity: given.minCapacity ?? least,
    maxCapacity: given.maxCapacity ?? Math.max(4, given.minCapacity ?? least),
    targetCpuUtilizationPercent: given.targetCpuUtilizationPercent ?? 60,
  };
  const prefix = (prop: keyof OkyScalingOptions) => options.scaling?.[prop] !== undefined ? `${name}.scaling.${prop}` : `scaling.${prop}`;
  requireInteger(prefix('minCapacity'), scaling.minCapacity, 1, 1000, 'give the least number of tasks');
  requireInteger(prefix('maxCapacity'), scaling.maxCapacity, 1, 1000, 'give the most tasks that may run');
  for (const prop of ['minCapacity', 'maxCapacity'] as const) {
    if (isKnown(scaling[prop]) && scaling[prop] < least) {
      throw invalid(prefix(prop), 'be at least 2 with highAvailability', scaling[prop], 'raise it or leave it out');
    }
  }
  if (isKnown(scaling.minCapacity) && isKnown(scaling.maxCapacity) && scaling.minCapacity > scaling.maxCapacity) {
    throw invalid(prefix('minCapacity'), `not be above ${prefix('maxCapacity')} (${scaling.maxCapacity})`, scaling.minCapacity, 'lower the first or raise the second');
  }
  requireInteger(prefix('targetCpuUtilizationPercent'), scaling.targetCpuUtilizationPercent, 10, 100, 'use one such as 60');
  requireInteger(prefix('targetMemoryUtilizationPercent'), scaling.targetMemoryUtilizationPercent, 10, 100, 'use one such as 70');
  requireInteger(prefix('requestsPerTarget'), scaling.requestsPerTarget, 1, 1_000_000, 'give the requests a minute that one task can answer');
  return scaling;
}

/** An undefined property must not hide the deployment's. */
function definedOf(options: OkyScalingOptions = {}): OkyScalingOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
