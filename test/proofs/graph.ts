/**
 * Whether the parts of the templates fit together, where linters were seen to say nothing: names, ports and keys that one
 * resource has and another one refers to.
 */
import { capacityProviders, databaseAddress, databaseCapacity, executionRoles, scaling, secretKeys } from './graph-tasks';
import { headerOrder, listeners, priorities, targets, zones } from './graph-traffic';
import { CLUSTER, type DatabaseCluster, TASK_DEFINITION, type TaskDefinition } from './graph-types';
import type { Synthesis } from '../../scripts/deployments/synthesis';
import { all, isObject, list, target, type Template, text, type Value, walk } from '../../scripts/template/template';

export type Check = (synthesis: Synthesis) => string[];

/** A check of each template by itself. */
const each = (check: (template: Template) => string[]): Check => ({ stacks }) =>
  Object.entries(stacks).flatMap(([name, { template }]) => check(template).map(found => `${name}: ${found}`));

export const CHECKS = {
  'every reference leads to something': each(danglingReferences),
  'every output that another stack reads is there': missingOutputs,
  'no two rules of a listener have one priority': each(priorities),
  'every listener has a port, a protocol and a certificate': each(listeners),
  'service, container and target group fit together': each(targets),
  'every service has a capacity provider of its cluster': each(capacityProviders),
  'the capacity of the database is in order': each(databaseCapacity),
  'every key of a secret that is asked for is in it': each(secretKeys),
  'every log has its group, made before and with a retention': each(logGroups),
  'what a task starts with, its execution role may read': each(executionRoles),
  'tasks are told where the database is': each(databaseAddress),
  'scaling names a service that is there': each(scaling),
  'every alarm watches something that is there': alarms,
  'load balancer and database stand in two zones': each(zones),
  'the header is accepted before it is sent': each(headerOrder),
} satisfies Record<string, Check>;

export type CheckName = keyof typeof CHECKS;

/** What each check that fails has found. */
export function misfits(synthesis: Synthesis): Partial<Record<CheckName, string[]>> {
  const results = Object.entries(CHECKS).map(([name, check]) => [name, check(synthesis)] as const);
  return Object.fromEntries(results.filter(([, found]) => found.length > 0));
}

/** The names in the text of `Fn::Sub` that CloudFormation looks up itself. */
function namesIn(sub: Value): string[] {
  const [body, values] = Array.isArray(sub) ? sub : [sub, {}];
  const given = isObject(values) ? Object.keys(values) : [];
  return [...text(body).matchAll(/\$\{([^!][^}]*)\}/g)].map(([, name]) => name.split('.')[0].trim()).filter(name => !given.includes(name));
}

