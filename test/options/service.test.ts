import { Match } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { container, service, testOptions, variable } from './options';
import { deploy } from '../helpers';

const OWN_SECRET = 'arn:aws:secretsmanager:eu-west-2:111122223333:secret:old-signing-secret-AbCdEf';

testOptions({
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
    byDefault: container({ EntryPoint: ['sh', '-c', Match.anyValue(), 'start'], Command: ['node', '--require', '/tmp/preload.js', 'dist/index.js'] }),
    whenGiven: container({ EntryPoint: Match.absent(), Command: ['node', 'dist/main.js'] }),
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

}, { prefix: 'api.', file: 'service/service-options.ts', name: 'OkyServiceOptions', elsewhere: ['api.environmentFile'] });

test('api.environmentFile: a file that the task would not start with is refused', () => {
  const environmentFile = __filename;
  expect(() => deploy({ api: { environmentFileKey: 'api.env' } })).not.toThrow();
  expect(() => deploy({ api: { environmentFileKey: 'api.env', environmentFile } })).toThrow(/^api\.environmentFile, line 1, must be VARIABLE=value/);
});
