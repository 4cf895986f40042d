import * as fs from 'fs';
import * as path from 'path';
import { OkyViewers } from './cost-options';

/** As AWS's own calculator counts it. */
export const HOURS_A_MONTH = 730;

/** The region whose prices are used where the stack's region is unknown or has no prices. */
export const FALLBACK_REGION = 'eu-west-2';

/** The data that CloudFront sends, and the requests that it answers, free each month. @see https://aws.amazon.com/cloudfront/pricing/ */
export const CLOUDFRONT_FREE = { gb: 1000, requestMillions: 10 } as const;

/** The prices that are the same in all regions, or that depend on no region. */
const WORLDWIDE = {
  /** AWS says up to 70 % off; it changes with supply. @see https://aws.amazon.com/fargate/pricing/ */
  spotShare: 0.3,
  /** @see https://aws.amazon.com/cloudwatch/pricing/ */
  compositeAlarm: 0.5,
  /** Each dashboard after the first three of an account. @see https://aws.amazon.com/cloudwatch/pricing/ */
  dashboard: 3,
  /** For CloudFront, which counts as one region. @see https://aws.amazon.com/waf/pricing/ */
  webAcl: 5,
  webAclRule: 1,
  webAclMillionRequests: 0.6,
  /** @see https://aws.amazon.com/route53/pricing/ */
  hostedZone: 0.5,
  /** By HTTPS, of an endpoint that AWS does not count as its own: 0.75 and 2.00. Where it counts CloudFront as its own, it is 1.00. */
  healthCheck: 2.75,
  firewallDomain: 0.0005,
  firewallMillionLookups: 0.6,
} as const;

/** The names of the prices in `assets/prices.json`, which depend on the region. The file has the unit, source and date of each. */
type RegionalPrice = 'endpointHour' | 'balancerHour' | 'balancerUnitHour' | 'addressHour' | 'natHour' | 'natGb' | 'natInstanceHour' | 'diskGb'
| 'cpuHour' | 'memoryGbHour' | 'armCpuHour' | 'armMemoryGbHour' | 'capacityHour' | 'databaseGb' | 'databaseMillionIos' | 'backupGb'
| 'key' | 'secret' | 'alarm' | 'metric' | 'logGb' | 'flowLogGb' | 'bucketGb' | 'imageGb';

/** The names of the prices in `assets/prices.json` that depend on where the viewers are. */
type ViewerPrice = 'cloudFrontGb' | 'cloudFrontTenThousandRequests';

/** The prices of one region, in USD. */
export type Prices = typeof WORLDWIDE & Readonly<Record<RegionalPrice | ViewerPrice, number>>;

interface PriceItem {
  readonly unit: string;
  readonly date: string;
  readonly source: string;
  /** By region or by zone of viewers; `everywhere` where it is the same. */
  readonly usd: Readonly<Record<string, number>>;
}

let items: Readonly<Record<RegionalPrice | ViewerPrice, PriceItem>> | undefined;

/** The file is read when the first estimate is made: most apps make none. */
export function priceItems(): Readonly<Record<RegionalPrice | ViewerPrice, PriceItem>> {
  items ??= JSON.parse(fs.readFileSync(path.join(__dirname, '../../assets/prices.json'), 'utf8')) as typeof items;
  return items!;
}

/** Whether the prices of a region are known. */
export function hasPrices(region: string): boolean {
  return priceItems().cpuHour.usd[region] !== undefined;
}

/** The prices of a region, with CloudFront's prices for viewers in a zone. */
export function pricesOf(region: string, viewers: OkyViewers): Prices {
  const regional = Object.entries(priceItems()).map(([name, { usd }]) => [name, usd[region] ?? usd[viewers] ?? usd.everywhere]);
  return { ...WORLDWIDE, ...Object.fromEntries(regional) as Record<RegionalPrice | ViewerPrice, number> };
}

/** The viewers' zone of each group of regions, as CloudFront's price list divides the world. @see https://aws.amazon.com/cloudfront/pricing/ */
const VIEWERS: readonly [regions: RegExp, viewers: OkyViewers][] = [
  [/^(af|me)-/, OkyViewers.AFRICA_AND_MIDDLE_EAST],
  [/^(eu|il)-/, OkyViewers.EUROPE_AND_ISRAEL],
  [/^sa-/, OkyViewers.SOUTH_AMERICA],
  [/^ap-south-/, OkyViewers.INDIA],
  [/^ap-northeast-[13]$/, OkyViewers.JAPAN],
  [/^ap-southeast-[246]$/, OkyViewers.AUSTRALIA_AND_NEW_ZEALAND],
  [/^ap-/, OkyViewers.ASIA_PACIFIC],
];

/** Where the viewers of a deployment in a region most likely are. */
export function viewersNear(region: string): OkyViewers {
  return VIEWERS.find(([regions]) => regions.test(region))?.[1] ?? OkyViewers.NORTH_AMERICA;
}
