/** A policy of a key, as far as it is looked at. */
export interface Policy {
  readonly Statement: Statement | readonly Statement[];
}

export interface Statement {
  readonly Effect: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What a symmetric key is used by; patterns in policies stand for these. */
const ACTIONS = ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'ReEncryptFrom', 'ReEncryptTo'].map(name => `kms:${name}`);
/** Operators that compare one value with patterns. */
const COMPARES = /^(String|Arn)(Equals|Like)(IfExists)?$/;

/** The needed statements that the policy does not allow all actions of. Statements that deny are not weighed. */
export function lacking(policy: Policy, needed: readonly Statement[]): Statement[] {
  const allowed = [policy.Statement].flat().filter(({ Effect }) => Effect === 'Allow');
  return needed.filter(statement => {
    const actions = ACTIONS.filter(action => listOf(statement.Action).some(pattern => matches(pattern, action)));
    return !actions.every(action => allowed.some(each =>
      listOf(each.Action).some(pattern => matches(pattern, action)) && admits(each, statement) && asksNoMore(each, statement)));
  });
}

function admits(given: Statement, needed: Statement): boolean {
  if (given.Principal === '*' || listOf(pick(given.Principal, 'AWS')).includes('*')) {
    return true;
  }
  return Object.entries(typeof needed.Principal === 'object' ? needed.Principal : {}).every(([kind, wanted]) =>
    listOf(wanted).every(each => listOf(pick(given.Principal, kind)).some(name => name === each || name === /^arn:[\w-]+:iam::(\d{12}):root$/.exec(each)?.[1])));
}

/** Each of its conditions is met by what is needed. */
function asksNoMore(given: Statement, needed: Statement): boolean {
  const known = Object.values(needed.Condition ?? {}).flatMap(conditions => Object.entries(conditions));
  return Object.entries(given.Condition ?? {}).every(([operator, conditions]) => COMPARES.test(operator)
    && Object.entries(conditions).every(([key, patterns]) => {
      const [, wanted] = known.find(([name]) => name.toLowerCase() === key.toLowerCase()) ?? [];
      return wanted !== undefined && listOf(wanted).every(value => listOf(patterns).some(pattern => matches(pattern, value)));
    }));
}

function pick(principal: Statement['Principal'], kind: string): string | readonly string[] | undefined {
  return typeof principal === 'object' ? principal[kind] : undefined;
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

function matches(pattern: string, value: string): boolean {
  return new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i').test(value);
}
