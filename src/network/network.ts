import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Annotations, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { MOST_ZONES, type NetworkSettings } from './network-settings';
import { acknowledge, inPacks } from '../private/acknowledge';
import type { ServiceName } from '../private/names';
import { invalid } from '../private/validation';
import type { LogBucket } from '../storage/log-bucket';

export interface NetworkProps {
  readonly settings: NetworkSettings;
  readonly highAvailability: boolean;
  readonly logBucket: LogBucket;
}

/** The VPC, made or existing, and which of its subnets are for what. */
export class Network extends Construct {
  public readonly vpc: ec2.IVpc;
  /** Of the load balancer. */
  public readonly entrySubnets: ec2.SubnetSelection;
  /** Of the database and the endpoints, one a zone. */
  public readonly privateSubnets: ec2.SubnetSelection;
  /** Of the API: the private ones, or the public ones with `OkyEgress.publicIp()`. */
  public readonly apiSubnets: ec2.SubnetSelection;
  /** Of the CMS: like the API's, or private ones that a NAT can serve. */
  public readonly cmsSubnets: ec2.SubnetSelection;
  /** Whether the tasks have public addresses. */
  public readonly assignPublicIp: boolean;
  /** The zones of the private subnets, the writer's first. */
  public readonly zones: string[];
  /** From whose subnets a route leads to the internet. */
  public readonly hasInternetAccess: Record<ServiceName, boolean>;
  /** What attaches the internet gateway to the VPC; undefined where that can't be seen. */
  public readonly gatewayAttachment?: IConstruct;
  /** Made here, with OkyEgress.natInstance(). */
  public get natInstances(): ec2.Instance[] {
    return this.node.findAll().filter((each): each is ec2.Instance => each instanceof ec2.Instance);
  }

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { vpc: existing, egress } = props.settings;
    this.assignPublicIp = props.settings.assignPublicIp;
    this.vpc = existing ?? this.makeVpc(props);
    // The id that the L2 gives it, here and in a VPC that the same app makes elsewhere.
    this.gatewayAttachment = this.vpc.node.tryFindChild('VPCGW');
    this.privateSubnets = { subnets: existing ? oneAZone(privateSubnetsOf(existing)) : this.vpc.selectSubnets({ subnetGroupName: 'Private' }).subnets };
    const publicSubnets = { subnets: oneAZone(this.vpc.publicSubnets) };
    const privateCmsSubnets = existing ? cmsSubnetsOf(existing, this.privateSubnets) : { subnetGroupName: 'Cms' };
    this.apiSubnets = this.assignPublicIp ? publicSubnets : this.privateSubnets;
    this.cmsSubnets = this.assignPublicIp ? publicSubnets : privateCmsSubnets;
    this.entrySubnets = props.settings.isVpcOrigin ? this.privateSubnets : publicSubnets;
    this.hasInternetAccess = {
      api: this.assignPublicIp || existing?.isolatedSubnets.length === 0,
      cms: existing && !egress ? existing.privateSubnets.length > 0 : egress !== undefined,
    };
    this.zones = this.privateSubnets.subnets!.map(subnet => subnet.availabilityZone);
    if (existing && this.zones.length < 2) {
      throw invalid('network.vpc', 'have isolated or private subnets in two zones or more', this.zones, 'import it with the subnets and zones of two or three');
    }
    if (existing && this.assignPublicIp) {
      requirePublicSubnets(existing, this.zones);
      return;
    }
    if (existing?.isolatedSubnets.length === 0) {
      Annotations.of(this).addWarningV2('cdk-oky-backend:routedSubnets',
        'network.vpc has no isolated subnets, so that the API and the database are in routed ones: what runs there can reach the internet on 443; '
        + 'import the VPC with isolated subnets as well to close that way');
    }
    if (existing?.privateSubnets.length === 0) {
      Annotations.of(this).addWarningV2('cdk-oky-backend:noEgress',
        'network.vpc has no routed private subnets, so the CMS has no way out: push messages and voice-over uploads, which need Google, fail, and it still '
        + 'reports a push message as sent; import the VPC with private subnets that are routed to a NAT if this deployment uses them');
    }
    if (existing && this.entrySubnets.subnets!.length < 2) {
      throw invalid('network.vpc', 'have public subnets in two zones or more for the load balancer', existing.publicSubnets.map(subnet => subnet.subnetId),
        'import it with them, or set network.originAccess to OkyOriginAccess.VPC_ORIGIN, for which the VPC must have an internet gateway attached, but needs no public subnets');
    }
  }

  private makeVpc(props: NetworkProps): ec2.Vpc {
    const { egress, maxAzs: zones } = props.settings;
    if (!egress) {
      Annotations.of(this).addWarningV2('cdk-oky-backend:noEgress',
        'network.egress is OkyEgress.none(): push messages and voice-over uploads of the CMS, which need Google, fail, and it still reports a push '
        + 'message as sent; set it to OkyEgress.publicIp(), natInstance() or natGateway() if this deployment uses them');
    }
    const vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(props.settings.cidr),
      maxAzs: zones,
      reservedAzs: MOST_ZONES - zones,
      natGatewayProvider: egress?.nat?.provider,
      natGateways: egress?.nat ? (props.highAvailability ? zones : 1) : 0,
      // Closing the default group takes a Lambda function; nothing here uses that group.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
        // Of the type that may be routed; without a NAT they are not, and the choice never moves a subnet.
        { name: 'Cms', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      ],
    });
    egress?.nat?.finish(vpc.selectSubnets({ subnetGroupName: 'Cms' }).subnets);
    const { allowedDomains } = props.settings;
    if (allowedDomains) {
      // Not loaded where it is not wanted, like src/lazy-modules.ts.
      const { DnsFirewall } = require('./dns-firewall') as typeof import('./dns-firewall'); // eslint-disable-line @typescript-eslint/no-require-imports
      new DnsFirewall(this, 'DnsFirewall', { vpcId: vpc.vpcId, allowedDomains });
    }
    this.recordFlows(vpc, props.logBucket);
    const closed = 'closing a VPC\'s default security group takes a Lambda function with rights on security groups; nothing is ever put into that group here';
    acknowledge(vpc, {
      ...inPacks('VPCDefaultSecurityGroupClosed', closed),
    });
    const route = 'the subnets of the internet-facing load balancer need the route, and the load balancer accepts CloudFront only; beside it there is '
      + (egress?.assignPublicIp ? 'nothing but the tasks, whose security groups accept the load balancer only' : 'nothing but NAT');
    for (const subnet of vpc.publicSubnets) {
      acknowledge(subnet, {
        ...inPacks('VPCNoUnrestrictedRouteToIGW', route),
      });
    }
    return vpc;
  }

  /** Who talked to whom, kept with the access logs. The L1, since the L2 changes the bucket's policy by a feature flag. */
  private recordFlows(vpc: ec2.Vpc, logBucket: LogBucket): void {
    const prefix = 'vpc-flows';
    const policy = logBucket.allowDelivery({
      path: prefix,
      principal: 'delivery.logs.amazonaws.com',
      sourceArn: Stack.of(this).formatArn({ service: 'logs', resource: '*' }),
      checksBucket: true,
    });
    const flowLog = new ec2.CfnFlowLog(this, 'FlowLog', {
      resourceId: vpc.vpcId,
      resourceType: 'VPC',
      trafficType: ec2.FlowLogTrafficType.ALL,
      logDestinationType: ec2.FlowLogDestinationType.S3,
      logDestination: logBucket.bucket.arnForObjects(prefix),
    });
    flowLog.node.addDependency(policy);
  }
}

