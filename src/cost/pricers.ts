import type { OkyCostLine, OkyUsage } from './cost-options';
import { CLOUDFRONT_FREE, HOURS_A_MONTH, INSTANCE_HOUR, PRICE } from './prices';

/** A resource of one of the templates. */
export interface Resource {
  /** Which of the templates: references don't leave it. */
  readonly template: number;
  readonly id: string;
  readonly type: string;
  readonly properties: { readonly [name: string]: unknown };
}

/** What a pricer works with. */
export interface Bill {
  readonly resources: Resource[];
  readonly usage: Required<Omit<OkyUsage, 'databaseInstanceUsdAnHour' | 'scaledTasks'>> & OkyUsage;
  /** Says that something could not be priced. */
  readonly cannotPrice: (resource: Resource, why: string) => void;
}

type Pricer = (mine: Resource[], bill: Bill) => OkyCostLine[];

/** A product, written out and worked out: `4 secrets × 0.4`. */
function line(kind: string, quantity: number, unit: string, ...factors: [value: number, unit?: string][]): OkyCostLine {
  const written = [`${number(quantity)} ${unit}`, ...factors.map(([value, name]) => name ? `${number(value)} ${name}` : number(value))];
  return { kind, quantity, arithmetic: written.join(' × '), usd: factors.reduce((product, [value]) => product * value, quantity), isUse: false };
}

function number(value: number): string {
  return String(Number(value.toFixed(5)));
}

const used = (each: OkyCostLine): OkyCostLine => ({ ...each, isUse: true });
const HOURS: [number, string] = [HOURS_A_MONTH, 'h'];

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function refOf(value: unknown): string | undefined {
  return (value as { readonly Ref?: string } | undefined)?.Ref;
}

/** Whether a value holds a reference to a resource, wherever in it. */
function refersTo(value: unknown, id: string): boolean {
  return JSON.stringify(value).includes(`"${id}"`);
}

function isOn(cluster: Resource): boolean {
  return JSON.stringify(cluster.properties.ClusterSettings ?? []).includes('"containerInsights","Value":"en');
}

interface Task {
  readonly Cpu?: string;
  readonly Memory?: string;
  readonly RuntimePlatform?: { readonly CpuArchitecture?: string };
  readonly ContainerDefinitions?: { readonly Name?: string }[];
}

function taskOf(service: Resource, { resources }: Bill): Task {
  const id = refOf(service.properties.TaskDefinition);
  return resources.find(each => each.template === service.template && each.id === id)?.properties ?? {};
}

function nameOf(service: Resource, bill: Bill): string {
  return taskOf(service, bill).ContainerDefinitions?.[0]?.Name ?? service.id;
}

/** How many tasks a service runs: as many as it wants, or the least that it scales to. */
function tasksOf(service: Resource, { resources, usage }: Bill): number {
  const target = resources.find(({ type, template, properties }) => type === 'AWS::ApplicationAutoScaling::ScalableTarget'
    && template === service.template && refersTo(properties.ResourceId, service.id));
  return Number(target ? usage.scaledTasks ?? target.properties.MinCapacity : service.properties.DesiredCount ?? 1);
}

/** The share of the tasks that run on Spot. */
function spotShareOf({ properties }: Resource): number {
  const strategy = list(properties.CapacityProviderStrategy) as { readonly CapacityProvider: string; readonly Weight?: number }[];
  const weight = (of: typeof strategy) => of.reduce((sum, { Weight = 0 }) => sum + Weight, 0);
  return weight(strategy) > 0 ? weight(strategy.filter(({ CapacityProvider }) => CapacityProvider === 'FARGATE_SPOT')) / weight(strategy) : 0;
}

function tasks(services: Resource[], bill: Bill): OkyCostLine[] {
  return services.map(service => {
    const { Cpu, Memory, RuntimePlatform } = taskOf(service, bill);
    const [cpu, memory] = [Number(Cpu) / 1024, Number(Memory) / 1024];
    if (!(cpu > 0 && memory > 0)) {
      bill.cannotPrice(service, 'its task has no known size');
      return [];
    }
    const isArm = RuntimePlatform?.CpuArchitecture === 'ARM64';
    const [cpuHour, memoryHour] = isArm ? [PRICE.armCpuHour, PRICE.armMemoryGbHour] : [PRICE.cpuHour, PRICE.memoryGbHour];
    const quantity = tasksOf(service, bill);
    const spot = spotShareOf(service);
    const share = 1 - spot * (1 - PRICE.spotShare);
    return [{
      kind: `tasks: ${nameOf(service, bill)}`,
      quantity,
      arithmetic: `${number(quantity)} ${isArm ? 'ARM' : 'x86'} × (${number(cpu)} vCPU × ${cpuHour} + ${number(memory)} GB × ${memoryHour}) × ${HOURS_A_MONTH} h`
        + (spot > 0 ? ` × ${number(share)} (${number(spot * 100)} % on Spot at ${PRICE.spotShare} of the price)` : ''),
      usd: quantity * (cpu * cpuHour + memory * memoryHour) * HOURS_A_MONTH * share,
      isUse: false,
    }];
  }).flat();
}

