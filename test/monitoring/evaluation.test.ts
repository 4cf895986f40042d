import type { AlarmProperties } from '../../scripts/docs/alarms';
import { everyAlarm } from '../../scripts/docs/failures';

/** The alarms of the templates, evaluated as CloudWatch does it, on values as AWS reports them. */
type Series = (number | undefined)[];

const alarms = everyAlarm();

/** The value of a period; undefined where a metric that it needs has none. */
function valueOf({ Metrics, MetricName }: AlarmProperties, values: Record<string, number | undefined>): number | undefined {
  const expression = Metrics?.find(({ Expression }) => Expression !== undefined)?.Expression;
  const ids = Metrics?.flatMap(({ Id, MetricStat: stat }) => stat ? [Id] : []) ?? [];
  if (expression === undefined) {
    return values[MetricName ?? Metrics![0].MetricStat!.Metric.MetricName];
  }
  const known = ids.map(id => values[id]);
  return known.includes(undefined) ? undefined : (new Function('If', ...ids, `return ${expression.replace(/\bIF\(/g, 'If(')};`) as (...args: unknown[]) => number)(
    (condition: boolean, yes: number, no: number) => condition ? yes : no, ...known);
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
function isInAlarm(name: string, series: Record<string, Series>): boolean {
  const alarm = alarms.get(name)!.properties;
  const { EvaluationPeriods: periods, DatapointsToAlarm: needed = periods, Threshold, ComparisonOperator, TreatMissingData } = alarm;
  const breaches = Array.from({ length: periods }, (_, index) => {
    const value = valueOf(alarm, Object.fromEntries(Object.entries(series).map(([id, values]) => [id, values.slice(-periods)[index]])));
    if (value === undefined) {
      return TreatMissingData === 'breaching';
    }
    return ComparisonOperator === 'LessThanThreshold' ? value < Threshold : value >= Threshold;
  });
  return breaches.filter(each => each).length >= needed;
}

/** What the checks from outside ask one host for, in five minutes. */
const CHECKS = 60;
const always = (value: number, periods = 24): Series => Array<number>(periods).fill(value);

describe('a pilot with a few users', () => {
  test.each<[string, number, boolean]>([['no', 0, false], ['one malformed', 1, false], ['two', 2, false], ['three', 3, true], ['all eight of a single user', 8, true]])(
    '%s requests with 5xx', (_, errors, rings) => {
      expect(isInAlarm('api-server-errors', { errors: [errors], requests: [CHECKS + 8] })).toBe(rings);
    });

  test('that gets 403 on everything: the check from outside rings after two minutes', () => {
    expect(isInAlarm('api-outside', { HealthCheckStatus: [1, 1, 0] })).toBe(false);
    expect(isInAlarm('api-outside', { HealthCheckStatus: [1, 0, 0] })).toBe(true);
  });

  test('whose health check somebody disabled', () => {
    expect(isInAlarm('api-outside', { HealthCheckStatus: [1, undefined, undefined] })).toBe(true);
  });

  test('that has lost DNS for everyone, also for the checkers', () => {
    expect(isInAlarm('silence', { Requests: [2 * CHECKS, undefined, undefined, undefined] })).toBe(true);
    expect(isInAlarm('silence', { Requests: [undefined, undefined, 2 * CHECKS] })).toBe(false);
  });

  test('that a scanner visits', () => {
    expect(isInAlarm('cloud-front-refusals', { value: [40, 40, 40], requests: always(2 * CHECKS + 80, 3) })).toBe(false);
  });
});

describe('a country', () => {
  test.each<[string, number, boolean]>([['0.3 %', 20, false], ['1 %', 60, true], ['half', 3000, true]])('%s of 6,000 requests with 5xx', (_, errors, rings) => {
    expect(isInAlarm('api-server-errors', { errors: [errors], requests: [6000] })).toBe(rings);
  });

  test('whose tokens became invalid, or some of them', () => {
    expect(isInAlarm('cloud-front-refusals', { value: [62, 71, 70], requests: always(9000, 3) })).toBe(true);
    expect(isInAlarm('cloud-front-refusals', { value: [12, 12, 12], requests: always(9000, 3) })).toBe(false);
    expect(isInAlarm('cloud-front-refusals', { value: [62, 12, 70], requests: always(9000, 3) })).toBe(false);
  });

  test('with a loop of restarts, once in 15 minutes and then less often: one message', () => {
    const restarts: Series = [undefined, 12, 3, 2, 1, undefined, undefined, undefined, undefined];
    const states = restarts.map((_, index) => isInAlarm('tasks-stopped', { TriggeredRules: [undefined, undefined, undefined, ...restarts.slice(0, index + 1)] }));
    expect(states).toEqual([false, true, true, true, true, true, true, true, false]);
  });
});

describe('a paused database', () => {
  test('is no alarm: it reports a capacity of 0, and little else', () => {
    for (const name of ['database-cpu', 'database-memory', 'database-connections']) {
      expect([name, isInAlarm(name, {})]).toEqual([name, false]);
    }
    expect(isInAlarm('database-capacity', { ACUUtilization: always(0) })).toBe(false);
    expect(isInAlarm('database-never-pauses', { ServerlessDatabaseCapacity: always(0) })).toBe(false);
  });

  test('is not woken, and not missed, by the checks from outside', () => {
    expect(isInAlarm('api-outside', { HealthCheckStatus: always(1) })).toBe(false);
    expect(isInAlarm('api-server-errors', { errors: [undefined], requests: [CHECKS] })).toBe(false);
  });

  test('that resumes for one user is one slow request in many', () => {
    expect(isInAlarm('api-response-time', { value: [0.1, 0.1, 0.1], requests: always(CHECKS + 4, 3) })).toBe(false);
  });

  test('that never resumes is three errors of a user', () => {
    expect(isInAlarm('api-server-errors', { errors: [3], requests: [CHECKS + 3] })).toBe(true);
  });

  test('that does not pause for a day rings', () => {
    expect(isInAlarm('database-never-pauses', { ServerlessDatabaseCapacity: always(0.5) })).toBe(true);
    expect(isInAlarm('database-never-pauses', { ServerlessDatabaseCapacity: [...always(0.5, 23), 0] })).toBe(false);
  });
});
