/**
 * Who can reach what, from the template alone: a walk over security groups, routes, listeners and policies. Each proof
 * says what it found that should not be, or what it missed, so that a template with nothing in it proves nothing.
 *
 * Calls to AWS itself go by no network of ours and are not followed: who may use the Data API or open a session in a task
 * is for IAM to say.
 */
import { openDns, openEgress, openEndpoints, openToAccounts, waysOut } from './egress';
import { answersWithoutHeader, entrances, listeners, sentHeader } from './ingress';
import { closedPaths, forwarded } from './paths';
import { ingress, type Interface, interfaces, isOfType, routes, type Service, tablesOf, tcp } from '../../scripts/template/network';
import { publicBuckets, publicPolicies, widePermissions, wideTrust } from '../../scripts/template/permissions';
import { all, differences, expectCount, target, type Template, type Value } from '../../scripts/template/template';

/** What the template is held against, and does not say itself. */
export interface Expectations {
  /** The managed prefix list of CloudFront's addresses. */
  readonly prefixListId: string;
  /** Whether a NAT was chosen for the CMS. */
  readonly egress: boolean;
  /** Whether public addresses were chosen for the tasks. @default false */
  readonly publicIp?: boolean;
  /** Whether a list of names was chosen that can be looked up. */
  readonly closedDns?: boolean;
}

/** The list's id where there is no account to look it up in. */
export const LOOKED_UP = 'pl-xxxxxxxx';

/** All templates of a deployment; the first is the one with the backend in it. */
export type Proof = (templates: [Template, ...Template[]], expected: Expectations) => string[];

const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

/** Services of which no resource has an address in a VPC or answers to the internet. */
const WITHOUT_ADDRESS = [
  'AWS::ApplicationAutoScaling::', 'AWS::Backup::', 'AWS::Budgets::', 'AWS::CDK::', 'AWS::CertificateManager::', 'AWS::Chatbot::', 'AWS::CloudWatch::', 'AWS::ECR::Repository',
  'AWS::Events::', 'AWS::KMS::', 'AWS::Logs::', 'AWS::Route53Resolver::', 'AWS::SNS::', 'AWS::SSM::', 'AWS::SecretsManager::', 'AWS::WAFv2::',
];

/** The other types that the proofs below look at, or that have been looked at and are harmless. */
const KNOWN = new Set([
  'AWS::CloudFront::CachePolicy', 'AWS::CloudFront::Distribution', 'AWS::CloudFront::ResponseHeadersPolicy', 'AWS::CloudFront::VpcOrigin', 'AWS::EC2::EIP', 'AWS::EC2::FlowLog', 'AWS::EC2::Instance', 'AWS::EC2::InternetGateway',
  'AWS::EC2::NatGateway', 'AWS::EC2::Route', 'AWS::EC2::RouteTable', 'AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::Subnet', 'AWS::EC2::SubnetRouteTableAssociation', 'AWS::EC2::VPC', 'AWS::EC2::VPCEndpoint',
  'AWS::EC2::VPCGatewayAttachment', 'AWS::ECS::Cluster', 'AWS::ECS::Service', 'AWS::ECS::TaskDefinition', 'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule', LOAD_BALANCER,
  'AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::IAM::InstanceProfile', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::OIDCProvider', 'AWS::IAM::Policy',
  'AWS::IAM::Role', 'AWS::RDS::DBCluster', 'AWS::RDS::DBClusterParameterGroup', 'AWS::RDS::DBInstance', 'AWS::RDS::DBSubnetGroup',
  'AWS::RDS::EventSubscription', 'AWS::Route53::HealthCheck', 'AWS::Route53::RecordSet', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy',
]);

