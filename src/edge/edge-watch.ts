import type { CfnOutput } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { AccessLogs } from './access-logs';
import { EdgeAlarms, type EdgeAlarmsOptions } from './edge-alarms';
import { UsEast1Stack, type UsEast1StackOptions } from './us-east-1-stack';
import type { PhysicalNames } from '../private/names';

export interface EdgeWatchProps {
  readonly names: PhysicalNames;
  readonly usEast1Stack: UsEast1StackOptions;
  /** The output of the main stack with the id of the distribution. */
  readonly distributionId: CfnOutput;
  readonly accessLogs: boolean;
  /** With the output of the main stack with the ARN of its topic. */
  readonly monitoring?: EdgeAlarmsOptions & { readonly topicArn: CfnOutput };
}

/** What watches the distribution: in us-east-1, like what it needs, but after it, as it names the distribution. */
export class EdgeWatch extends Construct {
  constructor(scope: Construct, id: string, { names, usEast1Stack: options, distributionId: output, accessLogs, monitoring }: EdgeWatchProps) {
    super(scope, id);
    const usEast1 = new UsEast1Stack(this, 'UsEast1', {
      ...options,
      stackName: names.edgeWatchStack,
      description: `${names.prefix}: logs and alarms of CloudFront for the Oky backend`,
    });
    const distributionId = usEast1.fromMain(output);
    if (accessLogs) {
      new AccessLogs(usEast1.home, 'AccessLogs', { namePrefix: names.prefix, distributionId });
    }
    if (monitoring) {
      new EdgeAlarms(usEast1.home, 'Monitoring', { ...monitoring, names, distributionId, mainTopicArn: usEast1.fromMain(monitoring.topicArn) });
    }
  }
}
