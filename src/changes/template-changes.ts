import * as fs from 'fs';
import { type Stack, Stage } from 'aws-cdk-lib/core';
import { invalid } from '../private/validation';

/** What holds data or identity, and the properties that CloudFormation makes another one for, by AWS's own database of resource types. */
const FIXED: Record<string, string[]> = {
  'AWS::Backup::BackupVault': ['BackupVaultName', 'EncryptionKeyArn'],
  'AWS::Backup::LogicallyAirGappedBackupVault': ['BackupVaultName', 'EncryptionKeyArn', 'MaxRetentionDays', 'MinRetentionDays'],
  'AWS::CloudFront::Distribution': [],
  'AWS::CloudFront::VpcOrigin': [],
  'AWS::EC2::InternetGateway': [],
  'AWS::EC2::Subnet': [
    'AvailabilityZone', 'AvailabilityZoneId', 'CidrBlock', 'Ipv4IpamPoolId', 'Ipv4NetmaskLength', 'Ipv6CidrBlock', 'Ipv6IpamPoolId', 'Ipv6Native',
    'Ipv6NetmaskLength', 'OutpostArn', 'VpcId',
  ],
  'AWS::EC2::VPC': ['CidrBlock', 'InstanceTenancy', 'Ipv4IpamPoolId', 'Ipv4NetmaskLength', 'VpcEncryptionControl'],
  'AWS::ECR::Repository': ['EncryptionConfiguration', 'RepositoryName'],
  'AWS::ECS::Cluster': ['ClusterName'],
  'AWS::ECS::Service': ['Cluster', 'DeploymentController', 'LaunchType', 'Role', 'SchedulingStrategy', 'ServiceName'],
  'AWS::ElasticLoadBalancingV2::Listener': ['LoadBalancerArn'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['Name', 'Scheme', 'Type'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['IpAddressType', 'Name', 'Port', 'Protocol', 'ProtocolVersion', 'TargetType', 'VpcId'],
  'AWS::KMS::Key': [],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::RDS::DBCluster': [
    'AvailabilityZones', 'ClusterScalabilityType', 'DBClusterIdentifier', 'DBSubnetGroupName', 'DBSystemId', 'DatabaseName', 'Engine',
    'EngineMode', 'GlobalClusterIdentifier', 'KmsKeyId', 'MasterUsername', 'PubliclyAccessible', 'RestoreToTime', 'RestoreType',
    'SnapshotIdentifier', 'SourceDBClusterIdentifier', 'SourceDbClusterResourceId', 'SourceRegion', 'StorageEncrypted', 'UseLatestRestorableTime',
  ],
  'AWS::RDS::DBInstance': [
    'AvailabilityZone', 'BackupRetentionPeriod', 'BackupTarget', 'CharacterSetName', 'CustomIAMInstanceProfile', 'DBClusterIdentifier',
    'DBClusterSnapshotIdentifier', 'DBInstanceIdentifier', 'DBName', 'DBParameterGroupName', 'DBSnapshotIdentifier', 'DBSubnetGroupName',
    'DBSystemId', 'Engine', 'KmsKeyId', 'MasterUsername', 'MultiAZ', 'NcharCharacterSetName', 'PerformanceInsightsKMSKeyId', 'Port',
    'PreferredMaintenanceWindow', 'RestoreTime', 'SourceDBClusterIdentifier', 'SourceDBInstanceAutomatedBackupsArn', 'SourceDBInstanceIdentifier',
    'SourceDbiResourceId', 'SourceRegion', 'StorageEncrypted', 'StorageType', 'Timezone', 'UseLatestRestorableTime',
  ],
  'AWS::RDS::DBSubnetGroup': ['DBSubnetGroupName'],
  'AWS::S3::Bucket': ['BucketName', 'BucketNamePrefix', 'BucketNamespace', 'ObjectLockEnabled'],
  'AWS::SNS::Topic': ['FifoTopic', 'TopicName'],
  // A change of how it is generated is one in place for CloudFormation, and another value for whoever uses it.
  'AWS::SecretsManager::Secret': ['GenerateSecretString', 'Name'],
};

/** What may be lost. */
export interface OkyTemplateChangesOptions {
  /**
   * The logical ids of what is meant to be replaced or removed, each after somebody has seen to its data.
   *
   * @default - nothing
   */
  readonly expected?: string[];
}

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
  readonly DeletionPolicy?: string;
}

