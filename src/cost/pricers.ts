import { addresses, type Bill, HOURS, line, list, type Pricer, type Resource, used } from './bill';
import type { OkyCostLine } from './cost-options';
import { databaseInstances } from './database-pricer';
import { CLOUDFRONT_FREE, HOURS_A_MONTH, type Prices } from './prices';
import { containerInsights, tasks } from './task-pricers';

function balancers(mine: readonly Resource[], bill: Bill): OkyCostLine[] {
  const { usage, prices } = bill;
  const open = mine.filter(({ properties }) => properties.Scheme !== 'internal');
  // At worst each request is a connection, of which a unit takes 25 a second; or else it takes a GB an hour.
  const units = Math.max(usage.millionRequests * 1e6 / HOURS_A_MONTH / 3600 / 25, usage.outGb / HOURS_A_MONTH);
  return [
    line('load balancer', mine.length, mine.length === 1 ? 'load balancer' : 'load balancers', [prices.balancerHour], HOURS),
    ...addresses('public addresses of the load balancer', open.reduce((sum, { properties }) => sum + list(properties.Subnets).length, 0), bill),
    used(line('load balancer, by use', units, 'units', [prices.balancerUnitHour], HOURS)),
  ];
}

/** NAT instances; the price of a t4g.nano, the default, is known. */
function natInstances(mine: readonly Resource[], bill: Bill): OkyCostLine[] {
  const { prices } = bill;
  const known = mine.filter(each => {
    const isKnown = each.properties.InstanceType === 't4g.nano';
    if (!isKnown) {
      bill.cannotPrice(each, `${String(each.properties.InstanceType)} has no price here`);
    }
    return isKnown;
  });
  const disks = JSON.stringify(mine.map(({ properties }) => properties.BlockDeviceMappings ?? [])).matchAll(/"VolumeSize":(\d+)/g);
  const gb = [...disks].reduce((sum, [, size]) => sum + Number(size), 0);
  const addressed = mine.filter(({ properties }) => JSON.stringify(properties.NetworkInterfaces ?? []).includes('"AssociatePublicIpAddress":true'));
  return [
    ...known.length > 0 ? [line('NAT instances', known.length, 't4g.nano', [prices.natInstanceHour], HOURS)] : [],
    ...addresses('public addresses of NAT instances', addressed.length, bill),
    ...gb > 0 ? [line('disks', gb, 'GB', [prices.diskGb])] : [],
  ];
}

/** An alarm costs as much as metrics it looks at. */
function metricsOf({ properties }: Resource): number {
  const metrics = list(properties.Metrics) as { readonly MetricStat?: unknown; readonly Expression?: string }[];
  // The two edges of the band are metrics too: https://aws.amazon.com/cloudwatch/pricing/
  const edges = metrics.some(({ Expression }) => Expression?.startsWith('ANOMALY_DETECTION_BAND')) ? 2 : 0;
  return metrics.filter(({ MetricStat }) => MetricStat).length + edges || 1;
}

/** Resources of one price each. */
const each = (kind: string, unit: string, price: keyof Prices): Pricer => (mine, { prices }) =>
  [line(kind, mine.length, mine.length === 1 ? unit.replace(/s$/, '') : unit, [prices[price]])];

