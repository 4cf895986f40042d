/** Whether what holds data is encrypted, is spoken to encrypted, and outlives mistakes. */
import { CLUSTER, type DatabaseCluster, type TaskDefinition, TASK_DEFINITION } from './graph-types';
import { all, isObject, list, statements, target, type Template, text, type Value } from '../../scripts/template/template';

/** All templates of a deployment; the first is the one with the backend in it. */
export type Safeguard = (templates: [Template, ...Template[]]) => string[];

const each = (check: (template: Template) => string[]): Safeguard => templates => templates.flatMap(check);
const main = (check: (template: Template) => string[]): Safeguard => ([template]) => check(template);

export const SAFEGUARDS = {
  'the database is encrypted and refuses what is not': main(encryptedDatabase),
  'buckets are encrypted and refuse what is not': each(encryptedBuckets),
  'secrets, logs and vaults are encrypted with a key of one\'s own': main(encryptedSecrets),
  'alarms are heard when the key is disabled': main(topicsWithoutKey),
  'disks are encrypted, and credentials of machines are not for the asking': each(hardenedMachines),
  'containers have no rights on their machine, and can\'t change their files unless there are sessions': main(hardenedContainers),
  'what is kept at the edge is the same for everyone': main(keptForEveryone),
  'what holds data outlives the stack': main(outlives),
  'nothing that holds data can be deleted by a slip': main(deletionProtection),
} satisfies Record<string, Safeguard>;

export type SafeguardName = keyof typeof SAFEGUARDS;

export function unguarded(templates: [Template, ...Template[]]): Partial<Record<SafeguardName, string[]>> {
  const results = Object.entries(SAFEGUARDS).map(([name, check]) => [name, check(templates)] as const);
  return Object.fromEntries(results.filter(([, found]) => found.length > 0));
}

interface Cluster extends DatabaseCluster {
  readonly StorageEncrypted?: Value;
  readonly KmsKeyId?: Value;
  readonly DBClusterParameterGroupName?: Value;
  readonly DeletionProtection?: Value;
  readonly MasterUserPassword?: Value;
}

function encryptedDatabase(template: Template): string[] {
  const clusters = all<Cluster>(template, CLUSTER);
  const groups = new Map(all<{ readonly Parameters?: Record<string, Value> }>(template, 'AWS::RDS::DBClusterParameterGroup')
    .map(({ id, properties }) => [id, properties.Parameters]));
  return clusters.length === 0 ? ['there is no database'] : clusters.flatMap(({ id, properties }) => [
    ...(properties.StorageEncrypted === true && properties.KmsKeyId !== undefined ? [] : [`${id} is not encrypted with a key of ours`]),
    ...(text(groups.get(target(properties.DBClusterParameterGroupName))?.['rds.force_ssl']) === '1' ? [] : [`${id} accepts connections without TLS`]),
    ...(text(properties.MasterUserPassword).startsWith('{{resolve:secretsmanager:') ? [] : [`${id} has its password in the template`]),
  ]);
}

function encryptedBuckets(template: Template): string[] {
  const refusing = new Set(all<{ readonly Bucket?: Value; readonly PolicyDocument?: Value }>(template, 'AWS::S3::BucketPolicy')
    .filter(({ properties }) => statements(properties.PolicyDocument).some(({ Effect, Action, Principal: principal, Condition }) => Effect === 'Deny'
      && text(Action) === 's3:*' && isObject(principal) && principal.AWS === '*' && text(Condition?.Bool?.['aws:SecureTransport']) === 'false'))
    .map(({ properties }) => target(properties.Bucket)));
  return all<Record<string, Value>>(template, 'AWS::S3::Bucket').flatMap(({ id, properties }) => [
    ...(properties.BucketEncryption === undefined ? [`${id} does not say how it is encrypted`] : []),
    ...(isVersioned(properties) || expiresInADay(properties) ? [] : [`${id} keeps no versions`]),
    ...(refusing.has(id) ? [] : [`${id} accepts requests without TLS`]),
  ]);
}

function isVersioned({ VersioningConfiguration: versioning }: Record<string, Value>): boolean {
  return isObject(versioning) && versioning.Status === 'Enabled';
}

/** All that is in it: what is passed on, and must not be kept. */
function expiresInADay({ LifecycleConfiguration: lifecycle }: Record<string, Value>): boolean {
  return isObject(lifecycle) && list(lifecycle.Rules as { readonly Status?: Value; readonly Prefix?: Value; readonly ExpirationInDays?: Value }[])
    .some(({ Status, Prefix, ExpirationInDays }) => Status === 'Enabled' && Prefix === undefined && ExpirationInDays === 1);
}

