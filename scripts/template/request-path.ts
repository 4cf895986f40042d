/**
 * The way of a request through a template, link by link: each is looked up by what the former refers to, and a link that
 * leads nowhere is an error. So what is printed is what would be deployed, not what was meant.
 */

interface Reference {
  readonly 'Ref'?: string;
  readonly 'Fn::GetAtt'?: readonly [string, string];
}

interface Resource<P> {
  readonly Type: string;
  readonly Properties: P;
}

export interface Template {
  readonly Resources: Record<string, Resource<unknown>>;
}

interface Distribution {
  readonly DistributionConfig: {
    readonly Aliases: string[];
    readonly DefaultCacheBehavior: { readonly TargetOriginId: string; readonly ViewerProtocolPolicy: string };
    readonly Origins: {
      readonly Id: string;
      readonly DomainName: Reference;
      readonly CustomOriginConfig?: { readonly OriginProtocolPolicy: string };
      readonly OriginCustomHeaders?: { readonly HeaderName: string; readonly HeaderValue: unknown }[];
    }[];
    readonly WebACLId?: unknown;
  };
}

interface LoadBalancer {
  readonly SecurityGroups: Reference[];
}

interface Listener {
  readonly LoadBalancerArn: Reference;
  readonly Port: number;
  readonly Protocol: string;
}

interface ListenerRule {
  readonly ListenerArn: Reference;
  readonly Priority: number;
  readonly Conditions: {
    readonly HostHeaderConfig?: { readonly Values: string[] };
    readonly HttpHeaderConfig?: { readonly HttpHeaderName: string; readonly Values: unknown[] };
  }[];
  readonly Actions: { readonly TargetGroupArn: Reference }[];
}

interface TargetGroup {
  readonly Protocol: string;
  readonly HealthCheckPath: string;
}

interface Service {
  readonly ServiceName: string;
  readonly DesiredCount?: number;
  readonly TaskDefinition: Reference;
  readonly LoadBalancers: { readonly ContainerName: string; readonly ContainerPort: number; readonly TargetGroupArn: Reference }[];
  readonly NetworkConfiguration: { readonly AwsvpcConfiguration: { readonly SecurityGroups: Reference[] } };
}

interface TaskDefinition {
  readonly ContainerDefinitions: {
    readonly Name: string;
    readonly PortMappings: { readonly ContainerPort: number }[];
    readonly Environment: { readonly Name: string; readonly Value: unknown }[];
  }[];
}

interface Database {
  readonly Port: number;
  readonly VpcSecurityGroupIds: Reference[];
}

interface Ingress {
  readonly GroupId: Reference;
  readonly SourceSecurityGroupId?: Reference;
  readonly SourcePrefixListId?: string;
  readonly FromPort: number;
}

/** One link of the way: what it is, which resource of the template, and what holds there. */
export interface Link {
  readonly what: string;
  readonly logicalId: string;
  readonly detail: string;
}

/** The way of the requests for each alias of the distribution. */
export function requestPaths(template: Template): Map<string, Link[]> {
  const [, distribution] = one<Distribution>(template, 'AWS::CloudFront::Distribution', () => true, 'in the template');
  return new Map(distribution.DistributionConfig.Aliases.map(alias => [alias, requestPath(template, alias)]));
}

