import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Annotations, type IResource, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { US_EAST_1 } from './regions';
import { textOf } from './resolved-text';
import { invalid, isKnown } from './validation';

/** The actions that the deployment's services and roles need on a key of another account. */
const KEY_USE = ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

/** The props that name existing resources. */
export interface GivenResources {
  readonly certificate?: ICertificate;
  readonly edgeCertificate?: ICertificate;
  readonly configBucket?: IBucket;
  readonly encryptionKey?: IKey;
  readonly database?: { readonly encryptionKey?: IKey };
  readonly network?: { readonly vpc?: IVpc };
}

/** Refuses what is given and can't be used from here, and says what is missing where that can't be seen. */
export function requireGivenResources(scope: Construct, props: GivenResources): void {
  const { account, region } = Stack.of(scope);
  const inRegion: [prop: string, resource: IResource | undefined, why: string][] = [
    ['network.vpc', props.network?.vpc, 'as everything is in it'],
    ['configBucket', props.configBucket, 'as the S3 endpoint of the VPC reaches no other'],
    ['encryptionKey', props.encryptionKey, 'as a key can be used in its region only'],
    ['database.encryptionKey', props.database?.encryptionKey, 'as a key can be used in its region only'],
  ];
  for (const [prop, resource, why] of inRegion) {
    if (differ(resource?.env.region, region)) {
      throw invalid(prop, `be in the region of the stack (${region}), ${why}`, `${resource!.node.path} in ${resource!.env.region}`, `give one in ${region}, or leave it out`);
    }
  }
  for (const [prop, certificate, itsRegion] of [['certificate', props.certificate, region], ['edgeCertificate', props.edgeCertificate, US_EAST_1]] as const) {
    const arn = certificate?.certificateArn;
    // The env of an imported certificate is that of the stack, whatever its ARN says.
    if (isKnown(arn) && differ(arn.split(':')[4], account)) {
      throw invalid(prop, `be in the account of the stack (${account}), as ${prop === 'certificate' ? 'a load balancer' : 'CloudFront'} takes no other`, arn,
        `request it there: aws acm request-certificate --region ${itsRegion}, or give hostedZone, in which it is made and validated`);
    }
  }
  for (const [prop, key] of [['encryptionKey', props.encryptionKey], ['database.encryptionKey', props.database?.encryptionKey]] as const) {
    if (key && textOf(scope, key.keyArn).includes(':alias/')) {
      throw invalid(prop, 'be the key itself and not an alias, which CloudWatch Logs and policies don\'t take', key.node.path, 'import it with kms.Key.fromKeyArn, or look it up with kms.Key.fromLookup');
    }
    warnOfAccount(scope, prop, key);
  }
  const { configBucket: bucket } = props;
  if (differ(bucket?.env.account, account)) {
    throw invalid('configBucket', `be in the account of the stack (${account}), as the S3 endpoint of the VPC reaches no bucket of another`,
      `${bucket!.node.path} in ${bucket!.env.account}`, 'copy the files to a bucket of this account, or leave it out');
  }
}

/** The statement that lets another account's IAM policies count. */
export function principal(account: string): string {
  return `arn:aws:iam::${account}:root`;
}

/** The policy of a key of another account can't be extended from here. */
function warnOfAccount(scope: Construct, prop: string, key: IResource | undefined): void {
  const { account } = Stack.of(scope);
  if (differ(key?.env.account, account)) {
    const statement = { Effect: 'Allow', Principal: { AWS: principal(account) }, Action: KEY_USE, Resource: '*' };
    Annotations.of(scope).addWarningV2(`cdk-oky-backend:otherAccount:${prop}`, `${prop} is in account ${key!.env.account}: before the deployment, add this statement to its `
      + `policy: ${JSON.stringify(statement)}`);
  }
}

function differ(given: string | undefined, own: string): boolean {
  return given !== undefined && !Token.isUnresolved(given) && !Token.isUnresolved(own) && given !== own;
}