/**
 * For the tests of a deployment: whether an update would replace or remove what holds data (database, buckets,
 * repositories, secrets, keys, logs) or what requests find their way by (network, load balancer, distribution, services).
 * It knows the types of resources that `OkyBackend` makes, and looks at templates alone: no AWS account is needed.
 */
export class OkyTemplateChanges {
  /**
   * Throws an error that names each loss, its cause and what to do.
   *
   * @param before the template that is deployed
   * @param after the template that is to be deployed
   * @param options what may be lost
   */
  public static assertNothingStatefulReplaced(
    before: { [key: string]: unknown }, after: { [key: string]: unknown }, options: OkyTemplateChangesOptions = {},
  ): void {
    const [old, wanted] = [resourcesOf('before', before), resourcesOf('after', after)];
    const found = Object.entries(old)
      .filter(([id, resource]) => FIXED[resource.Type] && !isExpendable(resource) && !options.expected?.includes(id))
      .flatMap(([id, resource]) => lossOf(resource, wanted[id]).map(loss => `${id} (${resource.Type}) would be ${loss}`));
    if (found.length > 0) {
      throw new Error(`the update loses what can't be made again:\n- ${found.join('\n- ')}\n`
        + 'Take back the change of the option that causes it. If it is meant, see to the data first, then name the logical ids in options.expected');
    }
  }

  /**
   * The same for a stack of an app, and its last template in a file. To get what is deployed:
   * `aws cloudformation get-template --stack-name <name> --query TemplateBody > last-template.json`.
   *
   * @param stack the stack that is to be deployed; the app is synthesised
   * @param lastTemplate the path of the template that is deployed, as JSON
   * @param options what may be lost
   */
  public static assertStackKeepsState(stack: Stack, lastTemplate: string, options: OkyTemplateChangesOptions = {}): void {
    const after = Stage.of(stack)!.synth().getStackArtifact(stack.artifactId).template as { [key: string]: unknown };
    OkyTemplateChanges.assertNothingStatefulReplaced(readTemplate(lastTemplate, stack.stackName), after, options);
  }

  private constructor() {}
}

function readTemplate(file: string, stackName: string): { [key: string]: unknown } {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as { [key: string]: unknown };
  } catch {
    throw invalid('lastTemplate', 'be the path of a template in JSON', file,
      `write it with: aws cloudformation get-template --stack-name ${stackName} --query TemplateBody > ${file}`);
  }
}

/** What is no template must not pass for one without resources. */
function resourcesOf(name: string, template: { [key: string]: unknown }): { [id: string]: Resource } {
  if (typeof template.Resources !== 'object' || template.Resources === null) {
    throw invalid(name, 'be a CloudFormation template, with Resources', Object.keys(template), 'give the template itself, not what is around it');
  }
  return template.Resources as { [id: string]: Resource };
}

/** What would become of a resource; nothing where it stays what it is. */
function lossOf(before: Resource, after: Resource | undefined): string[] {
  if (!after) {
    return [/^Retain/.test(before.DeletionPolicy ?? '') ? 'left behind, without a stack' : 'deleted'];
  }
  if (after.Type !== before.Type) {
    return [`made anew, as a resource of type ${after.Type}`];
  }
  return FIXED[before.Type].flatMap(property => {
    const [from, to] = [before, after].map(({ Properties: properties }) => text(properties?.[property]));
    return from === to ? [] : [`made anew, as ${property} changes from ${from} to ${to}`];
  });
}

/** What may go: a day's logs, a reader of the database, and a secret that is made to be exchanged. */
function isExpendable({ Type: type, Properties: properties, DeletionPolicy: policy }: Resource): boolean {
  return (type === 'AWS::Logs::LogGroup' && properties?.RetentionInDays === 1) || (type === 'AWS::SecretsManager::Secret' && policy === 'Delete')
    || (type === 'AWS::RDS::DBInstance' && Number(properties?.PromotionTier ?? 0) > 0);
}

/** Equal where CloudFormation sees no change: 1 is '1', keys have no order, and Fn::GetAtt has two forms. */
function text(value: unknown): string {
  return JSON.stringify(value, (key, each: unknown) => {
    if (key === 'Fn::GetAtt' && typeof each === 'string') {
      return each.split(/\.(.*)/, 2);
    }
    if (typeof each === 'object' && each !== null && !Array.isArray(each)) {
      return Object.fromEntries(Object.entries(each).sort(([a], [b]) => a < b ? -1 : 1));
    }
    return typeof each === 'number' || typeof each === 'boolean' ? String(each) : each;
  }) ?? 'nothing';
}
