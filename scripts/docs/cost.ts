/** The tables of costs in README.md and docs/cost.md, from today's templates. */
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { cells } from './marked-tables';
import { OkyCostEstimate, type OkyCostLine, OkyEgress, OkyEndpoints, OkyOriginAccess, type OkyUsage } from '../../src';
import type { Overrides } from '../deployments/sample';
import { synthesise } from '../deployments/synthesis';

const NOTHING: Overrides = {};
const armTasks = { cpuArchitecture: ecs.CpuArchitecture.ARM64 };
const armOnSpot = { ...armTasks, useSpot: true };
const small = { endpoints: OkyEndpoints.ONE_ZONE, originAccess: OkyOriginAccess.VPC_ORIGIN };

interface Profile {
  /** What is chosen, in words. */
  readonly chosen: string;
  readonly overrides: Overrides;
  /** @default 8 */
  readonly databaseHoursADay?: number;
  /** What it needs that is not in its templates. */
  readonly beside?: () => number;
}

/** The deployments that are compared. */
export const PROFILES: Record<string, Profile> = {
  'default': { chosen: 'nothing', overrides: NOTHING },
  'small': {
    chosen: '`containerInsights: false`, `ONE_ZONE`, `VPC_ORIGIN`, ARM64',
    overrides: { containerInsights: false, network: small, api: armTasks, cms: armTasks },
  },
  'for trying out': {
    chosen: 'the same and Spot; the database awake for 2 h a day',
    overrides: { containerInsights: false, network: small, api: armOnSpot, cms: armOnSpot },
    databaseHoursADay: 2,
  },
  'smallest': {
    chosen: '`containerInsights: false`, an existing VPC with a NAT instance, `endpoints: NONE`, `VPC_ORIGIN`, ARM64',
    overrides: stack => ({
      containerInsights: false,
      network: {
        vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
          vpcId: 'vpc-11112222', availabilityZones: ['eu-west-2a', 'eu-west-2b'], privateSubnetIds: ['subnet-1a', 'subnet-1b'],
        }),
        endpoints: OkyEndpoints.NONE,
        originAccess: OkyOriginAccess.VPC_ORIGIN,
      },
      api: armTasks,
      cms: armTasks,
    }),
    beside: () => difference(...CHOICES['`network.egress: OkyEgress.natInstance()`']),
  },
  'monitored': { chosen: '`monitoring`', overrides: { monitoring: {} } },
  'highly available': { chosen: '`highAvailability`', overrides: { highAvailability: true } },
  'for a whole country': {
    chosen: '`highAvailability`, `natGateway()`, `waf`, `scaling`, `monitoring`',
    overrides: { highAvailability: true, waf: {}, scaling: {}, monitoring: {}, network: { egress: OkyEgress.natGateway() } },
  },
  'the same, answering at once at any hour': {
    chosen: 'also `database.minCapacity: 0.5`',
    overrides: {
      highAvailability: true, waf: {}, scaling: {}, monitoring: {}, network: { egress: OkyEgress.natGateway() }, database: { minCapacity: 0.5 },
    },
  },
};

/** The choices of the README's second table that can be worked out: with the choice, and without it. */
export const CHOICES: Record<string, [Overrides, Overrides]> = {
  '`highAvailability: true`': [{ highAvailability: true }, NOTHING],
  'the same with `OkyEgress.natGateway()`': [
    { highAvailability: true, network: { egress: OkyEgress.natGateway() } }, { network: { egress: OkyEgress.natGateway() } },
  ],
  '`containerInsights: false`': [{ containerInsights: false }, NOTHING],
  '`scaling: {}`': [{ scaling: {} }, NOTHING],
  '`cms.desiredCount: 2`': [{ cms: { desiredCount: 2 } }, NOTHING],
  '`monitoring: {}`': [{ monitoring: {} }, NOTHING],
  '`waf: {}`': [{ waf: {} }, NOTHING],
  '`waf.cmsAllowedCidrs`': [{ waf: { cmsAllowedCidrs: ['203.0.113.0/24', '2001:db8::/32'] } }, { waf: {} }],
  '`edge.accessLogs: true`': [{ edge: { accessLogs: true } }, NOTHING],
  '`edge.originSecretVersion: 2` and up': [{ edge: { originSecretVersion: 2 } }, NOTHING],
  '`network.originAccess: VPC_ORIGIN`': [{ network: { originAccess: OkyOriginAccess.VPC_ORIGIN } }, NOTHING],
  '`network.endpoints: ONE_ZONE`': [{ network: { endpoints: OkyEndpoints.ONE_ZONE } }, NOTHING],
  '`network.maxAzs: 3`': [{ network: { maxAzs: 3 } }, NOTHING],
  '`network.egress: OkyEgress.natGateway()`': [{ network: { egress: OkyEgress.natGateway() } }, NOTHING],
  '`network.egress: OkyEgress.natInstance()`': [{ network: { egress: OkyEgress.natInstance() } }, NOTHING],
  '`api.enableExecuteCommand: true`': [{ api: { enableExecuteCommand: true } }, NOTHING],
  '`api.cpuArchitecture` and `cms.cpuArchitecture` ARM64': [{ api: armTasks, cms: armTasks }, NOTHING],
  '`api.useSpot` and `cms.useSpot`': [{ api: { useSpot: true }, cms: { useSpot: true } }, NOTHING],
  '`database.minCapacity: 0.5`': [{ database: { minCapacity: 0.5 } }, NOTHING],
};

