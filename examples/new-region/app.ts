import { App, Stack } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { OkyBackend } from 'cdk-oky-backend';

const account = '111122223333';
const region = 'af-south-1';

export const app = new App();
const stack = new Stack(app, 'OkyExample', { env: { account, region }, terminationProtection: true });

new OkyBackend(stack, 'Oky', {
  domainName: 'oky.example.org',
  namePrefix: 'oky-example',
  hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z0123456789EXAMPLE01',
    zoneName: 'oky.example.org',
  }),
  highAvailability: true,
  scaling: {},
  waf: {},
  api: { imageTag: '2026_01' },
  cms: { imageTag: '2026_01' },
});
