/** Who may use what by policies: of buckets and the like, and of roles. */
import { isOfType } from './network';
import { all, isObject, list, type Statement, statements, target, type Template, text, type Value } from './template';

const PARTITION = String.raw`arn:(?:aws[a-z-]*|\$\{AWS::Partition\})`;
const OWN_ACCOUNT = new RegExp(String.raw`^${PARTITION}:iam::(?:\$\{AWS::AccountId\}|\d{12}):root$`);
const OIDC_PROVIDER = new RegExp(String.raw`^${PARTITION}:iam::(?:\$\{AWS::AccountId\}|\d{12}):oidc-provider/[\w.]+$`);

interface Bucket {
  readonly PublicAccessBlockConfiguration?: Record<string, Value>;
  readonly OwnershipControls?: { readonly Rules?: { readonly ObjectOwnership?: string }[] };
  readonly AccessControl?: Value;
  readonly WebsiteConfiguration?: Value;
}

export function publicBuckets(template: Template): string[] {
  const blocks = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
  return all<Bucket>(template, 'AWS::S3::Bucket').flatMap(({ id, properties }) => [
    ...blocks.filter(block => properties.PublicAccessBlockConfiguration?.[block] !== true).map(block => `${id}: no ${block}`),
    ...(list(properties.OwnershipControls?.Rules).some(({ ObjectOwnership }) => ObjectOwnership === 'BucketOwnerEnforced') ? [] : [`${id} has access control lists`]),
    ...(properties.AccessControl === undefined && properties.WebsiteConfiguration === undefined ? [] : [`${id} has an access control list or is a website`]),
  ]);
}

/** Where resources of a type keep the policy that says who may use them. */
const RESOURCE_POLICIES: Record<string, string> = {
  'AWS::Backup::BackupVault': 'AccessPolicy',
  'AWS::Backup::LogicallyAirGappedBackupVault': 'AccessPolicy',
  'AWS::ECR::Repository': 'RepositoryPolicyText',
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::Logs::ResourcePolicy': 'PolicyDocument',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SecretsManager::ResourcePolicy': 'ResourcePolicy',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
};

/** Only the account itself, which then says so in policies of its own, and services on behalf of what the condition names. */
export function publicPolicies(template: Template): string[] {
  return Object.entries(RESOURCE_POLICIES).flatMap(([type, property]) => all<Record<string, Value>>(template, type)
    .flatMap(({ id, properties }) => statements(properties[property]).filter(({ Effect }) => Effect === 'Allow')
      .flatMap(statement => strangers(statement).map(who => `${id} lets ${who} in`))));
}

/** Where load balancers write: the account in the path keeps out those of others, and AWS documents no condition that they meet. */
const LOGS_OF_ACCOUNT = /\/AWSLogs\/(?:\d{12}|\$\{AWS::AccountId\})\/\*$/;

function strangers({ Principal: principal, NotPrincipal, Condition, Resource }: Statement): string[] {
  if (NotPrincipal !== undefined || !isObject(principal)) {
    return [principal === undefined ? 'all but a few' : text(principal)];
  }
  return Object.entries(principal).flatMap(([kind, values]) => list(values).map(text).filter(value => {
    const isOwnAccount = kind === 'AWS' && OWN_ACCOUNT.test(value);
    const isService = kind === 'Service' && /^[\w.-]+\.amazonaws\.com$/.test(value.replace(/\$\{AWS::Region\}/g, 'region'))
      && (Condition !== undefined || (list(Resource).length > 0 && list(Resource).every(resource => LOGS_OF_ACCOUNT.test(text(resource)))));
    return !isOwnAccount && !isService;
  }).map(value => `${kind} ${value}`));
}

interface Role {
  readonly AssumeRolePolicyDocument?: Value;
  readonly Policies?: { readonly PolicyDocument?: Value }[];
  readonly ManagedPolicyArns?: Value[];
}

interface Policy {
  readonly PolicyDocument?: Value;
  readonly Roles?: Value[];
  readonly Users?: Value[];
  readonly Groups?: Value[];
}

function isServiceTrust({ Principal: principal, Action }: Statement): boolean {
  return isObject(principal) && Object.keys(principal).join() === 'Service' && text(Action) === 'sts:AssumeRole'
    && list(principal.Service).every(service => /^[a-z][a-z0-9.-]*\.amazonaws\.com$/.test(text(service)));
}

