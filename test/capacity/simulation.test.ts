import { DELAYS, type Scenario, simulate } from '../../scripts/capacity/simulation';

const SERVICE = { vcpu: 1, minTasks: 1, maxTasks: 1, healthCheckSeconds: 30 };
const READ = { name: 'read', share: 1, service: 0, cpu: 0.1, databaseCpu: 0 };

function run(scenario: Partial<Scenario> & { readonly tasks?: number }): ReturnType<typeof simulate> {
  const { tasks = 1, ...others } = scenario;
  return simulate({
    services: [{ ...SERVICE, minTasks: tasks, maxTasks: tasks }], kinds: [READ], rate: () => 5, seconds: 30_000, from: 1000, ...others,
  });
}

/** The mean wait in M/M/c, by Erlang's C formula. */
function erlangC(servers: number, rate: number, seconds: number): number {
  const offered = rate * seconds;
  let [term, sum] = [1, 0];
  for (let count = 0; count < servers; count++) {
    sum += term;
    term *= offered / (count + 1);
  }
  const last = term / (1 - offered / servers);
  return last / (sum + last) / (servers / seconds - rate);
}

describe('agrees with queueing theory:', () => {
  test.each([[1, 5], [1, 8], [2, 15], [4, 30], [8, 72]])('M/M/c, %i tasks at %i requests a second', (tasks, rate) => {
    const { meanWait } = run({ tasks, rate: () => rate, seconds: 900_000 / rate, isExact: false, dispatch: 'the first to be free' });
    expect(meanWait / erlangC(tasks, rate, 0.1)).toBeGreaterThan(0.94);
    expect(meanWait / erlangC(tasks, rate, 0.1)).toBeLessThan(1.06);
  });

  test.each([3, 5, 8, 9])('M/D/1 at %i requests a second', rate => {
    const load = rate * 0.1;
    const { meanWait } = run({ rate: () => rate, seconds: 600_000 / rate });
    expect(meanWait / (load * 0.1 / 2 / (1 - load))).toBeGreaterThan(0.94);
    expect(meanWait / (load * 0.1 / 2 / (1 - load))).toBeLessThan(1.06);
  });

  test('M/G/1, a mix of logins and reads (Pollaczek and Khinchine)', () => {
    const kinds = [{ ...READ, name: 'login', share: 0.04, cpu: 0.08 }, { ...READ, share: 0.96, cpu: 0.0016 }];
    const rate = 100;
    const [mean, square] = [0.04 * 0.08 + 0.96 * 0.0016, 0.04 * 0.08 ** 2 + 0.96 * 0.0016 ** 2];
    const { meanWait } = run({ kinds, rate: () => rate, seconds: 8000 });
    expect(meanWait / (rate * square / 2 / (1 - rate * mean))).toBeGreaterThan(0.94);
    expect(meanWait / (rate * square / 2 / (1 - rate * mean))).toBeLessThan(1.06);
  });

  test('beyond what it can do, it loses the rest', () => {
    const { lost } = run({ rate: () => 20, seconds: 20_000 });
    expect(lost).toBeCloseTo(0.5, 1);
  });
});

describe('scales as it is documented:', () => {
  const scaling = [{ ...SERVICE, maxTasks: 4, target: 0.6 }];

  test('out after three minutes, a metric\'s delay, and a task\'s start', () => {
    const at = (seconds: number) => run({ services: scaling, rate: () => 9, seconds, from: 0 }).tasks[0].last;
    const delay = DELAYS.minutesToScaleOut * 60 + DELAYS.metric + DELAYS.taskStart + SERVICE.healthCheckSeconds;
    expect(at(delay - 10)).toBe(1);
    expect(at(delay + 70)).toBe(2);
  });

  test('no further than its most', () => {
    expect(run({ services: scaling, rate: () => 60, seconds: 4000, from: 0 }).tasks[0].most).toBe(4);
  });

  test('in again after a quarter of an hour of less', () => {
    const rate = (time: number) => time < 2000 ? 20 : 2;
    expect(run({ services: scaling, rate, seconds: 2000 + 14 * 60, from: 0 }).tasks[0].last).toBe(4);
    expect(run({ services: scaling, rate, seconds: 2000 + 40 * 60, from: 0 }).tasks[0].last).toBe(1);
  });

  test('not at all where it is off', () => {
    expect(run({ rate: () => 60, seconds: 4000, from: 0 }).tasks[0].most).toBe(1);
  });
});

describe('the database', () => {
  const database = { minAcu: 0, maxAcu: 2, pauseSeconds: 300 };
  const kinds = [{ ...READ, cpu: 0.001, databaseCpu: 0.001 }];

  test('makes the first request after a pause wait, and the others not', () => {
    const { p95 } = run({ kinds, database, rate: () => 1 / 3600, seconds: 36_000, from: 0 });
    expect(p95.all).toBeGreaterThan(15);
    expect(run({ kinds, database, rate: () => 1 }).p95.all).toBeLessThan(0.1);
  });

  test('costs nothing while it pauses', () => {
    const { acu } = run({ kinds, database, rate: () => 1 / 3600, seconds: 360_000, from: 0 });
    expect(acu.mean).toBeLessThan(0.5 * 0.2);
    expect(run({ kinds, database: { ...database, minAcu: 0.5 }, rate: () => 1 / 3600, seconds: 36_000 }).acu.mean).toBe(0.5);
  });

  test('grows with the load, to its most', () => {
    expect(run({ kinds, database, rate: () => 50, seconds: 2000 }).acu.most).toBe(0.5);
    expect(run({ kinds, database, rate: () => 150, seconds: 2000 }).acu.most).toBeGreaterThan(0.5);
    expect(run({ kinds, database, rate: () => 900, seconds: 2000, tasks: 4 }).acu.most).toBe(2);
  });
});

test('two runs with the same seed are the same, and others differ', () => {
  expect(run({ seconds: 2000 })).toEqual(run({ seconds: 2000 }));
  expect(run({ seconds: 2000, seed: 2 })).not.toEqual(run({ seconds: 2000 }));
});
