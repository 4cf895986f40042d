/** The tables of docs/capacity.md: a simulation of the deployments in today's templates. */
import { estimate } from './cost';
import { cells } from './marked-tables';
import { DELAYS, type Kind, type Outcome, type ServiceConfig, simulate } from '../capacity/simulation';
import type { Overrides } from '../deployments/sample';
import { synthesise } from '../deployments/synthesis';
import { all, target, type Value } from '../template/template';

/**
 * Of 100 requests, 2 log in. Seconds of a virtual CPU as measured with the real containers: 25 logins, 635 reads of the
 * database through the API and 770 pages of articles through the CMS a second on two cores; a login keeps both busy, a
 * read one of them, and the database the other.
 */
export const KINDS: Kind[] = [
  { name: 'login', share: 0.02, service: 0, cpu: 2 / 25, databaseCpu: 1 / 635 },
  { name: 'read', share: 0.48, service: 0, cpu: 1 / 635, databaseCpu: 1 / 635 },
  { name: 'article', share: 0.5, service: 1, cpu: 1 / 770, databaseCpu: 1 / 770 },
];

/** Assumed, for the bill. */
const [KB_OUT, KB_LOGGED, IOS] = [5, 0.2, 0.1];

interface Service { readonly TaskDefinition: Value; readonly DesiredCount?: number; readonly LoadBalancers: { readonly TargetGroupArn: Value }[] }
interface Task { readonly Cpu: string }
interface TargetGroup { readonly HealthCheckIntervalSeconds: number; readonly HealthyThresholdCount: number }
interface ScalableTarget { readonly MinCapacity: number; readonly MaxCapacity: number }
interface ScalingPolicy { readonly TargetTrackingScalingPolicyConfiguration: { readonly TargetValue: number } }
interface Cluster {
  readonly ServerlessV2ScalingConfiguration: { readonly MinCapacity: number; readonly MaxCapacity: number; readonly SecondsUntilAutoPause?: number };
}

interface Deployment {
  readonly services: ServiceConfig[];
  readonly database: { readonly minAcu: number; readonly maxAcu: number; readonly pauseSeconds: number };
}

const known = new Map<Overrides, Deployment>();

function deploymentOf(overrides: Overrides): Deployment {
  const deployment = known.get(overrides) ?? read(overrides);
  known.set(overrides, deployment);
  return deployment;
}

/** What the template says of the tasks and the database. */
function read(overrides: Overrides): Deployment {
  const { main } = synthesise(overrides);
  const byId = <P>(type: string, id: string) => all<P>(main, type).find(each => each.id === id)!.properties;
  const about = <P>(type: string, id: string) => all<P>(main, type).find(({ properties }) => JSON.stringify(properties).includes(`"${id}"`));
  const services = all<Service>(main, 'AWS::ECS::Service').map(({ id, properties }): ServiceConfig => {
    const task = byId<Task>('AWS::ECS::TaskDefinition', target(properties.TaskDefinition));
    const health = byId<TargetGroup>('AWS::ElasticLoadBalancingV2::TargetGroup', target(properties.LoadBalancers[0].TargetGroupArn));
    const scaling = about<ScalableTarget>('AWS::ApplicationAutoScaling::ScalableTarget', id);
    const policy = scaling && about<ScalingPolicy>('AWS::ApplicationAutoScaling::ScalingPolicy', scaling.id);
    return {
      vcpu: Number(task.Cpu) / 1024,
      minTasks: scaling?.properties.MinCapacity ?? properties.DesiredCount!,
      maxTasks: scaling?.properties.MaxCapacity ?? properties.DesiredCount!,
      target: policy && policy.properties.TargetTrackingScalingPolicyConfiguration.TargetValue / 100,
      healthCheckSeconds: health.HealthCheckIntervalSeconds * health.HealthyThresholdCount,
    };
  });
  const [{ properties: { ServerlessV2ScalingConfiguration: scaling } }] = all<Cluster>(main, 'AWS::RDS::DBCluster');
  const { MinCapacity: minAcu, MaxCapacity: maxAcu, SecondsUntilAutoPause: pauseSeconds = Infinity } = scaling;
  return { services, database: { minAcu, maxAcu, pauseSeconds } };
}

const { PI, sin } = Math;

/** Half an hour at a tenth of the load and an hour at all of it: what the last half hour comes to, and what is lost from shortly before on. */
export function step(overrides: Overrides, rate: number): Outcome {
  const { services, database } = deploymentOf(overrides);
  return simulate({ services, database, kinds: KINDS, rate: time => time < 1800 ? rate / 10 : rate, seconds: 5400, from: 3600, lossesFrom: 1200 });
}

