import type { Aws } from '../aws';
import type { Check, Context } from '../check';
import type { Placed } from '../deployment';
import { finding, type Finding, type FindingId } from '../findings';
import { at, listAt } from '../template';

/** The list that the load balancer lets in, and how many rules it counts as where AWS does not say. */
const CLOUDFRONT = 'com.amazonaws.global.cloudfront.origin-facing';
const CLOUDFRONT_WEIGHT = 55;

interface Quota {
  readonly service: string;
  readonly code: string;
  readonly id: FindingId;
}

const VPCS: Quota = { service: 'vpc', code: 'L-F678F1CE', id: 'quota-vpcs' };
const ADDRESSES: Quota = { service: 'ec2', code: 'L-0263D0A3', id: 'quota-addresses' };
const FARGATE: Quota = { service: 'fargate', code: 'L-3032A538', id: 'quota-vcpus' };
const INSTANCES: Quota = { service: 'ec2', code: 'L-1216C47A', id: 'quota-vcpus' };
const RULES: Quota = { service: 'vpc', code: 'L-0EA8095F', id: 'quota-rules' };

export interface Vpcs {
  readonly Vpcs: { readonly VpcId: string; readonly IsDefault: boolean }[];
}

/** The VPCs of the region: two checks ask for them. */
export async function vpcsOf({ aws, deployment }: Context): Promise<Vpcs> {
  return aws.call('ec2', 'describe-vpcs', [], deployment.place.region);
}

async function valueOf(aws: Aws, { service, code }: Quota, region: string): Promise<number> {
  const args = ['--service-code', service, '--quota-code', code];
  type Answer = { readonly Quota: { readonly Value: number } };
  // Of some quotas an account has no value of its own.
  const answer = await aws.find<Answer>(/^NoSuchResourceException$/, 'service-quotas', 'get-service-quota', args, region)
    ?? await aws.call<Answer>('service-quotas', 'get-aws-default-service-quota', args, region);
  return answer.Quota.Value;
}

async function compare({ aws, deployment }: Context, quota: Quota, needed: number, what: (value: number) => string): Promise<Finding[]> {
  const { region } = deployment.place;
  const value = await valueOf(aws, quota, region);
  const mend = ['service-quotas', 'request-service-quota-increase', '--service-code', quota.service, '--quota-code', quota.code, '--desired-value', String(needed)];
  return needed <= value ? [] : [finding(quota.id, what(value), aws.command(mend, region), quota === RULES ? 'AWS answers within hours to days' : 'AWS answers within hours to days; or delete what is not used any more')];
}

export const vpcs: Check = {
  name: 'quota of VPCs',
  run: async context => {
    const needed = context.deployment.toBeMade('AWS::EC2::VPC').length;
    if (needed === 0) {
      return [];
    }
    const there = (await vpcsOf(context)).Vpcs.length;
    return compare(context, VPCS, there + needed, value => `${context.deployment.place.region} has ${there} of ${value} VPCs, and the deployment makes ${needed} more`);
  },
};

export const addresses: Check = {
  name: 'quota of elastic IP addresses',
  run: async context => {
    const { aws, deployment } = context;
    const needed = deployment.toBeMade('AWS::EC2::EIP').length;
    if (needed === 0) {
      return [];
    }
    const there = (await aws.call<{ readonly Addresses?: unknown[] }>('ec2', 'describe-addresses', [], deployment.place.region)).Addresses?.length ?? 0;
    return compare(context, ADDRESSES, there + needed, value => `${deployment.place.region} has ${there} of ${value} elastic IP addresses, and the deployment makes ${needed} more`);
  },
};

/** vCPUs of a NAT instance, t4g.nano. */
const NAT_VCPUS = 2;

/** Of new accounts, both quotas can be a few vCPUs. A deployment starts the new tasks beside those that run. */
export const vcpus: Check = {
  name: 'quotas of vCPUs',
  run: async context => {
    const { deployment } = context;
    const { region } = deployment.place;
    const tasks = 2 * deployment.resources('AWS::ECS::Service', [deployment.main]).map(service => unitsOf(context, service)).reduce((sum, units) => sum + units, 0) / 1024;
    const instances = NAT_VCPUS * deployment.toBeMade('AWS::EC2::Instance').length;
    return [
      ...tasks === 0 ? [] : await compare(context, FARGATE, Math.ceil(tasks), value => `Fargate has ${value} vCPUs in ${region}, and a deployment of all tasks takes ${tasks}`),
      ...instances === 0 ? [] : await compare(context, INSTANCES, instances, value => `EC2 has ${value} vCPUs in ${region}, and NAT instances take ${instances}`),
    ];
  },
};

