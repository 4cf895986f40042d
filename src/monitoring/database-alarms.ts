import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as rds from 'aws-cdk-lib/aws-rds';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Alarms } from './alarms';
import type { DatabaseSettings } from '../database/database-settings';
import { isKnown } from '../private/validation';

const MIB = 1024 * 1024;
/** In one Aurora capacity unit. */
const MEMORY_OF_A_UNIT = 2048 * MIB;
/** The smallest instance class of Aurora PostgreSQL has as much memory as two units. */
const UNITS_OF_SMALLEST_CLASS = 2;

/** The metrics of the database that alarms and dashboard share: of its busiest instance. */
export type DatabaseMetrics = ReturnType<typeof databaseMetrics>;

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html#aurora-serverless-v2.viewing.monitoring */
export function databaseMetrics(cluster: rds.DatabaseCluster) {
  const metric = (name: string, label: string, options: cloudwatch.MetricOptions = {}) =>
    cluster.metric(name, { statistic: 'Maximum', period: Duration.minutes(5), label, ...options });
  return {
    cpu: metric('CPUUtilization', 'CPU %'),
    freeMemory: metric('FreeableMemory', 'Free memory', { statistic: 'Minimum' }),
    utilization: metric('ACUUtilization', 'Share of the maximum capacity %'),
    connections: metric('DatabaseConnections', 'Connections'),
    capacity: metric('ServerlessDatabaseCapacity', 'Capacity units'),
    leastCapacity: metric('ServerlessDatabaseCapacity', 'Least capacity in an hour', { statistic: 'Minimum', period: Duration.hours(1) }),
  };
}

/**
 * The most connections that the database takes, as AWS documents it: `LEAST({DBInstanceClassMemory/9531392}, 5000)`, of the
 * memory at the maximum capacity, and 2000 at most where the minimum is 0 or 0.5. The class's memory is what the machine
 * leaves of the nominal one; the line below meets the documented 189 at 1 unit, 823 at 4, 1669 at 8 and 3360 at 16.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html#aurora-serverless-v2.max-connections
 */
export function mostConnections({ instanceType, minCapacity, maxCapacity }: DatabaseSettings): number {
  // A provisioned class by its memory, which CDK does not know: the least that there is.
  const units = instanceType ? UNITS_OF_SMALLEST_CLASS : isKnown(maxCapacity) ? maxCapacity : 1;
  const cap = !instanceType && (!isKnown(minCapacity) || minCapacity <= 0.5) ? 2000 : 5000;
  return Math.min(cap, Math.floor(211.4 * units - 22));
}

/** The memory that must be left: a twentieth of it, below which PostgreSQL begins to be killed for want of more. */
function leastFreeMemory({ instanceType, maxCapacity }: DatabaseSettings): number {
  const units = instanceType ? UNITS_OF_SMALLEST_CLASS : isKnown(maxCapacity) ? maxCapacity : 1;
  return Math.floor(units * MEMORY_OF_A_UNIT / 20);
}

export interface DatabaseAlarmsProps {
  readonly alarms: Alarms;
  readonly settings: DatabaseSettings;
  readonly metrics: DatabaseMetrics;
}

/** The database: what it is short of, and what it costs when it should sleep. */
export class DatabaseAlarms extends Construct {
  constructor(scope: Construct, id: string, { alarms, settings, metrics }: DatabaseAlarmsProps) {
    super(scope, id);
    // Of what the maximum capacity has. Above it queries wait for one another.
    alarms.add('DatabaseCpu', {
      metric: metrics.cpu,
      from: 85,
      periods: 3,
      description: 'The database has used 85 % of its CPU for 15 minutes. Raise database.maxCapacity or look for a slow query.',
      section: 'the-database-is-at-its-limit',
    });
    const mib = Math.round(leastFreeMemory(settings) / MIB);
    alarms.add('DatabaseMemory', {
      metric: metrics.freeMemory,
      below: leastFreeMemory(settings),
      periods: 3,
      description: `The database has had less than ${mib} MiB of memory left for 15 minutes. Raise database.maxCapacity before it restarts.`,
      section: 'the-database-is-at-its-limit',
    });
    const allowed = mostConnections(settings);
    // A task opens 10 at most: this many means more tasks than planned, or something else that connects.
    alarms.add('DatabaseConnections', {
      metric: metrics.connections,
      from: Math.floor(0.8 * allowed),
      periods: 2,
      description: `The database has 80 % of the ${allowed} connections that it takes. The next ones are refused: see who connects.`,
      section: 'the-database-has-too-many-connections',
    });
    if (settings.instanceType) {
      return;
    }
    // Capacity has steps of 0.5. At a maximum of 1 there are two, 50 and 100 %, and ordinary use is at the second one: there the
    // alarms on CPU and memory, which are measured against the maximum, tell when it is too little.
    if (!isKnown(settings.maxCapacity) || settings.maxCapacity > 1) {
      // Half an hour, as with a small maximum a single import fills it for minutes, which is what it is for.
      alarms.add('DatabaseCapacity', {
        metric: metrics.utilization,
        from: 90,
        periods: 6,
        description: 'The database has run at 90 % of database.maxCapacity for half an hour. It can\'t grow further: raise the maximum.',
        section: 'the-database-is-at-its-limit',
      });
    }
    if (settings.minCapacity === 0) {
      // While it is paused it reports a capacity of 0, so one hour with a pause in it is enough for silence.
      alarms.add('DatabaseNeverPauses', {
        metric: metrics.leastCapacity,
        from: 0.5,
        periods: 24,
        description: 'The database has not paused for a day, so it costs at least 50 USD a month. Find what keeps a connection open, '
          + 'or set database.minCapacity to 0.5 if it is used day and night.',
        section: 'the-database-never-pauses',
      });
    }
  }
}
