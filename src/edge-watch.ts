import type { CfnOutput } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { AccessLogs } from './edge/access-logs';
import { Companion, type CompanionOptions } from './edge/companion';
import { EdgeMonitoring, type EdgeMonitoringOptions } from './monitoring/edge-monitoring';
import type { PhysicalNames } from './private/names';

export interface EdgeWatchProps {
  readonly names: PhysicalNames;
  readonly companion: CompanionOptions;
  /** The output of the main stack with the id of the distribution. */
  readonly distributionId: CfnOutput;
  readonly accessLogs: boolean;
  /** With the output of the main stack with the ARN of its topic. */
  readonly monitoring?: EdgeMonitoringOptions & { readonly topicArn: CfnOutput };
}

/** What watches the distribution: in us-east-1, like what it needs, but after it, as it names the distribution. */
export class EdgeWatch extends Construct {
  constructor(scope: Construct, id: string, { names, companion: options, distributionId: output, accessLogs, monitoring }: EdgeWatchProps) {
    super(scope, id);
    const companion = new Companion(this, 'UsEast1', {
      ...options,
      stackName: names.edgeWatchStack,
      description: `${names.prefix}: logs and alarms of CloudFront for the Oky backend`,
    });
    const distributionId = companion.fromMain(output);
    if (accessLogs) {
      new AccessLogs(companion.home, 'AccessLogs', { namePrefix: names.prefix, distributionId });
    }
    if (monitoring) {
      new EdgeMonitoring(companion.home, 'Monitoring', { ...monitoring, names, distributionId, mainTopicArn: companion.fromMain(monitoring.topicArn) });
    }
  }
}
