import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { PhysicalNames } from '../private/names';
import { US_EAST_1 } from '../private/regions';

/**
 * The metrics of CloudFront and of the web ACL, which are in us-east-1.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
 */
export function edgeMetrics(names: PhysicalNames, distributionId: string) {
  const distribution = (metricName: string, statistic: string, label: string) => new cloudwatch.Metric({
    namespace: 'AWS/CloudFront',
    metricName,
    dimensionsMap: { DistributionId: distributionId, Region: 'Global' },
    statistic,
    period: Duration.minutes(5),
    label,
    region: US_EAST_1,
  });
  const webAcl = (metricName: string, label: string) => new cloudwatch.Metric({
    namespace: 'AWS/WAFV2',
    metricName,
    dimensionsMap: { WebACL: names.webAclMetric, Rule: 'ALL' },
    statistic: 'Sum',
    period: Duration.minutes(5),
    label,
    region: US_EAST_1,
  });
  return {
    requests: distribution('Requests', 'Sum', 'Requests'),
    clientErrorRate: distribution('4xxErrorRate', 'Average', '4xx %'),
    serverErrorRate: distribution('5xxErrorRate', 'Average', '5xx %'),
    blocked: webAcl('BlockedRequests', 'Blocked'),
    counted: webAcl('CountedRequests', 'Counted'),
  };
}
