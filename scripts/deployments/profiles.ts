import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Overrides } from './sample';
import * as library from '../../src';
import { type Choice, type Expression, TYPESCRIPT, valueIn } from '../../src/cli/init/code';
import { PROFILES } from '../../src/cli/init/profiles';

/** The modules that the choices of a profile name. */
const MODULES: Record<string, object> = { 'cdk-oky-backend': library, 'aws-cdk-lib/aws-ecs': ecs };

/** The value that the code of a choice stands for. */
function evaluate({ module, of, name, args }: Expression): unknown {
  const holder = (MODULES[module] as Record<string, Record<string, unknown>>)[of];
  return args === undefined ? holder[name] : (holder[name] as () => unknown)();
}

const overrides = new Map<string, Overrides>();

/** The props that a profile sets: the same object each time, so that what is made from it can be kept. */
export function overridesOf(profile: string): Overrides {
  const known = overrides.get(profile) ?? merged(PROFILES[profile].choices);
  overrides.set(profile, known);
  return known;
}

function merged(choices: readonly Choice[]): Overrides {
  const props: Record<string, unknown> = {};
  for (const { prop, value = undefined } of choices) {
    const [group, option] = prop.split('.');
    const given = typeof value === 'object' ? evaluate(value) : value;
    props[group] = option === undefined ? given ?? {} : { ...props[group] as object, [option]: given };
  }
  return props;
}

/** A choice as it is written in code: `network.egress: OkyEgress.publicIp()`. */
export function choiceText({ prop, value }: Choice): string {
  return `\`${prop}: ${value === undefined ? '{}' : valueIn(TYPESCRIPT, value)}\``;
}