/** How each type of resource that costs something is priced. */
export const PRICERS: Record<string, Pricer> = {
  'AWS::ApplicationAutoScaling::ScalingPolicy': (mine, { prices }) => [line('alarms of the scaling', mine.length * 2, 'alarms', [prices.alarm])],
  'AWS::Backup::BackupVault': (_, { usage, prices }) => [used(line('backups in the vault', usage.backupGb, 'GB', [prices.backupGb]))],
  'AWS::Backup::LogicallyAirGappedBackupVault': (_, { usage, prices }) => [used(line('copies in the air-gapped vault', usage.backupGb, 'GB', [prices.backupGb]))],
  'AWS::CloudFront::Distribution': (_, { usage, prices }) => {
    const [gb, requests] = [Math.max(0, usage.outGb - CLOUDFRONT_FREE.gb), Math.max(0, usage.millionRequests - CLOUDFRONT_FREE.requestMillions)];
    return [
      used(line(`CloudFront, beyond ${CLOUDFRONT_FREE.gb} GB free`, gb, 'GB', [prices.cloudFrontGb])),
      used(line(`CloudFront, beyond ${CLOUDFRONT_FREE.requestMillions} million requests free`, requests * 100, 'ten thousand', [prices.cloudFrontTenThousandRequests])),
    ];
  },
  'AWS::CloudWatch::Alarm': (mine, { prices }) => [line('alarms', mine.reduce((sum, alarm) => sum + metricsOf(alarm), 0), 'metrics watched', [prices.alarm])],
  'AWS::CloudWatch::CompositeAlarm': each('composite alarms', 'alarms', 'compositeAlarm'),
  'AWS::CloudWatch::Dashboard': each('dashboards, if there are three others', 'dashboards', 'dashboard'),
  'AWS::EC2::EIP': (mine, bill) => addresses('public addresses of NAT gateways', mine.length, bill),
  'AWS::EC2::FlowLog': (_, { usage, prices }) => [used(line('flow logs', usage.flowLogGb, 'GB', [prices.flowLogGb]))],
  'AWS::EC2::Instance': natInstances,
  'AWS::EC2::NatGateway': (mine, { usage, prices }) => [
    line('NAT gateways', mine.length, mine.length === 1 ? 'gateway' : 'gateways', [prices.natHour], HOURS),
    used(line('NAT gateways, by use', usage.natGb, 'GB', [prices.natGb])),
  ],
  'AWS::EC2::VPCEndpoint': (mine, { prices }) => {
    // Those of S3 are gateways, which are free.
    const zones = mine.filter(({ properties }) => properties.VpcEndpointType === 'Interface').map(({ properties }) => list(properties.SubnetIds).length);
    return zones.length > 0 ? [line('interface endpoints', zones.reduce((sum, count) => sum + count), 'in a zone', [prices.endpointHour], HOURS)] : [];
  },
  'AWS::ECR::Repository': (mine, { usage, prices }) => [used(line('images', mine.length * usage.imageGb, 'GB', [prices.imageGb]))],
  'AWS::ECS::Cluster': containerInsights,
  'AWS::ECS::Service': tasks,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': balancers,
  'AWS::KMS::Key': each('encryption keys', 'keys', 'key'),
  'AWS::Logs::LogGroup': (_, { usage, prices }) => [used(line('logs', usage.logGb, 'GB', [prices.logGb]))],
  'AWS::Logs::MetricFilter': each('metrics of logs', 'metrics', 'metric'),
  'AWS::RDS::DBCluster': (_, { usage, prices }) => [
    used(line('database storage', usage.databaseGb, 'GB', [prices.databaseGb])),
    used(line('database reads and writes', usage.databaseMillionIos, 'million', [prices.databaseMillionIos])),
  ],
  'AWS::RDS::DBInstance': databaseInstances,
  'AWS::Route53::HealthCheck': each('health checks from outside', 'checks', 'healthCheck'),
  'AWS::Route53::HostedZone': each('hosted zones', 'zones', 'hostedZone'),
  // A look-up for each request would be many: connections to the database are kept, and so is what Node.js has looked up for them.
  'AWS::Route53Resolver::FirewallDomainList': (mine, { usage, prices }) => [
    line('names of DNS Firewall', mine.reduce((sum, { properties }) => sum + list(properties.Domains).length, 0), 'names', [prices.firewallDomain]),
    used(line('look-ups through DNS Firewall', usage.millionRequests, 'million', [prices.firewallMillionLookups])),
  ],
  'AWS::S3::Bucket': (_, { usage, prices }) => [used(line('buckets', usage.bucketGb, 'GB', [prices.bucketGb]))],
  'AWS::SecretsManager::Secret': each('secrets', 'secrets', 'secret'),
  'AWS::WAFv2::WebACL': (mine, { usage, prices }) => [
    line('web ACL', mine.length, 'web ACL', [prices.webAcl]),
    line('rules of the web ACL', mine.reduce((sum, { properties }) => sum + list(properties.Rules).length, 0), 'rules', [prices.webAclRule]),
    used(line('web ACL, by use', usage.millionRequests, 'million requests', [prices.webAclMillionRequests])),
  ],
};
