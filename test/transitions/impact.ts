import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';

export interface CfnResource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface CfnTemplate {
  readonly Resources: Record<string, CfnResource>;
}

/** Templates by the names of their stacks. */
export type Deployment = Record<string, CfnTemplate>;

type Resources = Record<string, CfnResource>;

/** What becomes of one resource in an update. */
export interface Change {
  readonly id: string;
  readonly type: string;
  readonly impact: ResourceImpact;
  /** The properties that the impact comes from; none where the resource itself comes or goes. */
  readonly properties: string[];
}

/** What holds data that exists nowhere else. */
export const STATEFUL = [
  'AWS::Backup::BackupVault', 'AWS::Backup::LogicallyAirGappedBackupVault', 'AWS::ECR::Repository', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::RDS::DBSubnetGroup',
  'AWS::S3::Bucket', 'AWS::SecretsManager::Secret', 'AWS::SNS::Topic',
];

/** What requests find their way by. */
export const IDENTITY = [
  'AWS::CloudFront::Distribution', 'AWS::CloudFront::VpcOrigin', 'AWS::EC2::InternetGateway', 'AWS::EC2::Subnet', 'AWS::EC2::VPC', 'AWS::ECS::Cluster',
  'AWS::ECS::Service', 'AWS::ElasticLoadBalancingV2::Listener', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancingV2::TargetGroup',
];

/**
 * What AWS allows once at a time, and by which properties. An update makes the new before it deletes the old, so what is
 * replaced, or gets another logical id, stands in its own way unless one of these changes too.
 */