function referencesIn(value: Value): string[] {
  return [...walk(value)].filter(isObject).flatMap(({ Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Sub': sub }) => [
    ...(typeof ref === 'string' ? [ref] : []),
    ...(attribute === undefined ? [] : [target({ 'Fn::GetAtt': attribute })]),
    ...(sub === undefined ? [] : namesIn(sub)),
  ]);
}

function danglingReferences(template: Template): string[] {
  const { Resources, Parameters = {}, Outputs = {} } = template;
  const found: string[] = [];
  const require = (from: string, ids: string[], isThere: (id: string) => boolean) =>
    found.push(...ids.filter(id => !isThere(id)).map(id => `${from} refers to ${id}, which is not there`));
  const isValue = (id: string) => id in Resources || id in Parameters || id.startsWith('AWS::');
  for (const [id, resource] of Object.entries(Resources)) {
    require(id, list(resource.DependsOn), other => other in Resources);
    require(id, referencesIn(resource.Properties ?? {}), isValue);
  }
  Object.entries(Outputs).forEach(([name, output]) => require(`the output ${name}`, referencesIn(output), isValue));
  return found;
}

function missingOutputs({ stacks }: Synthesis): string[] {
  return Object.entries(stacks).flatMap(([name, { template }]) => [...walk(template.Resources as unknown as Value)]
    .flatMap(value => isObject(value) && isObject(value['Fn::GetStackOutput']) ? [value['Fn::GetStackOutput']] : [])
    .flatMap(({ StackName: stack, OutputName: output, Region: region }) => {
      const producer = stacks[text(stack)];
      const what = `${name} reads ${text(output)} of ${text(stack)} in ${text(region)}`;
      return !producer ? [`${what}, a stack that is not there`]
        : producer.region !== region ? [`${what}, which is in ${producer.region}`]
          : text(output) in (producer.template.Outputs ?? {}) ? [] : [`${what}, an output that is not there`];
    }));
}

interface LogGroup {
  readonly LogGroupName?: Value;
  readonly RetentionInDays?: number;
}

/** The names of the groups that services of AWS would make themselves, and keep for ever. */
function expectedLogGroups(template: Template): string[] {
  const insights = all<{ readonly ClusterName?: Value; readonly ClusterSettings?: { readonly Name: string; readonly Value: string }[] }>(template, 'AWS::ECS::Cluster')
    .filter(({ properties }) => list(properties.ClusterSettings).some(({ Name, Value: value }) => Name === 'containerInsights' && value !== 'disabled'))
    .map(({ properties }) => `/aws/ecs/containerinsights/${text(properties.ClusterName)}/performance`);
  const exports = all<DatabaseCluster>(template, CLUSTER)
    .flatMap(({ id, properties }) => list(properties.EnableCloudwatchLogsExports).map(log => `/aws/rds/cluster/\${${id}}/${log}`));
  return [...insights, ...exports];
}

function logGroups(template: Template): string[] {
  const groups = all<LogGroup>(template, 'AWS::Logs::LogGroup');
  const names = groups.map(({ properties }) => text(properties.LogGroupName));
  const isThere = (group: Value | undefined) => groups.some(({ id, properties }) =>
    target(group) === id || text(properties.LogGroupName) === text(group));
  const drivers = all<TaskDefinition>(template, TASK_DEFINITION).flatMap(({ id, properties }) => list(properties.ContainerDefinitions)
    .filter(({ LogConfiguration: log }) => log?.LogDriver !== 'awslogs' || !isThere(log.Options?.['awslogs-group']))
    .map(({ Name, LogConfiguration: log }) => `${id} ${Name} logs to ${text(log?.Options?.['awslogs-group'])}, which is not there`));
  // WAF takes an ARN without the stars that a group's own attribute ends in.
  const webAcls = all<{ readonly LogDestinationConfigs?: Value[] }>(template, 'AWS::WAFv2::LoggingConfiguration').flatMap(({ id, properties }) =>
    list(properties.LogDestinationConfigs).filter(destination => !groups.some(group => text(destination).endsWith(`:log-group:\${${group.id}}`)))
      .map(destination => `${id} logs to ${text(destination)}, which is not there`));
  return [
    ...expectedLogGroups(template).filter(name => !names.includes(name)).map(name => `${name} would be made by AWS, and kept for ever`),
    ...drivers,
    ...webAcls,
    ...groups.filter(({ properties }) => !((properties.RetentionInDays ?? 0) > 0)).map(({ id }) => `${id} keeps for ever`),
  ];
}

/** Dimensions that say what kind of thing is watched, and not which. */
const KINDS = ['Region', 'Role', 'Rule', 'Currency'];

/** What a dimension names is a reference to a resource of the template, or the name that one is given in one of the templates. */
function alarms({ stacks }: Synthesis): string[] {
  const names = new Set(Object.values(stacks).flatMap(({ template }) => Object.values(template.Resources)).flatMap(({ Properties = {} }) =>
    Object.entries(Properties).filter(([key]) => /^(?:\w*Name|Family)$/.test(key)).map(([, value]) => text(value))));
  const reported = reportedNames(Object.values(stacks).map(({ template }) => template));
  const isThere = (template: Template, value: Value) => isObject(value)
    ? refersToResource(template, value) : names.has(text(value)) || reported.has(text(value));
  return Object.entries(stacks).flatMap(([stack, { template }]) => all<Record<string, Value>>(template, 'AWS::CloudWatch::Alarm').flatMap(({ id, properties }) => [
    ...[...walk(properties)].flatMap(value => isObject(value) ? list(value.Dimensions) : []).filter(isObject)
      .filter(({ Name, Value: value }) => !KINDS.includes(text(Name)) && !isThere(template, value))
      .map(({ Name, Value: value }) => `${stack}: ${id} watches ${text(Name)} ${text(value)}, which is not there`),
    ...[...walk(properties)].filter(isObject).filter(({ Namespace }) => Namespace !== undefined && !/^(?:AWS|ECS)\//.test(text(Namespace)))
      .map(({ Namespace, MetricName }) => `${text(Namespace)} ${text(MetricName)}`).filter(metric => !reported.has(metric))
      .map(metric => `${stack}: ${id} watches ${metric}, which nothing writes`),
  ]));
}

/** What metrics are known by that is no name of a resource: certificates in use, the metric of a web ACL, and what filters of logs write. */
function reportedNames(templates: Template[]): Set<string> {
  const inUse = templates.flatMap(({ Resources }) => Object.values(Resources)).filter(({ Type }) => Type !== 'AWS::CloudWatch::Alarm')
    .flatMap(({ Properties }) => [...walk(Properties)]).filter(isObject)
    .flatMap(({ CertificateArn, AcmCertificateArn }) => [CertificateArn, AcmCertificateArn]);
  const webAcls = templates.flatMap(template => all<{ readonly VisibilityConfig?: Value }>(template, 'AWS::WAFv2::WebACL'))
    .flatMap(({ properties: { VisibilityConfig: config } }) => isObject(config) ? [config.MetricName] : []);
  const filters = templates.flatMap(template => all<{ readonly MetricTransformations?: Value[] }>(template, 'AWS::Logs::MetricFilter'))
    .flatMap(({ properties }) => list(properties.MetricTransformations).filter(isObject))
    .map(({ MetricNamespace, MetricName }) => `${text(MetricNamespace)} ${text(MetricName)}`);
  return new Set([...inUse, ...webAcls, ...filters].map(text));
}

function refersToResource(template: Template, value: Value): boolean {
  return [...walk(value)].some(part => isObject(part) && 'Fn::GetStackOutput' in part) || referencesIn(value).some(id => id in template.Resources);
}
