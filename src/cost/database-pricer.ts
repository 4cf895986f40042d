import { type Bill, HOURS, line, refOf, type Resource } from './bill';
import type { OkyCostLine } from './cost-options';
import { HOURS_A_MONTH } from './prices';

interface Scaling {
  readonly MinCapacity?: number;
  readonly MaxCapacity?: number;
}

/**
 * The capacity that an Aurora instance holds while it is awake and does little, at least and at most. AWS scales in steps of 0.5
 * and does not document what it keeps for its own work: only the metric `ServerlessDatabaseCapacity` shows it.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
const IDLE_CAPACITY = { least: 0.5, most: 1 } as const;

/** The database instances: serverless ones by the hours that they are awake, provisioned ones by the price that the caller gives. */
export function databaseInstances(mine: readonly Resource[], bill: Bill): OkyCostLine[] {
  const usdAnHour = bill.usage.databaseInstanceUsdAnHour;
  const serverless = mine.filter(({ properties }) => properties.DBInstanceClass === 'db.serverless');
  const provisioned = mine.filter(each => !serverless.includes(each));
  if (usdAnHour === undefined) {
    provisioned.forEach(each => bill.cannotPrice(each, `${String(each.properties.DBInstanceClass)} has no price here; give usage.databaseInstanceUsdAnHour`));
  }
  return [
    ...serverless.length > 0 ? [serverlessInstances(serverless, bill)] : [],
    ...usdAnHour !== undefined && provisioned.length > 0 ? [line('database', provisioned.length, 'instances', [usdAnHour], HOURS)] : [],
  ];
}

/** All instances of a cluster have the same limits. */
function serverlessInstances(mine: readonly Resource[], { resources, usage, prices }: Bill): OkyCostLine {
  const [{ template, properties }] = mine;
  const cluster = resources.find(each => each.template === template && each.id === refOf(properties.DBClusterIdentifier));
  const { MinCapacity: min = 0, MaxCapacity: max = Infinity } = (cluster?.properties.ServerlessV2ScalingConfiguration ?? {}) as Scaling;
  const [awakeHours, pausedHours] = [usage.databaseHoursADay, 24 - usage.databaseHoursADay].map(hours => hours / 24 * HOURS_A_MONTH);
  const usdAt = (capacity: number) => mine.length * (capacity * awakeHours + min * pausedHours) * prices.capacityHour;
  const within = (capacity: number) => Math.min(Math.max(min, capacity), max);
  const capacity = within(usage.databaseCapacity ?? IDLE_CAPACITY.least);
  const hours = (each: number) => Number(each.toFixed(2));
  const written = min === capacity ? `${capacity} ACU × ${HOURS_A_MONTH} h`
    : min === 0 ? `${capacity} ACU × ${hours(awakeHours)} h awake`
      : `(${capacity} ACU × ${hours(awakeHours)} h + ${min} ACU × ${hours(pausedHours)} h)`;
  return {
    kind: 'database',
    quantity: mine.length,
    arithmetic: `${mine.length} × ${written} × ${prices.capacityHour}`,
    usd: usdAt(capacity),
    usdAtMost: usdAt(within(usage.databaseCapacity ?? IDLE_CAPACITY.most)),
    isUse: false,
  };
}
