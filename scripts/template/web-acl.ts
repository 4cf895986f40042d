/**
 * What a web ACL does with a request: its rules, as they are in a template, one after the other. What the managed rules find
 * in a request is given, by their names: AWS does not publish them. Of a body only the size is looked at here.
 */
import { all, type Template } from './template';

interface Match {
  readonly FieldToMatch: { readonly SingleHeader?: { readonly Name: string }; readonly UriPath?: unknown; readonly Method?: unknown };
  readonly TextTransformations: { readonly Type: string }[];
}

export interface Statement {
  readonly AndStatement?: { readonly Statements: Statement[] };
  readonly OrStatement?: { readonly Statements: Statement[] };
  readonly NotStatement?: { readonly Statement: Statement };
  readonly ByteMatchStatement?: Match & { readonly PositionalConstraint: 'EXACTLY' | 'STARTS_WITH' | 'CONTAINS'; readonly SearchString: string };
  readonly RegexMatchStatement?: Match & { readonly RegexString: string };
  readonly SizeConstraintStatement?: Match & { readonly ComparisonOperator: string; readonly Size: number };
  readonly LabelMatchStatement?: { readonly Key: string };
  readonly IPSetReferenceStatement?: { readonly Arn: { readonly 'Fn::GetAtt': [string, string] } };
  readonly RateBasedStatement?: {
    readonly Limit: number;
    readonly AggregateKeyType: 'IP' | 'CUSTOM_KEYS';
    readonly CustomKeys?: { readonly Header?: { readonly Name: string }; readonly ASN?: object }[];
    readonly ScopeDownStatement?: Statement;
  };
  readonly ManagedRuleGroupStatement?: {
    readonly Name: string;
    readonly RuleActionOverrides?: { readonly Name: string; readonly ActionToUse: object }[];
  };
}

export interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: object;
  readonly OverrideAction?: object;
  readonly Statement: Statement;
}

export interface WebAcl {
  readonly rules: Rule[];
  /** The addresses of each set, by logical id. */
  readonly ipSets: Record<string, string[]>;
}

/** A request as WAF sees it. */
export interface WafRequest {
  readonly host: string;
  readonly path: string;
  readonly method?: string;
  /** By names in lower case. */
  readonly headers?: Record<string, string>;
  /** In bytes. */
  readonly body?: number;
  /** A range that stands in the sets of addresses. */
  readonly from?: string;
  readonly isIpv6?: boolean;
  /** How many requests that a rule counts with this one came within five minutes from the same address, user or network. */
  readonly times?: { readonly address?: number; readonly user?: number; readonly network?: number };
  /** What the managed rules take it for. */
  readonly looksLike?: string[];
}

/** The largest body that AWS's rule SizeRestrictions_BODY lets through. @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html */
const SMALL_BODY = 8192;

export function webAclIn(template: Template): WebAcl {
  const [webAcl] = all<{ Rules: Rule[] }>(template, 'AWS::WAFv2::WebACL');
  return {
    rules: [...webAcl.properties.Rules].sort((a, b) => a.Priority - b.Priority),
    ipSets: Object.fromEntries(all<{ Addresses: string[] }>(template, 'AWS::WAFv2::IPSet').map(({ id, properties }) => [id, properties.Addresses])),
  };
}

/** Which label a managed rule leaves, and the group that it is in. */
export const MANAGED: Record<string, { readonly group: string; readonly label: string }> = {
  AWSManagedIPReputationList: { group: 'AWSManagedRulesAmazonIpReputationList', label: 'awswaf:managed:aws:amazon-ip-list:AWSManagedIPReputationList' },
  SizeRestrictions_BODY: { group: 'AWSManagedRulesCommonRuleSet', label: 'awswaf:managed:aws:core-rule-set:SizeRestrictions_Body' },
  CrossSiteScripting_BODY: { group: 'AWSManagedRulesCommonRuleSet', label: 'awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body' },
  GenericLFI_BODY: { group: 'AWSManagedRulesCommonRuleSet', label: 'awswaf:managed:aws:core-rule-set:GenericLFI_Body' },
  GenericRFI_BODY: { group: 'AWSManagedRulesCommonRuleSet', label: 'awswaf:managed:aws:core-rule-set:GenericRFI_Body' },
  EC2MetaDataSSRF_BODY: { group: 'AWSManagedRulesCommonRuleSet', label: 'awswaf:managed:aws:core-rule-set:EC2MetaDataSSRF_Body' },
  CrossSiteScripting_QUERYARGUMENTS: { group: 'AWSManagedRulesCommonRuleSet', label: 'awswaf:managed:aws:core-rule-set:CrossSiteScripting_QueryArguments' },
  SQLi_BODY: { group: 'AWSManagedRulesSQLiRuleSet', label: 'awswaf:managed:aws:sql-database:SQLi_Body' },
  SQLiExtendedPatterns_BODY: { group: 'AWSManagedRulesSQLiRuleSet', label: 'awswaf:managed:aws:sql-database:SQLiExtendedPatterns_Body' },
  Log4JRCE_BODY: { group: 'AWSManagedRulesKnownBadInputsRuleSet', label: 'awswaf:managed:aws:known-bad-inputs:Log4JRCE_Body' },
  AnonymousIPList: { group: 'AWSManagedRulesAnonymousIpList', label: 'awswaf:managed:aws:anonymous-ip-list:AnonymousIPList' },
};

