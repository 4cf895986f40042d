import type * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Token } from 'aws-cdk-lib/core';
import { OkyWafMode } from './edge-options';
import { WAF_DEFAULTS, type WafSettings } from './edge-settings';
import { type Route, ROUTES } from './routes';

/** An app sends its history and its events once a minute each, while it is used. */
const USER_RATE_LIMIT = 100;
/** A training of editors in one office. */
const EDITORS_LOGIN_RATE_LIMIT = 100;
/** One network of version 6 is a whole carrier; one address of version 4 is a part of one. */
const ADDRESSES_OF_A_NETWORK = 10;
/** @see https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html */
const HIGHEST_LIMIT = 2_000_000_000;
/** In bytes: what AWS's rule on the size of a body allows. */
const SMALL_BODY = 8192;

/**
 * The managed rules that take an editor's work for an attack: uploads, articles in HTML, words of SQL. Names and labels
 * differ in case.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-use-case.html
 */
const BODY_RULES = {
  CommonRuleSet: { namespace: 'core-rule-set', rules: ['CrossSiteScripting', 'GenericLFI', 'GenericRFI'] },
  SQLiRuleSet: { namespace: 'sql-database', rules: ['SQLi', 'SQLiExtendedPatterns'] },
};
/** Of the first set too: it refuses bodies over 8 KB. */
const BODY_SIZE = 'SizeRestrictions';

/** The ARNs of the sets of addresses that rules refer to. */
export interface IpSets {
  /** Where editors may come from; empty for anywhere. */
  readonly editors: string[];
  readonly everyIpv6: string;
}

export interface WebAclRulesInputs {
  readonly settings: WafSettings;
  /** The host of the editors: they upload files and write HTML. */
  readonly cmsHost: string;
  readonly ipSets: IpSets;
}

export type Rule = Omit<wafv2.CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'>;
type Statement = wafv2.CfnWebACL.StatementProperty;

/** The rules in their order, cheapest first: an address that is refused costs no inspection. */
export function webAclRules({ settings, cmsHost, ipSets }: WebAclRulesInputs): Rule[] {
  const counts = settings.mode === OkyWafMode.COUNT;
  const refuse = counts ? { count: {} } : { block: {} };
  const { rateLimit, loginRateLimit } = settings;
  const managed = (name: string, overrides: { countsOnly?: boolean; exceptions?: string[] } = {}): Rule => ({
    name,
    overrideAction: counts || overrides.countsOnly ? { count: {} } : { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name: `AWSManagedRules${name}`,
        ruleActionOverrides: overrides.exceptions?.map(rule => ({ name: `${rule}_BODY`, actionToUse: { count: {} } })),
      },
    },
  });
  const rate = (name: string, limit: number, scopeDownStatement?: Statement, key?: wafv2.CfnWebACL.RateBasedStatementCustomKeyProperty): Rule => ({
    name,
    action: refuse,
    statement: {
      rateBasedStatement: {
        ...(key ? { aggregateKeyType: 'CUSTOM_KEYS', customKeys: [key] } : { aggregateKeyType: 'IP' }),
        limit,
        evaluationWindowSec: 300,
        scopeDownStatement,
      },
    },
  });
  const refused = (name: string, statement: Statement): Rule => ({ name, action: refuse, statement });
  const logsIn = (service: Route['service']) => and(isPost(), pathBegins(ROUTES.filter(route => route.isLogin && route.service === service)));
  const isIpv6: Statement = { ipSetReferenceStatement: { arn: ipSets.everyIpv6 } };
  const isEditor = and(
    matches(HOST, 'EXACTLY', cmsHost),
    // A session, which the app then looks at.
    hasHeader('cookie'),
    not(pathIs('^/((login|mobile)([^a-z].*)?)?$')),
  );
  return [
    ...(ipSets.editors.length > 0 ? [{
      name: 'CmsAllowedCidrs',
      // Who may come in is nothing to try out.
      action: { block: {} },
      // By how the host begins, so that none with a port or a period after it gets by.
      statement: and(
        matches(HOST, 'STARTS_WITH', cmsHost),
        not(matches({ uriPath: {} }, 'STARTS_WITH', '/mobile/')),
        ...ipSets.editors.map(arn => not({ ipSetReferenceStatement: { arn } })),
      ),
    }] : []),
    // Seen, not refused: one address of a carrier is on the list for one of its users, and stands for thousands.
    managed('AmazonIpReputationList', { countsOnly: true }),
    rate('RateLimit', rateLimit),
    // However many are behind the same address.
    rate('UserRateLimit', USER_RATE_LIMIT, undefined, { header: { name: 'authorization', textTransformations: as('NONE') } }),
    // Whatever the host: neither has a path of the other's.
    rate('LoginRateLimit', loginRateLimit, logsIn('api')),
    rate('CmsLoginRateLimit', EDITORS_LOGIN_RATE_LIMIT, logsIn('cms')),
    // Anyone with a server has 2^64 addresses of version 6. They are in one network, that of its host, where no users are.
    rate('Ipv6RateLimit', ofNetwork(rateLimit, WAF_DEFAULTS.rateLimit), isIpv6, { asn: {} }),
    rate('Ipv6LoginRateLimit', ofNetwork(loginRateLimit, WAF_DEFAULTS.loginRateLimit), and(isIpv6, isPost(), pathBegins(ROUTES.filter(route => route.isLogin))), { asn: {} }),
    // The apps decode what no rule here can read. Neither Oky's app nor a browser sends such bodies.
    refused('BodyEncoding', or(
      hasHeader('content-encoding'),
      and(
        matches(CONTENT_TYPE, 'CONTAINS', 'charset'),
        not({ regexMatchStatement: { fieldToMatch: CONTENT_TYPE, regexString: '^[^;]+; *charset="?utf-8"?$', textTransformations: as('LOWERCASE') } }),
      ),
    )),
    // What they say of bodies is only counted here, which labels the request, and refused below where no editor is at work.
    managed('CommonRuleSet', { exceptions: [BODY_SIZE, ...BODY_RULES.CommonRuleSet.rules] }),
    managed('KnownBadInputsRuleSet'),
    managed('SQLiRuleSet', { exceptions: BODY_RULES.SQLiRuleSet.rules }),
    refused('BodySize', and(
      isLabelled(BODY_RULES.CommonRuleSet.namespace, BODY_SIZE),
      not(pathIs(`^(${ROUTES.filter(hasLargeBody).map(({ path }) => path).join('|')})/?$`)),
      not(isEditor),
    )),
    refused('Body', and(
      or(...Object.values(BODY_RULES).flatMap(({ namespace, rules }) => rules.map(name => isLabelled(namespace, name)))),
      not(isEditor),
    )),
    // People who hide where they are may have reason to: seen, not refused.
    managed('AnonymousIpList', { countsOnly: true }),
  ];
}

