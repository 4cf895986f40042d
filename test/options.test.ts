import * as fs from 'fs';
import * as path from 'path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { DefaultStackSynthesizer, Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { certificateArn, companionTemplates, deploy, type Overrides, templateOf } from './helpers';
import { OkyDatabaseLogin, OkyEgress, OkyEndpoints, OkyOriginAccess, OkyWafMode } from '../src';

/** What is seen of an option in the template of the main stack (or of a stack in us-east-1): left out, and given. */
interface Case {
  readonly given: Overrides;
  readonly type: string;
  readonly byDefault: object | undefined;
  readonly whenGiven: object | undefined;
  /** The name of the stack in us-east-1 in which it is seen. */
  readonly companion?: string;
  /** What both deployments have besides. */
  readonly base?: Overrides;
}

const OWN_KEY = 'arn:aws:kms:eu-west-2:111122223333:key/11111111-2222-3333-4444-555555555555';
const OWN_SECRET = 'arn:aws:secretsmanager:eu-west-2:111122223333:secret:old-signing-secret-AbCdEf';
const OWN_WEB_ACL = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/own/11111111-2222-3333-4444-555555555555';
const OWN_VAULT = 'arn:aws:backup:eu-west-1:111122223333:backup-vault:oky-copies';
const OWN_TOPIC = 'arn:aws:sns:eu-west-2:111122223333:own';
const OWN_PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
const distribution = (properties: object) => ({ DistributionConfig: Match.objectLike(properties) });
const container = (properties: object) => ({ Family: 'project-oky-ecs-api-task', ContainerDefinitions: [Match.objectLike(properties)] });
const variable = (Name: string, Value: unknown) => container({ Environment: Match.arrayWith([{ Name, Value }]) });
const service = (properties: object) => ({ ServiceName: 'project-oky-ecs-api-task-service', ...properties });
const capacity = (properties: object) => ({ ServerlessV2ScalingConfiguration: Match.objectLike(properties) });
const tracking = (metric: string, TargetValue: number) => ({
  TargetTrackingScalingPolicyConfiguration: Match.objectLike({
    TargetValue, PredefinedMetricSpecification: Match.objectLike({ PredefinedMetricType: metric }),
  }),
});
const rule = (Name: string, properties: object) => ({ Rules: Match.arrayWith([Match.objectLike({ Name, ...properties })]) });
const rate = (Limit: number) => rule('RateLimit', { Statement: { RateBasedStatement: Match.objectLike({ Limit }) } });
const loginRate = (Limit: number) => rule('LoginRateLimit', { Statement: { RateBasedStatement: Match.objectLike({ Limit }) } });
const vpc = (stack: Parameters<Extract<Overrides, (...args: never[]) => unknown>>[0]) => ec2.Vpc.fromVpcAttributes(stack, 'OwnVpc', {
  vpcId: 'vpc-11112222',
  availabilityZones: ['eu-west-2a', 'eu-west-2b'],
  publicSubnetIds: ['subnet-1a', 'subnet-1b'],
  isolatedSubnetIds: ['subnet-2a', 'subnet-2b'],
  isolatedSubnetRouteTableIds: ['rtb-2a', 'rtb-2b'],
});
const aRecord = { Type: 'A', Name: 'api.okyapp.info.' };

