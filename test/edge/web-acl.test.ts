import { type OkyWafOptions, OkyWafMode } from '../../src';
import { usEast1Templates, deploy } from '../helpers';

interface Match {
  readonly FieldToMatch: { readonly SingleHeader?: unknown; readonly UriPath?: unknown; readonly Method?: unknown };
  readonly TextTransformations: { readonly Type: string }[];
}

interface Statement {
  readonly AndStatement?: { readonly Statements: Statement[] };
  readonly OrStatement?: { readonly Statements: Statement[] };
  readonly NotStatement?: { readonly Statement: Statement };
  readonly ByteMatchStatement?: Match & { readonly PositionalConstraint: string; readonly SearchString: string };
  readonly RegexMatchStatement?: Match & { readonly RegexString: string };
  readonly LabelMatchStatement?: { readonly Key: string };
  readonly IPSetReferenceStatement?: { readonly Arn: { readonly 'Fn::GetAtt': [string, string] } };
  readonly RateBasedStatement?: { readonly Limit: number; readonly ScopeDownStatement?: Statement };
  readonly ManagedRuleGroupStatement?: {
    readonly Name: string;
    readonly RuleActionOverrides?: { readonly Name: string; readonly ActionToUse: object }[];
  };
}

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: object;
  readonly OverrideAction?: object;
  readonly Statement: Statement;
}

interface WebAcl {
  readonly rules: Rule[];
  readonly ipSets: Record<string, string[]>;
}

/** A request as WAF sees it. What the managed rules would make of its body is given, by their names. */
interface Request {
  readonly host: string;
  readonly path: string;
  readonly method?: string;
  readonly from?: string;
  /** How many such requests came from there within five minutes. */
  readonly times?: number;
  readonly looksLike?: string[];
}

function webAclOf(waf: OkyWafOptions): WebAcl {
  const template = usEast1Templates(deploy({ waf }).stack)['project-oky-edge'];
  const [{ Properties }] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
  const ipSets = Object.entries(template.findResources('AWS::WAFv2::IPSet'));
  return {
    rules: [...Properties.Rules as Rule[]].sort((a, b) => a.Priority - b.Priority),
    ipSets: Object.fromEntries(ipSets.map(([id, set]) => [id, set.Properties.Addresses as string[]])),
  };
}

/** Which label a managed rule leaves, and the group that it is in. */
const MANAGED: Record<string, { group: string; label: string }> = {
  SizeRestrictions_BODY: { group: 'AWSManagedRulesCommonRuleSet', label: 'awswaf:managed:aws:core-rule-set:SizeRestrictions_Body' },
  CrossSiteScripting_BODY: { group: 'AWSManagedRulesCommonRuleSet', label: 'awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body' },
  GenericLFI_BODY: { group: 'AWSManagedRulesCommonRuleSet', label: 'awswaf:managed:aws:core-rule-set:GenericLFI_Body' },
  GenericRFI_BODY: { group: 'AWSManagedRulesCommonRuleSet', label: 'awswaf:managed:aws:core-rule-set:GenericRFI_Body' },
  EC2MetaDataSSRF_BODY: { group: 'AWSManagedRulesCommonRuleSet', label: 'awswaf:managed:aws:core-rule-set:EC2MetaDataSSRF_Body' },
  CrossSiteScripting_QUERYARGUMENTS: { group: 'AWSManagedRulesCommonRuleSet', label: 'awswaf:managed:aws:core-rule-set:CrossSiteScripting_QueryArguments' },
  SQLi_BODY: { group: 'AWSManagedRulesSQLiRuleSet', label: 'awswaf:managed:aws:sql-database:SQLi_Body' },
  SQLiExtendedPatterns_BODY: { group: 'AWSManagedRulesSQLiRuleSet', label: 'awswaf:managed:aws:sql-database:SQLiExtendedPatterns_Body' },
  Log4JRCE_BODY: { group: 'AWSManagedRulesKnownBadInputsRuleSet', label: 'awswaf:managed:aws:known-bad-inputs:Log4JRCE_Body' },
};

