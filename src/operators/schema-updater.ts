import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { DatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { ArnFormat, Aws, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge, wildcardFinding } from '../private/acknowledge';
import type { IOkyService } from '../service/service-options';

/** Where files for the SQL task are in its bucket. */
export const SQL_PREFIX = 'sql/';

export interface SchemaUpdaterProps {
  readonly cluster: ecs.ICluster;
  readonly api: IOkyService;
  /** As text: by reference, the policy would wait until the service runs. */
  readonly apiServiceName: string;
  readonly apiLogGroupName: string;
  readonly repositories: IRepository[];
  readonly sqlTask: ecs.FargateTaskDefinition;
  readonly databaseCluster: DatabaseCluster;
  readonly bucket: IBucket;
  /** The key of the bucket. */
  readonly bucketKey: IKey;
}

/**
 * What `npx cdk-oky-backend database` and `release` need beside the other policies: run SQL as the master user, after a snapshot, and try an
 * image before users get it. Whoever has it can do everything in the database.
 */
export class SchemaUpdater extends Construct {
  public readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: SchemaUpdaterProps) {
    super(scope, id);
    const { cluster, api, sqlTask, databaseCluster, bucket, bucketKey } = props;
    const arnOf = (service: string, resource: string, resourceName: string, arnFormat = ArnFormat.SLASH_RESOURCE_NAME) =>
      Stack.of(this).formatArn({ service, resource, resourceName, arnFormat });
    const inCluster = { ArnEquals: { 'ecs:cluster': cluster.clusterArn } };
    const definitions = [api.taskDefinition, sqlTask];
    const revisions = definitions.map(({ family }) => arnOf('ecs', 'task-definition', `${family}:*`));
    const service = arnOf('ecs', 'service', `${cluster.clusterName}/${props.apiServiceName}`);
    const tasks = arnOf('ecs', 'task', `${cluster.clusterName}/*`);
    const snapshots = arnOf('rds', 'cluster-snapshot', `${databaseCluster.clusterIdentifier}-before-release-*`, ArnFormat.COLON_RESOURCE_NAME);
    const files = bucket.arnForObjects(`${SQL_PREFIX}*`);
    const lines = arnOf('logs', 'log-group', `${props.apiLogGroupName}:log-stream:*`, ArnFormat.COLON_RESOURCE_NAME);
    this.policy = new iam.ManagedPolicy(this, 'Resource', {
      description: 'Oky: run SQL in the database, and try an image before it is released',
      document: new iam.PolicyDocument({
        minimize: false,
        statements: [
          new iam.PolicyStatement({ sid: 'AllowStackOutputs', actions: ['cloudformation:DescribeStacks'], resources: [Stack.of(this).stackId] }),
          new iam.PolicyStatement({ sid: 'AllowTaskStart', actions: ['ecs:RunTask'], resources: revisions, conditions: inCluster }),
          new iam.PolicyStatement({ sid: 'AllowTaskRead', actions: ['ecs:DescribeTasks'], resources: [tasks], conditions: inCluster }),
          new iam.PolicyStatement({ sid: 'AllowTaskDefinitionRead', actions: ['ecs:DescribeTaskDefinition'], resources: ['*'] }),
          new iam.PolicyStatement({ sid: 'AllowTaskNetworkRead', actions: ['ecs:DescribeServices'], resources: [service] }),
          new iam.PolicyStatement({
            sid: 'AllowPassRoleForTasks',
            actions: ['iam:PassRole'],
            resources: definitions.flatMap(({ taskRole, executionRole }) => [taskRole.roleArn, executionRole!.roleArn]),
            conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
          }),
          new iam.PolicyStatement({ sid: 'AllowTaskLogRead', actions: ['logs:GetLogEvents'], resources: [lines] }),
          new iam.PolicyStatement({ sid: 'AllowSqlFiles', actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], resources: [files] }),
          new iam.PolicyStatement({
            sid: 'AllowSqlFilesKey',
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: [bucketKey.keyArn],
            conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
          }),
          new iam.PolicyStatement({
            sid: 'AllowSnapshot',
            actions: ['rds:CreateDBClusterSnapshot'],
            resources: [databaseCluster.clusterArn, snapshots],
          }),
          new iam.PolicyStatement({ sid: 'AllowSnapshotRead', actions: ['rds:DescribeDBClusterSnapshots'], resources: [snapshots] }),
          new iam.PolicyStatement({
            sid: 'AllowImageRead',
            actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
            resources: props.repositories.map(({ repositoryArn }) => repositoryArn),
          }),
        ],
      }),
    });
    const wildcards: Record<string, readonly string[]> = {
      'a new revision has a number that nobody knows before; the family is fixed': revisions,
      'a task has an id that nobody knows before; the cluster is fixed': [tasks],
      'a snapshot has the time in its name; the cluster is fixed': [snapshots],
      'each file with SQL has a name of its own; the folder is fixed': [files],
      'each task has a stream of its own; the log group is fixed': [lines],
    };
    acknowledge(this.policy, {
      'AwsSolutions-IAM5[Resource::*]': 'ecs:DescribeTaskDefinition has no resource-level permission',
      ...Object.fromEntries(Object.entries(wildcards).flatMap(([reason, arns]) => arns.map(arn => [wildcardFinding(this, arn), reason]))),
    });
  }
}
