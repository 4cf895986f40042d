import { all, list, target, text, type Template, type Value } from './template';

interface SecurityGroup {
  readonly SecurityGroupIngress?: RuleProperties[];
  readonly SecurityGroupEgress?: RuleProperties[];
}

interface RuleProperties {
  readonly GroupId?: Value;
  readonly IpProtocol?: Value;
  readonly FromPort?: Value;
  readonly ToPort?: Value;
  readonly CidrIp?: Value;
  readonly CidrIpv6?: Value;
  readonly SourceSecurityGroupId?: Value;
  readonly SourcePrefixListId?: Value;
  readonly DestinationSecurityGroupId?: Value;
  readonly DestinationPrefixListId?: Value;
}

interface LoadBalancer {
  readonly Scheme?: string;
  readonly SecurityGroups?: Value[];
  readonly Subnets?: Value[];
}

export interface Service {
  readonly Cluster?: Value;
  readonly ServiceName?: Value;
  readonly DesiredCount?: Value;
  readonly TaskDefinition?: Value;
  readonly LaunchType?: string;
  readonly PlatformVersion?: string;
  readonly CapacityProviderStrategy?: { readonly CapacityProvider: string }[];
  readonly LoadBalancers?: { readonly ContainerName?: string; readonly ContainerPort?: number; readonly TargetGroupArn?: Value }[];
  readonly NetworkConfiguration?: {
    readonly AwsvpcConfiguration?: { readonly AssignPublicIp?: string; readonly SecurityGroups?: Value[]; readonly Subnets?: Value[] };
  };
}

export interface Cluster {
  readonly Engine?: string;
  readonly EngineVersion?: string;
  readonly Port?: Value;
  readonly DBSubnetGroupName?: Value;
  readonly VpcSecurityGroupIds?: Value[];
}

interface Endpoint {
  readonly VpcEndpointType?: string;
  readonly ServiceName?: Value;
  readonly SecurityGroupIds?: Value[];
  readonly SubnetIds?: Value[];
  readonly RouteTableIds?: Value[];
  readonly PolicyDocument?: Value;
}

interface Instance {
  readonly SecurityGroupIds?: Value[];
  readonly SubnetId?: Value;
  readonly NetworkInterfaces?: { readonly GroupSet?: Value[]; readonly SubnetId?: Value }[];
}

/** Something that has an address in the VPC. */
export interface Interface {
  readonly id: string;
  readonly kind: 'load balancer' | 'task' | 'database' | 'endpoint' | 'NAT';
  readonly groups: string[];
  readonly subnets: string[];
  /** Of a task, the name of its container. */
  readonly container?: string;
  readonly port?: number;
}

export function interfaces(template: Template): Interface[] {
  const targets = (values: Value[] | undefined) => list(values).map(target);
  return [
    ...all<LoadBalancer>(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').map(({ id, properties }) => ({
      id, kind: 'load balancer' as const, groups: targets(properties.SecurityGroups), subnets: targets(properties.Subnets),
    })),
    ...all<Service>(template, 'AWS::ECS::Service').map(({ id, properties }) => {
      const network = properties.NetworkConfiguration?.AwsvpcConfiguration;
      const { ContainerName: container, ContainerPort: port } = properties.LoadBalancers?.[0] ?? {};
      return { id, kind: 'task' as const, groups: targets(network?.SecurityGroups), subnets: targets(network?.Subnets), container, port };
    }),
    ...all<Cluster>(template, 'AWS::RDS::DBCluster').map(({ id, properties }) => ({
      id,
      kind: 'database' as const,
      groups: targets(properties.VpcSecurityGroupIds),
      subnets: all<{ readonly SubnetIds?: Value[] }>(template, 'AWS::RDS::DBSubnetGroup')
        .filter(group => group.id === target(properties.DBSubnetGroupName)).flatMap(group => targets(group.properties.SubnetIds)),
      port: typeof properties.Port === 'number' ? properties.Port : undefined,
    })),
    ...all<Endpoint>(template, 'AWS::EC2::VPCEndpoint').filter(({ properties }) => properties.VpcEndpointType === 'Interface').map(({ id, properties }) => ({
      id, kind: 'endpoint' as const, groups: targets(properties.SecurityGroupIds), subnets: targets(properties.SubnetIds),
    })),
    ...all<Instance>(template, 'AWS::EC2::Instance').map(({ id, properties }) => ({
      id,
      kind: 'NAT' as const,
      groups: targets([...list(properties.SecurityGroupIds), ...list(properties.NetworkInterfaces).flatMap(({ GroupSet }) => list(GroupSet))]),
      subnets: targets([...list(properties.SubnetId), ...list(properties.NetworkInterfaces).flatMap(({ SubnetId }) => list(SubnetId))]),
    })),
    ...all<Instance>(template, 'AWS::EC2::NatGateway').map(({ id, properties }) => ({
      id, kind: 'NAT' as const, groups: [], subnets: targets(list(properties.SubnetId)),
    })),
  ];
}