/** What the web ACL does: the name of the rule that refuses, or that it lets the request through. */
function ask({ rules, ipSets }: WebAcl, request: Request): string {
  const labels: string[] = [];
  for (const { Name: name, Action: action, OverrideAction: override, Statement: statement } of rules) {
    const { ManagedRuleGroupStatement: group, RateBasedStatement: rate } = statement;
    if (group) {
      for (const rule of (request.looksLike ?? []).filter(each => MANAGED[each].group === group.Name)) {
        labels.push(MANAGED[rule].label);
        const own = group.RuleActionOverrides?.find(each => each.Name === rule);
        if ('None' in override! && !(own && 'Count' in own.ActionToUse)) {
          return name;
        }
      }
    } else if ('Block' in action! && (rate ? (request.times ?? 1) > rate.Limit && holds(rate.ScopeDownStatement) : holds(statement))) {
      return name;
    }
  }
  return 'let through';

  function holds(statement: Statement | undefined): boolean {
    const { AndStatement: and, OrStatement: or, NotStatement: not, LabelMatchStatement: label, IPSetReferenceStatement: ipSet } = statement ?? {};
    const { ByteMatchStatement: bytes, RegexMatchStatement: regex } = statement ?? {};
    if (bytes) {
      return bytes.PositionalConstraint === 'EXACTLY' ? fieldOf(bytes) === bytes.SearchString : fieldOf(bytes).startsWith(bytes.SearchString);
    }
    return statement === undefined || and?.Statements.every(holds) || or?.Statements.some(holds) || (not && !holds(not.Statement))
      || (label && labels.includes(label.Key)) || (regex && new RegExp(regex.RegexString).test(fieldOf(regex)))
      || (ipSet && ipSets[ipSet.Arn['Fn::GetAtt'][0]].includes(request.from ?? '')) || false;
  }

  function fieldOf({ FieldToMatch: field, TextTransformations: [{ Type: transformation }] }: Match): string {
    const text = field.Method ? request.method ?? 'GET' : field.UriPath ? request.path : request.host;
    return transformation === 'LOWERCASE' ? text.toLowerCase() : text;
  }
}

const [API, CMS] = ['api.okyapp.info', 'cms.okyapp.info'];
const OFFICE = ['203.0.113.0/24', '2001:db8::/32'];
const byDefault = webAclOf({});
const counting = webAclOf({ mode: OkyWafMode.COUNT });
const closed = webAclOf({ cmsAllowedCidrs: OFFICE });

describe('logins', () => {
  const often = { method: 'POST', times: 101 };

  test.each<Request>([
    { host: API, path: '/account/login' },
    { host: API, path: '/account/signup' },
    { host: API, path: '/account/reset-password' },
    { host: API, path: '/account/delete-from-password' },
    { host: CMS, path: '/login' },
    { host: CMS, path: '/LOGIN' },
    { host: CMS, path: '/login/' },
    { host: API, path: '/Account/Login/' },
  ])('are limited at $host$path', request => {
    expect(ask(byDefault, { ...often, ...request })).toBe('LoginRateLimit');
    expect(ask(byDefault, { ...often, ...request, times: 100 })).toBe('let through');
    expect(ask(counting, { ...often, ...request })).toBe('let through');
  });

  test.each<Request>([
    { host: CMS, path: '/login', method: 'GET' },
    { host: CMS, path: '/articles' },
    { host: CMS, path: '/api/voice-over/article/upload' },
    { host: API, path: '/account/replace-store' },
    { host: API, path: '/account/logins' },
    { host: API, path: '/' },
  ])('are not $method $host$path', request => {
    expect(ask(byDefault, { ...often, ...request })).toBe('let through');
    expect(ask(byDefault, { ...often, ...request, times: 2001 })).toBe('RateLimit');
  });
});

describe('bodies', () => {
  const EDITORS_WORK = ['SizeRestrictions_BODY', 'CrossSiteScripting_BODY', 'GenericLFI_BODY', 'GenericRFI_BODY', 'SQLi_BODY', 'SQLiExtendedPatterns_BODY'];

  test.each(EDITORS_WORK)('of editors may look like %s, those of anyone may not', looks => {
    const post = { method: 'POST', looksLike: [looks] };
    expect(ask(byDefault, { ...post, host: CMS, path: '/articles' })).toBe('let through');
    expect(ask(byDefault, { ...post, host: CMS, path: '/mobile/suggestions' })).toBe('Body');
    expect(ask(byDefault, { ...post, host: API, path: '/account/signup' })).toBe('Body');
    expect(ask(byDefault, { ...post, host: `${CMS}:443`, path: '/articles' })).toBe('Body');
    expect(ask(counting, { ...post, host: API, path: '/account/signup' })).toBe('let through');
  });

  test('an upload of 45 MB, of which WAF sees the first 16 KB, is let through at the CMS', () => {
    expect(ask(byDefault, { host: CMS, path: '/api/voice-over/article/upload', method: 'POST', looksLike: EDITORS_WORK })).toBe('let through');
  });

  test.each(['/account/replace-store', '/analytics/append-events'])('from the app may be large at %s, but may not look like an attack', path => {
    expect(ask(byDefault, { host: API, path, method: 'POST', looksLike: ['SizeRestrictions_BODY'] })).toBe('let through');
    expect(ask(byDefault, { host: API, path, method: 'POST', looksLike: ['SizeRestrictions_BODY', 'SQLi_BODY'] })).toBe('Body');
  });

  test.each([
    ['EC2MetaDataSSRF_BODY', 'CommonRuleSet'],
    ['CrossSiteScripting_QUERYARGUMENTS', 'CommonRuleSet'],
    ['Log4JRCE_BODY', 'KnownBadInputsRuleSet'],
  ])('that look like %s are refused everywhere', (looks, rule) => {
    expect(ask(byDefault, { host: CMS, path: '/articles', method: 'POST', looksLike: [looks] })).toBe(rule);
  });
});