const HOST = { singleHeader: { Name: 'host' } };
const CONTENT_TYPE = { singleHeader: { Name: 'content-type' } };

/** A token can't be multiplied. */
function ofNetwork(limit: number, byDefault: number): number {
  return Math.min(ADDRESSES_OF_A_NETWORK * (Token.isUnresolved(limit) ? byDefault : limit), HIGHEST_LIMIT);
}

function hasLargeBody({ service, body = 0 }: Route): boolean {
  return service === 'api' && body * 1024 > SMALL_BODY;
}

function isLabelled(namespace: string, rule: string): Statement {
  return { labelMatchStatement: { scope: 'LABEL', key: `awswaf:managed:aws:${namespace}:${rule}_Body` } };
}

function and(...statements: Statement[]): Statement {
  return { andStatement: { statements } };
}

function or(...statements: Statement[]): Statement {
  return { orStatement: { statements } };
}

function not(statement: Statement): Statement {
  return { notStatement: { statement } };
}

function isPost(): Statement {
  return { byteMatchStatement: { fieldToMatch: { method: {} }, positionalConstraint: 'EXACTLY', searchString: 'POST', textTransformations: as('NONE') } };
}

/** A header that is missing matches no statement. */
function hasHeader(name: string): Statement {
  return { sizeConstraintStatement: { fieldToMatch: { singleHeader: { Name: name } }, comparisonOperator: 'GT', size: 0, textTransformations: as('NONE') } };
}

function matches(fieldToMatch: wafv2.CfnWebACL.FieldToMatchProperty, positionalConstraint: string, searchString: string): Statement {
  return { byteMatchStatement: { fieldToMatch, positionalConstraint, searchString, textTransformations: as('LOWERCASE') } };
}

function pathIs(regexString: string): Statement {
  return { regexMatchStatement: { fieldToMatch: { uriPath: {} }, regexString, textTransformations: as('LOWERCASE') } };
}

/** Express also takes backslashes in a path, and odd characters after it: `/account\login#x` logs in. */
function pathBegins(routes: readonly Route[]): Statement {
  return pathIs(`^(${routes.map(({ path }) => path.replace(/\//g, '[/\\\\]')).join('|')})([^a-z0-9_-]|$)`);
}

function as(type: string): wafv2.CfnWebACL.TextTransformationProperty[] {
  return [{ priority: 0, type }];
}
