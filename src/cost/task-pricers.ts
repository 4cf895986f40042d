import { addresses, type Bill, line, list, number, refOf, type Resource } from './bill';
import type { OkyCostLine } from './cost-options';
import { HOURS_A_MONTH } from './prices';

interface Task {
  readonly Cpu?: string;
  readonly Memory?: string;
  readonly RuntimePlatform?: { readonly CpuArchitecture?: string };
  readonly ContainerDefinitions?: { readonly Name?: string }[];
}

/** The services, by the size, the number and the kind of their tasks. */
export function tasks(services: readonly Resource[], bill: Bill): OkyCostLine[] {
  const { prices } = bill;
  const lines = services.flatMap((service): OkyCostLine[] => {
    const { Cpu, Memory, RuntimePlatform } = taskOf(service, bill);
    const [cpu, memory] = [Number(Cpu) / 1024, Number(Memory) / 1024];
    if (!(cpu > 0 && memory > 0)) {
      bill.cannotPrice(service, 'its task has no known size');
      return [];
    }
    const isArm = RuntimePlatform?.CpuArchitecture === 'ARM64';
    const [cpuHour, memoryHour] = isArm ? [prices.armCpuHour, prices.armMemoryGbHour] : [prices.cpuHour, prices.memoryGbHour];
    const quantity = countOf(service, bill);
    const spot = spotShareOf(service);
    const share = 1 - spot * (1 - prices.spotShare);
    const usd = quantity * (cpu * cpuHour + memory * memoryHour) * HOURS_A_MONTH * share;
    return [{
      kind: `tasks: ${nameOf(service, bill)}`,
      quantity,
      arithmetic: `${number(quantity)} ${isArm ? 'ARM' : 'x86'} × (${number(cpu)} vCPU × ${cpuHour} + ${number(memory)} GB × ${memoryHour}) × ${HOURS_A_MONTH} h`
        + (spot > 0 ? ` × ${number(share)} (${number(spot * 100)} % on Spot at ${prices.spotShare} of the price)` : ''),
      usd,
      usdAtMost: usd,
      isUse: false,
    }];
  });
  const addressed = services.filter(({ properties }) => JSON.stringify(properties.NetworkConfiguration ?? {}).includes('"AssignPublicIp":"ENABLED"'));
  return [...lines, ...addresses('public addresses of tasks', addressed.reduce((sum, service) => sum + countOf(service, bill), 0), bill)];
}

/**
 * The metrics that AWS documents: ten of CPU, memory, network and storage, each for the cluster, each service and each task
 * definition; two more of the cluster and five more of each service. A service without tasks reports none.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
 */
export function containerInsights(clusters: readonly Resource[], bill: Bill): OkyCostLine[] {
  return clusters.filter(hasInsights).flatMap(cluster => {
    const running = bill.resources.filter(each => each.type === 'AWS::ECS::Service' && each.template === cluster.template
      && refOf(each.properties.Cluster) === cluster.id && countOf(each, bill) > 0).length;
    return running > 0 ? [line('Container Insights', 12 + 25 * running, 'metrics', [bill.prices.metric])] : [];
  });
}

function hasInsights(cluster: Resource): boolean {
  return JSON.stringify(cluster.properties.ClusterSettings ?? []).includes('"containerInsights","Value":"en');
}

function taskOf(service: Resource, { resources }: Bill): Task {
  const id = refOf(service.properties.TaskDefinition);
  return resources.find(each => each.template === service.template && each.id === id)?.properties ?? {};
}

function nameOf(service: Resource, bill: Bill): string {
  return taskOf(service, bill).ContainerDefinitions?.[0]?.Name ?? service.id;
}

/** The number of tasks of a service: the desired count, or the minimum that it scales to. */
function countOf(service: Resource, { resources, usage }: Bill): number {
  const target = resources.find(({ type, template, properties }) => type === 'AWS::ApplicationAutoScaling::ScalableTarget'
    && template === service.template && JSON.stringify(properties.ResourceId).includes(`"${service.id}"`));
  return Number(target ? usage.scaledTasks ?? target.properties.MinCapacity : service.properties.DesiredCount ?? 1);
}

/** The share of the tasks that run on Spot. */
function spotShareOf({ properties }: Resource): number {
  const strategy = list(properties.CapacityProviderStrategy) as { readonly CapacityProvider: string; readonly Weight?: number }[];
  const weight = (of: typeof strategy) => of.reduce((sum, { Weight = 0 }) => sum + Weight, 0);
  return weight(strategy) > 0 ? weight(strategy.filter(({ CapacityProvider }) => CapacityProvider === 'FARGATE_SPOT')) / weight(strategy) : 0;
}
