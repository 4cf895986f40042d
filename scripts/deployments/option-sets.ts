import * as path from 'path';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { type App, DefaultStackSynthesizer, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { ACCOUNT, deploy, REGION, type Overrides } from './sample';
import { OkyDatabaseLogin, OkyEgress, OkyEndpoints, OkyWafMode, type OkyBackendProps } from '../../src';
import type { Template } from '../template/template';

const hostedZone = (stack: Stack): Partial<OkyBackendProps> => ({
  hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789', zoneName: 'okyapp.info' }),
  certificate: undefined,
  edgeCertificate: undefined,
});
const certificate = (stack: Stack, id: string, region: string) =>
  acm.Certificate.fromCertificateArn(stack, id, `arn:aws:acm:${region}:${ACCOUNT}:certificate/99999999-2222-3333-4444-555555555555`);
const fileOf = (name: string) => path.join(__dirname, '..', '..', `templates/project_oky_${name}_task_configuration.dist.env`);
const image = (stack: Stack, repositoryName: string) =>
  ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, repositoryName.replace('/', ''), repositoryName), '1');
const secret = (stack: Stack, name: string) =>
  secretsmanager.Secret.fromSecretCompleteArn(stack, name, `arn:aws:secretsmanager:${stack.region}:${ACCOUNT}:secret:${name}-AbCdEf`);