/** What a rule lets through, as one text: who, which protocol, which ports. */
function flow(rule: RuleProperties): string {
  const group = rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId;
  const prefixList = rule.SourcePrefixListId ?? rule.DestinationPrefixListId;
  const cidr = rule.CidrIp ?? rule.CidrIpv6;
  const peer = group !== undefined ? target(group) : prefixList !== undefined ? text(prefixList) : cidr !== undefined ? text(cidr) : 'somebody that the rule does not name';
  return `${peer} by ${text(rule.IpProtocol)} on ${text(rule.FromPort)}${rule.ToPort === rule.FromPort ? '' : ` to ${text(rule.ToPort)}`}`;
}

/** The flow of one port from or to a peer. */
export function tcp(peer: string, port: number | undefined): string {
  return `${peer} by tcp on ${port}`;
}

/** What may come into a group, by rules within it and by rules of their own. */
export function ingress(template: Template, groups: string[]): string[] {
  return rules(template, groups, 'SecurityGroupIngress').map(flow);
}

/** Is put into a group by the CDK to let nothing out: a protocol and an address that there is nothing behind. */
const NOTHING = '255.255.255.255/32 by icmp on 252 to 86';

/** What may go out of a group. Without a single rule that is everything; the first rule takes that default away. */
export function egress(template: Template, groups: string[]): string[] {
  return groups.flatMap(group => {
    const found = rules(template, [group], 'SecurityGroupEgress');
    return found.length > 0 ? found.map(flow).filter(each => each !== NOTHING) : ['0.0.0.0/0 by -1 on undefined'];
  });
}

function rules(template: Template, groups: string[], kind: 'SecurityGroupIngress' | 'SecurityGroupEgress'): RuleProperties[] {
  return [
    ...all<SecurityGroup>(template, 'AWS::EC2::SecurityGroup').filter(({ id }) => groups.includes(id)).flatMap(({ properties }) => list(properties[kind])),
    ...all<RuleProperties>(template, `AWS::EC2::${kind}`).map(({ properties }) => properties).filter(({ GroupId }) => groups.includes(target(GroupId))),
  ];
}

interface RouteProperties {
  readonly RouteTableId?: Value;
  readonly DestinationCidrBlock?: Value;
}

/** The ways out of a VPC that a route can lead to. */
const HOPS = [
  'GatewayId', 'NatGatewayId', 'InstanceId', 'NetworkInterfaceId', 'TransitGatewayId', 'VpcPeeringConnectionId', 'EgressOnlyInternetGatewayId',
  'CarrierGatewayId', 'LocalGatewayId', 'VpcEndpointId', 'CoreNetworkArn',
];

export interface Route {
  readonly id: string;
  readonly table: string;
  /** What it leads to, by the id of the resource. */
  readonly hop: string;
}

export function routes(template: Template): Route[] {
  return all<RouteProperties & Record<string, Value>>(template, 'AWS::EC2::Route').map(({ id, properties }) => ({
    id,
    table: target(properties.RouteTableId),
    hop: HOPS.filter(hop => properties[hop] !== undefined).map(hop => target(properties[hop])).join(' and ') || 'nowhere',
  }));
}

/** The route tables of a subnet: one, or the template is wrong. */
export function tablesOf(template: Template, subnet: string): string[] {
  return all<{ readonly SubnetId?: Value; readonly RouteTableId?: Value }>(template, 'AWS::EC2::SubnetRouteTableAssociation')
    .filter(({ properties }) => target(properties.SubnetId) === subnet).map(({ properties }) => target(properties.RouteTableId));
}

/** The gateway endpoints, which are routes too, with who may do what through them. */
export function gatewayEndpoints(template: Template): { readonly id: string; readonly policy?: Value }[] {
  return all<Endpoint>(template, 'AWS::EC2::VPCEndpoint').filter(({ properties }) => properties.VpcEndpointType !== 'Interface')
    .map(({ id, properties }) => ({ id, policy: properties.PolicyDocument }));
}

/** The interface endpoints, with who may do what through them. */
export function interfaceEndpoints(template: Template): { readonly id: string; readonly service: string; readonly policy?: Value }[] {
  return all<Endpoint>(template, 'AWS::EC2::VPCEndpoint').filter(({ properties }) => properties.VpcEndpointType === 'Interface')
    .map(({ id, properties }) => ({ id, service: text(properties.ServiceName), policy: properties.PolicyDocument }));
}

export function isOfType(template: Template, id: string, type: string): boolean {
  return template.Resources[id]?.Type === type;
}

/** Whether the subnet is made in the template, so that its routes can be seen. */
export function isMadeHere(template: Template, subnet: string): boolean {
  return isOfType(template, subnet, 'AWS::EC2::Subnet');
}
