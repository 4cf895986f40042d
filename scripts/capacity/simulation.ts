/**
 * Requests through tasks and database, one by one, with the delays that AWS's own scaling has. Plain queues: each task
 * and the database do one thing at a time, in the order in which it came. Two runs with the same seed are the same.
 */

// Jest looks a global up anew at each use, which takes longer than all the rest.
const { ceil, floor, log, max, min } = Math;

/** One of the two services. */
export interface ServiceConfig {
  readonly vcpu: number;
  readonly minTasks: number;
  readonly maxTasks: number;
  /** The share of the CPU to keep to, 0 to 1; undefined where nothing scales. */
  readonly target?: number;
  /** How long a healthy answer takes to be believed: the health check's interval, as often as it asks. */
  readonly healthCheckSeconds: number;
}

export interface DatabaseConfig {
  readonly minAcu: number;
  readonly maxAcu: number;
  readonly pauseSeconds: number;
}

/** A kind of request. */
export interface Kind {
  readonly name: string;
  /** Of all requests, 0 to 1. */
  readonly share: number;
  readonly service: number;
  /** Seconds of a whole virtual CPU. */
  readonly cpu: number;
  readonly databaseCpu: number;
}

export interface Scenario {
  readonly services: ServiceConfig[];
  readonly database?: DatabaseConfig;
  readonly kinds: Kind[];
  /** Requests a second at a time, in seconds. */
  readonly rate: (time: number) => number;
  readonly seconds: number;
  /** From when on figures are taken. */
  readonly from?: number;
  /** From when on losses are counted. @default - as the other figures */
  readonly lossesFrom?: number;
  readonly seed?: number;
  /** How a load balancer chooses a task. @default 'in turn' */
  readonly dispatch?: 'in turn' | 'the first to be free';
  /** Whether each request takes exactly the time of its kind, or that on average. @default true */
  readonly isExact?: boolean;
}

export interface Outcome {
  readonly requests: number;
  /** The share of those that waited longer than CloudFront does. */
  readonly lost: number;
  /** In seconds: by kind, and of all. */
  readonly p95: Record<string, number>;
  readonly meanWait: number;
  /** By service: on average, the most, and at the end. */
  readonly tasks: { readonly mean: number; readonly most: number; readonly last: number }[];
  readonly acu: { readonly mean: number; readonly most: number };
  /** The share of its CPU that the database was busy. */
  readonly databaseLoad: number;
}

/** What AWS documents, and what had to be assumed; docs/capacity.md has the sources. */
export const DELAYS = {
  /** CloudFront's origin read timeout as this library sets it, and the load balancer's idle timeout. */
  patience: 60,
  /** A metric of a minute is there one minute later. */
  metric: 60,
  minutesToScaleOut: 3,
  minutesToScaleIn: 15,
  /** Below this share of the target it scales in. */
  scaleInShare: 0.9,
  cooldown: 300,
  /** Assumed: network interface, pull of the image, start of Node.js. */
  taskStart: 60,
  resume: 15,
  /** The pool lets go of its connections. */
  poolIdle: 10,
  vcpuPerAcu: 0.25,
  /** Assumed: above this load half a unit is added at each look, and below the other taken away. */
  acuUp: 0.7,
  acuDown: 0.4,
  acuUpSeconds: 15,
  acuDownSeconds: 60,
} as const;

/** Uniform numbers from 0 to 1, the same for the same seed (Park and Miller's generator). */
export function randomFrom(seed: number): () => number {
  let state = seed * 48271 % 2147483647;
  return () => {
    state = state * 48271 % 2147483647;
    return state / 2147483647;
  };
}

/** Response times by size, from a tenth of a millisecond on, each class a fiftieth wider than the one before: exact enough for a percentile. */
class Histogram {
  private readonly counts = new Float64Array(1000);
  private total = 0;

  public add(seconds: number): void {
    this.counts[ceil(log(max(seconds, 1e-4) / 1e-4) / log(1.02))]++;
    this.total++;
  }

  public percentile(share: number): number {
    let [size, seen] = [0, 0];
    while (this.total > 0 && seen + this.counts[size] < share * this.total) {
      seen += this.counts[size++];
    }
    return this.total > 0 ? 1e-4 * 1.02 ** size : 0;
  }
}

