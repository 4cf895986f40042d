/** Resources that exist before the deployment, imported by the ids and ARNs of the sample account. */
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Stack } from 'aws-cdk-lib/core';
import { ACCOUNT } from './sample';
import type { OkyBackendProps } from '../../src';

export const WEB_ACL_ARN = `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/own/11111111-2222-3333-4444-555555555555`;
export const VAULT_ARN = `arn:aws:backup:eu-west-1:${ACCOUNT}:backup-vault:oky-copies`;

/** A VPC with public and isolated subnets in two zones. */
export function existingVpc(stack: Stack): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-11112222',
    availabilityZones: ['eu-west-2a', 'eu-west-2b'],
    publicSubnetIds: ['subnet-1111aaaa', 'subnet-1111bbbb'],
    isolatedSubnetIds: ['subnet-2222aaaa', 'subnet-2222bbbb'],
    isolatedSubnetRouteTableIds: ['rtb-2222aaaa', 'rtb-2222bbbb'],
  });
}

export function existingKey(stack: Stack): kms.IKey {
  return kms.Key.fromKeyArn(stack, 'Own', keyArn(stack.region));
}

export function keyArn(region: string): string {
  return `arn:aws:kms:${region}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
}

export function existingSecret(stack: Stack, name: string): secretsmanager.ISecret {
  return secretsmanager.Secret.fromSecretCompleteArn(stack, name, secretArn(stack.region, name));
}

export function secretArn(region: string, name: string): string {
  return `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:${name}-AbCdEf`;
}

/** A hosted zone of the domain, in which the certificates are created. */
export function withHostedZone(stack: Stack): Partial<OkyBackendProps> {
  return {
    hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789', zoneName: 'okyapp.info' }),
    certificate: undefined,
    edgeCertificate: undefined,
  };
}
