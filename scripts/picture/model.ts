import type { Synthesis } from '../deployments/synthesis';
import { all, type Found, list, target, text, type Template, type Value } from '../template/template';

/** A box: a resource, or all of a kind. */
export interface Box {
  readonly id: string;
  readonly title: string;
  readonly details: string[];
  readonly kind: 'people' | 'edge' | 'compute' | 'data' | 'security' | 'network';
  /** The frame that it stands in. */
  readonly frame?: string;
  /** Whether the key of the deployment encrypts it. */
  readonly isLocked?: boolean;
}

/** What stands in one place: a region, a network, a tier of subnets. */
export interface Frame {
  readonly id: string;
  readonly title: string;
  readonly frame?: string;
}

/** Who sends requests to whom. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  /** Of the machinery, and not on the way of a user's request. */
  readonly isQuiet?: boolean;
}

export interface Picture {
  readonly boxes: Box[];
  readonly frames: Frame[];
  readonly arrows: Arrow[];
}

type Tags = { readonly Key: string; readonly Value: string }[];
interface Rule { readonly GroupId: Value; readonly FromPort?: Value; readonly SourceSecurityGroupId?: Value; readonly SourcePrefixListId?: Value }
interface Service {
  readonly TaskDefinition: Value;
  readonly DesiredCount?: number;
  readonly LoadBalancers?: { readonly TargetGroupArn: Value; readonly ContainerName: string; readonly ContainerPort: number }[];
  readonly NetworkConfiguration: { readonly AwsvpcConfiguration: { readonly SecurityGroups: Value[]; readonly Subnets: Value[] } };
}
interface Task { readonly Cpu: string; readonly Memory: string }
interface Balancer { readonly Scheme: string; readonly Subnets: Value[]; readonly SecurityGroups: Value[]; readonly LoadBalancerAttributes: Tags }
interface ListenerRule {
  readonly Actions: { readonly TargetGroupArn?: Value }[];
  readonly Conditions: { readonly HostHeaderConfig?: { readonly Values: string[] } }[];
}
interface Cluster {
  readonly Port: number;
  readonly DBSubnetGroupName: Value;
  readonly VpcSecurityGroupIds: Value[];
  readonly KmsKeyId?: Value;
  readonly ServerlessV2ScalingConfiguration?: { readonly MinCapacity: number; readonly MaxCapacity: number };
}
interface Endpoint {
  readonly VpcEndpointType: string;
  readonly ServiceName: Value;
  readonly SubnetIds?: Value[];
  readonly SecurityGroupIds?: Value[];
  readonly RouteTableIds?: Value[];
}
interface Distribution {
  readonly DistributionConfig: {
    readonly Aliases: string[];
    readonly WebACLId?: Value;
    readonly ViewerCertificate: { readonly AcmCertificateArn: Value };
    readonly Origins: {
      readonly DomainName: Value;
      readonly OriginCustomHeaders?: unknown[];
      readonly CustomOriginConfig?: { readonly OriginProtocolPolicy: string };
    }[];
  };
}

const plural = (count: number, one: string) => `${count} ${count === 1 ? one : `${one}s`}`;

