/** Many deployments in one app, each in a stack of its own: `node deployments.js 10`. */
import { App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { OkyBackend } from 'cdk-oky-backend';

const account = '111122223333';
const region = 'eu-west-2';
const certificateArn = (where: string) => `arn:aws:acm:${where}:${account}:certificate/11111111-2222-3333-4444-555555555555`;

const app = new App();
for (let index = 1; index <= Number(process.argv[2]); index++) {
  const stack = new Stack(app, `Oky${index}`, { env: { account, region } });
  new OkyBackend(stack, 'Oky', {
    domainName: `oky${index}.example.org`,
    namePrefix: `oky-${index}`,
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', certificateArn(region)),
    edgeCertificate: Certificate.fromCertificateArn(stack, 'EdgeCertificate', certificateArn('us-east-1')),
    api: { imageTag: '2025_05' },
    cms: { imageTag: '2025_05' },
  });
}