export const ALLOWED = 'allowed';

/** The name of the rule that blocks the request, or 'allowed'. */
export function askWebAcl({ rules, ipSets }: WebAcl, request: WafRequest): string {
  const labels: string[] = [];
  const looksLike = [...request.looksLike ?? [], ...((request.body ?? 0) > SMALL_BODY ? ['SizeRestrictions_BODY'] : [])];
  for (const { Name: name, Action: action, OverrideAction: override, Statement: statement } of rules) {
    const { ManagedRuleGroupStatement: group, RateBasedStatement: rate } = statement;
    if (group) {
      for (const rule of looksLike.filter(each => MANAGED[each].group === group.Name)) {
        labels.push(MANAGED[rule].label);
        const own = group.RuleActionOverrides?.find(each => each.Name === rule);
        if ('None' in override! && !(own && 'Count' in own.ActionToUse)) {
          return name;
        }
      }
    } else if ('Block' in action! && (rate ? timesOf(rate) > rate.Limit && (!rate.ScopeDownStatement || holds(rate.ScopeDownStatement)) : holds(statement))) {
      return name;
    }
  }
  return ALLOWED;

  /** A request that lacks what a rule counts by is not counted. */
  function timesOf({ AggregateKeyType: type, CustomKeys: [key] = [] }: NonNullable<Statement['RateBasedStatement']>): number {
    const times = request.times ?? {};
    return type === 'IP' ? times.address ?? 1
      : key.Header ? request.headers?.[key.Header.Name] === undefined ? 0 : times.user ?? 1
        : times.network ?? 1;
  }

  function holds(statement: Statement): boolean {
    const { AndStatement: and, OrStatement: or, NotStatement: not, LabelMatchStatement: label, IPSetReferenceStatement: ipSet } = statement;
    const { ByteMatchStatement: bytes, RegexMatchStatement: regex, SizeConstraintStatement: size } = statement;
    if (and) {
      return and.Statements.every(holds);
    } else if (or) {
      return or.Statements.some(holds);
    } else if (not) {
      return !holds(not.Statement);
    } else if (label) {
      return labels.includes(label.Key);
    } else if (ipSet) {
      const addresses = ipSets[ipSet.Arn['Fn::GetAtt'][0]];
      return addresses.includes(request.from ?? '') || (addresses.includes('::/1') && request.isIpv6 === true);
    }
    const field = fieldOf((bytes ?? regex ?? size)!);
    if (field === undefined) {
      return false;
    } else if (regex) {
      return new RegExp(regex.RegexString).test(field);
    } else if (size) {
      return field.length > size.Size;
    }
    const { PositionalConstraint: constraint, SearchString: wanted } = bytes!;
    return constraint === 'EXACTLY' ? field === wanted : constraint === 'CONTAINS' ? field.includes(wanted) : field.startsWith(wanted);
  }

  function fieldOf({ FieldToMatch: field, TextTransformations: [{ Type: transformation }] }: Match): string | undefined {
    const header = field.SingleHeader?.Name;
    const value = field.Method ? request.method ?? 'GET' : field.UriPath ? request.path : header === 'host' ? request.host : request.headers?.[header!];
    return transformation === 'LOWERCASE' ? value?.toLowerCase() : value;
  }
}

/** @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const UNITS_OF_GROUPS: Record<string, number> = {
  AWSManagedRulesAmazonIpReputationList: 25,
  AWSManagedRulesAnonymousIpList: 50,
  AWSManagedRulesCommonRuleSet: 700,
  AWSManagedRulesKnownBadInputsRuleSet: 200,
  AWSManagedRulesSQLiRuleSet: 200,
};

/**
 * What the rules take of WAF's capacity, at most: each transformation is counted wherever it is, and WAF counts one of the
 * same field once.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html
 */
export function capacityUnits({ rules }: WebAcl): number {
  return rules.reduce((sum, { Statement: statement }) => sum + unitsOf(statement), 0);
}

function unitsOf(statement: Statement): number {
  const {
    ByteMatchStatement: bytes, RegexMatchStatement: regex, SizeConstraintStatement: size, RateBasedStatement: rate, ManagedRuleGroupStatement: group,
  } = statement;
  const nested = [
    ...statement.AndStatement?.Statements ?? [], ...statement.OrStatement?.Statements ?? [],
    ...[statement.NotStatement?.Statement, rate?.ScopeDownStatement].filter(each => each !== undefined),
  ];
  const transformed = (bytes ?? regex ?? size)?.TextTransformations.filter(({ Type }) => Type !== 'NONE').length ?? 0;
  const own = group ? UNITS_OF_GROUPS[group.Name]
    : rate ? 2 + 30 * (rate.CustomKeys?.length ?? 0)
      : regex ? 3
        : bytes ? bytes.PositionalConstraint === 'CONTAINS' ? 10 : 2 : 1;
  return nested.reduce((sum, each) => sum + unitsOf(each), own + 10 * transformed);
}