describe('cmsAllowedCidrs', () => {
  test.each<[string, Request, string]>([
    ['an editor in the office', { host: CMS, path: '/login', from: OFFICE[0] }, 'let through'],
    ['an editor in the office, by IPv6', { host: CMS, path: '/', from: OFFICE[1] }, 'let through'],
    ['an editor elsewhere', { host: CMS, path: '/login', from: '198.51.100.0/24' }, 'CmsAllowedCidrs'],
    ['in upper case', { host: CMS.toUpperCase(), path: '/', from: '198.51.100.0/24' }, 'CmsAllowedCidrs'],
    ['with a port', { host: `${CMS}:443`, path: '/', from: '198.51.100.0/24' }, 'CmsAllowedCidrs'],
    ['with a period', { host: `${CMS}.`, path: '/', from: '198.51.100.0/24' }, 'CmsAllowedCidrs'],
    ['a path that begins like the apps\'', { host: CMS, path: '/mobile', from: '198.51.100.0/24' }, 'CmsAllowedCidrs'],
    ['an app that reads articles', { host: CMS, path: '/mobile/articles/en', from: '198.51.100.0/24' }, 'let through'],
    ['an app at the API', { host: API, path: '/account/login', method: 'POST', from: '198.51.100.0/24' }, 'let through'],
  ])('%s', (_, request, answer) => {
    expect(ask(closed, request)).toBe(answer);
    expect(ask(webAclOf({ cmsAllowedCidrs: OFFICE, mode: OkyWafMode.COUNT }), request)).toBe(answer);
    expect(ask(byDefault, request)).toBe('let through');
  });

  test('has a set for each version that is given, which can be replaced', () => {
    expect(Object.keys(closed.ipSets)).toHaveLength(2);
    expect(Object.values(webAclOf({ cmsAllowedCidrs: [OFFICE[1]] }).ipSets)).toEqual([[OFFICE[1]]]);
    const sets = usEast1Templates(deploy({ waf: { cmsAllowedCidrs: OFFICE } }).stack)['project-oky-edge'].findResources('AWS::WAFv2::IPSet');
    expect(Object.values(sets).map(set => set.Properties.Name)).toEqual([undefined, undefined]);
  });
});

/**
 * What a web ACL may take of WAF's capacity, 1500 units, before it costs extra.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html
 */
describe('the capacity', () => {
  const GROUPS: Record<string, number> = {
    AWSManagedRulesAmazonIpReputationList: 25,
    AWSManagedRulesAnonymousIpList: 50,
    AWSManagedRulesCommonRuleSet: 700,
    AWSManagedRulesKnownBadInputsRuleSet: 200,
    AWSManagedRulesSQLiRuleSet: 200,
  };

  /** Each transformation is counted wherever it stands: WAF counts one of the same field once. */
  function units(statement: Statement): number {
    const nested = [
      ...statement.AndStatement?.Statements ?? [], ...statement.OrStatement?.Statements ?? [],
      ...[statement.NotStatement?.Statement, statement.RateBasedStatement?.ScopeDownStatement].filter(each => each !== undefined),
    ];
    const { ByteMatchStatement: bytes, RegexMatchStatement: regex, RateBasedStatement: rate, ManagedRuleGroupStatement: group } = statement;
    const transformed = (bytes ?? regex)?.TextTransformations.filter(({ Type }) => Type !== 'NONE').length ?? 0;
    const own = group ? GROUPS[group.Name] : regex ? 3 : bytes ?? rate ? 2 : 1;
    return nested.reduce((sum, each) => sum + units(each), own + 10 * transformed);
  }

  test.each<[string, WebAcl, number]>([
    ['by default', byDefault, 1245],
    ['with cmsAllowedCidrs', closed, 1275],
  ])('%s is below what costs extra', (_, webAcl, expected) => {
    expect(webAcl.rules.reduce((sum, { Statement: statement }) => sum + units(statement), 0)).toBe(expected);
    expect(expected).toBeLessThan(1500);
  });
});
