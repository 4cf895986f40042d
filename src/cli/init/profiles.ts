import { called, type Choice, member } from './code';

export interface Profile {
  readonly summary: string;
  /** Estimated, as in the README: test/cli/ compares. */
  readonly usdAMonth: number;
  readonly choices: readonly Choice[];
}

const HIGHLY_AVAILABLE: Choice = {
  prop: 'highAvailability', value: true, why: 'The loss of a zone must not stop the service: two tasks a service, two database instances.',
};
const MONITORED: Choice = { prop: 'monitoring', why: 'Alarms along the path of a request, and a dashboard.' };

const SMALL: readonly Choice[] = [
  { prop: 'containerInsights', value: false, why: 'Saves metrics of single tasks; those of each service are free and stay.' },
  {
    prop: 'network.endpoints', value: member('cdk-oky-backend', 'OkyEndpoints', 'ONE_ZONE'), why: 'The database is in one zone: endpoints in another would serve nobody without it.',
  },
  { prop: 'network.originAccess', value: member('cdk-oky-backend', 'OkyOriginAccess', 'VPC_ORIGIN'), why: 'No public addresses, which are billed. Decide now: a later change makes another load balancer.' },
];
const ARM: readonly Choice[] = ['api', 'cms'].map(service => ({
  prop: `${service}.cpuArchitecture`, value: member('aws-cdk-lib/aws-ecs', 'CpuArchitecture', 'ARM64'), why: 'A fifth cheaper. Build the image for linux/arm64.',
}));
const SPOT: readonly Choice[] = ['api', 'cms'].map(service => ({
  prop: `${service}.useSpot`, value: true, why: 'Spare capacity, which AWS takes back: not for production.',
}));
const COUNTRY: readonly Choice[] = [
  HIGHLY_AVAILABLE,
  { prop: 'scaling', why: 'The number of tasks follows the load.' },
  { prop: 'waf', why: 'A firewall with AWS\'s managed rules and a rate limit.' },
  MONITORED,
  { prop: 'network.egress', value: called('cdk-oky-backend', 'OkyEgress', 'natGateway'), why: 'The CMS reaches Google, which push messages go through.' },
];

/** The profiles of the README; `smallest` is not among them, as it needs a VPC that is there. */
export const PROFILES: Record<string, Profile> = {
  'default': { summary: 'the library\'s defaults: sound, without a spare', usdAMonth: 151.68, choices: [] },
  'small': { summary: 'as cheap as is sound: endpoints in one zone, no public addresses, ARM tasks', usdAMonth: 89.14, choices: [...SMALL, ...ARM] },
  'for-trying-out': { summary: 'the same on spare capacity; not for production', usdAMonth: 63.72, choices: [...SMALL, ...ARM, ...SPOT] },
  'monitored': { summary: 'the defaults, with alarms and a dashboard', usdAMonth: 158.08, choices: [MONITORED] },
  'highly-available': { summary: 'survives the loss of a zone', usdAMonth: 191.30, choices: [HIGHLY_AVAILABLE] },
  'whole-country': { summary: 'highly available, scaling, firewall, monitored, push messages', usdAMonth: 291.50, choices: COUNTRY },
  'whole-country-always-awake': {
    summary: 'the same, and the database never pauses: it answers at once at any hour',
    usdAMonth: 359.54,
    choices: [...COUNTRY, { prop: 'database.minCapacity', value: 0.5, why: 'The database never pauses.' }],
  },
};
