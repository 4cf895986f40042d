import { type CfnResource, isPrecious, readable, UNIQUE } from './impact';
import { OPTION_SETS, templatesOf } from '../../scripts/deployments/option-sets';
import { OkyOriginAccess } from '../../src';

/** For each stack, its logical ids with their types and names. */
export type Frozen = Record<string, Record<string, string>>;

/** Used by another stack, which still uses the old one when the companion has made a new one. */
const USED_ACROSS_STACKS = ['AWS::CertificateManager::Certificate', 'AWS::WAFv2::WebACL'];

/** What nobody may rename: what is precious, what another stack uses, and what has a name that another one of its kind would find taken. */
export function idsToday(): Frozen {
  const frozen: Frozen = {};
  for (const overrides of [OPTION_SETS['the defaults'], OPTION_SETS['everything on'], { network: { originAccess: OkyOriginAccess.VPC_ORIGIN } }]) {
    for (const [stack, { Resources }] of Object.entries(templatesOf(overrides))) {
      frozen[stack] = { ...frozen[stack], ...idsOf(Resources) };
    }
  }
  // In us-east-1 one stack holds what companions hold elsewhere.
  const there = Object.entries(idsOf(templatesOf(OPTION_SETS['everything on'], 'us-east-1').Oky.Resources));
  frozen['Oky, in us-east-1 only'] = Object.fromEntries(there.filter(([id]) => !frozen.Oky[id]));
  return sorted(frozen);
}

function idsOf(resources: Record<string, CfnResource>): Record<string, string> {
  return Object.fromEntries(Object.entries(resources)
    .filter(([, resource]) => isPrecious(resource) || USED_ACROSS_STACKS.includes(resource.Type) || nameOf(resource))
    .map(([id, resource]) => [id, [resource.Type, nameOf(resource)].filter(Boolean).join(' ')]));
}

/** The name that is given by hand; a reference alone is another resource's name, and a scaling policy's comes from its id. */
function nameOf({ Type: type, Properties: properties = {} }: CfnResource): string | undefined {
  const value = properties[UNIQUE[type]?.find(property => /(Name|Url)$/.test(property) && property !== 'PolicyName') ?? ''];
  return typeof value === 'string' || (typeof value === 'object' && value !== null && 'Fn::Join' in value) ? readable(value) : undefined;
}

export function sorted(frozen: Frozen): Frozen {
  const sort = <T>(record: Record<string, T>) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1));
  return sort(Object.fromEntries(Object.entries(frozen).map(([stack, ids]) => [stack, sort(ids)])));
}

/** What is wrong with today's ids, each with what it means and what to do. */
export function violations(frozen: Frozen, today: Frozen): string[] {
  const stacks = [...new Set([...Object.keys(frozen), ...Object.keys(today)])];
  return stacks.flatMap(stack => {
    const [ids, now] = [frozen[stack] ?? {}, today[stack] ?? {}];
    const gone = Object.keys(ids).filter(id => !(id in now)).map(id => `${stack}: ${id} (${ids[id]}) is gone. CloudFormation would delete it in every deployment there is, `
      + 'with what it holds, and make what has its place now beside it, or fail on its name. Give it this id again: undo the change of the construct\'s id or place, or override '
      + 'its logical id. If it must go, that is a breaking change: a major version, a runbook for those who have it, and this line out of the file');
    const changed = Object.keys(ids).filter(id => id in now && now[id] !== ids[id]).map(id => `${stack}: ${id} was ${ids[id]} and is ${now[id]}. CloudFormation would `
      + 'replace it in every deployment there is, and what it holds would be gone. Take the change back');
    const added = Object.keys(now).filter(id => !(id in ids)).map(id => `${stack}: ${id} is new, and can't be renamed once it is released. If it is meant so, add this line `
      + `to "${stack}" in test/transitions/frozen-ids.json, in its place: "${id}": "${now[id]}"`);
    return [...gone, ...changed, ...added];
  });
}
