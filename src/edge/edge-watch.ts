import type { CfnOutput } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { AccessLogs } from './access-logs';
import { Companion, type CompanionOptions } from './companion';
import type { PhysicalNames } from '../private/names';

export interface EdgeWatchProps {
  readonly names: PhysicalNames;
  readonly companion: CompanionOptions;
  /** The output of the main stack with the id of the distribution. */
  readonly distributionId: CfnOutput;
}

/** What watches the distribution: in us-east-1, like what it needs, but after it, as it names the distribution. */
export class EdgeWatch extends Construct {
  constructor(scope: Construct, id: string, { names, companion: options, distributionId }: EdgeWatchProps) {
    super(scope, id);
    const companion = new Companion(this, 'UsEast1', {
      ...options,
      stackName: names.edgeWatchStack,
      description: `${names.prefix}: logs of CloudFront for the Oky backend`,
    });
    new AccessLogs(companion.home, 'AccessLogs', {
      namePrefix: names.prefix,
      distributionId: companion.fromMain(distributionId),
    });
  }
}
