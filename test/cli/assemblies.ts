/** Synthesises the deployments that test_doctor.py looks at, into the folder that is named. */
import * as path from 'path';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, Stack } from 'aws-cdk-lib/core';
import { OkyBackend, type OkyBackendProps, OkyEgress, OkyOriginAccess } from '../../src';

process.env.CDK_VALIDATION = 'false';
const [folder] = process.argv.slice(2);
const [account, region] = ['111122223333', 'eu-west-2'];

function write(name: string, props: (stack: Stack) => Partial<OkyBackendProps>): void {
  const context = { [`availability-zones:account=${account}:region=${region}`]: ['a', 'b', 'c'].map(zone => region + zone) };
  const app = new App({ outdir: path.join(folder, name), context, analyticsReporting: false });
  const stack = new Stack(app, 'OkyBackend', { env: { account, region } });
  new OkyBackend(stack, 'Oky', { domainName: 'okyapp.info', ...props(stack) });
  app.synth();
}

write('before', stack => ({
  certificate: Certificate.fromCertificateArn(stack, 'Certificate', `arn:aws:acm:${region}:${account}:certificate/11111111-2222-3333-4444-555555555555`),
  edgeCertificate: Certificate.fromCertificateArn(stack, 'EdgeCertificate', `arn:aws:acm:us-east-1:${account}:certificate/66666666-7777-8888-9999-000000000000`),
  encryptionKey: Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${region}:${account}:key/99999999-8888-7777-6666-555555555555`),
  configBucket: Bucket.fromBucketName(stack, 'Config', `okyapp-info-config-${account}`),
  network: { egress: OkyEgress.natGateway(), cloudFrontPrefixListId: 'pl-93a247fa' },
  monitoring: { alarmEmail: 'ops@okyapp.info' },
  api: { repository: Repository.fromRepositoryName(stack, 'Images', 'oky/api_en'), imageTag: '2025_05', environmentFileKey: 'api.env' },
  cms: { repositoryName: 'oky/cms_en' },
}));

write('deployed', stack => ({
  hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info' }),
  network: { originAccess: OkyOriginAccess.VPC_ORIGIN, cloudFrontPrefixListId: 'pl-93a247fa' },
  monitoring: { alarmEmail: 'ops@okyapp.info' },
  api: { imageTag: '2025_05', environmentFileKey: 'api.env' },
  cms: { imageTagParameter: '/oky/cms/image-tag', environmentFileKey: 'cms.env' },
}));

write('with GitHub', stack => ({
  hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info' }),
  network: { cloudFrontPrefixListId: 'pl-93a247fa' },
  operators: { githubRepository: 'oky-kenya/deployment' },
}));

// As if nobody had read that the first deployment needs no image.
write('with images too early', stack => ({
  hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info' }),
  network: { originAccess: OkyOriginAccess.VPC_ORIGIN, cloudFrontPrefixListId: 'pl-93a247fa' },
  api: { imageTag: '2025_05' },
}));

write('with a file too early', stack => ({
  hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info' }),
  network: { cloudFrontPrefixListId: 'pl-93a247fa' },
  api: { repository: Repository.fromRepositoryName(stack, 'Images', 'oky/api_en'), imageTag: '2025_05', environmentFileKey: 'api.env' },
}));
