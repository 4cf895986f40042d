import { A_MINUTE, MINUTES, OF_A_START, refusedAt } from '../../scripts/capacity/shared-addresses';

const NONE = { requests: 0, logins: 0 };
const WIDE = { requests: 1e9, logins: 1e9 };
const REQUESTS_OF_A_START = OF_A_START + MINUTES * A_MINUTE;

test('nothing is refused below the limits', () => {
  expect(refusedAt({ starts: 100, logins: 0.5 }, WIDE)).toEqual(NONE);
  expect(refusedAt({ starts: 100, logins: 0 }, { requests: 150 * REQUESTS_OF_A_START, logins: 1 })).toEqual(NONE);
});

test('far above a limit all is refused but what comes until the window is full, as refused requests count too', () => {
  // An hour has twelve windows; at three times the limit it is reached after a third of the first one.
  const { requests } = refusedAt({ starts: 1000, logins: 0 }, { requests: 1000 * REQUESTS_OF_A_START / 3, logins: 1e9 });
  expect(requests).toBeGreaterThan(1 - 0.6 / 12);
  expect(requests).toBeLessThan(1 - 0.3 / 12);
});

test('logins have a limit of their own, and are refused with the requests too', () => {
  const { requests, logins } = refusedAt({ starts: 300, logins: 1 }, { requests: 1e9, logins: 100 });
  expect([requests, logins > 0.9]).toEqual([0, true]);
  expect(refusedAt({ starts: 300, logins: 1 }, { requests: 100, logins: 1e9 }).logins).toBeGreaterThan(0.9);
});

test('at the limit about half is refused, and the same seed gives the same', () => {
  const load = { starts: 200, logins: 0 };
  const limits = { requests: 200 * REQUESTS_OF_A_START, logins: 1e9 };
  const mean = [1, 2, 3, 4, 5, 6, 7, 8].reduce((sum, seed) => sum + refusedAt(load, limits, seed).requests / 8, 0);
  expect(mean).toBeGreaterThan(0.2);
  expect(mean).toBeLessThan(0.8);
  expect(refusedAt(load, limits, 5)).toEqual(refusedAt(load, limits, 5));
});