export const UNIQUE: Record<string, string[]> = {
  'AWS::Backup::BackupPlan': ['BackupPlan.BackupPlanName'],
  'AWS::Backup::BackupVault': ['BackupVaultName'],
  'AWS::Backup::LogicallyAirGappedBackupVault': ['BackupVaultName'],
  'AWS::CloudFront::CachePolicy': ['CachePolicyConfig.Name'],
  'AWS::CloudFront::ResponseHeadersPolicy': ['ResponseHeadersPolicyConfig.Name'],
  'AWS::Budgets::Budget': ['Budget.BudgetName'],
  'AWS::Chatbot::SlackChannelConfiguration': ['ConfigurationName'],
  'AWS::CloudFront::VpcOrigin': ['VpcOriginEndpointConfig.Name'],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::CloudWatch::Dashboard': ['DashboardName'],
  'AWS::EC2::SecurityGroupEgress': ['GroupId', 'FromPort', 'DestinationSecurityGroupId'],
  'AWS::EC2::SecurityGroupIngress': ['GroupId', 'FromPort', 'SourceSecurityGroupId'],
  'AWS::EC2::Route': ['RouteTableId', 'DestinationCidrBlock'],
  'AWS::EC2::Subnet': ['VpcId', 'CidrBlock'],
  'AWS::EC2::SubnetRouteTableAssociation': ['SubnetId'],
  // The private DNS name of a service can be that of one endpoint in a VPC.
  'AWS::EC2::VPCEndpoint': ['VpcId', 'ServiceName'],
  'AWS::EC2::VPCGatewayAttachment': ['VpcId'],
  'AWS::ECR::Repository': ['RepositoryName'],
  'AWS::ECS::Cluster': ['ClusterName'],
  'AWS::ECS::Service': ['Cluster', 'ServiceName'],
  'AWS::ElasticLoadBalancingV2::Listener': ['LoadBalancerArn', 'Port'],
  'AWS::ElasticLoadBalancingV2::ListenerRule': ['ListenerArn', 'Priority'],
  'AWS::IAM::OIDCProvider': ['Url'],
  'AWS::IAM::Role': ['RoleName'],
  'AWS::Logs::Delivery': ['DeliverySourceName', 'DeliveryDestinationArn'],
  'AWS::Logs::DeliveryDestination': ['Name'],
  'AWS::Logs::DeliverySource': ['Name'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::Route53::RecordSet': ['HostedZoneId', 'Name', 'Type'],
  'AWS::S3::BucketPolicy': ['Bucket'],
  'AWS::SecretsManager::SecretTargetAttachment': ['SecretId'],
  'AWS::SNS::Topic': ['TopicName'],
  'AWS::WAFv2::LoggingConfiguration': ['ResourceArn'],
  'AWS::ApplicationAutoScaling::ScalableTarget': ['ResourceId', 'ScalableDimension'],
  'AWS::ApplicationAutoScaling::ScalingPolicy': ['PolicyName', 'ScalingTargetId'],
};

/** Names of something else than the resource itself, which can have two of them. */
const NAMES_OF_OTHERS = ['AWS::CertificateManager::Certificate DomainName', 'AWS::RDS::DBCluster DatabaseName'];

/** One resource's change by cloudformation-diff, which is asked once for each pair of versions. */
const known = new Map<string, Omit<Change, 'id'>>();

function changeOf(before: string | undefined, after: string | undefined): Omit<Change, 'id'> {
  const key = `${before}\n${after}`;
  const found = known.get(key) ?? askDiff(before, after);
  known.set(key, found);
  return found;
}

function askDiff(before: string | undefined, after: string | undefined): Omit<Change, 'id'> {
  const template = (text: string | undefined) => ({ Resources: text === undefined ? {} : { It: JSON.parse(text) as CfnResource } });
  const difference = fullDiff(template(before), template(after)).resources.get('It');
  const impact = difference.changeImpact;
  const properties = Object.entries(difference.propertyUpdates).filter(([, update]) => update.changeImpact === impact).map(([name]) => name);
  return { type: difference.oldResourceType ?? difference.newResourceType!, impact, properties };
}

/** Without what is no change of a resource: what it waits for, and what is noted on it. */
const texts = new WeakMap<Resources, Record<string, string>>();

function textsOf(resources: Resources): Record<string, string> {
  const found = texts.get(resources) ?? Object.fromEntries(Object.entries(resources)
    .map(([id, { Type, Properties, DeletionPolicy }]) => [id, JSON.stringify({ Type, Properties, DeletionPolicy })]));
  texts.set(resources, found);
  return found;
}

/** What refers to something that is replaced gets another value, in the middle of a text too, where cloudformation-diff does not look. */
function withReplaced(text: string, replaced: string[]): string {
  return replaced.reduce((result, id) => result
    .replaceAll(`{"Ref":"${id}"}`, `{"Ref":"${id}, replaced"}`)
    .replaceAll(`{"Fn::GetAtt":["${id}",`, `{"Fn::GetAtt":["${id}, replaced",`)
    .replaceAll('${' + id, '${' + id + ', replaced'), text);
}

/** Every change of an update, with those that replacements bring about. */
export function changes(before: Resources, after: Resources): Change[] {
  const [old, wanted] = [textsOf(before), textsOf(after)];
  const ids = [...new Set([...Object.keys(old), ...Object.keys(wanted)])];
  let replaced: string[] = [];
  for (;;) {
    const found = ids
      .map(id => ({ id, before: old[id], after: wanted[id] && withReplaced(wanted[id], replaced) }))
      .filter(each => each.before !== each.after)
      .map(each => ({ id: each.id, ...changeOf(each.before, each.after) }));
    const now = found.filter(({ impact }) => impact === ResourceImpact.WILL_REPLACE).map(({ id }) => id);
    if (now.length === replaced.length) {
      return found;
    }
    replaced = now;
  }
}

/** True for what must not be lost: what holds data, and what requests find their way by. */
export function isPrecious({ Type: type, Properties: properties }: CfnResource): boolean {
  // A log group of a day's logs is remade without harm.
  return [...STATEFUL, ...IDENTITY].includes(type) && !(type === 'AWS::Logs::LogGroup' && properties?.RetentionInDays === 1);
}

const HOW = {
  [ResourceImpact.WILL_REPLACE]: 'replaced',
  [ResourceImpact.MAY_REPLACE]: 'maybe replaced',
  [ResourceImpact.WILL_DESTROY]: 'destroyed',
  [ResourceImpact.WILL_ORPHAN]: 'left behind',
} as const;

function isLoss(impact: ResourceImpact): impact is keyof typeof HOW {
  return impact in HOW;
}

/** How something precious is lost. */
export interface Loss {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly how: typeof HOW[keyof typeof HOW] | 'generated anew';
  /** The properties whose change is to blame; none where the resource itself is gone. */
  readonly properties: string[];
}

export interface Impact {
  readonly losses: Loss[];
  /** What is needed twice at once, so that the update fails. */
  readonly clashes: string[];
  /** What stays behind with a name that the next one of its kind would want. */
  readonly leftovers: string[];
}

/** Judges the update of one deployment to another. A stack that is no longer there counts as deleted. */
export function impactOf(before: Deployment, after: Deployment): Impact {
  const impacts = Object.entries(before).map(([stack, { Resources: resources }]) => impactOnStack(stack, resources, after[stack]?.Resources ?? {}));
  return {
    losses: impacts.flatMap(({ losses }) => losses),
    clashes: impacts.flatMap(({ clashes }) => clashes),
    leftovers: impacts.flatMap(({ leftovers }) => leftovers),
  };
}

function impactOnStack(stack: string, before: Resources, after: Resources): Impact {
  const all = changes(before, after);
  const losses = all.filter(({ id }) => before[id] && isPrecious(before[id])).flatMap(({ id, type, impact, properties }): Loss[] => {
    if (isGeneratedAnew(before[id], after[id])) {
      return [{ stack, id, type, how: 'generated anew', properties: ['GenerateSecretString'] }];
    }
    return isLoss(impact) ? [{ stack, id, type, how: HOW[impact], properties }] : [];
  });
  const stays = ({ id, impact }: Change) => impact === ResourceImpact.WILL_ORPHAN
    || (impact === ResourceImpact.WILL_REPLACE && before[id].UpdateReplacePolicy === 'Retain');
  const leftovers = all.filter(stays).flatMap(({ id }) => {
    const key = uniqueKey(before[id]);
    // A name made of what is random in a resource that goes: the next of its kind is made with another one.
    const isSpent = all.some(other => other.impact === ResourceImpact.WILL_DESTROY && key?.includes(other.id));
    return key && !isSpent ? [`${stack}: ${id} stays behind as ${key}`] : [];
  });
  return { losses, clashes: clashesOf(stack, all, before, after), leftovers };
}

function clashesOf(stack: string, all: Change[], before: Resources, after: Resources): string[] {
  const replaced = all.filter(({ impact }) => impact === ResourceImpact.WILL_REPLACE || impact === ResourceImpact.MAY_REPLACE).map(({ id }) => id);
  const made = all.filter(({ id, impact }) => impact === ResourceImpact.WILL_CREATE || replaced.includes(id));
  if (made.length === 0) {
    return [];
  }
  const holders = new Map(Object.entries(before).map(([id, resource]) => [uniqueKey(resource), id]));
  return made.flatMap(({ id }) => {
    const key = uniqueKey(JSON.parse(withReplaced(JSON.stringify(after[id]), replaced)) as CfnResource);
    const holder = key && holders.get(key);
    return holder ? [`${stack}: ${id} is made as ${key} while ${holder} is there`] : [];
  });
}

/** What the resource database can't tell for sure, and why it is no replacement here. */
export const ACCEPTED = [{
  type: 'AWS::RDS::DBInstance',
  property: 'AutoMinorVersionUpgrade',
  // As of 2025-07: isChangeMutable names engine, key, zone and sources as what is replaced for; the update hands this one to ModifyDBInstance.
  why: 'https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds/blob/master/aws-rds-dbinstance/src/main/java/software/amazon/rds/dbinstance/util/ImmutabilityHelper.java',
}];

export function isAccepted({ type, how, properties }: Loss, accepted: typeof ACCEPTED[number]): boolean {
  return how === 'maybe replaced' && type === accepted.type && properties.every(property => property === accepted.property);
}

/** A change of how a secret is generated generates it: in place for CloudFormation, another value for whoever uses it. */
function isGeneratedAnew(before: CfnResource, after: CfnResource | undefined): boolean {
  const recipe = (resource: CfnResource) => JSON.stringify(resource.Properties?.GenerateSecretString);
  return before.Type === 'AWS::SecretsManager::Secret' && after !== undefined && recipe(before) !== recipe(after);
}

/** What can be there once only, in words; undefined for what has no such property. */
export function uniqueKey({ Type: type, Properties: properties = {} }: CfnResource): string | undefined {
  const values = UNIQUE[type]?.map(path => path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], properties));
  const isDistinct = values !== undefined && values.every(value => value !== undefined) && !(type === 'AWS::EC2::VPCEndpoint' && !properties.PrivateDnsEnabled);
  return isDistinct ? `${type} ${values.map(readable).join(' ')}` : undefined;
}

