import * as logs from 'aws-cdk-lib/aws-logs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { ArnFormat, RemovalPolicy, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type OkyWafOptions, OkyWafMode } from './edge-options';
import { acknowledge, inPacks } from '../private/acknowledge';
import type { PhysicalNames } from '../private/names';

/** Requests from one address within five minutes. */
const RATE_LIMIT = 2000;
/** Of these, attempts at what costs the API a hash of a password, or lets one be guessed. */
const LOGIN_RATE_LIMIT = 100;
/** As Express matches them: in any case, with or without a slash at the end. */
const LOGIN_PATHS = '^/(login|account/(login|signup|reset-password|delete-from-password))/?$';
/** On the CMS's host, what is for the apps of all users and asks for no login. */
const PATHS_FOR_APPS = '/mobile/';
/** Where the app sends a user's whole history, and what it noted while offline: more than 8 KB, up to the API's own limit of 1 MB. */
const LARGE_PATHS = '^/(account/replace-store|analytics/append-events)/?$';

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

/**
 * Tokens and session cookies are keys to accounts. WAF replaces their values in its log and in the sampled requests, which
 * anyone with `wafv2:GetSampledRequests` can read for three hours. The redaction of the log alone would leave the samples.
 *
 * @see https://docs.aws.amazon.com/waf/latest/APIReference/API_DataProtectionConfig.html
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/data-protection-limitations.html
 */
const PROTECTED: wafv2.CfnWebACL.FieldToProtectProperty[] = [
  { fieldType: 'SINGLE_HEADER', fieldKeys: ['authorization', 'cookie'] },
  // Without keys: all cookies, also where a rule says what it found in them.
  { fieldType: 'SINGLE_COOKIE' },
];

export interface WebAclProps {
  readonly names: PhysicalNames;
  readonly options: OkyWafOptions;
  /** The host of the editors: they upload files and write HTML. */
  readonly cmsHost: string;
}

/**
 * The web ACL with AWS's managed rules, for CloudFront, with its log.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
export class WebAcl extends Construct {
  public readonly arn: string;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const webAcl = new wafv2.CfnWebACL(this, 'Resource', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      description: `${props.names.prefix}: Oky API and CMS`,
      rules: rules(props, this.makeIpSets(props)).map((rule, index) => ({ ...rule, priority: index, visibilityConfig: visibility(`${props.names.prefix}-${rule.name}`) })),
      visibilityConfig: visibility(props.names.webAclMetric),
      dataProtectionConfig: { dataProtections: PROTECTED.map(field => ({ field, action: 'SUBSTITUTION' })) },
    });
    this.arn = webAcl.attrArn;
    const log = new logs.LogGroup(this, 'Log', {
      logGroupName: props.names.webAclLogGroup,
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new wafv2.CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: webAcl.attrArn,
      // Without the `:*` that the log group's own ARN ends in, which WAF takes for part of the name.
      logDestinationConfigs: [Stack.of(this).formatArn({
        service: 'logs', resource: 'log-group', resourceName: log.logGroupName, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      })],
    });
    const key = 'the deployment\'s key is in its own region; this log, in us-east-1, is encrypted with CloudWatch\'s own key and has tokens and cookies taken out';
    acknowledge(log, {
      ...inPacks('CloudWatchLogGroupEncrypted', key),
    });
  }

  /** Without names of their own, so that they can be replaced and those of two deployments don't clash. */
  private makeIpSets({ names, options: { cmsAllowedCidrs: cidrs = [] } }: WebAclProps): wafv2.CfnIPSet[] {
    const isVersion6 = (cidr: string) => !Token.isUnresolved(cidr) && cidr.includes(':');
    const byVersion = { IPV4: cidrs.filter(cidr => !isVersion6(cidr)), IPV6: cidrs.filter(isVersion6) };
    return Object.entries(byVersion).filter(([, addresses]) => addresses.length > 0).map(([ipAddressVersion, addresses]) =>
      new wafv2.CfnIPSet(this, ipAddressVersion === 'IPV6' ? 'CmsIpv6' : 'CmsIpv4', {
        scope: 'CLOUDFRONT',
        ipAddressVersion,
        addresses,
        description: `${names.prefix}: who may use the CMS`,
      }));
  }
}

type Rule = Omit<wafv2.CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'>;
type Statement = wafv2.CfnWebACL.StatementProperty;

/** Cheapest first: an address that is refused costs no inspection. */
function rules({ options, cmsHost }: WebAclProps, cmsIpSets: wafv2.CfnIPSet[]): Rule[] {
  const counts = options.mode === OkyWafMode.COUNT;
  const refuse = counts ? { count: {} } : { block: {} };
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
  const rate = (name: string, limit: number, scopeDownStatement?: Statement): Rule => ({
    name,
    action: refuse,
    statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit, evaluationWindowSec: 300, scopeDownStatement } },
  });
  return [
    ...(cmsIpSets.length > 0 ? [{
      name: 'CmsAllowedCidrs',
      // Who may come in is nothing to try out.
      action: { block: {} },
      // By how the host begins, so that none with a port or a period after it gets by.
      statement: and(
        matches({ singleHeader: { Name: 'host' } }, 'STARTS_WITH', cmsHost),
        not(matches({ uriPath: {} }, 'STARTS_WITH', PATHS_FOR_APPS)),
        ...cmsIpSets.map(({ attrArn: arn }) => not({ ipSetReferenceStatement: { arn } })),
      ),
    }] : []),
    managed('AmazonIpReputationList'),
    rate('RateLimit', options.rateLimit ?? RATE_LIMIT),
    // Whatever the host: neither has a path of the other's.
    rate('LoginRateLimit', options.loginRateLimit ?? LOGIN_RATE_LIMIT, and(
      { byteMatchStatement: { fieldToMatch: { method: {} }, positionalConstraint: 'EXACTLY', searchString: 'POST', textTransformations: as('NONE') } },
      pathIs(LOGIN_PATHS),
    )),
    // What they say of bodies is only counted here, which labels the request, and refused below where no editor is at work.
    managed('CommonRuleSet', { exceptions: [BODY_SIZE, ...BODY_RULES.CommonRuleSet.rules] }),
    managed('KnownBadInputsRuleSet'),
    managed('SQLiRuleSet', { exceptions: BODY_RULES.SQLiRuleSet.rules }),
    {
      name: 'Body',
      action: refuse,
      statement: and(
        or(
          ...Object.values(BODY_RULES).flatMap(({ namespace, rules: names }) => names.map(name => isLabelled(namespace, name))),
          and(isLabelled(BODY_RULES.CommonRuleSet.namespace, BODY_SIZE), not(pathIs(LARGE_PATHS))),
        ),
        not(and(
          matches({ singleHeader: { Name: 'host' } }, 'EXACTLY', cmsHost),
          not(matches({ uriPath: {} }, 'STARTS_WITH', PATHS_FOR_APPS)),
        )),
      ),
    },
    // People who hide where they are may have reason to: seen, not refused.
    managed('AnonymousIpList', { countsOnly: true }),
  ];
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

function matches(fieldToMatch: wafv2.CfnWebACL.FieldToMatchProperty, positionalConstraint: string, searchString: string): Statement {
  return { byteMatchStatement: { fieldToMatch, positionalConstraint, searchString, textTransformations: as('LOWERCASE') } };
}

function pathIs(regexString: string): Statement {
  return { regexMatchStatement: { fieldToMatch: { uriPath: {} }, regexString, textTransformations: as('LOWERCASE') } };
}

function as(type: string): wafv2.CfnWebACL.TextTransformationProperty[] {
  return [{ priority: 0, type }];
}

function visibility(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
