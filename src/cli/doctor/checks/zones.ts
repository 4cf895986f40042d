import type { Check, Context } from '../check';
import { finding, type Finding } from '../findings';
import { at, listAt } from '../template';

/** By their ids, which are the same in every account. @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html */
const NOT_FOR_VPC_ORIGINS = ['use1-az3', 'usw1-az2', 'apne1-az3', 'cac1-az3'];

interface Zone {
  readonly ZoneName: string;
  readonly ZoneId: string;
  readonly State: string;
  readonly ZoneType?: string;
}

interface EndpointServices {
  readonly ServiceDetails?: { readonly ServiceName: string; readonly AvailabilityZones?: string[] }[];
}

/** The zones of the region, without those at the edge of a city or of a mobile network. */
async function zonesOf({ aws, deployment }: Context): Promise<Zone[]> {
  const { AvailabilityZones } = await aws.call<{ readonly AvailabilityZones: Zone[] }>('ec2', 'describe-availability-zones', [], deployment.place.region);
  return AvailabilityZones.filter(({ ZoneType = 'availability-zone' }) => ZoneType === 'availability-zone');
}

/** The zone that a value of the template means: by its name, or by its place among those of the region. */
export async function zoneOf(context: Context, value: unknown): Promise<string | undefined> {
  if (at(value, 'Fn::Select', 1, 'Fn::GetAZs') === undefined) {
    return context.deployment.textOf(context.deployment.main, value);
  }
  const names = (await zonesOf(context)).map(({ ZoneName }) => ZoneName).sort();
  return names[Number(at(value, 'Fn::Select', 0))];
}

/** The zones of subnets that are made here, or given. */
async function zonesOfSubnets(context: Context, subnets: readonly unknown[]): Promise<string[]> {
  const { aws, deployment } = context;
  const made = subnets.flatMap(subnet => deployment.main.template.Resources[String(at(subnet, 'Ref'))] ?? []);
  const zones = await Promise.all(made.map(async ({ Properties }) => zoneOf(context, at(Properties, 'AvailabilityZone'))));
  const given = subnets.filter(subnet => typeof subnet === 'string').sort();
  const { Subnets } = given.length === 0 ? { Subnets: [] } : await aws.call<{ readonly Subnets: { readonly AvailabilityZone: string }[] }>(
    'ec2', 'describe-subnets', ['--subnet-ids', ...given], deployment.place.region);
  return [...new Set([...zones.filter(zone => zone !== undefined), ...Subnets.map(({ AvailabilityZone }) => AvailabilityZone)])].sort();
}

export const zones: Check = {
  name: 'zones',
  run: async context => {
    const { deployment } = context;
    const { account, region } = deployment.place;
    const there = await zonesOf(context);
    const subnets = deployment.resources('AWS::EC2::Subnet', [deployment.main]).map(({ logicalId }) => ({ Ref: logicalId }));
    return (await zonesOfSubnets(context, subnets)).flatMap(zone => {
      const state = there.find(({ ZoneName }) => ZoneName === zone)?.State;
      return state === 'available' ? [] : [finding('zone', `subnets are in ${zone}, which is ${state ?? `none of ${account}'s in ${region}`}`,
        `npx cdk context --reset availability-zones:account=${account}:region=${region}`,
        `this has them looked up anew at the next synth; there are ${there.map(({ ZoneName }) => ZoneName).join(', ')}`)];
    });
  },
};

export const endpoints: Check = {
  name: 'endpoints in the zones',
  run: async context => {
    const { aws, deployment } = context;
    const { region } = deployment.place;
    const wanted = deployment.resources('AWS::EC2::VPCEndpoint', [deployment.main])
      .filter(({ Properties }) => at(Properties, 'VpcEndpointType') === 'Interface')
      .map(({ Properties }) => ({ service: deployment.textOf(deployment.main, at(Properties, 'ServiceName'))!, subnets: listAt(Properties, 'SubnetIds') }));
    if (wanted.length === 0) {
      return [];
    }
    const args = ['--filters', `Name=service-name,Values=${wanted.map(({ service }) => service).sort().join(',')}`];
    const { ServiceDetails = [] } = await aws.call<EndpointServices>('ec2', 'describe-vpc-endpoint-services', args, region);
    const zonesWith = (service: string) => ServiceDetails.find(({ ServiceName }) => ServiceName === service)?.AvailabilityZones ?? [];
    const there = (await zonesOf(context)).map(({ ZoneName }) => ZoneName);
    const complete = there.filter(zone => wanted.every(({ service }) => zonesWith(service).includes(zone)));
    const lacking = new Map<string, string[]>();
    for (const { service, subnets } of wanted) {
      // A zone that there is not is the finding of another check.
      for (const zone of (await zonesOfSubnets(context, subnets)).filter(each => there.includes(each) && !zonesWith(service).includes(each))) {
        lacking.set(zone, [...lacking.get(zone) ?? [], service]);
      }
    }
    return [...lacking].map(([zone, services]): Finding => finding('endpoint-zone', `${zone} does not have ${services.join(', ')}`,
      aws.command(['ec2', 'describe-vpc-endpoint-services', ...args, '--query', 'ServiceDetails[].[ServiceName,AvailabilityZones]'], region),
      `before the first deployment, have the stack use others: a getter availabilityZones in its class; all services are in ${complete.join(', ') || 'no zone'}; this prints where each is`));
  },
};

export const vpcOrigin: Check = {
  name: 'zones of the VPC origin',
  run: async context => {
    const { deployment, aws } = context;
    if (deployment.resources('AWS::CloudFront::VpcOrigin', [deployment.main]).length === 0) {
      return [];
    }
    const balancers = deployment.resources('AWS::ElasticLoadBalancingV2::LoadBalancer', [deployment.main]);
    const used = await zonesOfSubnets(context, balancers.flatMap(({ Properties }) => listAt(Properties, 'Subnets')));
    const unreached = (await zonesOf(context)).filter(({ ZoneId }) => NOT_FOR_VPC_ORIGINS.includes(ZoneId));
    return unreached.filter(({ ZoneName }) => used.includes(ZoneName)).map(({ ZoneName, ZoneId }) => finding('vpc-origin-zone', `the load balancer is in ${ZoneName}, which is ${ZoneId}`,
      aws.command(['ec2', 'describe-availability-zones', '--query', 'AvailabilityZones[].[ZoneName,ZoneId]'], deployment.place.region),
      'have the stack use other zones, with a getter availabilityZones in its class, or leave network.originAccess at its default; this prints which zone has which id'));
  },
};