/** Deployments that can follow one another in any order, without a loss. */
export const OPTION_SETS = {
  'the defaults': {},
  'a first deployment without images': { api: { imageTag: undefined }, cms: { imageTag: undefined } },
  'everything on': stack => ({
    ...hostedZone(stack),
    highAvailability: true,
    scaling: { targetMemoryUtilizationPercent: 75, requestsPerTarget: 900 },
    waf: {},
    api: { environmentFileKey: 'api.env', enableExecuteCommand: true },
    cms: { environmentFileKey: 'cms.env', enableExecuteCommand: true },
    database: { maxCapacity: 8, backupRetention: Duration.days(35), applicationUsername: 'oky', login: OkyDatabaseLogin.APPLICATION, sqlTask: true, backupPlan: { airGappedVaultName: 'oky-air-gapped' } },
    network: { egress: OkyEgress.natGateway(), maxAzs: 3 },
    edge: { accessLogs: true, originSecretVersion: 2, geoRestriction: cloudfront.GeoRestriction.allowlist('KE', 'GB') },
    operators: { githubRepository: 'oky-kenya/deployment' },
    monitoring: { alarmEmail: 'ops@okyapp.info', monthlyBudgetUsd: 200 },
    logRetention: logs.RetentionDays.ONE_YEAR,
  }),
  'highAvailability': { highAvailability: true },
  'scaling': { scaling: {} },
  'scaling, every option': { scaling: { minCapacity: 2, maxCapacity: 9, targetCpuUtilizationPercent: 40, targetMemoryUtilizationPercent: 75, requestsPerTarget: 900 } },
  'waf': { waf: {} },
  'waf, every option': { waf: { rateLimit: 500, loginRateLimit: 30, cmsAllowedCidrs: ['203.0.113.0/24', '2001:db8::/32'], mode: OkyWafMode.COUNT } },
  'waf for one office': { waf: { cmsAllowedCidrs: ['198.51.100.0/24'] } },
  'waf with an own web ACL': { waf: { webAclArn: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/own/11111111-2222-3333-4444-555555555555` } },
  'a hosted zone': hostedZone,
  'other hosts': { domainName: 'oky.example.org', api: { subdomain: 'mobile' }, cms: { subdomain: 'admin' } },
  'other hosts in a hosted zone': stack => ({ ...hostedZone(stack), api: { subdomain: 'mobile' }, cms: { subdomain: 'admin' } }),
  'other certificates': stack => ({
    certificate: certificate(stack, 'OwnCertificate', stack.region),
    edgeCertificate: certificate(stack, 'OwnEdgeCertificate', 'us-east-1'),
  }),
  'no deletion protection': { deletionProtection: false, database: { removalPolicy: RemovalPolicy.RETAIN } },
  'no Container Insights': { containerInsights: false },
  'a longer log retention': { logRetention: logs.RetentionDays.ONE_YEAR },
  'an own key': stack => ({
    encryptionKey: kms.Key.fromKeyArn(stack, 'OwnKey', `arn:aws:kms:${stack.region}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`),
  }),
  'own signing secrets': stack => ({ api: { signingSecret: secret(stack, 'own-api') }, cms: { signingSecret: secret(stack, 'own-cms') } }),
  'another version of the images': { api: { imageTag: '2026_01', command: ['node', 'main.js'] }, cms: { imageTag: '2026_01' } },
  'tags from a parameter': { api: { imageTagParameter: '/oky/image-tag' }, cms: { imageTagParameter: '/oky/image-tag' } },
  'images from elsewhere': stack => ({ api: { image: image(stack, 'own/api') }, cms: { image: image(stack, 'own/cms') } }),
  'images that are not built as Oky\'s are': {
    api: { command: ['node', 'main.js'], user: 'app', readonlyRootFilesystem: false }, cms: { command: [], user: 'app', readonlyRootFilesystem: false },
  },
  'push messages': stack => ({ cms: { googleCredentials: secret(stack, 'google') }, network: { egress: OkyEgress.natGateway() } }),
  'larger tasks for ARM64': {
    api: { cpu: 1024, memoryLimitMiB: 2048, cpuArchitecture: ecs.CpuArchitecture.ARM64, desiredCount: 3 },
    cms: { cpu: 512, memoryLimitMiB: 2048, cpuArchitecture: ecs.CpuArchitecture.ARM64 },
  },
  'Spot': { api: { useSpot: true }, cms: { useSpot: true } },
  'Spot for ARM64, scaled': { scaling: {}, api: { useSpot: true, cpuArchitecture: ecs.CpuArchitecture.ARM64 } },
  'another port and health check': { api: { containerPort: 8080, healthCheckPath: '/health' }, cms: { healthCheckPath: '/health' } },
  'environment files': {
    api: { environmentFileKey: 'api.env', environmentFile: fileOf('api') }, cms: { environmentFileKey: 'cms.env', environmentFile: fileOf('cms') },
  },
  'environment, secrets and scaling of a service': stack => ({
    api: { environment: { DELETE_ACCOUNT_URL: 'https://delete.okyapp.info' }, secrets: { MAIL: ecs.Secret.fromSecretsManager(secret(stack, 'mail')) }, scaling: {} },
  }),
  'exec': { api: { enableExecuteCommand: true }, cms: { enableExecuteCommand: true } },
  'a larger database that never pauses': { database: { minCapacity: 2, maxCapacity: 16 } },
  'provisioned instances': { database: { instanceType: new ec2.InstanceType('r6g.large') } },
  'provisioned instances in two zones': { database: { instanceType: new ec2.InstanceType('r6g.xlarge') }, highAvailability: true },
  'a database that pauses later and is backed up longer': { database: { autoPause: Duration.hours(1), backupRetention: Duration.days(35) } },
  'a pinned engine version': { database: { engineVersion: '17.7' } },
  'a later password': { database: { passwordVersion: 2 } },
  'a role for the services, not used yet': { database: { applicationUsername: 'oky' } },
  'services that log in with a role': { database: { applicationUsername: 'oky', login: OkyDatabaseLogin.APPLICATION } },
  'a task for SQL': { database: { sqlTask: true } },
  'a backup plan': { database: { backupPlan: {} } },
  'a backup plan with copies in an air-gapped vault': { database: { backupPlan: { airGappedVaultName: 'oky-air-gapped', retention: Duration.days(60) } } },
  'a backup plan with copies elsewhere': {
    database: {
      backupPlan: {
        retention: Duration.days(90),
        schedule: events.Schedule.cron({ hour: '1', minute: '30' }),
        copyToVaultArn: `arn:aws:backup:eu-west-1:${ACCOUNT}:backup-vault:oky-copies`,
        copyRetention: Duration.days(365),
      },
    },
  },
  'another schema and no Data API': { database: { schema: 'public', dataApi: false } },
  'a NAT gateway': { network: { egress: OkyEgress.natGateway() } },
  'a NAT gateway in each zone': { network: { egress: OkyEgress.natGateway() }, highAvailability: true },
  'public addresses for the tasks': { network: { egress: OkyEgress.publicIp() } },
  'public addresses, and endpoints': { network: { egress: OkyEgress.publicIp(), endpoints: OkyEndpoints.ALL_ZONES } },
  'a NAT instance': { network: { egress: OkyEgress.natInstance() } },
  'a list of domains': { network: { allowedDomains: ['*.googleapis.com'] } },
  'no log of the load balancer': { edge: { loadBalancerLogs: false } },
  'three zones': { network: { maxAzs: 3 } },
  'endpoints in one zone, and a given prefix list': { network: { endpoints: OkyEndpoints.ONE_ZONE, cloudFrontPrefixListId: 'pl-0123abcd' } },
  'edge.verifyOrigin false': { edge: { verifyOrigin: false } },
  'edge.originSecretVersion 2': { edge: { originSecretVersion: 2 } },
  'edge.originSecretVersion 3': { edge: { originSecretVersion: 3 } },
  'fewer places': { edge: { priceClass: cloudfront.PriceClass.PRICE_CLASS_100, geoRestriction: cloudfront.GeoRestriction.allowlist('KE', 'GB') } },
  'edge.accessLogs': { edge: { accessLogs: true } },
  'edge.cacheCmsAssets': { edge: { cacheCmsAssets: true } },
  'an own synthesizer in us-east-1': { waf: {}, edge: { synthesizer: new DefaultStackSynthesizer({ qualifier: 'oky1' }) } },
  'monitoring': { monitoring: {} },
  'monitoring, every option': {
    waf: {},
    monitoring: { alarmEmail: 'ops@okyapp.info', slackWorkspaceId: 'T0123ABCD', slackChannelId: 'C0123ABCD', dashboard: false, monthlyBudgetUsd: 200 },
  },
  'monitoring with an own topic': stack => ({
    monitoring: { alarmTopic: sns.Topic.fromTopicArn(stack, 'OwnTopic', `arn:aws:sns:${stack.region}:${ACCOUNT}:own`) },
  }),
  'a GitHub repository': { operators: { githubRepository: 'oky-kenya/deployment', githubBranch: 'release' } },
  'a GitHub repository with its ids, and an environment': {
    operators: { githubRepository: 'oky-kenya/deployment', githubOwnerId: '1234567', githubRepositoryId: '123456789', githubEnvironment: 'production' },
  },
  'a GitHub repository with an own provider': {
    operators: { githubRepository: 'oky-kenya/deployment', githubProviderArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
  },
} satisfies Record<string, Overrides>;

export type OptionSet = keyof typeof OPTION_SETS;

function context(region: string): Record<string, unknown> {
  return {
    // Three zones are there to be had; two of them are taken by default.
    [`availability-zones:account=${ACCOUNT}:region=${region}`]: ['a', 'b', 'c'].map(zone => region + zone),
    // Where in the source each resource comes from takes a tenth of the time to find out.
    'aws:cdk:disable-stack-trace': true,
  };
}

/** Templates by stack name. */
export type Templates = Record<string, Template>;

/** The templates of the main stack and of those in us-east-1. */
export function templatesOf(overrides: Overrides, region: string = REGION): Templates {
  const { stack } = deploy(overrides, { region, context: context(region) });
  return Object.fromEntries((stack.node.root as App).synth().stacks.map(({ stackName, template }) => [stackName, template as Template]));
}

/** The options of a deployment, as they are given. */
export function optionsOf(overrides: Overrides): Partial<OkyBackendProps> {
  return typeof overrides === 'function' ? overrides(new Stack(undefined, 'Options', { env: { account: ACCOUNT, region: REGION } })) : overrides;
}
