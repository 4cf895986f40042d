/** Whether what a request goes through fits together: listeners, rules, target groups, containers, zones. */
import { type DatabaseInstance, TASK_DEFINITION, type TaskDefinition } from './graph-types';
import type { Service } from '../../scripts/template/network';
import { all, isObject, list, target, type Template, text, type Value, walk } from '../../scripts/template/template';

interface Listener {
  readonly Port?: Value;
  readonly Protocol?: Value;
  readonly Certificates?: Value[];
  readonly DefaultActions?: Value;
}

interface ListenerRule {
  readonly ListenerArn?: Value;
  readonly Priority?: Value;
  readonly Actions?: Value;
}

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

export function priorities(template: Template): string[] {
  const taken = new Map<string, string>();
  return all<ListenerRule>(template, RULE).flatMap(({ id, properties: { ListenerArn, Priority } }) => {
    const place = `${target(ListenerArn)} ${text(Priority)}`;
    const other = taken.get(place);
    taken.set(place, id);
    const isValid = typeof Priority === 'number' && Priority >= 1 && Priority <= 50_000;
    return [...(isValid ? [] : [`${id} has the priority ${text(Priority)}`]), ...(other ? [`${id} has the priority of ${other}`] : [])];
  });
}

export function listeners(template: Template): string[] {
  return all<Listener>(template, LISTENER).flatMap(({ id, properties: { Port, Protocol, Certificates } }) => [
    ...(typeof Port === 'number' ? [] : [`${id} has no port`]),
    ...(Protocol === 'HTTPS' || Protocol === 'HTTP' ? [] : [`${id} has no protocol`]),
    ...(Protocol === 'HTTPS' && list(Certificates).length === 0 ? [`${id} has no certificate`] : []),
  ]);
}

interface TargetGroup {
  readonly TargetType?: string;
  readonly Protocol?: string;
  readonly VpcId?: Value;
  readonly HealthCheckPort?: Value;
}

/** What load balancers forward to, by default and by rules. */
function forwardedTo(template: Template): Set<string> {
  const actions = [
    ...all<Listener>(template, LISTENER).map(({ properties }) => properties.DefaultActions),
    ...all<ListenerRule>(template, RULE).map(({ properties }) => properties.Actions),
  ];
  return new Set(actions.flatMap(action => [...walk(action)]).filter(isObject)
    .filter(({ TargetGroupArn }) => TargetGroupArn !== undefined).map(({ TargetGroupArn }) => target(TargetGroupArn)));
}

export function targets(template: Template): string[] {
  const definitions = new Map(all<TaskDefinition>(template, TASK_DEFINITION).map(({ id, properties }) => [id, properties]));
  const groups = new Map(all<TargetGroup>(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').map(({ id, properties }) => [id, properties]));
  const networks = new Set(all<{ readonly VpcId?: Value }>(template, 'AWS::EC2::SecurityGroup').map(({ properties }) => text(properties.VpcId)));
  const forwarded = forwardedTo(template);
  const served = new Set<string>();
  const found = all<Service>(template, 'AWS::ECS::Service').flatMap(({ id, properties }) => {
    const definition = definitions.get(target(properties.TaskDefinition));
    const attachments = list(properties.LoadBalancers);
    return [...(attachments.length === 1 ? [] : [`${id} is behind ${attachments.length} target groups`]), ...attachments.flatMap(attachment => {
      const groupId = target(attachment.TargetGroupArn);
      served.add(groupId);
      const container = list(definition?.ContainerDefinitions).find(({ Name }) => Name === attachment.ContainerName);
      const hasPort = list(container?.PortMappings).some(({ ContainerPort }) => ContainerPort === attachment.ContainerPort);
      const group = groups.get(groupId);
      return [
        ...(container ? [] : [`${id} names the container ${attachment.ContainerName}, which its task definition has not`]),
        ...(hasPort ? [] : [`${id} names the port ${attachment.ContainerPort}, which the container has not`]),
        ...(group ? [] : [`${id} is behind ${groupId}, which is no target group`]),
        ...(forwarded.has(groupId) ? [] : [`${id} is behind ${groupId}, which nothing is forwarded to`]),
        // Tasks on Fargate have addresses of their own and are no instances.
        ...(definition?.NetworkMode === 'awsvpc' && group?.TargetType === 'ip' ? [] : [`${groupId} has targets of type ${group?.TargetType}, not ip`]),
        ...(group?.Protocol === 'HTTP' ? [] : [`${groupId} speaks ${group?.Protocol}, the containers HTTP`]),
        ...(networks.has(text(group?.VpcId)) ? [] : [`${groupId} is in another VPC than the tasks`]),
        ...(group?.HealthCheckPort === undefined || group.HealthCheckPort === 'traffic-port' ? [] : [`${groupId} is checked on another port`]),
      ];
    })];
  });
  return [...found, ...[...forwarded].filter(group => !served.has(group)).map(group => `no service is behind ${group}`)];
}

/** In an imported VPC zones can't be told apart, but different subnets are in different ones. */
export function zones(template: Template): string[] {
  const zoneOf = (subnet: Value) => {
    const found = all<{ readonly AvailabilityZone?: Value }>(template, 'AWS::EC2::Subnet').find(({ id }) => id === target(subnet));
    return found ? text(found.properties.AvailabilityZone) : target(subnet);
  };
  const spread = (id: string, subnets: Value[] | undefined) => new Set(list(subnets).map(zoneOf)).size >= 2 ? [] : [`${id} stands in one zone`];
  return [
    ...all<{ readonly Subnets?: Value[] }>(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').flatMap(({ id, properties }) => spread(id, properties.Subnets)),
    ...all<{ readonly SubnetIds?: Value[] }>(template, 'AWS::RDS::DBSubnetGroup').flatMap(({ id, properties }) => spread(id, properties.SubnetIds)),
    ...all<Service>(template, 'AWS::ECS::Service').flatMap(({ id, properties }) => spread(id, properties.NetworkConfiguration?.AwsvpcConfiguration?.Subnets)),
    ...writerAndReader(template),
  ];
}

function writerAndReader(template: Template): string[] {
  const places = all<DatabaseInstance>(template, 'AWS::RDS::DBInstance').map(({ properties }) => text(properties.AvailabilityZone));
  return new Set(places).size === places.length ? [] : [`all instances of the database are in ${places[0]}`];
}

/** Rules that know a new value must be there before the distribution sends it. */
export function headerOrder(template: Template): string[] {
  const rules = all<ListenerRule>(template, RULE).map(({ id }) => id);
  return all(template, 'AWS::CloudFront::Distribution').flatMap(({ id }) => rules.filter(rule => !list(template.Resources[id].DependsOn).includes(rule))
    .map(rule => `${id} does not wait for ${rule}`));
}