/** A workflow elsewhere that proves by OpenID Connect that it is the one that is meant. */
function isFederatedTrust(template: Template, { Principal: principal, Action, Condition }: Statement): boolean {
  const provider = isObject(principal) && Object.keys(principal).join() === 'Federated' ? principal.Federated : undefined;
  const isKnown = isOfType(template, target(provider), 'AWS::IAM::OIDCProvider') || OIDC_PROVIDER.test(text(provider));
  const equals = Object.entries(Condition?.StringEquals ?? {});
  return isKnown && text(Action) === 'sts:AssumeRoleWithWebIdentity'
    && ['aud', 'sub'].every(claim => equals.some(([key, value]) => key.endsWith(`:${claim}`) && !/[*?]/.test(text(value))));
}

/** Roles are assumed by AWS services, and by the workflow that the deployer named; by no user, no role and no account. */
export function wideTrust(template: Template): string[] {
  return all<Role>(template, 'AWS::IAM::Role').flatMap(({ id, properties }) => statements(properties.AssumeRolePolicyDocument)
    .filter(statement => statement.Effect === 'Allow' && !isServiceTrust(statement) && !isFederatedTrust(template, statement))
    .map(({ Principal: principal, Action }) => `${id} can be assumed by ${text(principal)} with ${text(Action)}`));
}

/** Whether a statement lets do anything with identities, by name or by wildcard. */
function touchesIdentities({ Effect, Action, NotAction }: Statement): boolean {
  return Effect === 'Allow' && (NotAction !== undefined || list(Action).map(text).some(action => /^(iam|sts):/i.test(action) || /^\*|^[^:]*\*|^[^:]*\?/.test(action)));
}

/** The roles that tasks run with may be handed to ECS and to nothing else, by policies that no task has. */
function isHandover(template: Template, statement: Statement): boolean {
  const definitions = all<{ readonly TaskRoleArn?: Value; readonly ExecutionRoleArn?: Value }>(template, 'AWS::ECS::TaskDefinition');
  const roles = definitions.flatMap(({ properties }) => [text(properties.TaskRoleArn), text(properties.ExecutionRoleArn)]);
  return statement.NotAction === undefined && text(statement.Action) === 'iam:PassRole' && list(statement.Resource).length > 0
    && list(statement.Resource).every(resource => roles.includes(text(resource)))
    && text(statement.Condition?.StringEquals?.['iam:PassedToService']) === 'ecs-tasks.amazonaws.com';
}

/**
 * AWS's own policies that touch no identity, by their published text, and the only service that a role with them may serve.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
 */
const PUBLISHED: Record<string, string> = { AWSBackupServiceRolePolicyForBackup: 'backup.amazonaws.com' };

function isPublished(policy: string, { AssumeRolePolicyDocument: trust }: Role): boolean {
  const name = new RegExp(String.raw`^${PARTITION}:iam::aws:policy/service-role/(\w+)$`).exec(policy)?.[1] ?? '';
  return name in PUBLISHED
    && statements(trust).every(({ Principal: principal }) => isObject(principal) && text(principal.Service) === PUBLISHED[name]);
}

export function widePermissions(template: Template): string[] {
  const roles = all<Role>(template, 'AWS::IAM::Role');
  // What a service runs with, as against what the deployer's workflow comes with.
  const running = new Set(roles.filter(({ properties }) => statements(properties.AssumeRolePolicyDocument).some(isServiceTrust)).map(({ id }) => id));
  const policies = [...all<Policy>(template, 'AWS::IAM::ManagedPolicy'), ...all<Policy>(template, 'AWS::IAM::Policy')].map(({ id, properties }) => ({
    id,
    document: properties.PolicyDocument,
    holders: [
      ...list(properties.Roles).map(target),
      ...roles.filter(role => list(role.properties.ManagedPolicyArns).map(target).includes(id)).map(role => role.id),
    ],
  }));
  const inline = roles.flatMap(({ id, properties }) => list(properties.Policies)
    .map(({ PolicyDocument: document }) => ({ id, document, holders: [id] })));
  const unseen = roles.flatMap(({ id, properties }) => list(properties.ManagedPolicyArns).map(target)
    .filter(policy => !policies.some(each => each.id === policy) && !isPublished(policy, properties)).map(policy => `${id} has ${policy}, which can't be seen`));
  const wide = [...policies, ...inline].flatMap(({ id, document, holders }) => statements(document).filter(touchesIdentities)
    .filter(statement => holders.some(holder => running.has(holder)) || !isHandover(template, statement))
    .map(statement => `${id} allows ${text(statement.Action ?? statement.NotAction)} on ${text(statement.Resource)}`));
  return [...unseen, ...wide];
}
