import * as logs from 'aws-cdk-lib/aws-logs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type OkyWafOptions, OkyWafMode } from './edge-options';
import { acknowledge, inPacks } from '../private/acknowledge';
import type { PhysicalNames } from '../private/names';

/** Requests from one address within five minutes. */
const RATE_LIMIT = 2000;

export interface WebAclProps {
  readonly names: PhysicalNames;
  readonly options: OkyWafOptions;
  /** The host whose uploads are larger than what the managed rules let through. */
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
      rules: rules(props).map((rule, index) => ({ ...rule, priority: index, visibilityConfig: visibility(`${props.names.prefix}-${rule.name}`) })),
      visibilityConfig: visibility(props.names.webAclMetric),
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
      // Tokens and session cookies are keys to accounts.
      redactedFields: [{ singleHeader: { Name: 'authorization' } }, { singleHeader: { Name: 'cookie' } }],
    });
    const key = 'the deployment\'s key is in its own region; this log, in us-east-1, is encrypted with CloudWatch\'s own key and has tokens and cookies taken out';
    acknowledge(log, {
      ...inPacks('CloudWatchLogGroupEncrypted', key),
    });
  }
}

type Rule = Omit<wafv2.CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'>;

/** Cheapest first: an address that is refused costs no inspection. */
function rules({ options, cmsHost }: WebAclProps): Rule[] {
  const counts = options.mode === OkyWafMode.COUNT;
  const refuse = counts ? { count: {} } : { block: {} };
  const managed = (name: string, overrides: { countsOnly?: boolean; exceptions?: string[] } = {}): Rule => ({
    name,
    overrideAction: counts || overrides.countsOnly ? { count: {} } : { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name: `AWSManagedRules${name}`,
        ruleActionOverrides: overrides.exceptions?.map(rule => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
  });
  return [
    managed('AmazonIpReputationList'),
    {
      name: 'RateLimit',
      action: refuse,
      statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: options.rateLimit ?? RATE_LIMIT, evaluationWindowSec: 300 } },
    },
    // It refuses bodies over 8 KB: only counted here, which labels them, and refused below where no upload is meant to be.
    managed('CommonRuleSet', { exceptions: ['SizeRestrictions_BODY'] }),
    {
      name: 'BodySize',
      action: refuse,
      statement: {
        andStatement: {
          statements: [
            { labelMatchStatement: { scope: 'LABEL', key: 'awswaf:managed:aws:core-rule-set:SizeRestrictions_Body' } },
            { notStatement: { statement: hostIs(cmsHost) } },
          ],
        },
      },
    },
    managed('KnownBadInputsRuleSet'),
    managed('SQLiRuleSet'),
    // People who hide where they are may have reason to: seen, not refused.
    managed('AnonymousIpList', { countsOnly: true }),
  ];
}

function hostIs(host: string): wafv2.CfnWebACL.StatementProperty {
  return {
    byteMatchStatement: {
      fieldToMatch: { singleHeader: { Name: 'host' } },
      positionalConstraint: 'EXACTLY',
      searchString: host,
      textTransformations: [{ priority: 0, type: 'LOWERCASE' }],
    },
  };
}

function visibility(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
