import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge, inPacks } from '../private/acknowledge';

/** Sent by the distribution with each request to the load balancer. */
export const ORIGIN_HEADER = 'X-Origin-Verify';

/**
 * The secret that proves a request comes from the distribution. Each version is a separate secret: the distribution sends the newest, the load
 * balancer accepts that one and the one before, and CloudFormation keeps both from its template alone.
 */
export class OriginSecret extends Construct {
  /** The value to send. */
  public readonly current: string;
  /** The values to accept. */
  public readonly accepted: string[];

  constructor(scope: Construct, id: string, props: { readonly version: number; readonly encryptionKey: kms.IKey }) {
    super(scope, id);
    const versions = props.version > 1 ? [props.version, props.version - 1] : [props.version];
    this.accepted = versions.map(version => this.makeSecret(version, props.encryptionKey));
    this.current = this.accepted[0];
  }

  private makeSecret(version: number, encryptionKey: kms.IKey): string {
    const secret = new secretsmanager.Secret(this, `Version${version}`, {
      description: `${ORIGIN_HEADER} header from CloudFront to the load balancer, generation ${version}`,
      encryptionKey,
      // The load balancer compares without regard to case, takes * and ? for wildcards, and 128 characters at most.
      generateSecretString: { passwordLength: 64, excludePunctuation: true, excludeUppercase: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const rotation = 'rotated with edge.originSecretVersion, in step with CloudFront and the load balancer, which a schedule of its own would break';
    acknowledge(secret, {
      'AwsSolutions-SMG4': rotation,
      ...inPacks('SecretsManagerRotationEnabled', rotation, ['NIST', 'HIPAA']),
    });
    // A dynamic reference: the template, and who reads it, sees the name of the secret only.
    return secret.secretValue.unsafeUnwrap();
  }
}
