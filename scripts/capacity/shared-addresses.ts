/**
 * How many requests of real users the limits by IP address refuse, where users share addresses. Apps start at random (a
 * Poisson process). WAF counts the requests of an address over five minutes, refused ones too, and looks every ten seconds.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-caveats.html
 */
import { randomFrom } from './simulation';

/** What users do behind one address. */
export interface AddressLoad {
  /** Apps that start in five minutes, on average. */
  readonly starts: number;
  /** The share of these that sign up or log in, 0 to 1. */
  readonly logins: number;
}

export interface Limits {
  readonly requests: number;
  readonly logins: number;
}

/** Shares of what was sent, 0 to 1. */
export interface Refused {
  readonly requests: number;
  readonly logins: number;
}

/** Requests when an app starts (it loads its content), and then each minute (its history and its events): read in its source. */
export const OF_A_START = 12;
export const A_MINUTE = 2;
/** How long a user keeps the app open. Assumed. */
export const MINUTES = 5;
/** In seconds. */
const [STEP, WINDOW, LENGTH] = [10, 300, 3600];

export function refusedAt(load: AddressLoad, limits: Limits, seed = 1): Refused {
  const random = randomFrom(seed);
  const steps = LENGTH / STEP;
  const requests = new Array<number>(steps).fill(0);
  const logins = new Array<number>(steps).fill(0);
  for (let time = 0; ;) {
    time -= Math.log(1 - random()) * WINDOW / load.starts;
    const step = Math.floor(time / STEP);
    if (step >= steps) {
      break;
    }
    const logsIn = random() < load.logins ? 1 : 0;
    logins[step] += logsIn;
    requests[step] += OF_A_START + logsIn;
    for (let minute = 1; minute <= MINUTES; minute++) {
      const later = step + minute * 60 / STEP;
      requests[later < steps ? later : 0] += later < steps ? A_MINUTE : 0;
    }
  }
  // The rule on requests sees a login too, and comes first.
  const isRefused = requests.map((_, step) => sumBefore(requests, step) > limits.requests);
  const isLoginRefused = logins.map((_, step) => isRefused[step] || sumBefore(logins, step) > limits.logins);
  return { requests: shareOf(requests, isRefused), logins: shareOf(logins, isLoginRefused) };
}

function sumBefore(counts: number[], step: number): number {
  return counts.slice(Math.max(0, step - WINDOW / STEP), step).reduce((sum, count) => sum + count, 0);
}

function shareOf(counts: number[], isRefused: boolean[]): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  return all === 0 ? 0 : counts.reduce((sum, count, step) => sum + (isRefused[step] ? count : 0), 0) / all;
}