/** What the templates of a deployment say, as boxes and arrows. Each arrow is one that a rule, route or reference makes. */
export function pictureOf({ main, stacks }: Synthesis): Picture {
  const region = Object.values(stacks).find(({ template }) => template === main)!.region;
  const [boxes, frames, arrows]: [Box[], Frame[], Arrow[]] = [[], [], []];
  frames.push({ id: 'region', title: region });
  const tiers = network(main, frames);
  const locks = (properties: unknown) => all(main, 'AWS::KMS::Key').some(({ id }) => JSON.stringify(properties).includes(`"${id}"`));

  boxes.push({ id: 'people', title: 'Phones, browsers', details: ['the Oky app, editors'], kind: 'people' });
  for (const { id, properties: { DistributionConfig: config } } of all<Distribution>(main, 'AWS::CloudFront::Distribution')) {
    boxes.push({ id, title: 'CloudFront', details: config.Aliases, kind: 'edge' });
    arrows.push({ from: 'people', to: id, label: 'HTTPS' });
    const [origin] = config.Origins;
    arrows.push({ from: id, to: target(origin.DomainName), label: origin.OriginCustomHeaders ? 'HTTPS, secret header' : 'HTTPS' });
    usEast1({ main, stacks }, id, config, boxes, frames, arrows);
  }

  for (const { id, properties } of all<Balancer>(main, 'AWS::ElasticLoadBalancingV2::LoadBalancer')) {
    const from = rulesInto(main, properties.SecurityGroups).map(rule => rule.SourcePrefixListId ? 'admits CloudFront only' : 'admits a group');
    const isOpen = properties.Scheme === 'internet-facing';
    const details = [isOpen ? 'public addresses' : 'internal', ...new Set(from)];
    boxes.push({ id, title: 'Load balancer', details, kind: 'network', frame: tiers(properties.Subnets) });
    const logs = properties.LoadBalancerAttributes.find(({ Key }) => Key === 'access_logs.s3.bucket');
    arrows.push(...logs ? [{ from: id, to: target(logs.Value), isQuiet: true }] : []);
  }

  for (const { id, properties } of all<Service>(main, 'AWS::ECS::Service')) {
    const { Subnets, SecurityGroups } = properties.NetworkConfiguration.AwsvpcConfiguration;
    const { Cpu, Memory } = all<Task>(main, 'AWS::ECS::TaskDefinition').find(task => task.id === target(properties.TaskDefinition))!.properties;
    for (const { TargetGroupArn, ContainerName, ContainerPort } of list(properties.LoadBalancers)) {
      const count = properties.DesiredCount === undefined ? 'tasks by load' : plural(properties.DesiredCount, 'task');
      const size = `${Number(Cpu) / 1024} vCPU, ${Number(Memory) / 1024} GB`;
      boxes.push({ id, title: ContainerName.toUpperCase(), details: [`Fargate, ${count}`, size], kind: 'compute', frame: tiers(Subnets) });
      const rules = all<ListenerRule>(main, 'AWS::ElasticLoadBalancingV2::ListenerRule')
        .filter(({ properties: { Actions } }) => Actions.some(action => target(action.TargetGroupArn) === target(TargetGroupArn)));
      const hosts = rules.flatMap(({ properties: { Conditions } }) => Conditions.flatMap(({ HostHeaderConfig }) => HostHeaderConfig?.Values ?? []));
      arrows.push(...all<Balancer>(main, 'AWS::ElasticLoadBalancingV2::LoadBalancer')
        .filter(balancer => rules.length > 0 && admits(main, SecurityGroups, balancer.properties.SecurityGroups, ContainerPort))
        .map(balancer => ({ from: balancer.id, to: id, label: `${hosts.map(host => host.split('.')[0]).join(', ')}, HTTP ${ContainerPort}` })));
    }
    arrows.push(...all<Cluster>(main, 'AWS::RDS::DBCluster')
      .filter(database => admits(main, database.properties.VpcSecurityGroupIds, SecurityGroups, database.properties.Port))
      .map(database => ({ from: id, to: database.id, label: `TLS ${database.properties.Port}` })));
    arrows.push(...interfaces(main).filter(endpoint => admits(main, list(endpoint.properties.SecurityGroupIds), SecurityGroups, 443)).slice(0, 1)
      .map(() => ({ from: id, to: 'endpoints', isQuiet: true })));
    const tables = Subnets.map(subnet => tableOf(main, subnet));
    arrows.push(...gateways(main).filter(gateway => list(gateway.properties.RouteTableIds).some(table => tables.includes(target(table))))
      .map(gateway => ({ from: id, to: gateway.id, isQuiet: true })));
    arrows.push(...all<{ readonly SubnetId: Value }>(main, 'AWS::EC2::NatGateway').filter(nat => routes(main, tables).includes(nat.id))
      .map(nat => ({ from: id, to: nat.id, label: 'Google', isQuiet: true })));
  }

  for (const { id, properties } of all<Cluster>(main, 'AWS::RDS::DBCluster')) {
    const subnets = all<{ readonly SubnetIds: Value[] }>(main, 'AWS::RDS::DBSubnetGroup')
      .find(group => group.id === target(properties.DBSubnetGroupName))!.properties.SubnetIds;
    const { MinCapacity: min, MaxCapacity: max } = properties.ServerlessV2ScalingConfiguration ?? {};
    const size = max === undefined ? 'provisioned' : `${min} to ${max} ACU${min === 0 ? ', pauses when idle' : ''}`;
    const instances = plural(all(main, 'AWS::RDS::DBInstance').length, 'instance');
    boxes.push({ id, title: 'Aurora PostgreSQL', details: [instances, size], kind: 'data', frame: tiers(subnets), isLocked: locks(properties.KmsKeyId) });
  }
  for (const { id, properties } of all<{ readonly SubnetId: Value }>(main, 'AWS::EC2::NatGateway')) {
    boxes.push({ id, title: 'NAT gateway', details: [], kind: 'network', frame: tiers([properties.SubnetId]) });
  }
  around(main, tiers, locks, boxes, arrows);
  const there = new Set(boxes.map(({ id }) => id));
  return { boxes, frames, arrows: arrows.filter(({ from, to }) => there.has(from) && there.has(to)) };
}

