import { DATABASE_OPTIONS } from './database';
import { DEPLOYMENT_OPTIONS } from './deployment';
import { EDGE_OPTIONS } from './edge';
import { MONITORING_OPTIONS } from './monitoring';
import { NETWORK_OPTIONS } from './network';
import { OPERATORS_OPTIONS } from './operators';
import type { OptionCase } from './option-case';
import type { OptionPath } from './option-path';
import { SERVICE_OPTIONS } from './service';
import { merged, type Overrides } from '../deployments/sample';

/** Every option of the library. A forgotten one does not compile. */
const CASES = {
  ...DEPLOYMENT_OPTIONS,
  ...SERVICE_OPTIONS,
  ...DATABASE_OPTIONS,
  ...NETWORK_OPTIONS,
  ...EDGE_OPTIONS,
  ...MONITORING_OPTIONS,
  ...OPERATORS_OPTIONS,
} satisfies Record<OptionPath, OptionCase>;

/** The paths of all options with their cases. */
export const CATALOGUE: Readonly<Record<OptionPath, OptionCase>> = CASES;

export const OPTIONS = Object.entries(CATALOGUE) as [OptionPath, OptionCase][];

/** The deployments of an option, one for each value, by the path and the name of the value. */
function deploymentsOf([path, { base = {}, given, values = {} }]: [OptionPath, OptionCase]): [string, Overrides][] {
  return [[path, merged(base, given)], ...Object.entries(values).map(([value, overrides]) => [`${path} ${value}`, overrides] as [string, Overrides])];
}

/** The deployments that show every option with every value. */
export const DEPLOYMENTS: Readonly<Record<string, Overrides>> = Object.fromEntries(OPTIONS.flatMap(deploymentsOf));

/** Those with a resource that a rule of cdk-nag reads. */
export const NAG_ROWS: Readonly<Record<string, Overrides>> = Object.fromEntries(OPTIONS.filter(([, { nag }]) => nag).flatMap(deploymentsOf));

/** Those with resources that no other deployment has. */
export const LINTED: Readonly<Record<string, Overrides>> = Object.fromEntries(OPTIONS.filter(([, { linted }]) => linted).flatMap(deploymentsOf));
