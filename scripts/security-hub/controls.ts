/**
 * The controls of Security Hub's standard Foundational Security Best Practices that a deployment like this one is judged
 * by, as far as a template decides: what each asks for, and how it is met or why not.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html
 */
import type { Synthesis } from '../deployments/synthesis';
import { interfaces, isOfType, routes, type Service, tablesOf } from '../template/network';
import { publicPolicies } from '../template/permissions';
import { all, isObject, list, matchesWildcards, statements, target, type Template, text, type Value, walk } from '../template/template';

/** Whether the templates of a deployment meet a control. */
export type Predicate = (synthesis: Synthesis) => boolean;

export interface Control {
  readonly id: string;
  readonly asks: string;
  /**
   * - `yes`: in the default deployment, and with everything on.
   * - with an option: with it, and not by default.
   * - without an option: by default, and not with it.
   * - `no`: neither, for the reason given.
   */
  readonly met: 'yes' | 'no' | `with \`${string}\`` | `without \`${string}\``;
  /** How it is met, or why it is not. */
  readonly because: string;
  /** What the control looks for; of one that no template can show, `undefined`. */
  readonly holds: Predicate | undefined;
}

type Properties = Record<string, Value>;

const resources = (synthesis: Synthesis, type: string) =>
  Object.values(synthesis.stacks).flatMap(({ template }) => all<Properties>(template, type));

/** All resources of a type do, and there is one. */
function every(type: string, does: (properties: Properties, template: Template, id: string) => boolean): Predicate {
  return ({ stacks }) => {
    const found = Object.values(stacks).flatMap(({ template }) => all<Properties>(template, type)
      .map(({ id, properties }) => does(properties, template, id)));
    return found.length > 0 && found.every(Boolean);
  };
}

/** There is none of a type. */
const none = (type: string): Predicate => synthesis => resources(synthesis, type).length === 0;

/** What a path leads to; each list on the way by its first element. */
function at(value: Value | undefined, ...path: string[]): Value | undefined {
  const here = Array.isArray(value) ? value[0] : value;
  return path.length === 0 ? value : isObject(here) ? at(here[path[0]], ...path.slice(1)) : undefined;
}

const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const attribute = (key: string, ...values: string[]) => every(LOAD_BALANCER, ({ LoadBalancerAttributes: attributes }) =>
  list(attributes).filter(isObject).some(({ Key, Value: value }) => Key === key && values.includes(text(value))));
const listener = (does: (properties: Properties) => boolean) => every('AWS::ElasticLoadBalancingV2::Listener', does);

const containers = (does: (container: Properties) => boolean) => every('AWS::ECS::TaskDefinition', ({ ContainerDefinitions: definitions }) =>
  list(definitions).filter(isObject).every(does));
const service = (does: (properties: Service) => boolean) => every('AWS::ECS::Service', properties => does(properties as Service));

const cluster = (does: (properties: Properties) => boolean) => every('AWS::RDS::DBCluster', does);
const instance = (does: (properties: Properties, template: Template, id: string) => boolean) => every('AWS::RDS::DBInstance', does);
const publishesLogs = cluster(({ EnableCloudwatchLogsExports: logs }) => list(logs).includes('postgresql'));
const upgradesItself = instance(({ AutoMinorVersionUpgrade: upgrades }) => upgrades === true);
const subscription = (source: string): Predicate => synthesis => resources(synthesis, 'AWS::RDS::EventSubscription')
  .some(({ properties }) => properties.SourceType === source && properties.Enabled !== false);

const distribution = (does: (config: Properties) => boolean) => every('AWS::CloudFront::Distribution', ({ DistributionConfig: config }) =>
  isObject(config) && does(config));
const origins = (does: (origin: Properties) => boolean) => distribution(({ Origins: found }) =>
  list(found).filter(isObject).map(origin => origin.CustomOriginConfig).filter(isObject).every(does));

