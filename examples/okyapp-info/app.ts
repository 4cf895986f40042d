import { App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { OkyBackend } from 'cdk-oky-backend';

const account = '111122223333';
const region = 'eu-west-2';

export const app = new App();
const stack = new Stack(app, 'OkyappInfo', { env: { account, region }, terminationProtection: true });

new OkyBackend(stack, 'Oky', {
  domainName: 'okyapp.info',
  certificate: Certificate.fromCertificateArn(stack, 'Certificate',
    `arn:aws:acm:${region}:${account}:certificate/11111111-2222-3333-4444-555555555555`),
  edgeCertificate: Certificate.fromCertificateArn(stack, 'EdgeCertificate',
    `arn:aws:acm:us-east-1:${account}:certificate/66666666-7777-8888-9999-000000000000`),
  api: {
    imageTag: '2025_05',
    repositoryName: 'oky/api_en',
    environmentFileKey: 'project_oky_api_task_configuration.env',
  },
  cms: {
    imageTag: '2025_05',
    repositoryName: 'oky/cms_en',
    environmentFileKey: 'project_oky_cms_task_configuration.env',
  },
});
