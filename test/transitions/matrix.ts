import { ACCEPTED, type Deployment, isAccepted, impactOf, type Loss, unknownNames } from './impact';
import { OPTION_SETS, optionsOf, templatesOf, type OptionSet } from '../../scripts/deployments/option-sets';
import type { OkyBackendProps } from '../../src';

/** What an option brings with it, and what therefore may go when it is changed. */
interface Brought {
  readonly by: string[];
  readonly id: RegExp;
  readonly how: Loss['how'];
  readonly why: string;
}

const BROUGHT: Brought[] = [
  { by: ['highAvailability'], id: /^OkyDatabaseClusterReader/, how: 'destroyed', why: 'a second instance; the data is the cluster\'s' },
  { by: ['network.maxAzs'], id: /^OkyNetworkVpc(Public|Private|Cms)Subnet3Subnet/, how: 'destroyed', why: 'the third zone, in which nothing is that holds data' },
  { by: ['waf'], id: /WebAclLog/, how: 'destroyed', why: 'requests that the web ACL refused in the last month' },
  { by: ['edge.verifyOrigin', 'edge.originSecretVersion'], id: /^OkyOriginSecretVersion\d/, how: 'destroyed', why: 'made to be exchanged; nobody but CloudFront knows it' },
  { by: ['database.passwordVersion'], id: /^OkyDatabaseSecret2?[0-9A-F]{8}$/, how: 'left behind', why: 'a password that the database does not know any more' },
  { by: ['database.applicationUsername'], id: /^OkyDatabaseApplicationSecret/, how: 'left behind', why: 'the password that the role has, until it gets that of the next one' },
  { by: ['database.backupPlan'], id: /^OkyDatabaseBackupVault/, how: 'left behind', why: 'its snapshots stay for as long as they were to' },
  { by: ['database.backupPlan'], id: /^OkyDatabaseBackupAirGapped/, how: 'left behind', why: 'nobody can delete its snapshots before their time' },
  { by: ['monitoring'], id: /MonitoringTopic/, how: 'destroyed', why: 'it keeps no message; an address that comes back confirms its subscription again' },
  { by: ['edge.accessLogs'], id: /AccessLogsBucket/, how: 'left behind', why: 'its logs stay for as long as they were to' },
];

/** What stays behind under a name that the user chose, and is told to choose another one next time. */
const NAMED = /OkyDatabaseBackupAirGapped\w+ stays behind as AWS::Backup::LogicallyAirGappedBackupVault oky-air-gapped$/;

/** Losses with one cause in many pairs: a test of their own says it once. */
const APART: Record<string, Pick<Brought, 'by' | 'id'>> = {
  'the generated signing secrets stay in the stack when signingSecret is given': { by: ['api.signingSecret', 'cms.signingSecret'], id: /SigningSecret/ },
};

const options = new Map<OptionSet, Partial<OkyBackendProps>>();

/** An option by its path, as text. */
function given(set: OptionSet, path: string): string {
  const all = options.get(set) ?? optionsOf(OPTION_SETS[set]);
  options.set(set, all);
  const value = path.split('.').reduce<unknown>((each, name) => (each as Record<string, unknown> | undefined)?.[name], all);
  // A construct has no text of its own, and is another one in each deployment.
  return JSON.stringify(value, (_, each: unknown) => typeof each === 'object' && each !== null && 'node' in each ? 'a construct' : each) ?? 'left out';
}

function isBrought({ id }: Loss, [from, to]: [OptionSet, OptionSet], { by, id: pattern }: Pick<Brought, 'by' | 'id'>): boolean {
  return pattern.test(id) && by.some(path => given(from, path) !== given(to, path));
}

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
      const excuse = BROUGHT.find(each => each.how === loss.how && isBrought(loss, pair, each)) ?? ACCEPTED.find(each => isAccepted(loss, each));
      const [elsewhere] = Object.entries(APART).find(([, each]) => isBrought(loss, pair, each)) ?? [];
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
