import { Match, Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { templateOf } from '../helpers';

const template = templateOf({ database: { sqlTask: true } });

interface Rule {
  readonly Status: string;
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number; readonly NewerNoncurrentVersions?: number };
}

function bucketOf(
  of: Template, id: string,
): { readonly LifecycleConfiguration: { readonly Rules: Rule[] }; readonly VersioningConfiguration?: unknown } {
  return Object.entries(of.findResources('AWS::S3::Bucket')).find(([name]) => name.startsWith(id))![1].Properties;
}

/**
 * The days after which each version of a file is gone at the latest; undefined for one that stays. Each version is deleted a
 * while ago or still there, and there are newer ones of it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
function goneAfter(rules: Rule[], key: string, newerVersions: number): number | undefined {
  const days = rules.filter(({ Status, Prefix = '' }) => Status === 'Enabled' && key.startsWith(Prefix)).flatMap(({ NoncurrentVersionExpiration: noncurrent }) =>
    noncurrent && newerVersions >= (noncurrent.NewerNoncurrentVersions ?? 0) ? [noncurrent.NoncurrentDays] : []);
  return days.length === 0 ? undefined : Math.min(...days);
}

describe('the bucket for files of SQL', () => {
  test('is there with the task only', () => {
    expect(Object.keys(templateOf().findResources('AWS::S3::Bucket')).filter(id => id.includes('SqlTask'))).toEqual([]);
    expect(templateOf().findOutputs('OkySqlBucketName')).toEqual({});
    template.hasOutput('OkySqlBucketName', { Value: { Ref: Match.stringLikeRegexp('^OkySqlTaskFiles') } });
  });

  test('keeps no versions, so that what is deleted is gone, and every file for a day', () => {
    const { VersioningConfiguration: versioning, LifecycleConfiguration: lifecycle } = bucketOf(template, 'OkySqlTaskFiles');
    expect(versioning).toBeUndefined();
    expect(lifecycle.Rules).toEqual([{ Status: 'Enabled', ExpirationInDays: 1, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }]);
  });

  test('is encrypted, private, and refuses plain HTTP', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: { ServerSideEncryptionConfiguration: [Match.objectLike({ ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: 'aws:kms' }) })] },
      LoggingConfiguration: Match.objectLike({ LogFilePrefix: 'sql-bucket/' }),
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: Match.stringLikeRegexp('^OkySqlTaskFiles') },
      PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) }),
    });
  });

  test('is another one than that of the environment files, also where that one is given', () => {
    const given = templateOf(stack => ({ database: { sqlTask: true }, configBucket: s3.Bucket.fromBucketName(stack, 'Own', 'own-bucket') }));
    given.hasOutput('OkyConfigBucketName', { Value: 'own-bucket' });
    given.hasOutput('OkySqlBucketName', { Value: { Ref: Match.stringLikeRegexp('^OkySqlTaskFiles') } });
  });
});

/** Outside facts, T5. */
describe('the bucket of the environment files', () => {
  const { Rules } = bucketOf(template, 'OkyConfiguration').LifecycleConfiguration;

  test.each([0, 1, 9, 10, 50])('keeps no former version longer than it says, with %d newer ones', newer => {
    expect(goneAfter(Rules, 'api.env', newer)).toBe(90);
    expect(goneAfter(Rules, 'sql/setup.sql', newer)).toBe(1);
  });

  test('kept the ten newest without end, with a number to keep beside the days', () => {
    const before: Rule[] = [{ Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 90, NewerNoncurrentVersions: 10 } }];
    expect([9, 10].map(newer => goneAfter(before, 'sql/setup.sql', newer))).toEqual([undefined, 90]);
  });

  test('lets files of SQL that were uploaded to it expire, and no environment file', () => {
    const current = (key: string) => Rules.filter(({ Prefix = '', ExpirationInDays }) => ExpirationInDays !== undefined && key.startsWith(Prefix)).map(rule => rule.ExpirationInDays);
    expect([current('sql/setup.sql'), current('api.env')]).toEqual([[1], []]);
  });
});
