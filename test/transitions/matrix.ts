import { type Brought, BROUGHT, isBrought } from './brought';
import { ACCEPTED, type Deployment, isAccepted, impactOf, type Loss, unknownNames } from './impact';
import { OPTION_SETS, templatesOf, type OptionSet } from '../../scripts/deployments/option-sets';
import type { Overrides } from '../helpers';

/** What stays behind under a name that the user chose, and is told to choose another one next time. */
const NAMED = /OkyDatabaseBackupAirGapped\w+ stays behind as AWS::Backup::LogicallyAirGappedBackupVault oky-air-gapped$/;

/** Losses with one cause in many pairs: a test of their own says it once. */
const APART: Record<string, Pick<Brought, 'by' | 'id'>> = {
  'the generated signing secrets stay in the stack when signingSecret is given': { by: ['api.signingSecret', 'cms.signingSecret'], id: /SigningSecret/ },
};

/** Nothing precious is lost from any of the sets to any other. */
export function testTransitions(region: string, sets: OptionSet[]): void {
  const deployments = new Map<OptionSet, Deployment>();
  const used = new Set<unknown>();
  const apart = new Map<string, Map<string, string[]>>();
  let pairs = 0;

  beforeAll(() => sets.forEach(set => deployments.set(set, templatesOf(OPTION_SETS[set], region))));

  /** What is left when all that may go, or is told elsewhere, is taken away. */
  function unexpected(losses: Loss[], pair: [OptionSet, OptionSet]): Loss[] {
    return losses.filter(loss => {
      const change: [Overrides, Overrides] = [OPTION_SETS[pair[0]], OPTION_SETS[pair[1]]];
      const excuse = BROUGHT.find(each => each.how === loss.how && isBrought(loss, change, each)) ?? ACCEPTED.find(each => isAccepted(loss, each));
      const [elsewhere] = Object.entries(APART).find(([, each]) => isBrought(loss, change, each)) ?? [];
      if (elsewhere) {
        const text = `${loss.id} (${loss.type}) is ${loss.how}`;
        const found = apart.get(elsewhere) ?? new Map<string, string[]>();
        apart.set(elsewhere, found.set(text, [...found.get(text) ?? [], pair.join(' → ')]));
      }
      used.add(excuse);
      return !excuse && !elsewhere;
    });
  }

  test.each(sets)('from %s to any other', from => {
    const found = sets.filter(to => to !== from).flatMap(to => {
      const impact = impactOf(deployments.get(from)!, deployments.get(to)!);
      pairs++;
      return [
        ...unexpected(impact.losses, [from, to]).map(({ stack, id, type, how, properties }) => `${stack}: ${id} (${type}) is ${how} (${properties.join(', ')})`),
        ...impact.clashes,
        ...impact.leftovers.filter(text => !NAMED.test(text)),
      ].map(text => `→ ${to}: ${text}`);
    });
    expect(found).toEqual([]);
  });

  test.each(Object.keys(APART))('%s', name => {
    const found = [...apart.get(name) ?? []].map(([text, pairsWithIt]) => `${text} in ${pairsWithIt.length} pairs, such as ${pairsWithIt[0]}`);
    expect(found).toEqual([]);
  });

  test('every pair was looked at, of deployments that differ', () => {
    expect(pairs).toBe(sets.length * (sets.length - 1));
    const texts = sets.map(set => JSON.stringify(deployments.get(set)));
    expect(sets.filter((_, index) => texts.indexOf(texts[index]) !== index)).toEqual([]);
  });

  test('every name that is given by hand is known to be unique, or not', () => {
    const resources = [...deployments.values()].flatMap(each => Object.values(each)).flatMap(({ Resources }) => Object.values(Resources));
    expect(unknownNames(resources)).toEqual([]);
  });

  test('what may go is what does go: no entry is left over', () => {
    const stale = [...BROUGHT, ...ACCEPTED].filter(each => !used.has(each));
    expect(stale).toEqual([]);
  });
}
