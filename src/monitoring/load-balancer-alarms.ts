import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { type ApplicationLoadBalancer, HttpCodeElb } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration } from 'aws-cdk-lib/core';
import type { Alarms } from './alarms';

/** The metrics of the load balancer that alarms and dashboard share. */
export function balancerMetrics({ metrics }: ApplicationLoadBalancer) {
  const sum = { statistic: 'Sum', period: Duration.minutes(5) };
  return {
    requests: metrics.requestCount({ ...sum, label: 'Requests' }),
    serverErrors: metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, { ...sum, label: '5xx of the load balancer' }),
    refused: metrics.httpCodeElb(HttpCodeElb.ELB_4XX_COUNT, { ...sum, label: '4xx of the load balancer' }),
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
