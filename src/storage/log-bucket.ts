import * as s3 from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge, inPacks } from '../private/acknowledge';
import { serviceStatement } from '../private/service-statement';

/** One kind of log: the service that delivers it, and the path in the bucket that it writes under. */
export interface LogSource {
  readonly principal: string;
  /** The path without a slash at its end. With the id of the account in it, the path alone keeps out all other accounts. */
  readonly path: string;
  /** On whose behalf the service comes, where AWS documents that it says so: what it does not say must not be asked for. */
  readonly sourceArn?: string;
  /** Whether the service first looks whether it may deliver, as vended logs do; without the right to, it edits the policy itself. */
  readonly checksBucket?: boolean;
}

/** How long access and flow logs are kept: long enough to look into an incident that was noticed late. */
const RETENTION = Duration.days(90);

export interface LogBucketProps {
  /** Why the bucket is on S3's own key and not on one of the deployment: an auditor reads it. */
  readonly whyServiceKey: string;
  /** Whether another bucket logs to this one. */
  readonly takesBucketLogs: boolean;
}

/** A bucket that AWS services deliver logs to. */
export class LogBucket extends Construct {
  public readonly bucket: s3.Bucket;
  private readonly policy: s3.BucketPolicy;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    const bucket = new s3.Bucket(this, 'Resource', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{ expiration: RETENTION, noncurrentVersionExpiration: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.bucket = bucket;
    this.policy = bucket.policy!; // enforceSSL has made it
    const replication = 'logs that expire after 90 days and can be lost without harm to a user are not worth a second copy in another region';
    acknowledge(bucket, {
      ...inPacks('S3BucketReplicationEnabled', replication),
      ...inPacks('S3DefaultEncryptionKMS', props.whyServiceKey),
    });
    // The rules themselves leave out a bucket that they see another one log to.
    if (!props.takesBucketLogs) {
      const endless = 'this is a bucket that logs go to; logging the writing of logs would not end';
      acknowledge(bucket, {
        'AwsSolutions-S1': endless,
        ...inPacks('S3BucketLoggingEnabled', endless),
      });
    }
  }

  /** Lets one service deliver, for resources of this account only; what delivers must wait for the returned policy. */
  public allowDelivery(source: LogSource): s3.BucketPolicy {
    const allow = (actions: string[], resource: string) =>
      this.bucket.addToResourcePolicy(serviceStatement(Stack.of(this), source, actions, resource));
    allow(['s3:PutObject'], this.bucket.arnForObjects(`${source.path}/*`));
    if (source.checksBucket) {
      allow(['s3:GetBucketAcl', 's3:ListBucket'], this.bucket.bucketArn);
    }
    return this.policy;
  }
}
