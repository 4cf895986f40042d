import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { type ApplicationLoadBalancer, HttpCodeElb } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration } from 'aws-cdk-lib/core';
import { type Alarms, whereBusy } from './alarms';
import { US_EAST_1 } from '../edge/companion';
import type { PhysicalNames } from '../private/names';

/** The metrics of the load balancer that alarms and dashboard share. */
export function balancerMetrics({ metrics }: ApplicationLoadBalancer) {
  const sum = { statistic: 'Sum', period: Duration.minutes(5) };
  return {
    requests: metrics.requestCount({ ...sum, label: 'Requests' }),
    serverErrors: metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, { ...sum, label: '5xx of the load balancer' }),
    refused: metrics.httpCodeElb(HttpCodeElb.ELB_4XX_COUNT, { ...sum, label: '4xx of the load balancer' }),
  };
}

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

/** What the load balancer answers itself: 502 to 504 where no task did. Node's closed connections are a few of them. */
export function addBalancerAlarm(alarms: Alarms, { serverErrors }: ReturnType<typeof balancerMetrics>): void {
  alarms.add('LoadBalancerErrors', {
    metric: serverErrors,
    from: 10,
    periods: 2,
    description: 'The load balancer has answered 10 requests or more itself with 5xx in each of two times 5 minutes. No task did: see whether they run.',
    section: 'requests-are-answered-with-5xx',
  });
}

/** A tenth of a certificate's life before its end, and a month after ACM began to renew it. An expired one reports nothing more. */
export function addCertificateAlarm(alarms: Alarms, id: string, certificate: ICertificate, whose: string): void {
  alarms.add(id, {
    metric: new cloudwatch.Metric({
      namespace: 'AWS/CertificateManager',
      metricName: 'DaysToExpiry',
      dimensionsMap: { CertificateArn: certificate.certificateArn },
      statistic: 'Minimum',
      period: Duration.days(1),
    }),
    below: 30,
    periods: 1,
    missing: cloudwatch.TreatMissingData.IGNORE,
    description: `The certificate of ${whose} expires in less than 30 days, and ACM has not renewed it. Mend its DNS record, or import a new one.`,
    section: 'a-certificate-expires',
  });
}

export function addEdgeAlarms(alarms: Alarms, metrics: ReturnType<typeof edgeMetrics>, options: { readonly blocks: boolean }): void {
  // Of the requests that users made, whoever answered: 5 % is one in 20.
  alarms.add('CloudFrontErrors', {
    metric: whereBusy(metrics.serverErrorRate, metrics.requests, '5xx %'),
    from: 5,
    periods: 3,
    description: 'CloudFront has answered 5 % of the requests with 5xx for 15 minutes: users see errors. See whether load balancer and services do too.',
    section: 'cloudfront-answers-with-5xx',
  });
  if (options.blocks) {
    // Scanners are refused all day. This many is an attack, or a rule that refuses the app itself.
    alarms.add('FirewallBlocks', {
      metric: metrics.blocked,
      from: 500,
      periods: 2,
      description: 'The firewall has refused 500 requests or more in each of two times 5 minutes. See whether these are users.',
      section: 'the-firewall-blocks-much',
    });
  }
}
