import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { called, type Choice, member } from './code';
import { PACKAGE_ROOT } from '../package';

/** Choices that go together. */
export interface Profile {
  readonly summary: string;
  readonly choices: readonly Choice[];
  /** The hours a day that the database is awake, for the price. @default 8 */
  readonly databaseHoursADay?: number;
}

const HIGHLY_AVAILABLE: Choice = {
  prop: 'highAvailability', value: true, why: 'The loss of a zone must not stop the service: two tasks a service, two database instances.',
};
const MONITORED: Choice = { prop: 'monitoring', why: 'Alarms along the path of a request, and a dashboard.' };
const NO_INSIGHTS: Choice = {
  prop: 'containerInsights', value: false, why: 'Saves the metrics of single tasks. The metrics of each service are free and stay.',
};
const ARM: readonly Choice[] = ['api', 'cms'].map(service => ({
  prop: `${service}.cpuArchitecture`, value: member('aws-cdk-lib/aws-ecs', 'CpuArchitecture', 'ARM64'), why: 'A fifth cheaper. Build the image for linux/arm64.',
}));
const VPC_ORIGIN: Choice = {
  prop: 'network.originAccess',
  value: member('cdk-oky-backend', 'OkyOriginAccess', 'VPC_ORIGIN'),
  why: 'The load balancer has no public addresses, which are billed. Decide now: a later change creates another load balancer.',
};
const PUBLIC_IP: Choice = {
  prop: 'network.egress',
  value: called('cdk-oky-backend', 'OkyEgress', 'publicIp'),
  why: 'Public addresses for the tasks: push messages work, and no endpoints are billed. Only the load balancer can connect to them.',
};
const SMALL: readonly Choice[] = [NO_INSIGHTS, PUBLIC_IP, VPC_ORIGIN, ...ARM];
const COUNTRY: readonly Choice[] = [
  HIGHLY_AVAILABLE,
  { prop: 'scaling', why: 'The number of tasks follows the load.' },
  { prop: 'waf', why: 'A firewall with AWS\'s managed rules and a rate limit.' },
  MONITORED,
  { prop: 'network.egress', value: called('cdk-oky-backend', 'OkyEgress', 'natGateway'), why: 'The CMS reaches Google, which delivers push messages.' },
  ...ARM,
];

/** The profiles that `init` offers and the documents compare. */
export const PROFILES: Record<string, Profile> = {
  'closed': { summary: 'the defaults: no internet access, and so no push messages', choices: [] },
  'small': { summary: 'a complete deployment at the lowest price; push messages, ARM64 images', choices: SMALL },
  'for-trying-out': {
    summary: 'the same on spare capacity, for a test; not for production',
    choices: [
      ...SMALL,
      ...['api', 'cms'].map(service => ({ prop: `${service}.useSpot`, value: true, why: 'Spare capacity, which AWS takes back: not for production.' })),
    ],
    databaseHoursADay: 2,
  },
  'small-closed': {
    summary: 'small without internet access, and so without push messages',
    choices: [
      NO_INSIGHTS,
      {
        prop: 'network.endpoints',
        value: member('cdk-oky-backend', 'OkyEndpoints', 'ONE_ZONE'),
        why: 'The database is in one zone. Endpoints in another zone are of no use without it.',
      },
      VPC_ORIGIN,
      ...ARM,
    ],
  },
  'monitored': { summary: 'the defaults, with alarms and a dashboard', choices: [MONITORED] },
  'highly-available': { summary: 'the defaults, and it survives the loss of a zone', choices: [HIGHLY_AVAILABLE] },
  'whole-country': { summary: 'highly available, scaling, firewall, alarms, push messages', choices: COUNTRY },
  'whole-country-always-awake': {
    summary: 'the same, and the database never pauses: it answers at once at any hour',
    choices: [...COUNTRY, { prop: 'database.minCapacity', value: 0.5, why: 'The database never pauses.' }],
  },
};

/** The text that explains the main choice between them. */
export const PROFILES_EXPLAINED = 'Closed profiles keep all tasks without internet access, and need endpoints for it. The small ones give the tasks public addresses '
  + 'instead, for less than half the price and with push messages; in both, only the load balancer can connect to a task.';

type Prices = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The estimated price of a profile in a region, in whole USD a month; undefined where the prices of the region are not known. */
export function priceOf(profile: string, region: string): number | undefined {
  const prices = JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'assets', 'profile-prices.json'), 'utf8')) as Prices;
  return prices[region]?.[profile];
}
