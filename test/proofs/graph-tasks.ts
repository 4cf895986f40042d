/** Whether tasks get what they are started with: capacity, secrets, files, logs, the database. */
import { CLUSTER, type DatabaseCluster, type DatabaseInstance, TASK_DEFINITION, type TaskDefinition } from './graph-types';
import type { Service } from '../../scripts/template/network';
import { all, isObject, list, matchesWildcards, statements, target, type Template, text, type Value, walk } from '../../scripts/template/template';

export function capacityProviders(template: Template): string[] {
  const clusters = new Map(all<{ readonly CapacityProviders?: string[] }>(template, 'AWS::ECS::Cluster').map(({ id, properties }) => [id, list(properties.CapacityProviders)]));
  return all<Service>(template, 'AWS::ECS::Service').flatMap(({ id, properties }) => {
    const wanted = list(properties.CapacityProviderStrategy).map(({ CapacityProvider }) => CapacityProvider);
    const offered = clusters.get(target(properties.Cluster));
    return [
      ...(offered ? [] : [`${id} is in ${target(properties.Cluster)}, which is no cluster`]),
      ...wanted.filter(provider => !offered?.includes(provider)).map(provider => `${id} wants ${provider}, which its cluster has not`),
      ...(wanted.length > 0 && properties.LaunchType === undefined ? [] : [`${id} has a launch type or no capacity provider`]),
    ];
  });
}

export function databaseCapacity(template: Template): string[] {
  const instances = all<DatabaseInstance>(template, 'AWS::RDS::DBInstance').map(({ properties }) => properties);
  return all<DatabaseCluster>(template, CLUSTER).flatMap(({ id, properties }) => {
    const own = instances.filter(({ DBClusterIdentifier }) => target(DBClusterIdentifier) === id);
    const found = own.length > 0 ? [] : [`${id} has no instance`];
    if (!own.some(({ DBInstanceClass }) => DBInstanceClass === 'db.serverless')) {
      return found;
    }
    const { MinCapacity: min, MaxCapacity: max, SecondsUntilAutoPause: pause } = properties.ServerlessV2ScalingConfiguration ?? {};
    const isOrdered = typeof min === 'number' && typeof max === 'number' && min >= 0 && min <= max && max >= 1 && max <= 256;
    const pausesWell = min === 0 ? typeof pause === 'number' && pause >= 300 && pause <= 86_400 : pause === undefined;
    return [
      ...found,
      ...(isOrdered ? [] : [`${id} scales from ${text(min)} to ${text(max)}`]),
      ...(pausesWell ? [] : [`${id} pauses after ${text(pause)} seconds at a minimum of ${text(min)}`]),
    ];
  });
}

interface Secret {
  readonly SecretString?: Value;
  readonly GenerateSecretString?: { readonly SecretStringTemplate?: string; readonly GenerateStringKey?: string };
}

/** What an attachment to a database adds to a secret. */
const ATTACHED = ['dbClusterIdentifier', 'dbname', 'engine', 'host', 'port'];

/** The keys of each secret that is made here, by its id and by that of its attachment; undefined where the whole value is one text. */
function keysOfSecrets(template: Template): Map<string, string[] | undefined> {
  const keys = new Map(all<Secret>(template, 'AWS::SecretsManager::Secret').map(({ id, properties: { GenerateSecretString: made } }) => {
    const fixed: unknown = made?.SecretStringTemplate === undefined ? undefined : JSON.parse(made.SecretStringTemplate);
    return [id, isObject(fixed) ? [...Object.keys(fixed), ...list(made?.GenerateStringKey)] : undefined] as const;
  }));
  for (const { id, properties } of all<{ readonly SecretId?: Value }>(template, 'AWS::SecretsManager::SecretTargetAttachment')) {
    keys.set(id, [...keys.get(target(properties.SecretId)) ?? [], ...ATTACHED]);
  }
  return keys;
}

/** A key of a secret that something asks for; none for its whole value. */
interface Question {
  readonly from: string;
  readonly secret: string;
  readonly key?: string;
}

