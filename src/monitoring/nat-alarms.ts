import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Instance } from 'aws-cdk-lib/aws-ec2';
import { Duration } from 'aws-cdk-lib/core';
import type { Alarms } from './alarms';

/**
 * A NAT instance that EC2 finds broken or that does not run. While it is, push messages are lost, and the CMS reports them as sent.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html#status-check-metrics
 */
export function addNatInstanceAlarm(alarms: Alarms, { instanceId }: Instance, index: number): void {
  alarms.add(index === 0 ? 'NatInstance' : `NatInstance${index + 1}`, {
    metric: new cloudwatch.Metric({
      namespace: 'AWS/EC2', metricName: 'StatusCheckFailed', dimensionsMap: { InstanceId: instanceId }, statistic: 'Maximum', period: Duration.minutes(5),
    }),
    from: 1,
    periods: 2,
    // One that is stopped reports nothing.
    missing: cloudwatch.TreatMissingData.BREACHING,
    description: 'The NAT instance fails its checks or does not run: push messages and voice-over uploads of the CMS fail. Replace it.',
    section: 'the-nat-instance-does-not-work',
  });
}