class Service {
  /** When each task has done what it was given. */
  public free: number[];
  public desired: number;
  private starting: number[] = [];
  private turn = 0;
  private readonly busy: Float64Array;
  private readonly loads: number[] = [];
  private readonly dispatch: Scenario['dispatch'];
  private lastChange = -Infinity;

  constructor(private readonly config: ServiceConfig, { dispatch, seconds }: Scenario) {
    this.dispatch = dispatch;
    this.busy = new Float64Array(ceil((seconds + DELAYS.patience) / 60) + 1);
    this.free = Array<number>(config.minTasks).fill(0);
    this.desired = config.minTasks;
  }

  /** When the next task begins with a request that comes now. */
  public choose(): number {
    if (this.dispatch === 'the first to be free') {
      let first = 0;
      for (let task = 1; task < this.free.length; task++) {
        first = this.free[task] < this.free[first] ? task : first;
      }
      return first;
    }
    this.turn = (this.turn + 1) % this.free.length;
    return this.turn;
  }

  public serve(task: number, start: number, cpu: number): number {
    const seconds = cpu / this.config.vcpu;
    this.busy[floor(start / 60)] += seconds;
    this.free[task] = start + seconds;
    return this.free[task];
  }

  /** What Application Auto Scaling does once a minute. */
  public tick(now: number): void {
    const ready = this.starting.filter(time => time <= now);
    this.starting = this.starting.filter(time => time > now);
    ready.forEach(() => this.free.push(now));
    const { target, minTasks, maxTasks, healthCheckSeconds } = this.config;
    const minute = floor(now / 60) - 1;
    const load = min(1, this.busy[minute] / 60 / this.free.length);
    this.loads.push(load);
    if (target === undefined) {
      return;
    }
    const high = this.loads.slice(-DELAYS.minutesToScaleOut);
    if (high.length === DELAYS.minutesToScaleOut && high.every(each => each > target)) {
      // Never less than what has been asked for already: that is the cooldown.
      const wanted = min(maxTasks, ceil(this.free.length * load / target));
      if (wanted > this.desired) {
        const delay = DELAYS.metric + DELAYS.taskStart + healthCheckSeconds;
        this.starting.push(...Array<number>(wanted - this.desired).fill(now + delay));
        this.desired = wanted;
        this.lastChange = now;
      }
      return;
    }
    const low = this.loads.slice(-DELAYS.minutesToScaleIn);
    if (low.length === DELAYS.minutesToScaleIn && this.starting.length === 0 && now - this.lastChange >= DELAYS.cooldown
      && low.every(each => each < target * DELAYS.scaleInShare)) {
      const wanted = max(minTasks, ceil(this.free.length * max(...low) / target));
      if (wanted < this.desired) {
        this.free.length = wanted;
        this.desired = wanted;
        this.lastChange = now;
      }
    }
  }
}

class Database {
  public acu: number;
  public busy = 0;
  private free = 0;
  private lastUse = 0;
  private isAsleep: boolean;
  private nextLook = 0;
  private lookBusy = 0;
  private lastLook = 0;

  constructor(private readonly config: DatabaseConfig) {
    this.isAsleep = config.minAcu === 0;
    this.acu = max(0.5, config.minAcu);
  }

  /** When a request that comes now is answered. */
  public serve(now: number, cpu: number): number {
    const isPaused = this.config.minAcu === 0 && now - this.lastUse > this.config.pauseSeconds + DELAYS.poolIdle;
    if (this.isAsleep || isPaused) {
      this.free = now + DELAYS.resume;
      this.acu = 0.5;
      this.isAsleep = false;
    }
    this.lastUse = now;
    const seconds = cpu / (this.acu * DELAYS.vcpuPerAcu);
    this.busy += seconds;
    this.lookBusy += seconds;
    this.free = max(now, this.free) + seconds;
    return this.free;
  }

  public waits(now: number): number {
    return max(0, this.free - now);
  }

