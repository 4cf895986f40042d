import type { OkyCostLine, OkyUsage } from './cost-options';
import { HOURS_A_MONTH, type Prices } from './prices';

/** The use that an estimate assumes: a small country's first year. */
export const DEFAULT_USAGE = {
  databaseHoursADay: 8,
  databaseGb: 1,
  databaseMillionIos: 1,
  backupGb: 5,
  millionRequests: 1,
  outGb: 10,
  logGb: 1,
  flowLogGb: 1,
  natGb: 1,
  bucketGb: 1,
  imageGb: 1,
} as const;

/** A resource of one of the templates. */
export interface Resource {
  /** The index of its template: references stay inside a template. */
  readonly template: number;
  readonly id: string;
  readonly type: string;
  readonly properties: { readonly [name: string]: unknown };
}

/** What a pricer works with. */
export interface Bill {
  readonly resources: readonly Resource[];
  readonly usage: OkyUsage & Readonly<Record<keyof typeof DEFAULT_USAGE, number>>;
  readonly prices: Prices;
  /** Reports a resource without a price. */
  readonly cannotPrice: (resource: Resource, why: string) => void;
}

/** Prices all resources of one type. */
export type Pricer = (mine: readonly Resource[], bill: Bill) => OkyCostLine[];

/** A product, written out and worked out: `4 secrets × 0.4`. */
export function line(kind: string, quantity: number, unit: string, ...factors: [value: number, unit?: string][]): OkyCostLine {
  const written = [`${number(quantity)} ${unit}`, ...factors.map(([value, name]) => name ? `${number(value)} ${name}` : number(value))];
  const usd = factors.reduce((product, [value]) => product * value, quantity);
  return { kind, quantity, arithmetic: written.join(' × '), usd, usdAtMost: usd, isUse: false };
}

export function number(value: number): string {
  return String(Number(value.toFixed(5)));
}

/** A line that grows with use. */
export const used = (each: OkyCostLine): OkyCostLine => ({ ...each, isUse: true });

export const HOURS: [number, string] = [HOURS_A_MONTH, 'h'];

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function refOf(value: unknown): string | undefined {
  return (value as { readonly Ref?: string } | undefined)?.Ref;
}

/** The public IPv4 addresses in use. */
export function addresses(kind: string, quantity: number, { prices }: Bill): OkyCostLine[] {
  return quantity > 0 ? [line(kind, quantity, quantity === 1 ? 'address' : 'addresses', [prices.addressHour], HOURS)] : [];
}