const bucket = (does: (properties: Properties, template: Template, id: string) => boolean) => every('AWS::S3::Bucket', does);
const repository = (does: (properties: Properties) => boolean) => every('AWS::ECR::Repository', does);
const endpoint = (name: string): Predicate => synthesis => resources(synthesis, 'AWS::EC2::VPCEndpoint')
  .some(({ properties }) => properties.VpcEndpointType === 'Interface' && text(properties.ServiceName).endsWith(`.${name}`));

function policies(synthesis: Synthesis, types: string[]): ReturnType<typeof statements> {
  return types.flatMap(type => resources(synthesis, type)).flatMap(({ properties }) => [...walk(properties)]).filter(isObject)
    .filter(value => value.Statement !== undefined).flatMap(statements).filter(({ Effect }) => Effect === 'Allow');
}

/** No policy lets decrypt with whatever key. */
const noDecryptionOfAll = (...types: string[]): Predicate => synthesis => policies(synthesis, types).every(({ Action, NotAction, Resource }) =>
  NotAction === undefined && !(list(Resource).some(resource => /^\*$|:key\/\*$/.test(text(resource)))
    && list(Action).some(action => ['kms:Decrypt', 'kms:ReEncryptFrom'].some(name => matchesWildcards(text(action), name)))));

const NAMES_OF_CREDENTIALS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'ECS_ENGINE_AUTH_DATA'];
const RECOMMENDED_TLS = /^ELBSecurityPolicy-TLS13-1-[23](-Res)?(-FIPS)?(-PQ)?-20\d\d-\d\d$/;

const PRIVATE_LINK = 'endpoints are made for what the services use, each at a price; nothing here calls that service';