function encryptedSecrets(template: Template): string[] {
  return ['AWS::SecretsManager::Secret', 'AWS::Logs::LogGroup', 'AWS::Backup::BackupVault']
    .flatMap(type => all<{ readonly KmsKeyId?: Value; readonly EncryptionKeyArn?: Value }>(template, type))
    .filter(({ properties }) => (properties.KmsKeyId ?? properties.EncryptionKeyArn) === undefined)
    .map(({ id }) => `${id} is encrypted with a key of AWS`);
}

function topicsWithoutKey(template: Template): string[] {
  return all<{ readonly KmsMasterKeyId?: Value }>(template, 'AWS::SNS::Topic').filter(({ properties }) => properties.KmsMasterKeyId !== undefined)
    .map(({ id }) => `${id} is silent when its key is disabled`);
}

interface Machine {
  readonly BlockDeviceMappings?: { readonly Ebs?: { readonly Encrypted?: Value } }[];
  readonly MetadataOptions?: { readonly HttpTokens?: Value };
}

function hardenedMachines(template: Template): string[] {
  return all<Machine>(template, 'AWS::EC2::Instance').flatMap(({ id, properties }) => [
    ...(list(properties.BlockDeviceMappings).some(({ Ebs }) => Ebs?.Encrypted === true) ? [] : [`${id} has a disk that is not encrypted`]),
    ...(properties.MetadataOptions?.HttpTokens === 'required' ? [] : [`${id} gives its credentials to whoever makes it ask for them`]),
  ]);
}

interface Container {
  readonly Name: string;
  readonly User?: Value;
  readonly ReadonlyRootFilesystem?: Value;
  readonly LinuxParameters?: { readonly Capabilities?: { readonly Add?: Value; readonly Drop?: Value } };
}

function hardenedContainers(template: Template): string[] {
  const withSessions = new Set(all<{ readonly TaskDefinition?: Value; readonly EnableExecuteCommand?: Value }>(template, 'AWS::ECS::Service')
    .filter(({ properties }) => properties.EnableExecuteCommand === true).map(({ properties }) => target(properties.TaskDefinition)));
  return all<{ readonly ContainerDefinitions?: Container[] }>(template, TASK_DEFINITION).flatMap(({ id, properties }) =>
    list(properties.ContainerDefinitions).flatMap(({ Name, User: user, ReadonlyRootFilesystem: isReadonly, LinuxParameters: linux }) => [
      ...(user === undefined || /^(0+|root)(:|$)/.test(text(user)) ? [`${Name} runs as root`] : []),
      ...(linux?.Capabilities?.Add === undefined && list(linux?.Capabilities?.Drop).includes('ALL') ? [] : [`${Name} has capabilities`]),
      ...(isReadonly === true || withSessions.has(id) ? [] : [`${Name} can change its files`]),
    ]));
}

/** The managed policy that keeps nothing. */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';

interface Behavior {
  readonly PathPattern?: string;
  readonly CachePolicyId?: Value;
  readonly OriginRequestPolicyId?: Value;
  readonly ResponseHeadersPolicyId?: Value;
  readonly AllowedMethods?: string[];
}

interface Distribution {
  readonly DistributionConfig: { readonly DefaultCacheBehavior: Behavior; readonly CacheBehaviors?: Behavior[] };
}

interface CachePolicy {
  readonly CachePolicyConfig: {
    readonly ParametersInCacheKeyAndForwardedToOrigin: {
      readonly CookiesConfig: { readonly CookieBehavior: string };
      readonly HeadersConfig: { readonly Headers?: string[] };
    };
  };
}

interface HeadersPolicy {
  readonly ResponseHeadersPolicyConfig: { readonly RemoveHeadersConfig?: { readonly Items: { readonly Header: string }[] } };
}

function keeps({ CachePolicyId: policy }: Behavior): boolean {
  return policy !== CACHING_DISABLED;
}