/** The day of a curve whose peak is the rate and whose night has a twentieth of it. */
export function day(overrides: Overrides, rate: number): Outcome {
  const { services, database } = deploymentOf(overrides);
  const curve = (time: number) => rate * (0.05 + 0.95 * sin(PI * time / 86_400) ** 2);
  return simulate({ services, database, kinds: KINDS, rate: curve, seconds: 86_400 });
}

/** What a month of it costs: the estimate, with as many tasks and units as there were. */
export function monthly(overrides: Overrides, outcome: Outcome, requestsASecond: number): { readonly usd: number; readonly perMillion: number } {
  const millions = requestsASecond * 730 * 3600 / 1e6;
  const bill = estimate(overrides, {
    millionRequests: millions,
    outGb: millions * KB_OUT,
    logGb: millions * KB_LOGGED,
    databaseMillionIos: millions * IOS,
    databaseHoursADay: 24,
    databaseCapacity: outcome.acu.mean,
  });
  const tasks = ['api', 'cms'].map((name, index) => {
    const line = bill.lines.find(({ kind }) => kind === `tasks: ${name}`)!;
    return line.usd / line.quantity * (outcome.tasks[index].mean - line.quantity);
  });
  const usd = bill.total + tasks.reduce((sum, each) => sum + each);
  return { usd, perMillion: usd / millions };
}

/** Beyond this share of what a part can do, waiting is most of the time. */
const BUSY = 0.9;

/** What the load is too much for. */
function endsBy(overrides: Overrides, rate: number): string {
  const { services, database } = deploymentOf(overrides);
  const { api, cms, database: queries } = limits(overrides);
  const tasks = (index: number) => `${services[index].maxTasks} ${services[index].maxTasks === 1 ? 'task' : 'tasks'}`;
  const tooSmall = [
    ...queries * BUSY < rate ? [`database: ${database.maxAcu} ACU`] : [],
    ...api * BUSY < rate ? [`API: ${tasks(0)}`] : [],
    ...cms * BUSY < rate ? [`CMS: ${tasks(1)}`] : [],
  ];
  return tooSmall.join('; ') || '–';
}

/** The requests a second that each part can do at the most that it grows to, all of it busy. */
export function limits(overrides: Overrides): { readonly api: number; readonly cms: number; readonly database: number } {
  const { services, database } = deploymentOf(overrides);
  const [api, cms] = services.map(({ vcpu, maxTasks }, index) => maxTasks * vcpu / cpuOf(index));
  return { api, cms, database: database.maxAcu * DELAYS.vcpuPerAcu / KINDS.reduce((sum, { share, databaseCpu }) => sum + share * databaseCpu, 0) };
}

/** Of one request, on average. */
function cpuOf(index: number): number {
  return KINDS.filter(({ service }) => service === index).reduce((sum, { share, cpu }) => sum + share * cpu, 0);
}

interface Row { readonly name: string; readonly chosen: string; readonly overrides: Overrides; readonly rates: number[] }

const large = { cpu: 1024, memoryLimitMiB: 2048 };

/** What is simulated: the two profiles at all loads, and what carries the loads that they don't. */
export const ROWS: Row[] = [
  { name: 'default', chosen: 'nothing', overrides: {}, rates: [10, 100, 1000] },
  { name: 'default with scaling', chosen: '`scaling: {}`', overrides: { scaling: {} }, rates: [10, 100, 1000] },
  { name: 'highly available', chosen: '`highAvailability`, `scaling: {}`', overrides: { highAvailability: true, scaling: {} }, rates: [10, 100, 1000] },
  {
    name: 'for 100',
    chosen: '`highAvailability`, `scaling: {}`, `api.cpu: 1024`, `database.maxCapacity: 2`',
    overrides: { highAvailability: true, scaling: {}, api: large, database: { maxCapacity: 2 } },
    rates: [100],
  },
  {
    name: 'for 1,000',
    chosen: 'the same, `cms.cpu: 1024`, `scaling.minCapacity: 4`, `maxCapacity: 8`, `database.minCapacity: 2`, `maxCapacity: 16`',
    overrides: {
      highAvailability: true, scaling: { minCapacity: 4, maxCapacity: 8 }, api: large, cms: large, database: { minCapacity: 2, maxCapacity: 16 },
    },
    rates: [1000],
  },
];