export const CONTROLS: Control[] = [
  {
    id: 'CloudFormation.3',
    asks: 'stacks have termination protection',
    met: 'no',
    because: 'the stacks made here have it; the one that the construct is in is yours: `terminationProtection: true`',
    holds: ({ stacks }) => Object.values(stacks).every(({ terminationProtection }) => terminationProtection),
  },
  {
    id: 'CloudFront.3',
    asks: 'viewers must use HTTPS',
    met: 'yes',
    because: 'plain HTTP is redirected',
    holds: distribution(config => [config.DefaultCacheBehavior, ...list(config.CacheBehaviors)]
      .every(behavior => ['redirect-to-https', 'https-only'].includes(text(at(behavior, 'ViewerProtocolPolicy'))))),
  },
  {
    id: 'CloudFront.4',
    asks: 'failover to a second origin',
    met: 'no',
    because: 'there is one load balancer, in two zones; CloudFront\'s failover leaves out POST, PUT and DELETE, which the apps live on',
    holds: distribution(config => at(config.OriginGroups, 'Items') !== undefined),
  },
  {
    id: 'CloudFront.5',
    asks: 'standard logging of the distribution',
    met: 'no',
    because: 'the load balancer logs each request; `edge.accessLogs` logs by a delivery, which the control does not look for, as the older way wants a bucket with access lists',
    holds: distribution(config => config.Logging !== undefined),
  },
  {
    id: 'CloudFront.6',
    asks: 'a web ACL',
    met: 'with `waf`',
    because: 'AWS\'s managed rules and a rate limit, or a web ACL of your own; a choice, as it has a price',
    holds: distribution(config => config.WebACLId !== undefined),
  },
  {
    id: 'CloudFront.7',
    asks: 'a certificate of one\'s own',
    met: 'yes',
    because: 'given, or made in the hosted zone',
    holds: distribution(config => at(config, 'ViewerCertificate', 'AcmCertificateArn') !== undefined),
  },
  {
    id: 'CloudFront.8',
    asks: 'server name indication',
    met: 'yes',
    because: '`sni-only`',
    holds: distribution(config => at(config, 'ViewerCertificate', 'SslSupportMethod') === 'sni-only'),
  },
  {
    id: 'CloudFront.9',
    asks: 'encryption to the origin',
    met: 'yes',
    because: 'HTTPS only',
    holds: origins(origin => origin.OriginProtocolPolicy === 'https-only'),
  },
  {
    id: 'CloudFront.10',
    asks: 'no deprecated TLS to the origin',
    met: 'yes',
    because: 'TLS 1.2 only',
    holds: origins(origin => text(origin.OriginSSLProtocols) === '[TLSv1.2]'),
  },
  {
    id: 'CloudFront.15',
    asks: 'a recommended security policy for viewers',
    met: 'yes',
    because: '`TLSv1.2_2025`',
    holds: distribution(config => ['TLSv1.2_2021', 'TLSv1.2_2025', 'TLSv1.3_2025'].includes(text(at(config, 'ViewerCertificate', 'MinimumProtocolVersion')))),
  },
  {
    id: 'CloudFront.17',
    asks: 'trusted key groups for signed URLs',
    met: 'no',
    because: 'an API and a CMS that know their users by sessions; nobody gets a signed URL',
    holds: distribution(config => at(config, 'DefaultCacheBehavior', 'TrustedKeyGroups') !== undefined),
  },
  {
    id: 'EC2.2',
    asks: 'the VPC\'s default security group is closed',
    met: 'no',
    because: 'closing it takes a Lambda function with rights on security groups; nothing is ever put into that group',
    holds: undefined,
  },
  {
    id: 'EC2.6',
    asks: 'flow logs',
    met: 'yes',
    because: 'all traffic of the VPC made here, to the log bucket',
    holds: every('AWS::EC2::VPC', (_, template, id) => all<Properties>(template, 'AWS::EC2::FlowLog')
      .some(({ properties }) => target(properties.ResourceId) === id && ['ALL', 'REJECT'].includes(text(properties.TrafficType)))),
  },
  { id: 'EC2.10', asks: 'an endpoint for Amazon EC2', met: 'no', because: PRIVATE_LINK, holds: endpoint('ec2') },
  {
    id: 'EC2.15',
    asks: 'subnets give no public addresses',
    met: 'yes',
    because: '`MapPublicIpOnLaunch` is false, in the public subnets too',
    holds: every('AWS::EC2::Subnet', ({ MapPublicIpOnLaunch: gives }) => gives === false),
  },
  { id: 'EC2.55', asks: 'an endpoint for the ECR API', met: 'yes', because: 'in each zone, or in one with `network.endpoints`', holds: endpoint('ecr.api') },
  { id: 'EC2.56', asks: 'an endpoint for Docker Registry', met: 'yes', because: 'in each zone, or in one with `network.endpoints`', holds: endpoint('ecr.dkr') },
  { id: 'EC2.57', asks: 'an endpoint for Systems Manager', met: 'no', because: PRIVATE_LINK, holds: endpoint('ssm') },
  { id: 'EC2.58', asks: 'an endpoint for Incident Manager Contacts', met: 'no', because: PRIVATE_LINK, holds: endpoint('ssm-contacts') },
  { id: 'EC2.60', asks: 'an endpoint for Incident Manager', met: 'no', because: PRIVATE_LINK, holds: endpoint('ssm-incidents') },
  {
    id: 'EC2.172',
    asks: 'VPC Block Public Access blocks internet gateways',
    met: 'no',
    because: 'a setting of the account and region, which would shut off every load balancer in it that faces the internet',
    holds: ({ main }) => !none('AWS::EC2::VPCBlockPublicAccessOptions')({ main, stacks: {}, lookups: [] }),
  },
  {
    id: 'ECR.1', asks: 'images are scanned', met: 'yes', because: 'on push', holds: repository(({ ImageScanningConfiguration: scan }) => at(scan, 'ScanOnPush') === true),
  },
  {
    id: 'ECR.2',
    asks: 'tags are immutable',
    met: 'yes',
    because: 'a tag names one image for ever',
    holds: repository(({ ImageTagMutability: mutability }) => mutability === 'IMMUTABLE'),
  },
  {
    id: 'ECR.3',
    asks: 'a lifecycle policy',
    met: 'yes',
    because: 'images that never had a tag go after 14 days; tagged ones stay, since a roll-back needs them',
    holds: repository(({ LifecyclePolicy: policy }) => policy !== undefined),
  },
  {
    id: 'ECS.2',
    asks: 'services assign no public addresses',
    met: 'yes',
    because: '`AssignPublicIp` is disabled; with `OkyEgress.publicIp()` it is enabled, and Security Hub reports it',
    holds: service(({ NetworkConfiguration: network }) => network?.AwsvpcConfiguration?.AssignPublicIp === 'DISABLED'),
  },
  {
    id: 'ECS.3',
    asks: 'no process namespace of the host',
    met: 'yes',
    because: 'none is shared',
    holds: every('AWS::ECS::TaskDefinition', ({ PidMode: mode }) => mode !== 'host'),
  },
  { id: 'ECS.4', asks: 'no privileged containers', met: 'yes', because: 'Fargate has none', holds: containers(({ Privileged: privileged }) => privileged !== true) },
  {
    id: 'ECS.5',
    asks: 'read-only root file systems',
    met: 'without `enableExecuteCommand`',
    because: 'they are, with `/tmp` in memory; while `enableExecuteCommand` is on they are not, since a session writes',
    holds: containers(({ ReadonlyRootFilesystem: readonly }) => readonly === true),
  },
  {
    id: 'ECS.8',
    asks: 'no credentials in the environment',
    met: 'yes',
    because: 'all secrets are injected, and theirs are refused in `environment`',
    holds: containers(({ Environment: variables }) => list(variables).every(variable => !NAMES_OF_CREDENTIALS.includes(text(at(variable, 'Name'))))),
  },
  {
    id: 'ECS.9',
    asks: 'containers log',
    met: 'yes',
    because: 'to CloudWatch Logs',
    holds: containers(({ LogConfiguration: log }) => at(log, 'LogDriver') === 'awslogs'),
  },
  {
    id: 'ECS.10',
    asks: 'the latest version of Fargate',
    met: 'yes',
    because: 'no version is pinned, which is the latest',
    holds: service(({ PlatformVersion: version }) => version === undefined || version === 'LATEST'),
  },
  {
    id: 'ECS.12',
    asks: 'Container Insights',
    met: 'yes',
    because: 'on, its log kept for a day',
    holds: every('AWS::ECS::Cluster', ({ ClusterSettings: settings }) => list(settings).filter(isObject)
      .some(({ Name, Value: value }) => Name === 'containerInsights' && ['enabled', 'enhanced'].includes(text(value)))),
  },
  { id: 'ECS.16', asks: 'task sets assign no public addresses', met: 'yes', because: 'services deploy without task sets', holds: none('AWS::ECS::TaskSet') },
  {
    id: 'ECS.20',
    asks: 'containers run as a user other than root',
    met: 'yes',
    because: 'they run as user 1000 without capabilities, though the images of Oky are built to run as root',
    holds: containers(({ User: user }) => user !== undefined && !['root', '0'].includes(text(user).split(':')[0])),
  },
  {
    id: 'ELB.1',
    asks: 'HTTP is redirected to HTTPS',
    met: 'yes',
    because: 'there is no HTTP listener; CloudFront redirects',
    holds: listener(({ Protocol }) => Protocol !== 'HTTP'),
  },
  {
    id: 'ELB.4', asks: 'invalid headers are dropped', met: 'yes', because: 'they are at the load balancer', holds: attribute('routing.http.drop_invalid_header_fields.enabled', 'true'),
  },
  { id: 'ELB.5', asks: 'access logs', met: 'yes', because: 'to the log bucket, kept for 90 days', holds: attribute('access_logs.s3.enabled', 'true') },
  {
    id: 'ELB.6', asks: 'deletion protection', met: 'yes', because: 'on, until `deletionProtection` is set to false', holds: attribute('deletion_protection.enabled', 'true'),
  },
  {
    id: 'ELB.12',
    asks: 'defence against request smuggling',
    met: 'yes',
    because: 'desync mitigation is defensive',
    holds: attribute('routing.http.desync_mitigation_mode', 'defensive', 'strictest'),
  },
  {
    id: 'ELB.13',
    asks: 'two zones',
    met: 'yes',
    because: 'a subnet in each of two or three zones',
    holds: every(LOAD_BALANCER, ({ Subnets: subnets }, template) => new Set(list(subnets).map(subnet =>
      text(template.Resources[target(subnet)]?.Properties?.AvailabilityZone ?? subnet))).size >= 2),
  },
  {
    id: 'ELB.17',
    asks: 'a recommended security policy',
    met: 'yes',
    because: '`ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09`',
    holds: listener(({ SslPolicy: policy }) => RECOMMENDED_TLS.test(text(policy))),
  },
  { id: 'ELB.18', asks: 'listeners encrypt', met: 'yes', because: 'HTTPS only', holds: listener(({ Protocol }) => Protocol === 'HTTPS') },
  {
    id: 'ELB.21',
    asks: 'encrypted health checks',
    met: 'no',
    because: 'the images of Oky speak HTTP; the way is inside the VPC, and the tasks admit the load balancer only',
    holds: every('AWS::ElasticLoadBalancingV2::TargetGroup', ({ HealthCheckProtocol: protocol, Protocol }) => (protocol ?? Protocol) === 'HTTPS'),
  },
  {
    id: 'ELB.22',
    asks: 'encryption to the targets',
    met: 'no',
    because: 'the images of Oky speak HTTP; the way is inside the VPC, and the tasks admit the load balancer only',
    holds: every('AWS::ElasticLoadBalancingV2::TargetGroup', ({ Protocol }) => Protocol === 'HTTPS'),
  },
  {
    id: 'IAM.21',
    asks: 'no policy allows all actions of a service',
    met: 'yes',
    because: 'actions are named one by one',
    holds: synthesis => policies(synthesis, ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::Role'])
      .every(({ Action, NotAction }) => NotAction === undefined && list(Action).every(action => !/^\*$|:\*$/.test(text(action)))),
  },
  {
    id: 'KMS.1',
    asks: 'managed policies decrypt with named keys only',
    met: 'yes',
    because: 'each role may use the deployment\'s keys',
    holds: noDecryptionOfAll('AWS::IAM::ManagedPolicy'),
  },
  {
    id: 'KMS.2',
    asks: 'inline policies decrypt with named keys only',
    met: 'yes',
    because: 'there are no inline policies',
    holds: noDecryptionOfAll('AWS::IAM::Policy', 'AWS::IAM::Role'),
  },
  {
    id: 'RDS.2', asks: 'no public access', met: 'yes', because: '`PubliclyAccessible` is false', holds: instance(({ PubliclyAccessible: accessible }) => accessible === false),
  },
  {
    id: 'RDS.3',
    asks: 'instances are encrypted',
    met: 'yes',
    because: 'as their cluster is (RDS.27)',
    holds: instance(({ DBClusterIdentifier: id }, template) => template.Resources[target(id)]?.Properties?.StorageEncrypted === true),
  },
  {
    id: 'RDS.6',
    asks: 'enhanced monitoring',
    met: 'yes',
    because: 'every minute',
    holds: instance(({ MonitoringInterval: interval, MonitoringRoleArn: role }) => Number(interval) > 0 && role !== undefined),
  },
  {
    id: 'RDS.7',
    asks: 'deletion protection of the cluster',
    met: 'yes',
    because: 'on, until `deletionProtection` is set to false',
    holds: cluster(({ DeletionProtection: protection }) => protection === true),
  },
  {
    id: 'RDS.8',
    asks: 'deletion protection of instances',
    met: 'yes',
    because: 'Aurora\'s are protected by their cluster (RDS.7)',
    holds: instance(({ Engine, DBClusterIdentifier: id }, template) => text(Engine).startsWith('aurora')
      && template.Resources[target(id)]?.Properties?.DeletionProtection === true),
  },
  { id: 'RDS.9', asks: 'instances publish logs', met: 'yes', because: 'by their cluster (RDS.37)', holds: publishesLogs },
  {
    id: 'RDS.12', asks: 'IAM authentication', met: 'yes', because: 'on', holds: cluster(({ EnableIAMDatabaseAuthentication: iam }) => iam === true),
  },
  { id: 'RDS.13', asks: 'minor versions upgrade by themselves', met: 'yes', because: 'unless `database.engineVersion` names a minor version', holds: upgradesItself },
  {
    id: 'RDS.15',
    asks: 'several zones',
    met: 'with `highAvailability`',
    because: 'a second instance in another zone; without it the storage alone is in three',
    holds: every('AWS::RDS::DBCluster', (_, template, id) => {
      const own = all<Properties>(template, 'AWS::RDS::DBInstance').filter(({ properties }) => target(properties.DBClusterIdentifier) === id);
      return new Set(own.map(({ properties }) => text(properties.AvailabilityZone))).size >= 2;
    }),
  },
  {
    id: 'RDS.16', asks: 'tags are copied to snapshots', met: 'yes', because: 'they are', holds: cluster(({ CopyTagsToSnapshot: copies }) => copies === true),
  },
  {
    id: 'RDS.21',
    asks: 'a subscription to events of parameter groups',
    met: 'no',
    because: 'one subscription serves the account and region, for all its databases, and needs somebody who reads it',
    holds: subscription('db-parameter-group'),
  },
  {
    id: 'RDS.22',
    asks: 'a subscription to events of security groups',
    met: 'no',
    because: 'one subscription serves the account and region, for all its databases, and needs somebody who reads it',
    holds: subscription('db-security-group'),
  },
  { id: 'RDS.23', asks: 'not the engine\'s own port', met: 'yes', because: '5433', holds: cluster(({ Port }) => typeof Port === 'number' && Port !== 5432) },
  {
    id: 'RDS.24',
    asks: 'not the engine\'s own administrator',
    met: 'yes',
    because: '`periodtracker`, or `database.username`',
    holds: cluster(({ MasterUsername: user }) => user !== undefined && !['postgres', 'admin'].includes(text(user))),
  },
  {
    id: 'RDS.27', asks: 'the cluster is encrypted', met: 'yes', because: 'with the deployment\'s key', holds: cluster(({ StorageEncrypted: encrypted }) => encrypted === true),
  },
  { id: 'RDS.35', asks: 'the cluster upgrades minor versions', met: 'yes', because: 'Aurora\'s does if its instances do (RDS.13)', holds: upgradesItself },
  { id: 'RDS.37', asks: 'Aurora PostgreSQL publishes its log', met: 'yes', because: '`postgresql`, kept for a week', holds: publishesLogs },
  {
    id: 'RDS.46',
    asks: 'no public subnets',
    met: 'yes',
    because: 'neither the database nor a task or an endpoint is in one',
    holds: ({ main }) => interfaces(main).filter(({ kind }) => kind === 'database').every(({ subnets }) => subnets.length > 0 && subnets.every(subnet =>
      !routes(main).some(({ table, hop }) => tablesOf(main, subnet).includes(table) && isOfType(main, hop, 'AWS::EC2::InternetGateway')))),
  },
  {
    id: 'RDS.50',
    asks: 'backups are kept for seven days',
    met: 'yes',
    because: '`database.backupRetention`',
    holds: cluster(({ BackupRetentionPeriod: days }) => Number(days) >= 7),
  },
  {
    id: 'S3.1',
    asks: 'the account blocks public access',
    met: 'no',
    because: 'a setting of the whole account, not of one deployment; each bucket blocks it for itself (S3.8)',
    holds: undefined,
  },
  {
    id: 'S3.5',
    asks: 'buckets refuse plain HTTP',
    met: 'yes',
    because: 'by their policies',
    holds: bucket((_, template, id) => all<Properties>(template, 'AWS::S3::BucketPolicy').filter(({ properties }) => target(properties.Bucket) === id)
      .flatMap(({ properties }) => statements(properties.PolicyDocument))
      .some(({ Effect, Condition }) => Effect === 'Deny' && text(Condition?.Bool?.['aws:SecureTransport']) === 'false')),
  },
  {
    id: 'S3.8',
    asks: 'buckets block public access',
    met: 'yes',
    because: 'all four settings',
    holds: bucket(({ PublicAccessBlockConfiguration: block }) =>
      ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].every(setting => at(block, setting) === true)),
  },
  {
    id: 'S3.9',
    asks: 'buckets log access',
    met: 'no',
    because: 'the config bucket does; the buckets that logs go to do not, as logging the writing of logs would not end',
    holds: bucket(({ LoggingConfiguration: logging }) => logging !== undefined),
  },
  {
    id: 'S3.12',
    asks: 'no access control lists',
    met: 'yes',
    because: 'they are turned off',
    holds: bucket(({ OwnershipControls: controls, AccessControl: acl }) => acl === undefined && at(controls, 'Rules', 'ObjectOwnership') === 'BucketOwnerEnforced'),
  },
  {
    id: 'S3.13',
    asks: 'lifecycle rules',
    met: 'yes',
    because: 'logs expire after 90 days; of the environment files the ten newest former versions stay, others for 90 days',
    holds: bucket(({ LifecycleConfiguration: lifecycle }) => list(at(lifecycle, 'Rules')).length > 0),
  },
  {
    id: 'SecretsManager.1',
    asks: 'secrets rotate',
    met: 'no',
    because: 'tasks get them when they start, so a schedule would lock running ones out or log users out; see [Secrets](#secrets)',
    holds: every('AWS::SecretsManager::Secret', (_, template, id) => all<Properties>(template, 'AWS::SecretsManager::RotationSchedule')
      .some(({ properties }) => target(properties.SecretId) === id)),
  },
  {
    id: 'SecretsManager.4',
    asks: 'secrets were rotated within 90 days',
    met: 'no',
    because: 'a matter of operation: the origin header by a number, the others by hand',
    holds: undefined,
  },
  {
    id: 'SNS.4',
    asks: 'topics are not public',
    met: 'yes',
    because: 'no topic lets strangers in',
    holds: ({ stacks }) => Object.values(stacks).every(({ template }) =>
      publicPolicies(template).every(found => !isOfType(template, found.split(' ')[0], 'AWS::SNS::TopicPolicy'))),
  },
  {
    id: 'WAF.10', asks: 'the web ACL has rules', met: 'with `waf`', because: 'AWS\'s managed groups, a rate limit and a size limit', holds: every('AWS::WAFv2::WebACL', ({ Rules: rules }) => list(rules).length > 0),
  },
  {
    id: 'WAF.12',
    asks: 'rules have metrics',
    met: 'with `waf`',
    because: 'each rule has them',
    holds: every('AWS::WAFv2::WebACL', ({ Rules: rules }) => list(rules).every(rule => at(rule, 'VisibilityConfig', 'CloudWatchMetricsEnabled') === true)),
  },
];

/** The controls that a deployment was said to meet and does not. */
export function unmet(synthesis: Synthesis): string[] {
  return CONTROLS.filter(({ met, holds }) => met === 'yes' && !holds?.(synthesis)).map(({ id }) => id);
}
