import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge, inPacks } from '../private/acknowledge';
import type { LogBucket } from '../storage/log-bucket';

export interface SqlBucketProps {
  readonly encryptionKey: kms.IKey;
  readonly logBucket: LogBucket;
}

/**
 * The bucket for files of SQL, which can hold data of persons. It is apart from that of the environment files: a person who
 * may load SQL must not decide how a service starts. It keeps no versions, so a file that is deleted is gone.
 */
export class SqlBucket extends Construct {
  public readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: SqlBucketProps) {
    super(scope, id);
    this.bucket = new s3.Bucket(this, 'Resource', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: props.encryptionKey,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      serverAccessLogsBucket: props.logBucket.bucket,
      serverAccessLogsPrefix: 'sql-bucket/',
      // The least that S3 knows. It counts from the next midnight (UTC), so a file is gone after one to two days.
      lifecycleRules: [{ expiration: Duration.days(1), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const copies = 'a file is a copy of what an operator has, and can hold data of persons: once deleted it must be gone, and it expires after a day';
    acknowledge(this.bucket, {
      ...inPacks('S3BucketVersioningEnabled', copies),
      ...inPacks('S3BucketReplicationEnabled', copies),
    });
  }
}
