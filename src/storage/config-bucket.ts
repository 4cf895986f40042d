import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { LogBucket } from './log-bucket';
import { acknowledge, inPacks } from '../private/acknowledge';

/** Where files of SQL were uploaded to before they had a bucket of their own: what is here expires. */
const FORMER_SQL_FILES = 'sql/';

export interface ConfigBucketProps {
  readonly encryptionKey: kms.IKey;
  readonly logBucket: LogBucket;
}

/** The bucket for the services' environment files. */
export class ConfigBucket extends Construct {
  public readonly bucket: s3.IBucket;

  constructor(scope: Construct, id: string, props: ConfigBucketProps) {
    super(scope, id);
    this.bucket = new s3.Bucket(this, 'Resource', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: props.encryptionKey,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      serverAccessLogsBucket: props.logBucket.bucket,
      serverAccessLogsPrefix: 'config-bucket/',
      lifecycleRules: [
        // For a person who overwrites a good file. With a number to keep as well, S3 would keep that number without end.
        { noncurrentVersionExpiration: Duration.days(90) },
        // Files of SQL were here once, and can hold data of persons.
        { prefix: FORMER_SQL_FILES, expiration: Duration.days(1), noncurrentVersionExpiration: Duration.days(1) },
      ],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const replication = 'two small files that the deployer keeps as well; health data of minors or their keys are not copied to another region by default';
    acknowledge(this.bucket, {
      ...inPacks('S3BucketReplicationEnabled', replication),
    });
  }
}
