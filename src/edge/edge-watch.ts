import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { AccessLogs } from './access-logs';
import { Companion } from './companion';
import type { Settings } from '../settings';

export interface EdgeWatchProps {
  readonly settings: Settings;
  readonly distribution: IDistribution;
}

/** What watches the distribution: in us-east-1, like what it needs, but after it, as it names the distribution. */
export class EdgeWatch extends Construct {
  constructor(scope: Construct, id: string, { settings, distribution }: EdgeWatchProps) {
    super(scope, id);
    const companion = new Companion(this, 'UsEast1', {
      ...settings.companion,
      stackName: settings.names.edgeWatchStack,
      description: `${settings.names.prefix}: logs of CloudFront for the Oky backend`,
    });
    new AccessLogs(companion.home, 'AccessLogs', {
      namePrefix: settings.names.prefix,
      distributionId: companion.fromMain('EdgeWatchDistributionId', distribution.distributionId),
    });
  }
}