const seconds = (value: number) => value < 0.1 ? `${(value * 1000).toFixed(0)} ms` : value < 10 ? `${value.toFixed(2)} s` : `${value.toFixed(0)} s`;
const percent = (lost: number) => lost === 0 ? '0' : lost < 0.001 ? '< 0.1 %' : `${(lost * 100).toFixed(1)} %`;
const number = (value: number) => value.toLocaleString('en-GB');

function result(overrides: Overrides, outcome: Outcome, averageRate: number): string[] {
  const { usd, perMillion } = monthly(overrides, outcome, averageRate);
  return [
    outcome.tasks.map(({ mean }) => mean.toFixed(1)).join(' + '), outcome.acu.mean.toFixed(1), seconds(outcome.p95.all), seconds(outcome.p95.login),
    percent(outcome.lost), usd.toFixed(0), perMillion.toFixed(2),
  ];
}

const HEAD = ['Tasks (API + CMS)', 'ACU', 'p95', 'p95 of logins', 'Lost', 'USD a month', 'USD a million'];

/** Up to a load, as the higher ones take long to simulate. */
export function stepRows(most: number): string[] {
  return ROWS.flatMap(({ name, overrides, rates }) => rates.filter(rate => rate <= most).map(rate =>
    cells(name, number(rate), ...result(overrides, step(overrides, rate), rate), endsBy(overrides, rate))));
}

export function dayRows(most: number): string[] {
  // A deployment that a load is too much for is so at any hour.
  return ROWS.flatMap(({ name, overrides, rates }) => {
    const limit = Math.min(most + 1, ...Object.values(limits(overrides)));
    return rates.filter(rate => rate < limit).map(rate => {
      const outcome = day(overrides, rate);
      const tasks = outcome.tasks.map(({ most: each }) => each).join(' + ');
      return cells(name, number(rate), ...result(overrides, outcome, outcome.requests / 86_400), tasks);
    });
  });
}

function steps(): string {
  const head = cells('Deployment', 'To requests a second', ...HEAD, 'What ends it');
  return [head, `|---|---:|${'---:|'.repeat(HEAD.length)}---|`, ...stepRows(1000)].join('\n');
}

function days(): string {
  const head = cells('Deployment', 'Requests a second at the peak', ...HEAD, 'Most tasks');
  return [head, `|---|---:|${'---:|'.repeat(HEAD.length)}---:|`, ...dayRows(1000)].join('\n');
}

/** From 20 to 200 requests a second, with other values than the defaults of `scaling`; the database is large enough. */
export const CHOICES: { readonly min: number; readonly max: number; readonly percent: number }[] = [
  ...[40, 50, 60, 70, 80].map(each => ({ min: 1, max: 4, percent: each })),
  { min: 1, max: 2, percent: 60 },
  { min: 1, max: 8, percent: 60 },
  { min: 2, max: 4, percent: 60 },
];

export function choice({ min, max, percent: targetCpuUtilizationPercent }: typeof CHOICES[number]): Overrides {
  return { scaling: { minCapacity: min, maxCapacity: max, targetCpuUtilizationPercent }, database: { maxCapacity: 4 } };
}

function choices(): string {
  return [
    cells('Minimum', 'Maximum', 'Target', 'Lost', 'Tasks', 'p95', 'USD a month at 200', 'at 20'),
    '|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...CHOICES.map(each => {
      const overrides = choice(each);
      const [high, low] = [step(overrides, 200), step(overrides, 20)];
      return cells(String(each.min), String(each.max), `${each.percent} %`, percent(high.lost), high.tasks.map(({ mean }) => mean.toFixed(1)).join(' + '),
        seconds(high.p95.all), monthly(overrides, high, 200).usd.toFixed(0), monthly(overrides, low, 20).usd.toFixed(0));
    }),
  ].join('\n');
}

function deployments(): string {
  return [
    cells('Deployment', 'What is chosen', 'API', 'CMS', 'Database', 'First to end it'),
    '|---|---|---:|---:|---:|---|',
    ...ROWS.map(({ name, chosen, overrides }) => {
      const { api, cms, database } = limits(overrides);
      const [[first]] = Object.entries({ 'the API': api, 'the CMS': cms, 'the database': database }).sort(([, a], [, b]) => a - b);
      return cells(name, chosen, ...[api, cms, database].map(each => number(Math.floor(each))), first);
    }),
  ].join('\n');
}

/** The tables of docs/capacity.md. */
export const CAPACITY_TABLES = { deployments, steps, days, choices };