export const PROOFS = {
  'nothing is of a kind that these proofs do not know': templates => templates.flatMap(template => Object.entries(template.Resources)
    .filter(([, { Type }]) => !KNOWN.has(Type) && !WITHOUT_ADDRESS.some(prefix => Type.startsWith(prefix)))
    .map(([id, { Type }]) => `${id}: a ${Type} is not known to the proofs of reachability: see whether it has an address, then name it there`)),

  'the internet reaches nothing but CloudFront': ([main], { publicIp = false }) =>
    [...openGroups(main), ...publicAddresses(main, publicIp), ...publicSubnets(main, publicIp), ...entrances(main)],

  'only CloudFront reaches the load balancer, on 443': ([main], { prefixListId }) => {
    const balancers = of(main, 'load balancer');
    return [
      ...expectCount('load balancers', balancers, 1),
      ...balancers.flatMap(({ id, groups }) => differences(`${id} admits`, ingress(main, groups), [tcp(prefixListId, 443)])),
      ...listeners(main),
    ];
  },

  'without the secret header nothing but 403': ([main]) => [...answersWithoutHeader(main), ...sentHeader(main)],

  'only the load balancer reaches a task, on its container port': ([main]) => {
    const balancers = of(main, 'load balancer').flatMap(({ groups }) => groups);
    const tasks = of(main, 'task');
    return [
      ...expectCount('services', tasks, 2),
      ...tasks.flatMap(({ id, groups, port }) => differences(`${id} admits`, ingress(main, groups), balancers.map(group => tcp(group, port)))),
      ...sharedGroups(main),
    ];
  },

  'only the two services reach the database, on its port': ([main]) => {
    const databases = of(main, 'database');
    return [
      ...expectCount('databases', databases, 1),
      ...databases.flatMap(({ id, groups, port }) => differences(`${id} admits`, ingress(main, groups), fromTasks(main, port))),
    ];
  },

  'only the two services reach the interface endpoints, on 443': ([main]) =>
    of(main, 'endpoint').flatMap(({ id, groups }) => differences(`${id} admits`, ingress(main, groups), fromTasks(main, 443))),

  'nothing private has a way out, unless egress is chosen for the CMS': ([main], expected) =>
    [...openEgress(main), ...waysOut(main, expected), ...openEndpoints(main), ...openToAccounts(main)],

  'every name can be looked up, unless a list is chosen': ([main], expected) => openDns(main, expected.closedDns ?? false),
  'every path that is needed is open at both its ends': ([main], { egress }) => closedPaths(main, egress),

  'no bucket, key, secret, repository or topic is public': templates => templates.flatMap(template => [...publicBuckets(template), ...publicPolicies(template)]),

  'no role can pass or assume another': templates => templates.flatMap(template => [...wideTrust(template), ...widePermissions(template)]),
} satisfies Record<string, Proof>;

export type ProofName = keyof typeof PROOFS;

/** What each proof that fails has found. */
export function disproved(templates: [Template, ...Template[]], expected: Expectations): Partial<Record<ProofName, string[]>> {
  const results = Object.entries(PROOFS).map(([name, proof]) => [name, proof(templates, expected)] as const);
  return Object.fromEntries(results.filter(([, found]) => found.length > 0));
}

function of(template: Template, kind: Interface['kind']): Interface[] {
  return interfaces(template).filter(each => each.kind === kind);
}

function fromTasks(template: Template, port: number | undefined): string[] {
  return of(template, 'task').flatMap(({ groups }) => groups).map(group => tcp(group, port));
}

/** Whoever is in a group gets what the others in it are meant to get; without a group it is the VPC's default one. */
function sharedGroups(template: Template): string[] {
  const holders = new Map<string, Set<string>>();
  const found: string[] = [];
  for (const { id, kind, groups } of interfaces(template)) {
    if (groups.length === 0 && !isOfType(template, id, 'AWS::EC2::NatGateway')) {
      found.push(`${id} has no security group of its own`);
    }
    for (const group of groups) {
      if (!isOfType(template, group, 'AWS::EC2::SecurityGroup')) {
        found.push(`${id} is in ${group}, whose rules can't be seen`);
      }
      holders.set(group, (holders.get(group) ?? new Set()).add(kind === 'endpoint' ? kind : id));
    }
  }
  return [...found, ...[...holders].filter(([, ids]) => ids.size > 1).map(([group, ids]) => `${group} is shared by ${[...ids].join(', ')}`)];
}

