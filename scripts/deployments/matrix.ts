import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Stack } from 'aws-cdk-lib/core';
import type { Overrides } from './sample';
import { OkyDatabaseLogin, OkyEgress, OkyEndpoints, OkyOriginAccess, type OkyBackendProps, type OkyMonitoringOptions } from '../../src';

/** The six switches that multiply. */
export const SWITCHES = ['highAvailability', 'scaling', 'waf', 'hostedZone', 'exec', 'importedVpc'] as const;
export type Switches = Record<typeof SWITCHES[number], boolean>;

export const COMBINATIONS = Array.from({ length: 2 ** SWITCHES.length }, (_, bits) =>
  Object.fromEntries(SWITCHES.map((name, index) => [name, Math.floor(bits / 2 ** index) % 2 === 1])) as Switches);
export const NOTHING = COMBINATIONS[0];
export const EVERYTHING = COMBINATIONS[COMBINATIONS.length - 1];

/** Monitoring with all that it can make. */
export const EVERY_ALARM: OkyMonitoringOptions = {
  alarmEmail: 'ops@okyapp.info', slackWorkspaceId: 'T0123ABCD', slackChannelId: 'C0123ABCD', monthlyBudgetUsd: 200,
};

/** Every other option that brings or takes away a resource that a rule looks at. */
export const FURTHER: Record<string, Overrides> = {
  'edge.accessLogs': { edge: { accessLogs: true } },
  'edge.cacheCmsAssets': { edge: { cacheCmsAssets: true } },
  'edge.geoRestriction': { edge: { geoRestriction: cloudfront.GeoRestriction.allowlist('KE') } },
  'edge.verifyOrigin false': { edge: { verifyOrigin: false } },
  'edge.originSecretVersion': { edge: { originSecretVersion: 2 } },
  'waf.webAclArn': { waf: { webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/own/11111111-2222-3333-4444-555555555555' } },
  'waf.cmsAllowedCidrs': { waf: { cmsAllowedCidrs: ['203.0.113.0/24', '2001:db8::/32'] } },
  'Spot': { api: { useSpot: true }, cms: { useSpot: true } },
  'a list of domains': { network: { allowedDomains: [] } },
  'a NAT gateway': { network: { egress: OkyEgress.natGateway() } },
  'a NAT instance': { network: { egress: OkyEgress.natInstance() } },
  'public addresses for the tasks': { network: { egress: OkyEgress.publicIp() } },
  'a VPC origin': { network: { originAccess: OkyOriginAccess.VPC_ORIGIN } },
  'three zones, endpoints in one': { network: { maxAzs: 3, endpoints: OkyEndpoints.ONE_ZONE } },
  'provisioned instances': { database: { instanceType: ec2.InstanceType.of(ec2.InstanceClass.R6G, ec2.InstanceSize.LARGE) }, highAvailability: true },
  'a pinned engine version': { database: { engineVersion: '17.7' } },
  'a snapshot': { database: { snapshotIdentifier: 'before-the-move' } },
  'a later password': { database: { passwordVersion: 2 } },
  'services that log in with a role': { database: { applicationUsername: 'oky', login: OkyDatabaseLogin.APPLICATION } },
  'a task for SQL': { database: { sqlTask: true } },
  'a backup plan': { database: { backupPlan: { copyToVaultArn: 'arn:aws:backup:eu-west-1:111122223333:backup-vault:oky-copies' } }, highAvailability: true },
  'an air-gapped vault': { database: { backupPlan: { airGappedVaultName: 'oky-air-gapped' } }, highAvailability: true },
  'no deletion protection': { deletionProtection: false },
  'an own config bucket': stack => ({ configBucket: s3.Bucket.fromBucketName(stack, 'Own', 'own-bucket'), api: { environmentFileKey: 'api.env' } }),
  'an own key': stack => ({ encryptionKey: kms.Key.fromKeyArn(stack, 'Own', 'arn:aws:kms:eu-west-2:111122223333:key/11111111-2222-3333-4444-555555555555') }),
  'monitoring': { monitoring: {} },
  'monitoring, every option': stack => ({
    ...resolved({ ...EVERYTHING, importedVpc: false }, stack), edge: { accessLogs: true }, monitoring: EVERY_ALARM,
  }),
  'monitoring with an own topic': stack => ({
    waf: {}, monitoring: { alarmTopic: sns.Topic.fromTopicArn(stack, 'OwnTopic', 'arn:aws:sns:eu-west-2:111122223333:own'), dashboard: false },
  }),
  'monitoring under an own key': stack => ({
    encryptionKey: kms.Key.fromKeyArn(stack, 'Own', 'arn:aws:kms:eu-west-2:111122223333:key/11111111-2222-3333-4444-555555555555'), monitoring: EVERY_ALARM,
  }),
  'push messages': stack => ({
    cms: { googleCredentials: secretsmanager.Secret.fromSecretCompleteArn(stack, 'Google', 'arn:aws:secretsmanager:eu-west-2:111122223333:secret:google-AbCdEf') },
    network: { egress: OkyEgress.natGateway() },
  }),
  'operators.githubRepository': { operators: { githubRepository: 'oky-kenya/deployment' } },
  'no Container Insights': { containerInsights: false, monitoring: {} },
  'logs without end': { logRetention: logs.RetentionDays.INFINITE },
  'tags from parameters': { api: { imageTagParameter: '/oky/api/image-tag' }, cms: { imageTagParameter: '/oky/cms/image-tag' } },
  'no images': { api: { imageTag: undefined }, cms: { imageTag: undefined } },
  'environment files': { api: { environmentFileKey: 'api.env' }, cms: { environmentFileKey: 'cms.env' } },
};

export function props(on: Switches): Overrides {
  return stack => resolved(on, stack);
}

function resolved(on: Switches, stack: Stack): Partial<OkyBackendProps> {
  return {
    highAvailability: on.highAvailability,
    scaling: on.scaling ? {} : undefined,
    waf: on.waf ? {} : undefined,
    ...(on.hostedZone && {
      hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789', zoneName: 'okyapp.info' }),
      certificate: undefined,
      edgeCertificate: undefined,
    }),
    api: { enableExecuteCommand: on.exec },
    network: on.importedVpc ? {
      vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-11112222',
        availabilityZones: ['eu-west-2a', 'eu-west-2b'],
        publicSubnetIds: ['subnet-1111aaaa', 'subnet-1111bbbb'],
        isolatedSubnetIds: ['subnet-2222aaaa', 'subnet-2222bbbb'],
        isolatedSubnetRouteTableIds: ['rtb-2222aaaa', 'rtb-2222bbbb'],
      }),
    } : undefined,
  };
}

/** The names of what is on. */
export function nameOf(on: Switches): string {
  return SWITCHES.filter(name => on[name]).join(', ') || 'everything off';
}