/**
 * By how it is documented which metrics there are: ten of CPU, memory, network and storage, each for the cluster, each
 * service and each task definition; two more of the cluster and five more of each service. What runs nothing reports nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
 */
function insights(clusters: Resource[], bill: Bill): OkyCostLine[] {
  return clusters.filter(isOn).flatMap(cluster => {
    const running = bill.resources.filter(each => each.type === 'AWS::ECS::Service' && each.template === cluster.template
      && refOf(each.properties.Cluster) === cluster.id && tasksOf(each, bill) > 0).length;
    return running > 0 ? [line('Container Insights', 12 + 25 * running, 'metrics', [PRICE.metric])] : [];
  });
}

interface Scaling {
  readonly MinCapacity?: number;
  readonly MaxCapacity?: number;
}

function instances(mine: Resource[], bill: Bill): OkyCostLine[] {
  const { databaseHoursADay, databaseCapacity, databaseInstanceUsdAnHour: usdAnHour } = bill.usage;
  const serverless = mine.filter(({ properties }) => properties.DBInstanceClass === 'db.serverless');
  const provisioned = mine.filter(each => !serverless.includes(each));
  const lines = serverless.map(({ template, properties }) => {
    const cluster = bill.resources.find(each => each.template === template && each.id === refOf(properties.DBClusterIdentifier));
    const { MinCapacity: min = 0, MaxCapacity: max = Infinity } = (cluster?.properties.ServerlessV2ScalingConfiguration ?? {}) as Scaling;
    const awake = Math.min(Math.max(min, databaseCapacity), max);
    const [hours, asleep] = [databaseHoursADay / 24 * HOURS_A_MONTH, (24 - databaseHoursADay) / 24 * HOURS_A_MONTH];
    const [awakeHours, asleepHours] = [hours, asleep].map(each => Number(each.toFixed(2)));
    const written = min === awake ? `${awake} ACU × ${HOURS_A_MONTH} h`
      : min === 0 ? `${awake} ACU × ${awakeHours} h awake`
        : `(${awake} ACU × ${awakeHours} h + ${min} ACU × ${asleepHours} h)`;
    return { arithmetic: `${written} × ${PRICE.capacityHour}`, usd: (awake * hours + min * asleep) * PRICE.capacityHour };
  });
  if (usdAnHour === undefined) {
    provisioned.forEach(each => bill.cannotPrice(each, `${String(each.properties.DBInstanceClass)} has no price here; give usage.databaseInstanceUsdAnHour`));
  }
  return [
    ...lines.slice(0, 1).map(({ arithmetic, usd }) => ({
      kind: 'database', quantity: lines.length, arithmetic: `${lines.length} × ${arithmetic}`, usd: lines.length * usd, isUse: false,
    })),
    ...usdAnHour !== undefined && provisioned.length > 0 ? [line('database', provisioned.length, 'instances', [usdAnHour], HOURS)] : [],
  ];
}

/** The publicly reachable addresses of what stands in a subnet each. */
function addresses(quantity: number): OkyCostLine[] {
  return quantity > 0 ? [line('public addresses', quantity, quantity === 1 ? 'address' : 'addresses', [PRICE.addressHour], HOURS)] : [];
}

function balancers(mine: Resource[], { usage }: Bill): OkyCostLine[] {
  const open = mine.filter(({ properties }) => properties.Scheme !== 'internal');
  // At worst each request is a connection, of which a unit takes 25 a second; or else it takes a GB an hour.
  const units = Math.max(usage.millionRequests * 1e6 / HOURS_A_MONTH / 3600 / 25, usage.outGb / HOURS_A_MONTH);
  return [
    line('load balancer', mine.length, mine.length === 1 ? 'load balancer' : 'load balancers', [PRICE.balancerHour], HOURS),
    ...addresses(open.reduce((sum, { properties }) => sum + list(properties.Subnets).length, 0)),
    used(line('load balancer, by use', units, 'units', [PRICE.balancerUnitHour], HOURS)),
  ];
}

function natInstances(mine: Resource[], bill: Bill): OkyCostLine[] {
  const known = mine.filter(each => {
    const isKnown = INSTANCE_HOUR[String(each.properties.InstanceType)] !== undefined;
    if (!isKnown) {
      bill.cannotPrice(each, `${String(each.properties.InstanceType)} has no price here`);
    }
    return isKnown;
  });
  const disks = JSON.stringify(mine.map(({ properties }) => properties.BlockDeviceMappings ?? [])).matchAll(/"VolumeSize":(\d+)/g);
  const gb = [...disks].reduce((sum, [, size]) => sum + Number(size), 0);
  return [
    ...known.map(({ properties }) => line('NAT instances', 1, String(properties.InstanceType), [INSTANCE_HOUR[String(properties.InstanceType)]], HOURS)),
    ...addresses(mine.filter(({ properties }) => JSON.stringify(properties.NetworkInterfaces ?? []).includes('"AssociatePublicIpAddress":true')).length),
    ...gb > 0 ? [line('disks', gb, 'GB', [PRICE.diskGb])] : [],
  ];
}