/** Both hosts have every path, and a session is a cookie or a token: what is kept depends on the host, and on neither of the others. */
function keptForEveryone(template: Template): string[] {
  const policies = new Map(all<CachePolicy>(template, 'AWS::CloudFront::CachePolicy')
    .map(({ id, properties }) => [id, properties.CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin]));
  const cookieless = all<HeadersPolicy>(template, 'AWS::CloudFront::ResponseHeadersPolicy')
    .filter(({ properties: { ResponseHeadersPolicyConfig: config } }) => list(config.RemoveHeadersConfig?.Items)
      .some(({ Header }) => Header.toLowerCase() === 'set-cookie'))
    .map(({ id }) => id);
  return all<Distribution>(template, 'AWS::CloudFront::Distribution').flatMap(({ properties: { DistributionConfig: config } }) =>
    [config.DefaultCacheBehavior, ...list(config.CacheBehaviors)].filter(keeps).flatMap(behavior => {
      const path = behavior.PathPattern ?? 'everything else';
      const key = policies.get(target(behavior.CachePolicyId));
      const headers = list(key?.HeadersConfig.Headers).map(name => name.toLowerCase());
      return [
        ...(behavior.PathPattern === undefined ? ['everything is kept'] : []),
        ...(headers.join() === 'host' ? [] : [`${path} is kept for both hosts, or by what a user sends`]),
        ...(key?.CookiesConfig.CookieBehavior === 'none' && behavior.OriginRequestPolicyId === undefined ? [] : [`${path} is kept of what may be one user's`]),
        ...(cookieless.includes(target(behavior.ResponseHeadersPolicyId)) ? [] : [`${path} may set a cookie for everyone`]),
        ...(list(behavior.AllowedMethods).every(method => ['GET', 'HEAD'].includes(method)) ? [] : [`${path} takes more than is only read`]),
      ];
    }));
}

/** What can't be made again: the key, buckets, images, and the secrets that tasks and the database live with. */
function outlives(template: Template): string[] {
  const attachments = new Map(all<{ readonly SecretId?: Value }>(template, 'AWS::SecretsManager::SecretTargetAttachment')
    .map(({ id, properties }) => [id, target(properties.SecretId)]));
  const injected = all<TaskDefinition>(template, TASK_DEFINITION).flatMap(({ properties }) => list(properties.ContainerDefinitions))
    .flatMap(({ Secrets }) => list(Secrets)).map(({ ValueFrom }) => /^\$\{(\w+)\}/.exec(text(ValueFrom))?.[1] ?? '').map(id => attachments.get(id) ?? id);
  const kept = ['AWS::Backup::BackupVault', 'AWS::Backup::LogicallyAirGappedBackupVault', 'AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::ECR::Repository'];
  return Object.entries(template.Resources).flatMap(([id, { Type, DeletionPolicy, UpdateReplacePolicy }]) => {
    const policies = [DeletionPolicy ?? 'Delete', UpdateReplacePolicy ?? 'Delete'];
    const allowed = Type === CLUSTER ? ['Snapshot', 'Retain', 'RetainExceptOnCreate']
      : kept.includes(Type) || injected.includes(id) ? ['Retain', 'RetainExceptOnCreate'] : undefined;
    return allowed && !policies.every(policy => allowed.includes(policy)) ? [`${id} goes with the stack (${policies.join(', ')})`] : [];
  });
}

function deletionProtection(template: Template): string[] {
  const balancers = all<{ readonly LoadBalancerAttributes?: { readonly Key: string; readonly Value: Value }[] }>(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
  return [
    ...all<Cluster>(template, CLUSTER).filter(({ properties }) => properties.DeletionProtection !== true).map(({ id }) => `${id} can be deleted`),
    ...balancers.filter(({ properties }) => !list(properties.LoadBalancerAttributes).some(({ Key, Value: value }) => Key === 'deletion_protection.enabled' && text(value) === 'true'))
      .map(({ id }) => `${id} can be deleted`),
    ...all<Vault>(template, 'AWS::Backup::BackupVault').flatMap(({ id, properties }) => [
      ...(denies(properties, ['DeleteRecoveryPoint', 'UpdateRecoveryPointLifecycle']) ? [] : [`what is in ${id} can be deleted`]),
      ...(denies(properties, ['DeleteBackupVaultAccessPolicy', 'PutBackupVaultAccessPolicy', 'DeleteBackupVaultLockConfiguration', 'PutBackupVaultLockConfiguration'])
        ? [] : [`the protection of ${id} can be taken off`]),
      ...(properties.LockConfiguration === undefined ? [`${id} is not locked`] : []),
    ]),
  ];
}

interface Vault {
  readonly AccessPolicy?: Value;
  readonly LockConfiguration?: Value;
}

/** Whether everyone is denied all of these actions. */
function denies({ AccessPolicy: policy }: Vault, actions: string[]): boolean {
  return statements(policy).some(({ Effect, Action, Principal: principal }) => Effect === 'Deny' && isObject(principal) && principal.AWS === '*'
    && actions.every(action => list(Action).map(text).includes(`backup:${action}`)));
}