/** The VPC and its tiers as frames; gives the frame that subnets are in. */
function network(main: Template, frames: Frame[]): (subnets: Value[]) => string {
  const subnets = all<{ readonly Tags: Tags; readonly AvailabilityZone: Value }>(main, 'AWS::EC2::Subnet');
  const tierOf = (id: string) => subnets.find(subnet => subnet.id === id)?.properties.Tags.find(({ Key }) => Key === 'aws-cdk:subnet-name')?.Value;
  for (const { properties } of all<{ readonly CidrBlock: string }>(main, 'AWS::EC2::VPC')) {
    const zones = new Set(subnets.map(subnet => text(subnet.properties.AvailabilityZone))).size;
    frames.push({ id: 'vpc', title: `VPC ${properties.CidrBlock}, ${zones} zones`, frame: 'region' });
    for (const tier of new Set(subnets.map(subnet => tierOf(subnet.id)!))) {
      const tables = subnets.filter(subnet => tierOf(subnet.id) === tier).map(subnet => tableOf(main, { Ref: subnet.id }));
      const ways = routes(main, tables).map(way => main.Resources[way]?.Type);
      const way = ways.includes('AWS::EC2::InternetGateway') ? '' : ways.length > 0 ? ': out by NAT' : ': no way out';
      frames.push({ id: `tier-${tier}`, title: `${tier.toLowerCase()} subnets${way}`, frame: 'vpc' });
    }
  }
  return ids => {
    const tier = tierOf(target(ids[0]));
    return tier ? `tier-${tier}` : 'region';
  };
}

function tableOf(main: Template, subnet: Value): string {
  return all<{ readonly SubnetId: Value; readonly RouteTableId: Value }>(main, 'AWS::EC2::SubnetRouteTableAssociation')
    .filter(({ properties }) => target(properties.SubnetId) === target(subnet)).map(({ properties }) => target(properties.RouteTableId))[0] ?? '';
}

/** Where everything that has no nearer way is sent to. */
function routes(main: Template, tables: string[]): string[] {
  type Route = { readonly RouteTableId: Value; readonly GatewayId?: Value; readonly NatGatewayId?: Value; readonly DestinationCidrBlock?: string };
  return all<Route>(main, 'AWS::EC2::Route')
    .filter(({ properties }) => properties.DestinationCidrBlock === '0.0.0.0/0' && tables.includes(target(properties.RouteTableId)))
    .map(({ properties }) => target(properties.NatGatewayId ?? properties.GatewayId));
}

function rulesInto(main: Template, groups: Value[]): Rule[] {
  const into = groups.map(target);
  return all<Rule>(main, 'AWS::EC2::SecurityGroupIngress').map(({ properties }) => properties).filter(({ GroupId }) => into.includes(target(GroupId)));
}

/** Whether some groups let others in on a port. */
function admits(main: Template, into: Value[], from: Value[], port: number): boolean {
  const sources = from.map(target);
  return rulesInto(main, into).some(rule => rule.FromPort === port && sources.includes(target(rule.SourceSecurityGroupId)));
}

function endpoints(main: Template, type: string): Found<Endpoint>[] {
  return all<Endpoint>(main, 'AWS::EC2::VPCEndpoint').filter(({ properties }) => properties.VpcEndpointType === type);
}

const interfaces = (main: Template) => endpoints(main, 'Interface');
const gateways = (main: Template) => endpoints(main, 'Gateway');