/** An alarm costs as much as metrics it looks at. */
function metricsOf({ properties }: Resource): number {
  return list(properties.Metrics).filter(metric => (metric as { readonly MetricStat?: unknown }).MetricStat).length || 1;
}

const each = (kind: string, unit: string, price: number): Pricer => mine => [line(kind, mine.length, mine.length === 1 ? unit.replace(/s$/, '') : unit, [price])];

/** How each type of resource that costs something is priced. */
export const PRICERS: Record<string, Pricer> = {
  'AWS::ApplicationAutoScaling::ScalingPolicy': mine => [line('alarms of the scaling', mine.length * 2, 'alarms', [PRICE.alarm])],
  'AWS::Backup::BackupVault': (_, { usage }) => [used(line('backups in the vault', usage.backupGb, 'GB', [PRICE.backupGb]))],
  'AWS::CloudFront::Distribution': (_, { usage }) => {
    const [gb, requests] = [Math.max(0, usage.outGb - CLOUDFRONT_FREE.gb), Math.max(0, usage.millionRequests - CLOUDFRONT_FREE.requestMillions)];
    return [
      used(line(`CloudFront, beyond ${CLOUDFRONT_FREE.gb} GB free`, gb, 'GB', [PRICE.cloudFrontGb])),
      used(line(`CloudFront, beyond ${CLOUDFRONT_FREE.requestMillions} million requests free`, requests * 100, 'ten thousand', [PRICE.cloudFrontTenThousandRequests])),
    ];
  },
  'AWS::CloudWatch::Alarm': mine => [line('alarms', mine.reduce((sum, alarm) => sum + metricsOf(alarm), 0), 'metrics watched', [PRICE.alarm])],
  'AWS::CloudWatch::CompositeAlarm': each('composite alarms', 'alarms', PRICE.compositeAlarm),
  'AWS::CloudWatch::Dashboard': each('dashboards, if there are three others', 'dashboards', PRICE.dashboard),
  'AWS::EC2::EIP': mine => addresses(mine.length),
  'AWS::EC2::FlowLog': (_, { usage }) => [used(line('flow logs', usage.flowLogGb, 'GB', [PRICE.flowLogGb]))],
  'AWS::EC2::Instance': natInstances,
  'AWS::EC2::NatGateway': (mine, { usage }) => [
    line('NAT gateways', mine.length, mine.length === 1 ? 'gateway' : 'gateways', [PRICE.natHour], HOURS),
    used(line('NAT gateways, by use', usage.natGb, 'GB', [PRICE.natGb])),
  ],
  'AWS::EC2::VPCEndpoint': mine => {
    // Those of S3 are gateways, which are free.
    const zones = mine.filter(({ properties }) => properties.VpcEndpointType === 'Interface').map(({ properties }) => list(properties.SubnetIds).length);
    return zones.length > 0 ? [line('interface endpoints', zones.reduce((sum, count) => sum + count), 'in a zone', [PRICE.endpointHour], HOURS)] : [];
  },
  'AWS::ECR::Repository': (mine, { usage }) => [used(line('images', mine.length * usage.imageGb, 'GB', [PRICE.imageGb]))],
  'AWS::ECS::Cluster': insights,
  'AWS::ECS::Service': tasks,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': balancers,
  'AWS::KMS::Key': each('encryption keys', 'keys', PRICE.key),
  'AWS::Logs::LogGroup': (_, { usage }) => [used(line('logs', usage.logGb, 'GB', [PRICE.logGb]))],
  'AWS::Logs::MetricFilter': each('metrics of logs', 'metrics', PRICE.metric),
  'AWS::RDS::DBCluster': (_, { usage }) => [
    used(line('database storage', usage.databaseGb, 'GB', [PRICE.databaseGb])),
    used(line('database reads and writes', usage.databaseMillionIos, 'million', [PRICE.databaseMillionIos])),
  ],
  'AWS::RDS::DBInstance': instances,
  'AWS::Route53::HostedZone': each('hosted zones', 'zones', PRICE.hostedZone),
  'AWS::S3::Bucket': (_, { usage }) => [used(line('buckets', usage.bucketGb, 'GB', [PRICE.bucketGb]))],
  'AWS::SecretsManager::Secret': each('secrets', 'secrets', PRICE.secret),
  'AWS::WAFv2::WebACL': (mine, { usage }) => [
    ...each('web ACL', 'web ACLs', PRICE.webAcl)(mine, { resources: mine, usage, cannotPrice: () => undefined }),
    line('rules of the web ACL', mine.reduce((sum, { properties }) => sum + list(properties.Rules).length, 0), 'rules', [PRICE.webAclRule]),
    used(line('web ACL, by use', usage.millionRequests, 'million requests', [PRICE.webAclMillionRequests])),
  ],
};