const OPTIONS: Record<string, Case> = {
  'domainName': {
    given: { domainName: 'oky.example.org' },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ Aliases: ['api.okyapp.info', 'cms.okyapp.info'] }),
    whenGiven: distribution({ Aliases: ['api.oky.example.org', 'cms.oky.example.org'] }),
  },
  'namePrefix': {
    given: { namePrefix: 'oky-kenya' },
    type: 'AWS::IAM::Role',
    byDefault: { RoleName: 'project-oky-ecs-api-task-role' },
    whenGiven: { RoleName: 'oky-kenya-ecs-api-task-role' },
  },
  'deletionProtection': {
    given: { deletionProtection: false },
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    byDefault: { LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'true' }]) },
    whenGiven: { LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'false' }]) },
  },
  'containerInsights': {
    given: { containerInsights: false },
    type: 'AWS::ECS::Cluster',
    byDefault: { ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }] },
    whenGiven: { ClusterSettings: [{ Name: 'containerInsights', Value: 'disabled' }] },
  },
  'logRetention': {
    given: { logRetention: logs.RetentionDays.ONE_MONTH },
    type: 'AWS::Logs::LogGroup',
    byDefault: { LogGroupName: '/ecs/project-oky-ecs-api-task', RetentionInDays: 7 },
    whenGiven: { LogGroupName: '/ecs/project-oky-ecs-api-task', RetentionInDays: 30 },
  },
  'hostedZone': {
    given: stack => ({ hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Own', { hostedZoneId: 'Z1', zoneName: 'okyapp.info' }) }),
    type: 'AWS::Route53::RecordSet',
    byDefault: undefined,
    whenGiven: { ...aRecord, HostedZoneId: 'Z1' },
  },
  'certificate': {
    given: stack => ({ certificate: acm.Certificate.fromCertificateArn(stack, 'Own', 'arn:aws:acm:eu-west-2:111122223333:certificate/own') }),
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    byDefault: { Certificates: [{ CertificateArn: certificateArn('eu-west-2') }] },
    whenGiven: { Certificates: [{ CertificateArn: 'arn:aws:acm:eu-west-2:111122223333:certificate/own' }] },
  },
  'edgeCertificate': {
    given: stack => ({ edgeCertificate: acm.Certificate.fromCertificateArn(stack, 'Own', 'arn:aws:acm:us-east-1:111122223333:certificate/own') }),
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ ViewerCertificate: Match.objectLike({ AcmCertificateArn: certificateArn('us-east-1') }) }),
    whenGiven: distribution({ ViewerCertificate: Match.objectLike({ AcmCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/own' }) }),
  },
  'configBucket': {
    base: { api: { environmentFileKey: 'api.env' } },
    given: stack => ({ configBucket: s3.Bucket.fromBucketName(stack, 'Own', 'own-bucket') }),
    type: 'AWS::ECS::TaskDefinition',
    byDefault: container({ EnvironmentFiles: [Match.objectLike({ Value: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^OkyConfig') }])] } })] }),
    whenGiven: container({ EnvironmentFiles: [Match.objectLike({ Value: { 'Fn::Join': ['', Match.arrayWith([':s3:::own-bucket/api.env'])] } })] }),
  },
  'encryptionKey': {
    given: stack => ({ encryptionKey: kms.Key.fromKeyArn(stack, 'Own', OWN_KEY) }),
    type: 'AWS::Logs::LogGroup',
    byDefault: { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OkyEncryption'), 'Arn'] } },
    whenGiven: { KmsKeyId: OWN_KEY },
  },
  'highAvailability': {
    given: { highAvailability: true },
    type: 'AWS::ECS::Service',
    byDefault: service({ DesiredCount: 1 }),
    whenGiven: service({ DesiredCount: 2 }),
  },
  'scaling': {
    given: { scaling: {} },
    type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    byDefault: undefined,
    whenGiven: { MinCapacity: 1, MaxCapacity: 4 },
  },
  'scaling.minCapacity': {
    base: { scaling: {} },
    given: { scaling: { minCapacity: 3 } },
    type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    byDefault: { MinCapacity: 1 },
    whenGiven: { MinCapacity: 3 },
  },
  'scaling.maxCapacity': {
    base: { scaling: {} },
    given: { scaling: { maxCapacity: 9 } },
    type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    byDefault: { MaxCapacity: 4 },
    whenGiven: { MaxCapacity: 9 },
  },
  'scaling.targetCpuUtilizationPercent': {
    base: { scaling: {} },
    given: { scaling: { targetCpuUtilizationPercent: 40 } },
    type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
    byDefault: tracking('ECSServiceAverageCPUUtilization', 60),
    whenGiven: tracking('ECSServiceAverageCPUUtilization', 40),
  },
  'scaling.targetMemoryUtilizationPercent': {
    base: { scaling: {} },
    given: { scaling: { targetMemoryUtilizationPercent: 75 } },
    type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
    byDefault: undefined,
    whenGiven: tracking('ECSServiceAverageMemoryUtilization', 75),
  },
  'scaling.requestsPerTarget': {
    base: { scaling: {} },
    given: { scaling: { requestsPerTarget: 900 } },
    type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
    byDefault: undefined,
    whenGiven: tracking('ALBRequestCountPerTarget', 900),
  },
  'waf': {
    companion: 'project-oky-edge',
    given: { waf: {} },
    type: 'AWS::WAFv2::WebACL',
    byDefault: undefined,
    whenGiven: { Scope: 'CLOUDFRONT', DefaultAction: { Allow: {} } },
  },
  'waf.rateLimit': {
    companion: 'project-oky-edge',
    base: { waf: {} },
    given: { waf: { rateLimit: 500 } },
    type: 'AWS::WAFv2::WebACL',
    byDefault: rate(2000),
    whenGiven: rate(500),
  },
  'waf.loginRateLimit': {
    companion: 'project-oky-edge',
    base: { waf: {} },
    given: { waf: { loginRateLimit: 30 } },
    type: 'AWS::WAFv2::WebACL',
    byDefault: loginRate(100),
    whenGiven: loginRate(30),
  },
  'waf.cmsAllowedCidrs': {
    companion: 'project-oky-edge',
    base: { waf: {} },
    given: { waf: { cmsAllowedCidrs: ['203.0.113.0/24'] } },
    type: 'AWS::WAFv2::IPSet',
    byDefault: undefined,
    whenGiven: { Scope: 'CLOUDFRONT', IPAddressVersion: 'IPV4', Addresses: ['203.0.113.0/24'] },
  },
  'waf.webAclArn': {
    given: { waf: { webAclArn: OWN_WEB_ACL } },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ WebACLId: Match.absent() }),
    whenGiven: distribution({ WebACLId: OWN_WEB_ACL }),
  },
  'waf.mode': {
    companion: 'project-oky-edge',
    base: { waf: {} },
    given: { waf: { mode: OkyWafMode.COUNT } },
    type: 'AWS::WAFv2::WebACL',
    byDefault: rule('CommonRuleSet', { OverrideAction: { None: {} } }),
    whenGiven: rule('CommonRuleSet', { OverrideAction: { Count: {} } }),
  },

  'api.subdomain': {
    given: { api: { subdomain: 'mobile' } },
    type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    byDefault: { Priority: 10, Conditions: Match.arrayWith([{ Field: 'host-header', HostHeaderConfig: { Values: ['api.okyapp.info'] } }]) },
    whenGiven: { Priority: 10, Conditions: Match.arrayWith([{ Field: 'host-header', HostHeaderConfig: { Values: ['mobile.okyapp.info'] } }]) },
  },
  'api.imageTag': {
    given: { api: { imageTag: '2026_01' } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: container({ Image: { 'Fn::Join': ['', Match.arrayWith([':2025_05'])] } }),
    whenGiven: container({ Image: { 'Fn::Join': ['', Match.arrayWith([':2026_01'])] } }),
  },
  'api.imageTagParameter': {
    given: { api: { imageTagParameter: '/oky/image-tag' } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: container({ Image: { 'Fn::Join': ['', Match.arrayWith([':2025_05'])] } }),
    whenGiven: container({ Image: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('okyimagetag') }])] } }),
  },
  'api.repositoryName': {
    given: { api: { repositoryName: 'oky/api_en' } },
    type: 'AWS::ECR::Repository',
    byDefault: { RepositoryName: 'project-oky/api' },
    whenGiven: { RepositoryName: 'oky/api_en' },
  },
  'api.repository': {
    given: stack => ({ api: { repository: ecr.Repository.fromRepositoryName(stack, 'Own', 'own/api') } }),
    type: 'AWS::ECS::TaskDefinition',
    byDefault: container({ Image: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^OkyApiRepository') }])] } }),
    whenGiven: container({ Image: { 'Fn::Join': ['', Match.arrayWith(['/own/api:2025_05'])] } }),
  },
  'api.image': {
    given: { api: { image: ecs.ContainerImage.fromRegistry('public.ecr.aws/own/api:1') } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: container({ Image: { 'Fn::Join': Match.anyValue() } }),
    whenGiven: container({ Image: 'public.ecr.aws/own/api:1' }),
  },
  'api.containerPort': {
    given: { api: { containerPort: 8080 } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: container({ PortMappings: [{ ContainerPort: 3000, Protocol: 'tcp' }], Environment: Match.arrayWith([{ Name: 'API_PORT', Value: '3000' }]) }),
    whenGiven: container({ PortMappings: [{ ContainerPort: 8080, Protocol: 'tcp' }], Environment: Match.arrayWith([{ Name: 'API_PORT', Value: '8080' }]) }),
  },
  'api.cpu': {
    given: { api: { cpu: 512, memoryLimitMiB: 1024 } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: { Family: 'project-oky-ecs-api-task', Cpu: '256' },
    whenGiven: { Family: 'project-oky-ecs-api-task', Cpu: '512' },
  },
  'api.memoryLimitMiB': {
    given: { api: { memoryLimitMiB: 2048 } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: { Family: 'project-oky-ecs-api-task', Memory: '512' },
    whenGiven: { Family: 'project-oky-ecs-api-task', Memory: '2048' },
  },
  'api.cpuArchitecture': {
    given: { api: { cpuArchitecture: ecs.CpuArchitecture.ARM64 } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: { Family: 'project-oky-ecs-api-task', RuntimePlatform: Match.objectLike({ CpuArchitecture: 'X86_64' }) },
    whenGiven: { Family: 'project-oky-ecs-api-task', RuntimePlatform: Match.objectLike({ CpuArchitecture: 'ARM64' }) },
  },
  'api.useSpot': {
    given: { api: { useSpot: true } },
    type: 'AWS::ECS::Service',
    byDefault: service({ CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }] }),
    whenGiven: service({ CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }] }),
  },
  'api.desiredCount': {
    given: { api: { desiredCount: 5 } },
    type: 'AWS::ECS::Service',
    byDefault: service({ DesiredCount: 1 }),
    whenGiven: service({ DesiredCount: 5 }),
  },
  'api.environment': {
    given: { api: { environment: { DATABASE_LOGGING: 'true', DELETE_ACCOUNT_URL: 'https://okyapp.info/delete' } } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: variable('DATABASE_LOGGING', 'false'),
    whenGiven: container({ Environment: Match.arrayWith([{ Name: 'DATABASE_LOGGING', Value: 'true' }, { Name: 'DELETE_ACCOUNT_URL', Value: 'https://okyapp.info/delete' }]) }),
  },
  'api.secrets': {
    given: stack => ({
      api: { secrets: { DATABASE_HOST: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretCompleteArn(stack, 'Own', OWN_SECRET)) } },
    }),
    type: 'AWS::ECS::TaskDefinition',
    byDefault: variable('DATABASE_HOST', { 'Fn::GetAtt': [Match.anyValue(), 'Endpoint.Address'] }),
    whenGiven: container({ Secrets: Match.arrayWith([{ Name: 'DATABASE_HOST', ValueFrom: OWN_SECRET }]) }),
  },
  'api.signingSecret': {
    given: stack => ({ api: { signingSecret: secretsmanager.Secret.fromSecretCompleteArn(stack, 'Own', OWN_SECRET) } }),
    type: 'AWS::ECS::TaskDefinition',
    byDefault: container({ Secrets: Match.arrayWith([{ Name: 'APPLICATION_SECRET', ValueFrom: { Ref: Match.stringLikeRegexp('^OkyApiSigningSecret') } }]) }),
    whenGiven: container({ Secrets: Match.arrayWith([{ Name: 'APPLICATION_SECRET', ValueFrom: OWN_SECRET }]) }),
  },
  'api.environmentFileKey': {
    given: { api: { environmentFileKey: 'api.env' } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: container({ EnvironmentFiles: Match.absent() }),
    whenGiven: container({ EnvironmentFiles: [Match.objectLike({ Type: 's3' })] }),
  },
  'api.command': {
    given: { api: { command: ['node', 'dist/main.js'] } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: container({ Command: ['sh', '-c', Match.stringLikeRegexp('exec node --require /tmp/preload.js dist/index.js')] }),
    whenGiven: container({ Command: ['node', 'dist/main.js'] }),
  },
  'api.user': {
    given: { api: { user: 'app' } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: container({ User: '1000:1000' }),
    whenGiven: container({ User: 'app' }),
  },
  'api.readonlyRootFilesystem': {
    given: { api: { readonlyRootFilesystem: false } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: container({ ReadonlyRootFilesystem: true }),
    whenGiven: container({ ReadonlyRootFilesystem: false }),
  },
  'api.googleCredentials': {
    given: stack => ({ cms: { googleCredentials: secretsmanager.Secret.fromSecretCompleteArn(stack, 'Own', OWN_SECRET) } }),
    type: 'AWS::ECS::TaskDefinition',
    byDefault: undefined,
    whenGiven: {
      Family: 'project-oky-ecs-cms-task',
      ContainerDefinitions: [Match.objectLike({
        Secrets: Match.arrayWith([{ Name: 'GOOGLE_CREDENTIALS', ValueFrom: OWN_SECRET }]),
        Environment: Match.arrayWith([{ Name: 'GOOGLE_APPLICATION_CREDENTIALS', Value: '/tmp/google.json' }]),
      })],
    },
  },
  'api.healthCheckPath': {
    given: { api: { healthCheckPath: '/health' } },
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    byDefault: { HealthCheckPath: '/' },
    whenGiven: { HealthCheckPath: '/health' },
  },
  'api.scaling': {
    base: { scaling: { targetCpuUtilizationPercent: 50 } },
    given: { scaling: { targetCpuUtilizationPercent: 50 }, api: { scaling: { maxCapacity: 12 } } },
    type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    byDefault: { MaxCapacity: 4 },
    whenGiven: { MaxCapacity: 12 },
  },
  'api.enableExecuteCommand': {
    given: { api: { enableExecuteCommand: true } },
    type: 'AWS::ECS::Service',
    byDefault: service({ EnableExecuteCommand: false }),
    whenGiven: service({ EnableExecuteCommand: true }),
  },

  'database.minCapacity': {
    given: { database: { minCapacity: 0.5 } },
    type: 'AWS::RDS::DBCluster',
    byDefault: capacity({ MinCapacity: 0, SecondsUntilAutoPause: 300 }),
    whenGiven: capacity({ MinCapacity: 0.5, SecondsUntilAutoPause: Match.absent() }),
  },
  'database.maxCapacity': {
    given: { database: { maxCapacity: 8 } },
    type: 'AWS::RDS::DBCluster',
    byDefault: capacity({ MaxCapacity: 1 }),
    whenGiven: capacity({ MaxCapacity: 8 }),
  },
  'database.autoPause': {
    given: { database: { autoPause: Duration.hours(1) } },
    type: 'AWS::RDS::DBCluster',
    byDefault: capacity({ SecondsUntilAutoPause: 300 }),
    whenGiven: capacity({ SecondsUntilAutoPause: 3600 }),
  },
  'database.backupRetention': {
    given: { database: { backupRetention: Duration.days(35) } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { BackupRetentionPeriod: 7 },
    whenGiven: { BackupRetentionPeriod: 35 },
  },
  'database.engineVersion': {
    given: { database: { engineVersion: '16' } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { EngineVersion: '17' },
    whenGiven: { EngineVersion: '16', ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 1, SecondsUntilAutoPause: 300 } },
  },
  'database.instanceType': {
    given: { database: { instanceType: new ec2.InstanceType('r6g.large') } },
    type: 'AWS::RDS::DBInstance',
    byDefault: { DBInstanceClass: 'db.serverless' },
    whenGiven: { DBInstanceClass: 'db.r6g.large' },
  },
  'database.snapshotIdentifier': {
    given: { database: { snapshotIdentifier: 'before-the-move' } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { SnapshotIdentifier: Match.absent(), MasterUsername: 'periodtracker', DatabaseName: 'periodtracker' },
    whenGiven: {
      SnapshotIdentifier: 'before-the-move',
      MasterUsername: Match.absent(),
      DatabaseName: Match.absent(),
      MasterUserPassword: { 'Fn::Join': ['', Match.arrayWith([':SecretString:password::}}'])] },
    },
  },
  'database.encryptionKey': {
    given: stack => ({ database: { encryptionKey: kms.Key.fromKeyArn(stack, 'Own', OWN_KEY) } }),
    type: 'AWS::RDS::DBCluster',
    byDefault: { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OkyEncryption'), 'Arn'] } },
    whenGiven: { KmsKeyId: OWN_KEY },
  },
  'database.databaseName': {
    given: { database: { databaseName: 'oky' } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { DatabaseName: 'periodtracker' },
    whenGiven: { DatabaseName: 'oky' },
  },
  'database.username': {
    given: { database: { username: 'oky' } },
    type: 'AWS::SecretsManager::Secret',
    byDefault: { GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"username":"periodtracker"}' }) },
    whenGiven: { GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"username":"oky"}' }) },
  },
  'database.schema': {
    given: { database: { schema: 'public' } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: variable('DATABASE_SCHEMA', 'periodtracker'),
    whenGiven: variable('DATABASE_SCHEMA', 'public'),
  },
  'database.dataApi': {
    given: { database: { dataApi: false } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { EnableHttpEndpoint: true },
    whenGiven: { EnableHttpEndpoint: false },
  },

  'database.passwordVersion': {
    given: { database: { passwordVersion: 2 } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { MasterUserPassword: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^OkyDatabaseSecret[0-9A-F]{8}$') }])] } },
    whenGiven: { MasterUserPassword: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^OkyDatabaseSecret2[0-9A-F]{8}$') }])] } },
  },
  'database.applicationUsername': {
    given: { database: { applicationUsername: 'oky' } },
    type: 'AWS::SecretsManager::Secret',
    byDefault: undefined,
    whenGiven: { GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"username":"oky"}' }) },
  },
  'database.login': {
    base: { database: { applicationUsername: 'oky' } },
    given: { database: { applicationUsername: 'oky', login: OkyDatabaseLogin.APPLICATION } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: password('^OkyDatabaseSecretAttachment'),
    whenGiven: password('^OkyDatabaseApplicationSecret'),
  },
  'database.sqlTask': {
    given: { database: { sqlTask: true } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: undefined,
    whenGiven: { Family: 'project-oky-ecs-sql-task' },
  },
  'database.backupPlan': {
    given: { database: { backupPlan: {} } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: undefined,
    whenGiven: backupRule({ Lifecycle: { DeleteAfterDays: 35 }, ScheduleExpression: 'cron(0 3 * * ? *)', CopyActions: Match.absent() }),
  },
  'database.backupPlan.retention': {
    base: { database: { backupPlan: {} } },
    given: { database: { backupPlan: { retention: Duration.days(90) } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ Lifecycle: { DeleteAfterDays: 35 } }),
    whenGiven: backupRule({ Lifecycle: { DeleteAfterDays: 90 } }),
  },
  'database.backupPlan.schedule': {
    base: { database: { backupPlan: {} } },
    given: { database: { backupPlan: { schedule: events.Schedule.cron({ hour: '1', minute: '30', weekDay: 'SUN' }) } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ ScheduleExpression: 'cron(0 3 * * ? *)' }),
    whenGiven: backupRule({ ScheduleExpression: 'cron(30 1 ? * SUN *)' }),
  },
  'database.backupPlan.copyToVaultArn': {
    base: { database: { backupPlan: {} } },
    given: { database: { backupPlan: { copyToVaultArn: OWN_VAULT } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ CopyActions: Match.absent() }),
    whenGiven: backupRule({ CopyActions: [{ DestinationBackupVaultArn: OWN_VAULT, Lifecycle: { DeleteAfterDays: 35 } }] }),
  },
  'database.backupPlan.copyRetention': {
    base: { database: { backupPlan: { copyToVaultArn: OWN_VAULT } } },
    given: { database: { backupPlan: { copyToVaultArn: OWN_VAULT, copyRetention: Duration.days(7) } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ CopyActions: [Match.objectLike({ Lifecycle: { DeleteAfterDays: 35 } })] }),
    whenGiven: backupRule({ CopyActions: [Match.objectLike({ Lifecycle: { DeleteAfterDays: 7 } })] }),
  },

  'network.vpc': {
    given: stack => ({ network: { vpc: vpc(stack) } }),
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    byDefault: { VpcId: { Ref: Match.stringLikeRegexp('^OkyNetworkVpc') } },
    whenGiven: { VpcId: 'vpc-11112222' },
  },
  'network.cidr': {
    given: { network: { cidr: '172.20.0.0/20' } },
    type: 'AWS::EC2::VPC',
    byDefault: { CidrBlock: '10.0.0.0/16' },
    whenGiven: { CidrBlock: '172.20.0.0/20' },
  },
  'network.egress': {
    given: { network: { egress: OkyEgress.natGateway() } },
    type: 'AWS::EC2::NatGateway',
    byDefault: undefined,
    whenGiven: {},
  },
  'network.originAccess': {
    given: { network: { originAccess: OkyOriginAccess.VPC_ORIGIN } },
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    byDefault: { Scheme: 'internet-facing' },
    whenGiven: { Scheme: 'internal' },
  },
  'network.cloudFrontPrefixListId': {
    given: { network: { cloudFrontPrefixListId: 'pl-0123abcd' } },
    type: 'AWS::EC2::SecurityGroupIngress',
    byDefault: { SourcePrefixListId: 'pl-xxxxxxxx' }, // what a look-up gives before the CLI has made it
    whenGiven: { SourcePrefixListId: 'pl-0123abcd' },
  },

  'edge.verifyOrigin': {
    given: { edge: { verifyOrigin: false } },
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    byDefault: { DefaultActions: [Match.objectLike({ Type: 'fixed-response' })] },
    whenGiven: { DefaultActions: [Match.objectLike({ Type: 'forward' })] },
  },
  'edge.originSecretVersion': {
    given: { edge: { originSecretVersion: 3 } },
    type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    byDefault: { Conditions: Match.arrayWith([Match.objectLike({ HttpHeaderConfig: Match.objectLike({ Values: [secretValue(1)] }) })]) },
    whenGiven: {
      Conditions: Match.arrayWith([
        Match.objectLike({ HttpHeaderConfig: Match.objectLike({ Values: [secretValue(3), secretValue(2)] }) }),
      ]),
    },
  },
  'edge.priceClass': {
    given: { edge: { priceClass: cloudfront.PriceClass.PRICE_CLASS_100 } },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ PriceClass: 'PriceClass_All' }),
    whenGiven: distribution({ PriceClass: 'PriceClass_100' }),
  },
  'edge.cacheCmsAssets': {
    given: { edge: { cacheCmsAssets: true } },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ CacheBehaviors: Match.absent() }),
    whenGiven: distribution({ CacheBehaviors: ['/stylesheets/*', '/scripts/*', '/assets/*'].map(PathPattern => Match.objectLike({ PathPattern })) }),
  },
  'edge.geoRestriction': {
    given: { edge: { geoRestriction: cloudfront.GeoRestriction.allowlist('KE', 'GB') } },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ Restrictions: Match.absent() }),
    whenGiven: distribution({ Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Locations: ['KE', 'GB'] } } }),
  },
  'operators.githubRepository': {
    given: { operators: { githubRepository: 'oky-kenya/deployment' } },
    type: 'AWS::IAM::Role',
    byDefault: undefined,
    whenGiven: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', { 'Fn::GetAtt': [Match.stringLikeRegexp('GithubProvider'), 'Arn'] }),
  },
  'operators.githubBranch': {
    base: { operators: { githubRepository: 'oky-kenya/deployment' } },
    given: { operators: { githubRepository: 'oky-kenya/deployment', githubBranch: 'live' } },
    type: 'AWS::IAM::Role',
    byDefault: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', Match.anyValue()),
    whenGiven: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/live', Match.anyValue()),
  },
  'operators.githubProviderArn': {
    base: { operators: { githubRepository: 'oky-kenya/deployment' } },
    given: { operators: { githubRepository: 'oky-kenya/deployment', githubProviderArn: OWN_PROVIDER } },
    type: 'AWS::IAM::Role',
    byDefault: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', { 'Fn::GetAtt': Match.anyValue() }),
    whenGiven: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', OWN_PROVIDER),
  },
  'monitoring': {
    given: { monitoring: {} },
    type: 'AWS::CloudWatch::Alarm',
    byDefault: undefined,
    whenGiven: { AlarmName: 'project-oky-api-cpu' },
  },
  'monitoring.alarmEmail': {
    base: { monitoring: {} },
    given: { monitoring: { alarmEmail: 'ops@okyapp.info' } },
    type: 'AWS::SNS::Subscription',
    byDefault: undefined,
    whenGiven: { Protocol: 'email', Endpoint: 'ops@okyapp.info' },
  },
  'monitoring.slackWorkspaceId': {
    companion: 'project-oky-edge-watch',
    base: { monitoring: {} },
    given: { monitoring: { slackWorkspaceId: 'T0123', slackChannelId: 'C0123' } },
    type: 'AWS::Chatbot::SlackChannelConfiguration',
    byDefault: undefined,
    whenGiven: { SlackWorkspaceId: 'T0123' },
  },
  'monitoring.slackChannelId': {
    companion: 'project-oky-edge-watch',
    base: { monitoring: {} },
    given: { monitoring: { slackWorkspaceId: 'T0123', slackChannelId: 'C0123' } },
    type: 'AWS::Chatbot::SlackChannelConfiguration',
    byDefault: undefined,
    whenGiven: { SlackChannelId: 'C0123' },
  },
  'monitoring.alarmTopic': {
    base: { monitoring: {} },
    given: stack => ({ monitoring: { alarmTopic: sns.Topic.fromTopicArn(stack, 'OwnTopic', OWN_TOPIC) } }),
    type: 'AWS::CloudWatch::Alarm',
    byDefault: { AlarmName: 'project-oky-api-cpu', AlarmActions: [{ Ref: Match.stringLikeRegexp('^OkyMonitoringTopic') }] },
    whenGiven: { AlarmName: 'project-oky-api-cpu', AlarmActions: [OWN_TOPIC] },
  },
  'monitoring.dashboard': {
    base: { monitoring: {} },
    given: { monitoring: { dashboard: false } },
    type: 'AWS::CloudWatch::Dashboard',
    byDefault: { DashboardName: 'project-oky' },
    whenGiven: undefined,
  },
  'monitoring.monthlyBudgetUsd': {
    companion: 'project-oky-edge-watch',
    base: { monitoring: {} },
    given: { monitoring: { monthlyBudgetUsd: 200 } },
    type: 'AWS::Budgets::Budget',
    byDefault: undefined,
    whenGiven: { Budget: Match.objectLike({ BudgetLimit: { Amount: 200, Unit: 'USD' } }) },
  },
  'edge.accessLogs': {
    companion: 'project-oky-edge-watch',
    given: { edge: { accessLogs: true } },
    type: 'AWS::Logs::DeliverySource',
    byDefault: undefined,
    whenGiven: { LogType: 'ACCESS_LOGS' },
  },
};

function password(secret: string) {
  return container({
    Secrets: Match.arrayWith([{ Name: 'DATABASE_PASSWORD', ValueFrom: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp(secret) }])] } }]),
  });
}

function backupRule(properties: object) {
  return { BackupPlan: Match.objectLike({ BackupPlanRule: [Match.objectLike(properties)] }) };
}

function assumedBy(subject: string, Federated: unknown) {
  return {
    AssumeRolePolicyDocument: Match.objectLike({
      Statement: [Match.objectLike({
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated },
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com', 'token.actions.githubusercontent.com:sub': subject,
          },
        },
      })],
    }),
  };
}

function secretValue(generation: number) {
  return { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp(`^OkyOriginSecretVersion${generation}`) }])] };
}

/** Options that show in another way than as a property, and the test of each, below. */
const ELSEWHERE = ['network.maxAzs', 'network.endpoints', 'edge.synthesizer', 'database.removalPolicy', 'api.environmentFile'];

function merged(base: Overrides, given: Overrides): Overrides {
  return stack => ({ ...resolve(base, stack), ...resolve(given, stack) });
  function resolve(overrides: Overrides, stack: Parameters<Extract<Overrides, (...args: never[]) => unknown>>[0]) {
    return typeof overrides === 'function' ? overrides(stack) : overrides;
  }
}

function seen({ companion }: Case, overrides: Overrides): Template | undefined {
  return companion ? companionTemplates(deploy(overrides).stack)[companion] : templateOf(overrides);
}

function expectIn(template: Template | undefined, type: string, properties: object | undefined, other: object | undefined): void {
  if (properties) {
    template!.hasResourceProperties(type, properties);
  } else {
    const found = template?.findResources(type, other && { Properties: other }) ?? {};
    expect(Object.keys(found)).toEqual([]);
  }
}

describe('an option', () => {
  test.each(Object.entries(OPTIONS))('%s: by default', (_, option) => {
    expectIn(seen(option, option.base ?? {}), option.type, option.byDefault, option.whenGiven);
  });

  test.each(Object.entries(OPTIONS))('%s: given', (_, option) => {
    expectIn(seen(option, merged(option.base ?? {}, option.given)), option.type, option.whenGiven, option.byDefault);
  });

  test('has a case here, every one of them', () => {
    const declared = (file: string, declaration: string) => {
      const source = fs.readFileSync(path.join(__dirname, '..', 'src', file), 'utf8');
      const body = new RegExp(`export interface ${declaration} {\\n(.*?)\\n}`, 's').exec(source)![1];
      return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name);
    };
    const within = (prefix: string, file: string, declaration: string) => declared(file, declaration).map(name => `${prefix}.${name}`);
    const all = [
      ...declared('oky-backend-props.ts', 'OkyBackendProps').filter(name => !['api', 'cms', 'database', 'network', 'edge', 'operators'].includes(name)),
      ...within('scaling', 'service/service-options.ts', 'OkyScalingOptions'),
      ...within('waf', 'edge/edge-options.ts', 'OkyWafOptions'),
      ...within('monitoring', 'monitoring/monitoring-options.ts', 'OkyMonitoringOptions'),
      ...within('api', 'service/service-options.ts', 'OkyServiceOptions'),
      ...within('database', 'database/database-options.ts', 'OkyDatabaseOptions'),
      ...within('database.backupPlan', 'database/backup-options.ts', 'OkyBackupOptions'),
      ...within('network', 'network/network-options.ts', 'OkyNetworkOptions'),
      ...within('operators', 'operators/operators-options.ts', 'OkyOperatorsOptions'),
      ...within('edge', 'edge/edge-options.ts', 'OkyEdgeOptions'),
    ];
    expect([...Object.keys(OPTIONS), ...ELSEWHERE].sort()).toEqual(all.sort());
  });
});

describe('an option that shows in another way', () => {
  const subnets = (template: Template) => Object.values(template.findResources('AWS::EC2::Subnet')).map(subnet => subnet.Properties.CidrBlock);

  test('network.maxAzs: two by default, and three move no address range', () => {
    const [two, three] = [subnets(templateOf()), subnets(templateOf({ network: { maxAzs: 3 } }, { context: threeZones() }))];
    expect(two).toHaveLength(6);
    expect(three).toHaveLength(9);
    expect(three).toEqual(expect.arrayContaining(two));
  });

  test.each([
    [undefined, 2],
    [OkyEndpoints.ALL_ZONES, 2],
    [OkyEndpoints.ONE_ZONE, 1],
  ])('network.endpoints: %s has each in %d zones', (endpoints, zones) => {
    const found = templateOf({ network: { endpoints } }).findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Interface' } });
    expect(Object.values(found).map(endpoint => endpoint.Properties.SubnetIds.length)).toEqual([zones, zones, zones, zones]);
  });

  test('network.endpoints: none in a VPC that has them', () => {
    templateOf(stack => ({ network: { vpc: vpc(stack), endpoints: OkyEndpoints.NONE } })).resourceCountIs('AWS::EC2::VPCEndpoint', 0);
    templateOf(stack => ({ network: { vpc: vpc(stack) } })).resourceCountIs('AWS::EC2::VPCEndpoint', 5);
  });

  test('api.environmentFile: a file that the task would not start with is refused', () => {
    const environmentFile = __filename;
    expect(() => deploy({ api: { environmentFileKey: 'api.env' } })).not.toThrow();
    expect(() => deploy({ api: { environmentFileKey: 'api.env', environmentFile } })).toThrow(/^api\.environmentFile, line 1, must be VARIABLE=value/);
  });

  test('edge.synthesizer: the stacks in us-east-1 take it', () => {
    const stackWith = (synthesizer?: DefaultStackSynthesizer) => deploy({ waf: {}, edge: { synthesizer } }).backend.edgeStack!;
    const qualifier = (synthesizer?: DefaultStackSynthesizer) => stackWith(synthesizer).synthesizer.bootstrapQualifier;
    expect(qualifier()).toBe('hnb659fds');
    expect(qualifier(new DefaultStackSynthesizer({ qualifier: 'oky1' }))).toBe('oky1');
  });

  test.each([
    [undefined, 'Snapshot', 'Snapshot'],
    [RemovalPolicy.RETAIN, 'Retain', 'Retain'],
    [RemovalPolicy.DESTROY, 'Delete', 'Delete'],
  ])('database.removalPolicy: %s', (removalPolicy, DeletionPolicy, UpdateReplacePolicy) => {
    templateOf({ database: { removalPolicy } }).hasResource('AWS::RDS::DBCluster', { DeletionPolicy, UpdateReplacePolicy });
  });

  function threeZones() {
    return { 'availability-zones:account=111122223333:region=eu-west-2': ['eu-west-2a', 'eu-west-2b', 'eu-west-2c'] };
  }
});
