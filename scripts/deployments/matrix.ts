import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Stack } from 'aws-cdk-lib/core';
import { existingKey, existingSecret, existingVpc, VAULT_ARN, withHostedZone } from './existing';
import type { Overrides } from './sample';
import { OkyEgress, OkyEndpoints, type OkyBackendProps, type OkyMonitoringOptions } from '../../src';
import { NAG_ROWS } from '../catalogue/catalogue';

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

/** Every option that adds, removes or changes a resource that a rule reads, and options that meet in one deployment. */
export const FURTHER: Readonly<Record<string, Overrides>> = {
  ...NAG_ROWS,
  'an existing VPC without endpoints': stack => ({ network: { vpc: existingVpc(stack), endpoints: OkyEndpoints.NONE } }),
  'one country': { edge: { geoRestriction: cloudfront.GeoRestriction.allowlist('KE') } },
  'Spot for both': { api: { useSpot: true }, cms: { useSpot: true } },
  'three zones, endpoints in one': { network: { maxAzs: 3, endpoints: OkyEndpoints.ONE_ZONE } },
  'provisioned instances in two zones': { database: { instanceType: new ec2.InstanceType('r6g.large') }, highAvailability: true },
  'a backup plan, two instances': { database: { backupPlan: { copyToVaultArn: VAULT_ARN } }, highAvailability: true },
  'an existing config bucket': stack => ({ configBucket: s3.Bucket.fromBucketName(stack, 'Own', 'own-bucket'), api: { environmentFileKey: 'api.env' } }),
  'monitoring, every option': stack => ({
    ...resolved({ ...EVERYTHING, importedVpc: false }, stack), edge: { accessLogs: true }, monitoring: EVERY_ALARM,
  }),
  'monitoring with an existing topic': stack => ({
    waf: {}, monitoring: { alarmTopic: sns.Topic.fromTopicArn(stack, 'OwnTopic', 'arn:aws:sns:eu-west-2:111122223333:own'), dashboard: false },
  }),
  'monitoring under an existing key': stack => ({ encryptionKey: existingKey(stack), monitoring: EVERY_ALARM }),
  'push messages': stack => ({ cms: { googleCredentials: existingSecret(stack, 'google') }, network: { egress: OkyEgress.natGateway() } }),
  'no Container Insights': { containerInsights: false, monitoring: {} },
  'logs without end': { logRetention: logs.RetentionDays.INFINITE },
  'two parameters of image tags': { api: { imageTagParameter: '/oky/api/image-tag' }, cms: { imageTagParameter: '/oky/cms/image-tag' } },
  'no images': { api: { imageTag: undefined }, cms: { imageTag: undefined } },
  'a secret from the Parameter Store': stack => ({
    api: { secrets: { FURTHER: ecs.Secret.fromSsmParameter(ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Further', { parameterName: '/oky/further' })) } },
  }),
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
    ...(on.hostedZone && withHostedZone(stack)),
    api: { enableExecuteCommand: on.exec },
    network: on.importedVpc ? { vpc: existingVpc(stack) } : undefined,
  };
}

/** The names of what is on. */
export function nameOf(on: Switches): string {
  return SWITCHES.filter(name => on[name]).join(', ') || 'everything off';
}
