/** The tables of costs in README.md and docs/cost.md, and the prices that `init` shows, from today's templates. */
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { cells, type Tables } from './marked-tables';
import { OkyCostEstimate, type OkyCostLine, OkyEgress, OkyEndpoints, OkyOriginAccess, type OkyUsage } from '../../src';
import { PROFILES } from '../../src/cli/init/profiles';
import { priceItems } from '../../src/cost/prices';
import { choiceText, overridesOf } from '../deployments/profiles';
import type { Overrides } from '../deployments/sample';
import { synthesise } from '../deployments/synthesis';

const NOTHING: Overrides = {};
const armTasks = { cpuArchitecture: ecs.CpuArchitecture.ARM64 };

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
  '`network.egress: OkyEgress.publicIp()`': [{ network: { egress: OkyEgress.publicIp() } }, NOTHING],
  '`api.enableExecuteCommand: true`': [{ api: { enableExecuteCommand: true } }, NOTHING],
  '`api.cpuArchitecture` and `cms.cpuArchitecture` ARM64': [{ api: armTasks, cms: armTasks }, NOTHING],
  '`api.useSpot` and `cms.useSpot`': [{ api: { useSpot: true }, cms: { useSpot: true } }, NOTHING],
  '`database.minCapacity: 0.5`': [{ database: { minCapacity: 0.5 } }, NOTHING],
};

/** The one that only a region has. */
export const NEW_REGION = 'a region opened after 2023';
const NEW_REGIONS = ['ap-southeast-7', 'ap-east-2', 'ap-southeast-5', 'ap-southeast-6', 'ca-west-1', 'mx-central-1'];


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
  return OkyCostEstimate.fromTemplates(templatesOf(overrides, region), { region: 'eu-west-2', ...usage });
}

function difference(on: Overrides, off: Overrides): number {
  return estimate(on).standing - estimate(off).standing;
}

/** What each choice adds to what is there whether anyone comes or not. */
export function added(): Record<string, number> {
  return {
    ...Object.fromEntries(Object.entries(CHOICES).map(([name, [on, off]]) => [name, difference(on, off)])),
    [NEW_REGION]: estimate({}, {}, NEW_REGIONS[0]).standing - estimate().standing,
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

/** The estimate of a profile. */
export function profileEstimate(profile: string, usage: OkyUsage = {}, region?: string): OkyCostEstimate {
  const { databaseHoursADay } = PROFILES[profile];
  return estimate(overridesOf(profile), { databaseHoursADay, ...usage }, region);
}

function profiles(): string {
  return [
    cells('Profile', 'What is chosen', 'A month', 'With use'),
    '|---|---|---:|---:|',
    ...Object.entries(PROFILES).map(([name, { choices, databaseHoursADay }]) => {
      const { standing: least, total, totalAtMost } = profileEstimate(name);
      const chosen = [...choices.map(choiceText), ...databaseHoursADay ? [`database awake ${databaseHoursADay} h a day`] : []].join(', ');
      return cells(`\`${name}\``, chosen || 'nothing', usd(least), `${usd(total)} to ${usd(totalAtMost)}`);
    }),
  ].join('\n');
}

function profilesByHours(): string {
  const HOURS = [0, 8, 24];
  return [
    cells('Profile', 'Database never awake', '8 hours a day', '24 hours a day'),
    '|---|---:|---:|---:|',
    ...Object.keys(PROFILES).map(name => cells(name, ...HOURS.map(databaseHoursADay => usd(profileEstimate(name, { databaseHoursADay }).total)))),
  ].join('\n');
}

/** Regions that countries with Oky would choose, and London to compare with. */
const COMPARED_REGIONS = {
  'eu-west-2': 'London',
  'eu-central-1': 'Frankfurt',
  'eu-south-1': 'Milan',
  'af-south-1': 'Cape Town',
  'il-central-1': 'Tel Aviv',
  'ap-south-1': 'Mumbai',
  'ap-southeast-1': 'Singapore',
  'ap-southeast-3': 'Jakarta',
  'mx-central-1': 'Mexico',
  'sa-east-1': 'São Paulo',
};

function profilesByRegion(): string {
  return [
    cells('Profile', ...Object.entries(COMPARED_REGIONS).map(([region, place]) => `${place}<br>\`${region}\``)),
    `|---|${'---:|'.repeat(Object.keys(COMPARED_REGIONS).length)}`,
    ...Object.keys(PROFILES).map(name => cells(name, ...Object.keys(COMPARED_REGIONS).map(region => usd(standingIn(name, region))))),
  ].join('\n');
}

/** What a profile costs in a region. Old regions have the same templates; in new ones there are more endpoints. */
function standingIn(profile: string, region: string): number {
  return profileEstimate(profile, { region }, NEW_REGIONS.includes(region) ? NEW_REGIONS[0] : undefined).standing;
}

/** The prices that `init` shows, in whole USD. */
export function profilePrices(): string {
  const regions = Object.keys(priceItems().cpuHour.usd);
  return `${JSON.stringify(Object.fromEntries(regions.map(region =>
    [region, Object.fromEntries(Object.keys(PROFILES).map(name => [name, Math.round(standingIn(name, region))]))])), undefined, 1)}\n`;
}

function allLines(): string {
  return Object.keys(PROFILES).map(name => {
    const { lines: all, total } = profileEstimate(name);
    return [`### ${name}`, '', cells('Line', 'How it is worked out', 'A month'), '|---|---|---:|', ...lines(all), cells('**Sum**', '', `**${usd(total)}**`)].join('\n');
  }).join('\n\n');
}

/** The tables of README.md. */
export const PROFILE_TABLES: Tables = { 'cost-by-default': byDefault, 'cost-profiles': profiles };

/** The tables of docs/cost.md. */
export const COST_TABLES: Tables = { 'cost-profiles': profilesByHours, 'cost-regions': profilesByRegion, 'cost-lines': allLines };
