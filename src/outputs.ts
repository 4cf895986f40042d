import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import type { IManagedPolicy, IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { IOkyDatabase } from './database/database-options';
import type { IOkyService } from './service/service-options';
import type { Settings } from './settings';
import type { SqlTask } from './sql-task/sql-task';

/** A deployment with all its parts. */
export interface Parts extends Construct {
  readonly distribution: Distribution;
  readonly cluster: Cluster;
  readonly api: IOkyService;
  readonly cms: IOkyService;
  readonly configBucket: IBucket;
  readonly database: IOkyDatabase;
  readonly imageBuilderPolicy: IManagedPolicy;
  readonly serviceUpdaterPolicy: IManagedPolicy;
  readonly schemaUpdaterPolicy?: IManagedPolicy;
  readonly alarmTopic?: ITopic;
}

/** What the stack in us-east-1 reads. */
export interface SharedOutputs {
  readonly distributionId: CfnOutput;
  readonly alarmTopicArn?: CfnOutput;
}

/**
 * What the deployer's next steps need, by names that commands can be written with: the construct's id and what it is,
 * without the hash that CDK would add.
 */
export function addOutputs(backend: Parts, settings: Settings, githubRole?: IRole, sqlTask?: SqlTask): SharedOutputs {
  const prefix = backend.node.path.slice(Stack.of(backend).node.path.length).replace(/[^A-Za-z0-9]/g, '');
  const output = (name: string, value: string, description: string) => {
    const made = new CfnOutput(backend, name, { value, description });
    made.overrideLogicalId(prefix + name);
    return made;
  };
  output('ApiHost', settings.hosts.api, 'Host of the API');
  output('CmsHost', settings.hosts.cms, 'Host of the CMS');
  output('DnsTarget', backend.distribution.distributionDomainName, 'What the DNS records of both hosts point at, as CNAME or alias');
  const distributionId = output('DistributionId', backend.distribution.distributionId, 'CloudFront distribution');
  output('ClusterName', backend.cluster.clusterName, 'ECS cluster');
  for (const [name, service, { environmentFileKey, imageTagParameter }] of [['Api', backend.api, settings.api], ['Cms', backend.cms, settings.cms]] as const) {
    output(`${name}ServiceName`, service.service.serviceName, `ECS service of the ${name.toUpperCase()}`);
    output(`${name}RepositoryUri`, service.repository.repositoryUri, `Where images of the ${name.toUpperCase()} are pushed to`);
    if (environmentFileKey) {
      output(`${name}EnvironmentFileKey`, environmentFileKey, `Where in the config bucket the environment file of the ${name.toUpperCase()} is read`);
    }
    if (imageTagParameter) {
      output(`${name}ImageTagParameter`, imageTagParameter, `Parameter that holds the tag of the image of the ${name.toUpperCase()}`);
    }
  }
  output('ConfigBucketName', backend.configBucket.bucketName, 'Bucket of the environment files');
  output('DatabaseEndpoint', backend.database.cluster.clusterEndpoint.socketAddress, 'Host and port of the database');
  output('DatabaseClusterArn', backend.database.cluster.clusterArn, 'The database, for the Data API');
  output('ImageBuilderPolicyArn', backend.imageBuilderPolicy.managedPolicyArn, 'Policy for who pushes images');
  output('ServiceUpdaterPolicyArn', backend.serviceUpdaterPolicy.managedPolicyArn, 'Policy for who releases them');
  if (githubRole) {
    output('GithubRoleArn', githubRole.roleArn, 'Role that the workflows of the GitHub repository assume');
  }
  output('DatabaseSecretArn', backend.database.secret.secretArn, 'Secret with user and password of the database');
  if (backend.database.applicationSecret) {
    output('ApplicationSecretArn', backend.database.applicationSecret.secretArn, 'Secret with user and password of the role for the services');
  }
  if (backend.schemaUpdaterPolicy) {
    output('SchemaUpdaterPolicyArn', backend.schemaUpdaterPolicy.managedPolicyArn, 'Policy for who runs SQL in the database');
  }
  if (sqlTask) {
    output('SqlBucketName', sqlTask.bucket.bucketName, 'Bucket for files of SQL, which expire after a day');
    output('SqlTaskDefinitionArn', sqlTask.taskDefinition.taskDefinitionArn, 'Task that runs SQL in the database, for the command line of this library');
  }
  const alarmTopicArn = backend.alarmTopic && output('AlarmTopicArn', backend.alarmTopic.topicArn, 'Topic of the alarms');
  return { distributionId, alarmTopicArn };
}