function requestPath(template: Template, alias: string): Link[] {
  const [distributionId, { DistributionConfig: config }] = one<Distribution>(template, 'AWS::CloudFront::Distribution', () => true, `for ${alias}`);
  const origin = config.Origins.find(({ Id }) => Id === config.DefaultCacheBehavior.TargetOriginId);
  const loadBalancerId = target(origin?.DomainName);
  const loadBalancer = byId<LoadBalancer>(template, loadBalancerId, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
  const [listenerId, listener] = one<Listener>(template, 'AWS::ElasticLoadBalancingV2::Listener',
    ({ LoadBalancerArn, Protocol }) => target(LoadBalancerArn) === loadBalancerId && Protocol === 'HTTPS', `of ${loadBalancerId}`);
  requireOnlyWay(template, loadBalancer.SecurityGroups, undefined, listener.Port);

  const [ruleId, rule] = one<ListenerRule>(template, 'AWS::ElasticLoadBalancingV2::ListenerRule',
    ({ ListenerArn, Conditions }) => target(ListenerArn) === listenerId
      && Conditions.some(({ HostHeaderConfig }) => HostHeaderConfig?.Values.includes(alias)), `of ${listenerId} for ${alias}`);
  const secret = rule.Conditions.find(({ HttpHeaderConfig }) => HttpHeaderConfig)?.HttpHeaderConfig;
  requireSecret(secret, origin?.OriginCustomHeaders ?? []);

  const targetGroupId = target(rule.Actions[0].TargetGroupArn);
  const targetGroup = byId<TargetGroup>(template, targetGroupId, 'AWS::ElasticLoadBalancingV2::TargetGroup');
  const [serviceId, service] = one<Service>(template, 'AWS::ECS::Service',
    ({ LoadBalancers }) => LoadBalancers.some(({ TargetGroupArn }) => target(TargetGroupArn) === targetGroupId), `behind ${targetGroupId}`);
  const { ContainerName: name, ContainerPort: port } = service.LoadBalancers[0];
  const tasks = service.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups;
  requireOnlyWay(template, tasks, loadBalancer.SecurityGroups, port);

  const taskId = target(service.TaskDefinition);
  const container = byId<TaskDefinition>(template, taskId, 'AWS::ECS::TaskDefinition').ContainerDefinitions
    .find(({ Name, PortMappings }) => Name === name && PortMappings.some(({ ContainerPort }) => ContainerPort === port));
  const variables = new Map(container?.Environment.map(({ Name, Value }) => [Name, Value]));
  const databaseId = target(variables.get('DATABASE_HOST'));
  const database = byId<Database>(template, databaseId, 'AWS::RDS::DBCluster');
  if (variables.get('DATABASE_PORT') !== String(database.Port)) {
    throw new Error(`${taskId}: DATABASE_PORT is ${String(variables.get('DATABASE_PORT'))}, the port of ${databaseId} is ${database.Port}`);
  }
  requireWay(template, database.VpcSecurityGroupIds, tasks, database.Port);

  return [
    { what: 'CloudFront', logicalId: distributionId, detail: `${config.DefaultCacheBehavior.ViewerProtocolPolicy}${config.WebACLId ? ', web ACL' : ''}` },
    { what: 'load balancer', logicalId: loadBalancerId, detail: `${listener.Protocol} ${listener.Port}, admits a prefix list only` },
    { what: `listener rule ${rule.Priority}`, logicalId: ruleId, detail: `Host is ${alias}${secret ? `, ${secret.HttpHeaderName} is the secret` : ''}` },
    { what: 'target group', logicalId: targetGroupId, detail: `${targetGroup.Protocol}, health check ${targetGroup.HealthCheckPath}` },
    { what: 'ECS service', logicalId: serviceId, detail: `${service.ServiceName}, tasks: ${service.DesiredCount ?? 'by scaling'}` },
    { what: 'container', logicalId: taskId, detail: `${name}:${port}, admits the load balancer only` },
    { what: 'database', logicalId: databaseId, detail: `port ${database.Port}` },
  ];
}

/** The logical id that a reference leads to. */
function target(reference: unknown): string {
  if (typeof reference === 'object' && reference !== null) {
    const { Ref, 'Fn::GetAtt': attribute } = reference as Reference;
    const id = Ref ?? attribute?.[0];
    if (id) {
      return id;
    }
  }
  throw new Error(`no reference to a resource: ${JSON.stringify(reference)}`);
}

function byId<P>(template: Template, logicalId: string, type: string): P {
  const resource = template.Resources[logicalId];
  if (resource?.Type !== type) {
    throw new Error(`${logicalId} is ${resource?.Type ?? 'not in the template'}, not ${type}`);
  }
  return resource.Properties as P;
}

function all<P>(template: Template, type: string): [string, P][] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type).map(([id, { Properties }]) => [id, Properties as P]);
}

function one<P>(template: Template, type: string, matches: (properties: P) => boolean, where: string): [string, P] {
  const found = all<P>(template, type).filter(([, properties]) => matches(properties));
  if (found.length !== 1) {
    throw new Error(`${found.length} ${type} ${where}, not 1`);
  }
  return found[0];
}

/** A security group must let in this port from another group, or from a prefix list where none is given. */
function requireWay(template: Template, into: Reference[], from: Reference[] | undefined, port: number): Ingress[] {
  const group = target(into[0]);
  const rules = all<Ingress>(template, 'AWS::EC2::SecurityGroupIngress').map(([, rule]) => rule).filter(({ GroupId }) => target(GroupId) === group);
  const admitting = rules.filter(rule => rule.FromPort === port
    && (from ? rule.SourceSecurityGroupId && target(rule.SourceSecurityGroupId) === target(from[0]) : rule.SourcePrefixListId));
  if (admitting.length === 0) {
    throw new Error(`${group} does not admit ${from ? target(from[0]) : 'a prefix list'} on port ${port}`);
  }
  return rules.filter(rule => !admitting.includes(rule));
}

/** The same, and nothing else may come in. */
function requireOnlyWay(template: Template, into: Reference[], from: Reference[] | undefined, port: number): void {
  const others = requireWay(template, into, from, port);
  const inline = byId<{ readonly SecurityGroupIngress?: unknown }>(template, target(into[0]), 'AWS::EC2::SecurityGroup').SecurityGroupIngress;
  if (others.length > 0 || inline) {
    throw new Error(`${target(into[0])} admits more than it should: ${JSON.stringify(inline ?? others)}`);
  }
}

/** The secret that is sent must be among those that are accepted. */
function requireSecret(
  accepted: { readonly HttpHeaderName: string; readonly Values: unknown[] } | undefined,
  sent: { readonly HeaderName: string; readonly HeaderValue: unknown }[],
): void {
  const value = sent.find(({ HeaderName }) => HeaderName === accepted?.HttpHeaderName)?.HeaderValue;
  if (accepted && !accepted.Values.some(each => JSON.stringify(each) === JSON.stringify(value))) {
    throw new Error(`the distribution does not send a ${accepted.HttpHeaderName} that the load balancer accepts`);
  }
}