  public tick(now: number): void {
    if (now < this.nextLook) {
      return;
    }
    const load = this.lookBusy / max(1, now - this.lastLook);
    const isUp = load > DELAYS.acuUp || this.waits(now) > 1;
    if (isUp) {
      this.acu = min(this.config.maxAcu, this.acu + 0.5);
    } else if (load < DELAYS.acuDown) {
      this.acu = max(0.5, this.config.minAcu, this.acu - 0.5);
    }
    this.nextLook = now + (isUp || load > DELAYS.acuDown ? DELAYS.acuUpSeconds : DELAYS.acuDownSeconds);
    this.lastLook = now;
    this.lookBusy = 0;
  }

  /** What is billed at a moment. */
  public billed(now: number): number {
    const isPaused = this.isAsleep || (this.config.minAcu === 0 && now - this.lastUse > this.config.pauseSeconds + DELAYS.poolIdle);
    return isPaused ? 0 : this.acu;
  }
}

export function simulate(scenario: Scenario): Outcome {
  const { kinds, rate, seconds, from = 0, lossesFrom = from, isExact = true } = scenario;
  const random = randomFrom(scenario.seed ?? 1);
  const services = scenario.services.map(config => new Service(config, scenario));
  const database = scenario.database && new Database(scenario.database);
  const times = [...kinds, { name: 'all' }].map(() => new Histogram());
  const sums = { requests: 0, answered: 0, came: 0, lost: 0, wait: 0, acu: 0, mostAcu: 0, looks: 0, busy: 0 };
  const tasks = services.map(() => ({ sum: 0, most: 0 }));
  let [now, second] = [0, 0];
  const ends = kinds.map((_, index) => kinds.slice(0, index + 1).reduce((sum, { share }) => sum + share, 0));

  for (;;) {
    now -= log(1 - random()) / max(rate(now), 1e-6);
    for (; second < min(now, seconds); second++) {
      database?.tick(second);
      if (second % 60 === 0 && second > 0) {
        services.forEach(service => service.tick(second));
      }
      if (second >= from) {
        sums.looks++;
        const acu = database?.billed(second) ?? 0;
        sums.acu += acu;
        sums.mostAcu = max(sums.mostAcu, acu);
        services.forEach(({ free }, index) => {
          tasks[index].sum += free.length;
          tasks[index].most = max(tasks[index].most, free.length);
        });
      } else {
        sums.busy = database?.busy ?? 0;
      }
    }
    if (now >= seconds) {
      break;
    }
    const draw = random();
    let kind = 0;
    while (kind < kinds.length - 1 && draw >= ends[kind]) {
      kind++;
    }
    const { service: index, cpu, databaseCpu } = kinds[kind];
    const varied = isExact ? 1 : -log(1 - random());
    const isCounted = now >= from;
    const isLoss = now >= lossesFrom;
    sums.requests += isCounted ? 1 : 0;
    sums.came += isLoss ? 1 : 0;
    // The database comes first here, so that each queue is served in the order in which it is come to. The sum is the same.
    if (database && database.waits(now) > DELAYS.patience) {
      sums.lost += isLoss ? 1 : 0;
      continue;
    }
    const asked = database ? database.serve(now, databaseCpu) : now;
    const service = services[index];
    const task = service.choose();
    const start = max(asked, service.free[task]);
    if (start - now > DELAYS.patience) {
      sums.lost += isLoss ? 1 : 0;
      continue;
    }
    const end = service.serve(task, start, cpu * varied);
    if (isCounted) {
      sums.answered++;
      sums.wait += start - asked;
      times[kind].add(end - now);
      times[kinds.length].add(end - now);
    }
  }
  return {
    requests: sums.requests,
    lost: sums.lost / max(1, sums.came),
    p95: Object.fromEntries([...kinds, { name: 'all' }].map(({ name }, index) => [name, times[index].percentile(0.95)])),
    meanWait: sums.wait / max(1, sums.answered),
    tasks: services.map(({ free }, index) => ({ mean: tasks[index].sum / sums.looks, most: tasks[index].most, last: free.length })),
    acu: { mean: sums.acu / sums.looks, most: sums.mostAcu },
    databaseLoad: ((database?.busy ?? 0) - sums.busy) / (seconds - from),
  };
}