/** The tasks with public addresses are in the zones of the database. */
function requirePublicSubnets(vpc: ec2.IVpc, zones: string[]): void {
  const without = zones.filter(zone => !vpc.publicSubnets.some(({ availabilityZone }) => availabilityZone === zone));
  if (without.length > 0) {
    throw invalid('network.vpc', 'have a public subnet in each zone for OkyEgress.publicIp(); none are in', without,
      'import it with public subnets in these zones, or leave network.egress out and use an existing NAT');
  }
}

function privateSubnetsOf(vpc: ec2.IVpc): ec2.ISubnet[] {
  return vpc.isolatedSubnets.length > 0 ? vpc.isolatedSubnets : vpc.privateSubnets;
}

/** The routed subnets of an existing VPC are the CMS's, which alone has something to do outside. */
function cmsSubnetsOf(vpc: ec2.IVpc, otherwise: ec2.SubnetSelection): ec2.SubnetSelection {
  return vpc.privateSubnets.length > 0 ? { subnets: oneAZone(vpc.privateSubnets) } : otherwise;
}

/** Load balancers and endpoints take one subnet a zone. */
function oneAZone(subnets: ec2.ISubnet[]): ec2.ISubnet[] {
  const seen = new Set<string>();
  return subnets.filter(({ availabilityZone }) => !seen.has(availabilityZone) && seen.add(availabilityZone));
}