/** What CloudFront takes from the stack in us-east-1. */
function usEast1(
  { main, stacks }: Pick<Synthesis, 'main' | 'stacks'>, distribution: string, config: Distribution['DistributionConfig'],
  boxes: Box[], frames: Frame[], arrows: Arrow[],
): void {
  for (const [name, { region, template }] of Object.entries(stacks).filter(([, stack]) => stack.template !== main)) {
    frames.push({ id: name, title: `${region}: ${name}` });
    // By outputs of that stack: which of its resources an output leads to, and who reads it.
    const isRead = (id: string, by: unknown) => Object.entries(template.Outputs ?? {})
      .some(([output, value]) => JSON.stringify(value).includes(`"${id}"`) && JSON.stringify(by ?? null).includes(`"OutputName":"${output}"`));
    for (const { id, properties } of all<{ readonly Rules: unknown[] }>(template, 'AWS::WAFv2::WebACL')) {
      boxes.push({ id, title: 'Web ACL', details: [`${properties.Rules.length} rules`], kind: 'security', frame: name });
      arrows.push(...isRead(id, config.WebACLId) ? [{ from: id, to: distribution, label: 'filters', isQuiet: true }] : []);
    }
    for (const { id } of all(template, 'AWS::CertificateManager::Certificate')) {
      boxes.push({ id, title: 'Certificate', details: ['for both hosts'], kind: 'security', frame: name });
      arrows.push(...isRead(id, config.ViewerCertificate) ? [{ from: id, to: distribution, isQuiet: true }] : []);
    }
  }
}

/** What the tasks ask for, by which endpoint. */
const BEHIND: Record<string, { readonly type: string; readonly one: string; readonly title: string; readonly kind: Box['kind'] }> = {
  'ecr.dkr': { type: 'AWS::ECR::Repository', one: 'repository', title: 'Images', kind: 'compute' },
  'secretsmanager': { type: 'AWS::SecretsManager::Secret', one: 'secret', title: 'Secrets', kind: 'security' },
  'logs': { type: 'AWS::Logs::LogGroup', one: 'log group', title: 'Logs', kind: 'data' },
};

/** The endpoints, and what is in the region but not in the network. */
function around(main: Template, tiers: (subnets: Value[]) => string, locks: (properties: unknown) => boolean, boxes: Box[], arrows: Arrow[]): void {
  const names = interfaces(main).map(({ properties }) => text(properties.ServiceName).replace(/^com\.amazonaws\.[^.]+\./, ''));
  if (names.length > 0) {
    const frame = tiers(list(interfaces(main)[0].properties.SubnetIds));
    boxes.push({ id: 'endpoints', title: 'Endpoints', details: names, kind: 'network', frame });
  }
  for (const { id, properties } of gateways(main)) {
    boxes.push({ id, title: 'S3 gateway', details: [], kind: 'network', frame: all(main, 'AWS::EC2::VPC').length > 0 ? 'vpc' : 'region' });
    arrows.push(...all(main, 'AWS::S3::Bucket').filter(bucket => JSON.stringify(properties).includes(`"${bucket.id}"`))
      .map(bucket => ({ from: id, to: bucket.id, isQuiet: true })));
  }
  for (const [service, { type, one, title, kind }] of Object.entries(BEHIND)) {
    const made = all(main, type);
    const count = made.length === 1 || !one.endsWith('y') ? plural(made.length, one) : `${made.length} ${one.slice(0, -1)}ies`;
    boxes.push({ id: title, title, details: [count], kind, frame: 'region', isLocked: made.every(({ properties }) => locks(properties)) });
    arrows.push(...names.includes(service) ? [{ from: 'endpoints', to: title, isQuiet: true }] : []);
  }
  for (const { id, properties } of all(main, 'AWS::S3::Bucket')) {
    // The one that others write their logs to.
    const isLog = all(main, 'AWS::EC2::FlowLog').some(flow => JSON.stringify(flow.properties).includes(`"${id}"`));
    boxes.push({
      id,
      title: isLog ? 'Log bucket' : 'Config bucket',
      details: [isLog ? 'of balancer and network' : 'environment files'],
      kind: 'data',
      frame: 'region',
      isLocked: locks(properties),
    });
  }
}
