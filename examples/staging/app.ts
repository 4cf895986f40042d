import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { OkyBackend, OkyEndpoints } from 'cdk-oky-backend';

const region = 'eu-west-2';
// Two accounts are better, where you have them. All names differ, so one can hold both.
const productionAccount = '111122223333';
const stagingAccount = '111122223333';

export const app = new App();

const production = new Stack(app, 'OkyProduction', { env: { account: productionAccount, region }, terminationProtection: true });
new OkyBackend(production, 'Oky', {
  domainName: 'okyapp.info',
  hostedZone: HostedZone.fromHostedZoneAttributes(production, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info' }),
  highAvailability: true,
  scaling: {},
  waf: {},
  monitoring: { alarmEmail: 'ops@okyapp.info' },
  api: { imageTag: '2026_01' },
  cms: { imageTag: '2026_01' },
});

// The next release, on the same kinds of resources, but few of them: no second task, no spare zone, no metrics of single tasks.
const staging = new Stack(app, 'OkyStaging', { env: { account: stagingAccount, region } });
new OkyBackend(staging, 'Oky', {
  domainName: 'staging.okyapp.info',
  namePrefix: 'oky-staging',
  // A zone of its own, to which that of okyapp.info delegates: whoever may change it can't change production's records.
  hostedZone: HostedZone.fromHostedZoneAttributes(staging, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE02', zoneName: 'staging.okyapp.info' }),
  deletionProtection: false,
  containerInsights: false,
  network: { endpoints: OkyEndpoints.ONE_ZONE },
  // There is nothing in it that can't be made again.
  database: { backupRetention: Duration.days(1), removalPolicy: RemovalPolicy.DESTROY },
  api: { imageTag: '2026_02', useSpot: true },
  cms: { imageTag: '2026_02', useSpot: true },
});