/** No group admits an address range, whatever is in it: only other groups; at the load balancer, the prefix list; at a NAT, what the CMS's subnets send. */
function openGroups(template: Template): string[] {
  const groups = Object.keys(template.Resources).filter(id => isOfType(template, id, 'AWS::EC2::SecurityGroup'));
  const lists = of(template, 'load balancer').flatMap(each => each.groups);
  const [nats, allowed] = [of(template, 'NAT').flatMap(each => each.groups), forwarded(template)];
  return groups.flatMap(group => ingress(template, [group])
    .filter(flow => !groups.includes(flow.split(' ')[0]) && !(lists.includes(group) && flow.startsWith('pl-')) && !(nats.includes(group) && allowed.includes(flow)))
    .map(flow => `${group} admits ${flow}`));
}

interface PublicAddress {
  readonly AssociatePublicIpAddress?: Value;
  readonly PubliclyAccessible?: Value;
  readonly MapPublicIpOnLaunch?: Value;
  readonly Ipv6CidrBlock?: Value;
  readonly NetworkInterfaces?: { readonly AssociatePublicIpAddress?: Value }[];
}

/** Only the load balancer, NATs and, where that is chosen, the tasks have one; no subnet gives one. */
function publicAddresses(template: Template, publicIp: boolean): string[] {
  const expected = publicIp ? 'ENABLED' : 'DISABLED';
  const hops = routes(template).map(({ hop }) => hop);
  const addressOf = all<{ readonly AllocationId?: Value }>(template, 'AWS::EC2::NatGateway').map(({ properties }) => target(properties.AllocationId));
  const instances = all<PublicAddress>(template, 'AWS::EC2::Instance');
  return [
    ...all<Service>(template, 'AWS::ECS::Service').filter(({ properties }) => properties.NetworkConfiguration?.AwsvpcConfiguration?.AssignPublicIp !== expected)
      .map(({ id }) => `${id}: the public addresses of its tasks are not ${expected}`),
    ...all<PublicAddress>(template, 'AWS::RDS::DBInstance').filter(({ properties }) => properties.PubliclyAccessible !== false)
      .map(({ id }) => `${id} is publicly accessible`),
    ...all<PublicAddress>(template, 'AWS::EC2::Subnet')
      .filter(({ properties: { MapPublicIpOnLaunch: ipv4, Ipv6CidrBlock: ipv6 } }) => ipv4 === true || ipv6 !== undefined)
      .map(({ id }) => `${id} gives public addresses`),
    ...all<PublicAddress>(template, 'AWS::EC2::EIP').filter(({ id }) => !addressOf.includes(id)).map(({ id }) => `${id} is not a NAT gateway's`),
    ...instances.filter(({ id }) => !hops.includes(id)).map(({ id }) => `${id} is a machine that no route leads to`),
    ...of(template, 'NAT').flatMap(({ id, groups }) => ingress(template, groups).filter(flow => !forwarded(template).includes(flow)).map(flow => `${id} admits ${flow}`)),
  ];
}

/** A subnet is public if a route leads from it to an internet gateway. */
function isPublic(template: Template, subnet: string): boolean {
  const tables = tablesOf(template, subnet);
  return routes(template).some(({ table, hop }) => tables.includes(table) && isOfType(template, hop, 'AWS::EC2::InternetGateway'));
}

function publicSubnets(template: Template, publicIp: boolean): string[] {
  const inside = interfaces(template).filter(({ kind }) => kind !== 'load balancer' && kind !== 'NAT' && !(publicIp && kind === 'task'));
  const found = inside
    .flatMap(({ id, subnets }) => subnets.filter(subnet => isPublic(template, subnet)).map(subnet => `${id} stands in ${subnet}, which is public`));
  return [...found, ...sharedWithLoadBalancer(template, inside)];
}

/** Of imported subnets no route can be seen, but that those of a load balancer with public addresses are not the others'. */
function sharedWithLoadBalancer(template: Template, inside: Interface[]): string[] {
  const schemes = all<{ readonly Scheme?: string }>(template, LOAD_BALANCER).filter(({ properties }) => properties.Scheme !== 'internal').map(({ id }) => id);
  const outer = new Set(of(template, 'load balancer').filter(({ id }) => schemes.includes(id)).flatMap(({ subnets }) => subnets));
  return inside.flatMap(({ id, subnets }) => subnets.filter(subnet => outer.has(subnet)).map(subnet => `${id} stands in ${subnet}, beside the load balancer`));
}
