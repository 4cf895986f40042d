/** Each option, given and removed again. test/transitions/transitions.test.ts has every pair of larger sets. */
import { BROUGHT, isBrought } from './brought';
import { ACCEPTED, type Deployment, impactOf, isAccepted } from './impact';
import { OPTIONS } from '../../scripts/catalogue/catalogue';
import { templatesOf } from '../../scripts/deployments/option-sets';
import { merged, type Overrides } from '../helpers';

const DEFAULTS: Overrides = {};
const deployments = new Map<Overrides, Deployment>();

function deployed(overrides: Overrides): Deployment {
  const found = deployments.get(overrides) ?? templatesOf(overrides);
  deployments.set(overrides, found);
  return found;
}

function lost(from: Overrides, to: Overrides): string[] {
  const { losses, clashes } = impactOf(deployed(from), deployed(to));
  const unexpected = losses.filter(loss => !BROUGHT.some(each => each.how === loss.how && isBrought(loss, [from, to], each))
    && !ACCEPTED.some(each => isAccepted(loss, each)));
  return [...unexpected.map(({ stack, id, how, properties }) => `${stack}: ${id} is ${how} (${properties.join(', ')})`), ...clashes];
}

const cases = OPTIONS.filter(([, { replacement }]) => !replacement).flatMap(([option, { base = DEFAULTS, given, values = {} }]) =>
  Object.entries({ '': merged(base, given), ...values }).map(([value, overrides]) => [`${option} ${value}`.trim(), base, overrides] as const));

describe('an option that is given and removed again loses nothing:', () => {
  test.each(cases)('%s', (_, base, overrides) => {
    expect([...lost(base, overrides), ...lost(overrides, base)]).toEqual([]);
  });
});
