import * as logs from 'aws-cdk-lib/aws-logs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { ArnFormat, RemovalPolicy, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { OkyWafMode } from './edge-options';
import type { WafSettings } from './edge-settings';
import { type IpSets, webAclRules } from './web-acl-rules';
import { acknowledge, inPacks } from '../private/acknowledge';
import type { PhysicalNames } from '../private/names';

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
  // The app puts the id of its user there.
  { fieldType: 'QUERY_STRING' },
];

export interface WebAclProps {
  readonly names: PhysicalNames;
  readonly settings: WafSettings;
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
      rules: webAclRules({ settings: props.settings, cmsHost: props.cmsHost, ipSets: this.makeIpSets(props) }).map((rule, index) => ({ ...rule, priority: index, visibilityConfig: visibility(`${props.names.prefix}-${rule.name}`) })),
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
      // The names of users are in paths: /account/info/:userName. Which rule refused a request is in the log, which is what it is for.
      redactedFields: [{ uriPath: {} }],
      // CDK passes it on as it is, so with the names of CloudFormation.
      loggingFilter: { DefaultBehavior: 'DROP', Filters: [{ Behavior: 'KEEP', Requirement: 'MEETS_ANY', Conditions: logged(props.settings.mode) }] },
    });
    const key = 'the deployment\'s key is in its own region; this log, in us-east-1, is encrypted with CloudWatch\'s own key and has tokens and cookies taken out';
    acknowledge(log, {
      ...inPacks('CloudWatchLogGroupEncrypted', key),
    });
  }

  /** Without names of their own, so that they can be replaced and those of two deployments don't clash. */
  private makeIpSets({ names, settings: { cmsAllowedCidrs: cidrs } }: WebAclProps): IpSets {
    const isVersion6 = (cidr: string) => !Token.isUnresolved(cidr) && cidr.includes(':');
    const make = (id: string, ipAddressVersion: string, addresses: string[], what: string) =>
      new wafv2.CfnIPSet(this, id, { scope: 'CLOUDFRONT', ipAddressVersion, addresses, description: `${names.prefix}: ${what}` }).attrArn;
    const [version4, version6] = [cidrs.filter(cidr => !isVersion6(cidr)), cidrs.filter(isVersion6)];
    return {
      editors: [
        ...(version4.length > 0 ? [make('CmsIpv4', 'IPV4', version4, 'who may use the CMS')] : []),
        ...(version6.length > 0 ? [make('CmsIpv6', 'IPV6', version6, 'who may use the CMS')] : []),
      ],
      // WAF takes no range of /0.
      everyIpv6: make('EveryIpv6', 'IPV6', ['::/1', '8000::/1'], 'every address of version 6'),
    };
  }
}

/**
 * Requests that are let through are logged while a person looks at what the rules would do, and never otherwise: each
 * line ties an IP address to what somebody reads about their body.
 *
 * @see https://docs.aws.amazon.com/waf/latest/APIReference/API_ActionCondition.html
 */
function logged(mode: OkyWafMode): object[] {
  return ['BLOCK', ...(mode === OkyWafMode.COUNT ? ['COUNT', 'EXCLUDED_AS_COUNT'] : [])].map(Action => ({ ActionCondition: { Action } }));
}

function visibility(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