function questions(template: Template): Question[] {
  const injected = all<TaskDefinition>(template, TASK_DEFINITION).flatMap(({ id, properties }) => list(properties.ContainerDefinitions)
    .flatMap(({ Secrets }) => list(Secrets)).flatMap(({ Name, ValueFrom }) => {
      // The ARN, then the key, the stage and the version, divided by colons.
      const [, secret, key] = /^\$\{([\w.]+)\}(?::([^:]*):[^:]*:[^:]*)?$/.exec(text(ValueFrom)) ?? [];
      return secret === undefined ? [] : [{ from: `${id} ${Name}`, secret, key }];
    }));
  const resolved = Object.entries(template.Resources).flatMap(([id, { Properties }]) => [...walk(Properties)]
    .flatMap(value => isObject(value) && 'Fn::Join' in value ? [...text(value).matchAll(/\{\{resolve:secretsmanager:\$\{(\w+)\}:SecretString:([^:}]*)/g)] : [])
    .map(([, secret, key]) => ({ from: id, secret, key })));
  return [...injected, ...resolved];
}

export function secretKeys(template: Template): string[] {
  const keys = keysOfSecrets(template);
  return questions(template).flatMap(({ from, secret, key }) => {
    if (!keys.has(secret)) {
      return [`${from} asks ${secret}, which is no secret made here`];
    }
    const has = keys.get(secret);
    return key ? has?.includes(key) ? [] : [`${from} asks ${secret} for ${key}, which is not in it`]
      : has === undefined ? [] : [`${from} takes the whole of ${secret}, which is JSON`];
  });
}

interface Policy {
  readonly PolicyDocument?: Value;
  readonly Roles?: Value[];
}

/** Whether a role's policies allow an action on a resource. */
function allows(template: Template, role: string, action: string, resource: string): boolean {
  const attached = all<{ readonly ManagedPolicyArns?: Value[] }>(template, 'AWS::IAM::Role').filter(({ id }) => id === role)
    .flatMap(({ properties }) => list(properties.ManagedPolicyArns).map(target));
  return [...all<Policy>(template, 'AWS::IAM::ManagedPolicy'), ...all<Policy>(template, 'AWS::IAM::Policy')]
    .filter(({ id, properties }) => attached.includes(id) || list(properties.Roles).map(target).includes(role))
    .flatMap(({ properties }) => statements(properties.PolicyDocument))
    .some(statement => statement.Effect === 'Allow' && list(statement.Action).some(each => matchesWildcards(text(each), action))
      && list(statement.Resource).some(each => text(each) === resource || text(each) === '*'));
}

/** The ARN of an object by that of its bucket, also where it is put together from the bucket's name. */
function objectArn(arn: string): string {
  return arn.replace(/^arn:\$\{AWS::Partition\}:s3:::\$\{(\w+)\}/, '${$1.Arn}');
}

export function executionRoles(template: Template): string[] {
  const attachments = new Map(all<{ readonly SecretId?: Value }>(template, 'AWS::SecretsManager::SecretTargetAttachment')
    .map(({ id, properties }) => [id, target(properties.SecretId)]));
  return all<TaskDefinition>(template, TASK_DEFINITION).flatMap(({ id, properties }) => {
    const role = target(properties.ExecutionRoleArn);
    const may = (action: string, ...resources: string[]) => resources.some(resource => allows(template, role, action, resource));
    return list(properties.ContainerDefinitions).flatMap(({ Secrets, EnvironmentFiles, LogConfiguration: log }) => [
      ...list(Secrets).flatMap(({ Name, ValueFrom }) => {
        const arn = /^\$\{\w+\}|^arn:[^:]+(?::[^:]*){4}:secret:[^:]+/.exec(text(ValueFrom))?.[0] ?? text(ValueFrom);
        const secret = arn.replace(/^\$\{(\w+)\}$/, '$1');
        const action = arn.includes(':ssm:') ? 'ssm:GetParameters' : 'secretsmanager:GetSecretValue';
        return may(action, arn, `\${${attachments.get(secret)}}`, `${arn}-??????`) ? [] : [`${role} may not read ${Name} of ${id}, in ${arn}`];
      }),
      ...list(EnvironmentFiles).map(file => objectArn(text(file.Value))).filter(file => !may('s3:GetObject', file)).map(file => `${role} may not read ${file} of ${id}`),
      ...list(log?.Options?.['awslogs-group']).map(target).filter(group => !may('logs:PutLogEvents', `\${${group}.Arn}`)).map(group => `${role} may not write to ${group}`),
      ...(may('ecr:GetAuthorizationToken', '*') ? [] : [`${role} may not log in to ECR`]),
    ]);
  });
}

export function databaseAddress(template: Template): string[] {
  const clusters = all<DatabaseCluster>(template, CLUSTER);
  return all<TaskDefinition>(template, TASK_DEFINITION).flatMap(({ id, properties }) => list(properties.ContainerDefinitions).flatMap(container => {
    const value = (name: string) => text(list(container.Environment).find(({ Name }) => Name === name)?.Value);
    const cluster = clusters.find(each => value('DATABASE_HOST') === `\${${each.id}.Endpoint.Address}`);
    return cluster && value('DATABASE_PORT') === text(cluster.properties.Port) ? []
      : [`${id} ${container.Name} looks for the database at ${value('DATABASE_HOST')}:${value('DATABASE_PORT')}`];
  }));
}

interface ScalableTarget {
  readonly ResourceId?: Value;
  readonly MinCapacity?: Value;
  readonly MaxCapacity?: Value;
}

export function scaling(template: Template): string[] {
  const services = all<Service>(template, 'AWS::ECS::Service');
  return all<ScalableTarget>(template, 'AWS::ApplicationAutoScaling::ScalableTarget').flatMap(({ id, properties }) => {
    const service = services.find(each => text(properties.ResourceId) === `service/${text(each.properties.Cluster)}/\${${each.id}.Name}`);
    const { MinCapacity: min, MaxCapacity: max } = properties;
    return [
      ...(service ? [] : [`${id} scales ${text(properties.ResourceId)}, which is not there`]),
      ...(service?.properties.DesiredCount === undefined ? [] : [`${id} scales ${service.id}, whose count each deployment sets`]),
      ...(typeof min === 'number' && typeof max === 'number' && min <= max ? [] : [`${id} scales from ${text(min)} to ${text(max)}`]),
    ];
  });
}
