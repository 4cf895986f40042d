import { Match } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { container, distribution, OWN_KEY, service, testOptions } from './options';
import { certificateArn } from '../helpers';

const tracking = (metric: string, TargetValue: number) => ({
  TargetTrackingScalingPolicyConfiguration: Match.objectLike({
    TargetValue, PredefinedMetricSpecification: Match.objectLike({ PredefinedMetricType: metric }),
  }),
});
const aRecord = { Type: 'A', Name: 'api.okyapp.info.' };

testOptions({
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
    usEast1Stack: 'project-oky-edge',
    given: { waf: {} },
    type: 'AWS::WAFv2::WebACL',
    byDefault: undefined,
    whenGiven: { Scope: 'CLOUDFRONT', DefaultAction: { Allow: {} } },
  },
  'monitoring': {
    given: { monitoring: {} },
    type: 'AWS::CloudWatch::Alarm',
    byDefault: undefined,
    whenGiven: { AlarmName: 'project-oky-api-cpu' },
  },
},
{ file: 'oky-backend-props.ts', name: 'OkyBackendProps', elsewhere: ['api', 'cms', 'database', 'edge', 'network', 'operators'] },
{ prefix: 'scaling.', file: 'service/service-options.ts', name: 'OkyScalingOptions' },
);