/** Names that are given by hand, with their types, and of which nobody has said whether they are unique. */
export function unknownNames(resources: CfnResource[]): string[] {
  // One of each is enough.
  const named = new Map(resources.flatMap(resource => Object.keys(resource.Properties ?? {})
    .filter(property => /Name$/.test(property) && isText(resource.Properties![property]))
    .map(property => [`${resource.Type} ${property}`, { resource, property }])));
  const isKnown = (name: string, type: string, property: string) => NAMES_OF_OTHERS.includes(name) || UNIQUE[type]?.includes(property);
  return [...named]
    .filter(([name, { resource, property }]) => !isKnown(name, resource.Type, property) && isFixed(resource, property))
    .map(([name]) => name);
}

/** A reference alone is somebody else's name. */
function isText(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && 'Fn::Join' in value);
}

/** Whether the resource would have to be replaced for another value. */
function isFixed(resource: CfnResource, property: string): boolean {
  const renamed = { ...resource, Properties: { ...resource.Properties, [property]: 'another' } };
  return changes({ It: resource }, { It: renamed })[0].impact === ResourceImpact.WILL_REPLACE;
}

/** A value with what is known at deployment only as `${LogicalId}` or `${LogicalId.Attribute}`. */
export function readable(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  const [[intrinsic, argument]] = Object.entries(value as Record<string, unknown>);
  switch (intrinsic) {
    case 'Ref': return `\${${String(argument)}}`;
    case 'Fn::GetAtt': return `\${${(argument as string[]).join('.')}}`;
    case 'Fn::Join': return (argument as [string, unknown[]])[1].map(readable).join((argument as [string, unknown[]])[0]);
    default: return JSON.stringify(value);
  }
}