/** CPU units of all tasks of a service, as many as its scaling allows. One that starts no task yet starts one once it has an image. */
function unitsOf({ deployment }: Context, { Properties, logicalId }: Placed): number {
  const main = [deployment.main];
  const definition = deployment.resources('AWS::ECS::TaskDefinition', main).find(each => each.logicalId === at(Properties, 'TaskDefinition', 'Ref'));
  const scaling = deployment.resources('AWS::ApplicationAutoScaling::ScalableTarget', main)
    .find(each => JSON.stringify(at(each.Properties, 'ResourceId')).includes(logicalId));
  const count = Number(at(scaling?.Properties, 'MaxCapacity') ?? at(Properties, 'DesiredCount') ?? 1);
  return Math.max(1, count) * Number(at(definition?.Properties, 'Cpu'));
}

interface PrefixList {
  readonly PrefixListName: string;
  readonly MaxEntries?: number;
}

export const rules: Check = {
  name: 'rules of the security groups',
  run: async context => {
    const { aws, deployment } = context;
    const { region } = deployment.place;
    const weights = new Map<string, number>();
    const findings: Finding[] = [];
    for (const id of new Set(rulesOf(context).flatMap(({ prefixList }) => prefixList ?? []))) {
      const { PrefixLists: [list] = [] } = await aws.call<{ readonly PrefixLists?: PrefixList[] }>(
        'ec2', 'describe-managed-prefix-lists', ['--filters', `Name=prefix-list-id,Values=${id}`], region);
      weights.set(id, list?.MaxEntries ?? CLOUDFRONT_WEIGHT);
      if (list?.PrefixListName !== CLOUDFRONT) {
        findings.push(finding('prefix-list', list ? `${id} is ${list.PrefixListName}, not ${CLOUDFRONT}` : `${region} has no prefix list ${id}`,
          aws.command(['ec2', 'describe-managed-prefix-lists', '--filters', `Name=prefix-list-name,Values=${CLOUDFRONT}`, '--query', 'PrefixLists[].PrefixListId'], region),
          'give the id that this prints as network.cloudFrontPrefixListId, or have it looked up anew: take it out of cdk.context.json'));
      }
    }
    const sums = new Map<string, number>();
    for (const { group, prefixList } of rulesOf(context)) {
      sums.set(group, (sums.get(group) ?? 0) + (prefixList === undefined ? 1 : weights.get(prefixList)!));
    }
    const [[group, most]] = [...sums, ['none', 0] as const].sort((one, other) => other[1] - one[1]);
    return [...findings, ...await compare(context, RULES, most, value => `${group} counts as ${most} rules, of ${value} that a security group may have`)];
  },
};

/** Each rule, with the group and direction that it counts for. */
function rulesOf({ deployment }: Context): { readonly group: string; readonly prefixList?: string }[] {
  const text = (value: unknown) => value === undefined ? undefined : deployment.textOf(deployment.main, value);
  return (['Ingress', 'Egress'] as const).flatMap(direction => {
    const rule = (id: string, said: unknown) => ({
      group: `${id} (${direction.toLowerCase()})`,
      prefixList: text(at(said, direction === 'Ingress' ? 'SourcePrefixListId' : 'DestinationPrefixListId')),
    });
    const inside = deployment.resources('AWS::EC2::SecurityGroup', [deployment.main]).flatMap(({ logicalId, Properties }) =>
      listAt(Properties, `SecurityGroup${direction}`).map(said => rule(logicalId, said)));
    const beside = deployment.resources(`AWS::EC2::SecurityGroup${direction}`, [deployment.main]).map(({ Properties }) =>
      rule(String(at(Properties, 'GroupId', 'Fn::GetAtt', 0) ?? at(Properties, 'GroupId')), Properties));
    return [...inside, ...beside];
  });
}