/** The one that only a region has. */
export const NEW_REGION = 'a region opened after 2023';

const synthesised = new Map<string | undefined, Map<Overrides, { [key: string]: unknown }[]>>();

/** The templates of the same props are made once. */
function templatesOf(overrides: Overrides, region?: string): { [key: string]: unknown }[] {
  const there = synthesised.get(region) ?? new Map<Overrides, { [key: string]: unknown }[]>();
  const made = there.get(overrides)
    ?? Object.values(synthesise(overrides, { region }).stacks).map(({ template }) => template as unknown as { [key: string]: unknown });
  synthesised.set(region, there.set(overrides, made));
  return made;
}

export function estimate(overrides: Overrides = NOTHING, usage: OkyUsage = {}, region?: string): OkyCostEstimate {
  return OkyCostEstimate.fromTemplates(templatesOf(overrides, region), usage);
}

function difference(on: Overrides, off: Overrides): number {
  return estimate(on).standing - estimate(off).standing;
}

/** What each choice adds to what is there whether anyone comes or not. */
export function added(): Record<string, number> {
  return {
    ...Object.fromEntries(Object.entries(CHOICES).map(([name, [on, off]]) => [name, difference(on, off)])),
    [NEW_REGION]: estimate({}, {}, 'ap-southeast-7').standing - estimate().standing,
  };
}

const usd = (amount: number) => amount.toFixed(2);
const lines = (of: OkyCostLine[]) => of.map(({ kind, arithmetic, usd: amount }) => cells(kind, arithmetic, usd(amount)));

const WITHOUT_IMAGES: Overrides = { api: { imageTag: undefined }, cms: { imageTag: undefined } };

/** What the default deployment is made up of. */
function byDefault(): string {
  const now = estimate();
  const idle = estimate(WITHOUT_IMAGES, { databaseHoursADay: 0 });
  return [
    cells('Line of the default deployment', 'How it is worked out', 'A month'),
    '|---|---|---:|',
    ...lines(now.lines.filter(({ isUse }) => !isUse)),
    cells('**Sum**', `before any image is there, without tasks and with the database paused: ${usd(idle.standing)}`, `**${usd(now.standing)}**`),
    cells('by use', 'a million requests, 10 GB out, a GB each of logs, data and files: see [docs/cost.md](docs/cost.md)', usd(now.total - now.standing)),
  ].join('\n');
}

/** What a profile costs whether anyone comes or not. */
export function standing({ overrides, databaseHoursADay, beside }: Profile): number {
  return estimate(overrides, { databaseHoursADay }).standing + (beside?.() ?? 0);
}

function profiles(): string {
  return [
    cells('Profile', 'What is chosen', 'A month'),
    '|---|---|---:|',
    ...Object.entries(PROFILES).map(([name, profile]) => cells(name, profile.chosen, usd(standing(profile)))),
  ].join('\n');
}

function profilesByHours(): string {
  const HOURS = [0, 8, 24];
  return [
    cells('Profile', 'Database never awake', '8 hours a day', '24 hours a day'),
    '|---|---:|---:|---:|',
    ...Object.entries(PROFILES).map(([name, { overrides, beside }]) =>
      cells(name, ...HOURS.map(hours => usd(estimate(overrides, { databaseHoursADay: hours }).total + (beside?.() ?? 0))))),
  ].join('\n');
}

function allLines(): string {
  return Object.entries(PROFILES).map(([name, { overrides, databaseHoursADay, beside }]) => {
    const { lines: all, total } = estimate(overrides, { databaseHoursADay });
    const more = beside?.() ?? 0;
    return [`### ${name[0].toUpperCase()}${name.slice(1)}`, '', cells('Line', 'How it is worked out', 'A month'), '|---|---|---:|',
      ...lines(all), ...more > 0 ? [cells('NAT instance', 'of the existing VPC', usd(more))] : [], cells('**Sum**', '', `**${usd(total + more)}**`)].join('\n');
  }).join('\n\n');
}

/** The tables of README.md. */
export const PROFILE_TABLES = { 'cost-by-default': byDefault, 'cost-profiles': profiles };

/** The tables of docs/cost.md. */
export const COST_TABLES = { 'cost-profiles': profilesByHours, 'cost-lines': allLines };
