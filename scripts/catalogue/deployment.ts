import { Match } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { both, container, distribution, type OptionCases, service } from './option-case';
import { garbled, outside } from './values';
import { existingKey, keyArn } from '../deployments/existing';
import { certificateArn } from '../deployments/sample';

const NAMED = [
  'OkyApiLog is replaced', 'OkyApiRepository is replaced', 'OkyApiService is replaced', 'OkyCluster is replaced', 'OkyCmsLog is replaced', 'OkyCmsRepository is replaced',
  'OkyCmsService is replaced',
];
const tracking = (metric: string, TargetValue: number) => ({
  TargetTrackingScalingPolicyConfiguration: Match.objectLike({
    TargetValue, PredefinedMetricSpecification: Match.objectLike({ PredefinedMetricType: metric }),
  }),
});
const aRecord = { Type: 'A', Name: 'api.okyapp.info.' };

export const DEPLOYMENT_OPTIONS = {
  'domainName': {
    nag: false,
    given: { domainName: 'oky.example.org' },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ Aliases: ['api.okyapp.info', 'cms.okyapp.info'] }),
    whenGiven: distribution({ Aliases: ['api.oky.example.org', 'cms.oky.example.org'] }),
    wrong: garbled,
  },
  'namePrefix': {
    nag: false,
    given: { namePrefix: 'oky-kenya' },
    type: 'AWS::IAM::Role',
    byDefault: { RoleName: 'project-oky-ecs-api-task-role' },
    whenGiven: { RoleName: 'oky-kenya-ecs-api-task-role' },
    valid: fc.constantFrom('oky', 'oky-kenya', 'a1', `a${'b'.repeat(29)}`),
    wrong: garbled,
    replacement: { ...both(NAMED), says: /Can't be changed later/ },
  },
  'deletionProtection': {
    nag: true,
    given: { deletionProtection: false },
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    byDefault: { LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'true' }]) },
    whenGiven: { LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'false' }]) },
    valid: fc.boolean(),
  },
  'containerInsights': {
    nag: true,
    given: { containerInsights: false },
    type: 'AWS::ECS::Cluster',
    byDefault: { ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }] },
    whenGiven: { ClusterSettings: [{ Name: 'containerInsights', Value: 'disabled' }] },
    valid: fc.boolean(),
  },
  'logRetention': {
    nag: true,
    given: { logRetention: logs.RetentionDays.ONE_MONTH },
    type: 'AWS::Logs::LogGroup',
    byDefault: { LogGroupName: '/ecs/project-oky-ecs-api-task', RetentionInDays: 7 },
    whenGiven: { LogGroupName: '/ecs/project-oky-ecs-api-task', RetentionInDays: 30 },
    valid: fc.constantFrom(logs.RetentionDays.ONE_DAY, logs.RetentionDays.ONE_YEAR, logs.RetentionDays.INFINITE),
  },
  'hostedZone': {
    nag: true,
    given: stack => ({ hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Own', { hostedZoneId: 'Z1', zoneName: 'okyapp.info' }) }),
    type: 'AWS::Route53::RecordSet',
    byDefault: undefined,
    whenGiven: { ...aRecord, HostedZoneId: 'Z1' },
  },
  'certificate': {
    nag: false,
    given: stack => ({ certificate: acm.Certificate.fromCertificateArn(stack, 'Own', 'arn:aws:acm:eu-west-2:111122223333:certificate/own') }),
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    byDefault: { Certificates: [{ CertificateArn: certificateArn('eu-west-2') }] },
    whenGiven: { Certificates: [{ CertificateArn: 'arn:aws:acm:eu-west-2:111122223333:certificate/own' }] },
  },
  'edgeCertificate': {
    nag: false,
    given: stack => ({ edgeCertificate: acm.Certificate.fromCertificateArn(stack, 'Own', 'arn:aws:acm:us-east-1:111122223333:certificate/own') }),
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ ViewerCertificate: Match.objectLike({ AcmCertificateArn: certificateArn('us-east-1') }) }),
    whenGiven: distribution({ ViewerCertificate: Match.objectLike({ AcmCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/own' }) }),
  },
  'configBucket': {
    nag: true,
    base: { api: { environmentFileKey: 'api.env' } },
    given: stack => ({ configBucket: s3.Bucket.fromBucketName(stack, 'Own', 'own-bucket') }),
    type: 'AWS::ECS::TaskDefinition',
    byDefault: container({ EnvironmentFiles: [Match.objectLike({ Value: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^OkyConfig') }])] } })] }),
    whenGiven: container({ EnvironmentFiles: [Match.objectLike({ Value: { 'Fn::Join': ['', Match.arrayWith([':s3:::own-bucket/api.env'])] } })] }),
    replacement: {
      loses: ['OkyConfiguration is left behind'], losesBack: [], says: /A change makes the services read their files there: copy them before/,
    },
  },
  'encryptionKey': {
    nag: true,
    given: stack => ({ encryptionKey: existingKey(stack) }),
    type: 'AWS::Logs::LogGroup',
    byDefault: { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OkyEncryption'), 'Arn'] } },
    whenGiven: { KmsKeyId: keyArn('eu-west-2') },
  },
  'highAvailability': {
    nag: true,
    brings: [{ id: /^OkyDatabaseClusterReader/, how: 'destroyed', why: 'a second instance; the data is the cluster\'s' }],
    given: { highAvailability: true },
    type: 'AWS::ECS::Service',
    byDefault: service({ DesiredCount: 1 }),
    whenGiven: service({ DesiredCount: 2 }),
  },
  'scaling': {
    nag: true,
    given: { scaling: {} },
    type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    byDefault: undefined,
    whenGiven: { MinCapacity: 1, MaxCapacity: 4 },
  },
  'scaling.minCapacity': {
    nag: false,
    base: { scaling: {} },
    given: { scaling: { minCapacity: 3 } },
    type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    byDefault: { MinCapacity: 1 },
    whenGiven: { MinCapacity: 3 },
    wrong: outside(1, 1000),
  },
  'scaling.maxCapacity': {
    nag: false,
    base: { scaling: {} },
    given: { scaling: { maxCapacity: 9 } },
    type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    byDefault: { MaxCapacity: 4 },
    whenGiven: { MaxCapacity: 9 },
    wrong: outside(1, 1000),
  },
  'scaling.targetCpuUtilizationPercent': {
    nag: false,
    base: { scaling: {} },
    given: { scaling: { targetCpuUtilizationPercent: 40 } },
    type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
    byDefault: tracking('ECSServiceAverageCPUUtilization', 60),
    whenGiven: tracking('ECSServiceAverageCPUUtilization', 40),
    wrong: outside(10, 100),
  },
  'scaling.targetMemoryUtilizationPercent': {
    nag: false,
    base: { scaling: {} },
    given: { scaling: { targetMemoryUtilizationPercent: 75 } },
    type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
    byDefault: undefined,
    whenGiven: tracking('ECSServiceAverageMemoryUtilization', 75),
    wrong: outside(10, 100),
  },
  'scaling.requestsPerTarget': {
    nag: false,
    base: { scaling: {} },
    given: { scaling: { requestsPerTarget: 900 } },
    type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
    byDefault: undefined,
    whenGiven: tracking('ALBRequestCountPerTarget', 900),
    wrong: outside(1, 1_000_000),
  },
  'waf': {
    nag: true,
    brings: [{ id: /WebAclLog/, how: 'destroyed', why: 'requests that the web ACL blocked in the last month' }],
    usEast1Stack: 'project-oky-edge',
    given: { waf: {} },
    type: 'AWS::WAFv2::WebACL',
    byDefault: undefined,
    whenGiven: { Scope: 'CLOUDFRONT', DefaultAction: { Allow: {} } },
  },
  'monitoring': {
    nag: true,
    brings: [{ id: /MonitoringTopic/, how: 'destroyed', why: 'it keeps no message; an address that comes back confirms its subscription again' }],
    given: { monitoring: {} },
    type: 'AWS::CloudWatch::Alarm',
    byDefault: undefined,
    whenGiven: { AlarmName: 'project-oky-api-cpu' },
  },
} satisfies OptionCases;
