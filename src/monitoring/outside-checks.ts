import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Duration } from 'aws-cdk-lib/core';
import type { Alarms } from './alarms';
import type { CheckedHost } from './checker-regions';
import type { PhysicalNames } from '../private/names';

/**
 * Asks a host every 30 seconds, as the app does: DNS, CloudFront, firewall, load balancer and container must all work. Two failed
 * checks and two minutes later there is an alarm, four and a half minutes after the host failed at the latest, whatever the traffic.
 * The metric, the alarm and the topic are in us-east-1, and so outlive the region and the key of a deployment elsewhere.
 * A checker does not look at the certificate: the alarms on certificates do.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export function addOutsideCheck(alarms: Alarms, names: PhysicalNames, { id, title, host, path }: CheckedHost, regions: string[]): void {
  const check = new route53.CfnHealthCheck(alarms, `${id}Check`, {
    healthCheckConfig: {
      type: 'HTTPS',
      fullyQualifiedDomainName: host,
      port: 443,
      resourcePath: path,
      enableSni: true,
      requestInterval: 30,
      failureThreshold: 2,
      regions,
    },
    healthCheckTags: [{ key: 'Name', value: `${names.prefix} ${title}` }],
  });
  alarms.add(id, {
    metric: new cloudwatch.Metric({
      namespace: 'AWS/Route53',
      metricName: 'HealthCheckStatus',
      dimensionsMap: { HealthCheckId: check.attrHealthCheckId },
      statistic: 'Minimum',
      period: Duration.minutes(1),
    }),
    below: 1,
    periods: 2,
    // A check that was disabled or deleted reports nothing.
    missing: cloudwatch.TreatMissingData.BREACHING,
    description: `The ${title} does not answer from outside, in DNS or at https://${host}${path}. Nobody can use it: begin here, whatever else rings.`,
    section: 'a-host-does-not-answer-from-outside',
  });
}
