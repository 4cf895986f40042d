/**
 * Works the tables of costs in README.md and docs/cost.md out anew, from the templates of today: `npx tsx scripts/cost.ts`.
 */
import * as fs from 'fs';
import * as path from 'path';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { OkyCostEstimate, type OkyCostLine, OkyEgress, OkyEndpoints, OkyOriginAccess, type OkyUsage } from '../src';
import type { Overrides } from '../test/helpers';
import { synthesise } from '../test/proofs/deployments';

const ROOT = path.join(__dirname, '..');
const armTasks = { cpuArchitecture: ecs.CpuArchitecture.ARM64 };

/** The deployments that are compared, from the cheapest one on. */
export const PROFILES: Record<string, Overrides> = {
  'cheapest': {
    network: { endpoints: OkyEndpoints.ONE_ZONE, originAccess: OkyOriginAccess.VPC_ORIGIN },
    api: armTasks,
    cms: armTasks,
  },
  'default': {},
  'highly available': { highAvailability: true },
  'highly available, firewall, scaling': { highAvailability: true, waf: {}, scaling: {} },
  'the same, and never pausing': { highAvailability: true, waf: {}, scaling: {}, database: { minCapacity: 0.5 } },
};

/** The choices of the README's second table that can be worked out: with the choice, and without it. */
export const CHOICES: Record<string, [Overrides, Overrides]> = {
  '`highAvailability: true`': [{ highAvailability: true }, {}],
  'the same with `OkyEgress.natGateway()`': [
    { highAvailability: true, network: { egress: OkyEgress.natGateway() } }, { network: { egress: OkyEgress.natGateway() } },
  ],
  '`scaling: {}`': [{ scaling: {} }, {}],
  '`waf: {}`': [{ waf: {} }, {}],
  '`edge.accessLogs: true`': [{ edge: { accessLogs: true } }, {}],
  '`edge.originSecretVersion: 2` and up': [{ edge: { originSecretVersion: 2 } }, {}],
  '`network.originAccess: VPC_ORIGIN`': [{ network: { originAccess: OkyOriginAccess.VPC_ORIGIN } }, {}],
  '`network.endpoints: ONE_ZONE`': [{ network: { endpoints: OkyEndpoints.ONE_ZONE } }, {}],
  '`network.maxAzs: 3`': [{ network: { maxAzs: 3 } }, {}],
  '`network.egress: OkyEgress.natGateway()`': [{ network: { egress: OkyEgress.natGateway() } }, {}],
  '`network.egress: OkyEgress.natInstance()`': [{ network: { egress: OkyEgress.natInstance() } }, {}],
  '`api.enableExecuteCommand: true`': [{ api: { enableExecuteCommand: true } }, {}],
  '`api.cpuArchitecture` and `cms.cpuArchitecture` ARM64': [{ api: armTasks, cms: armTasks }, {}],
  '`database.minCapacity: 0.5`': [{ database: { minCapacity: 0.5 } }, {}],
};

/** The one that only a region has. */
export const NEW_REGION = 'a region opened after 2023';

export function estimate(overrides: Overrides = {}, usage: OkyUsage = {}, region?: string): OkyCostEstimate {
  const { stacks } = synthesise(overrides, { region });
  return OkyCostEstimate.fromTemplates(Object.values(stacks).map(({ template }) => template as unknown as { [key: string]: unknown }), usage);
}

/** What each choice adds to what is there whether anyone comes or not. */
export function added(): Record<string, number> {
  return {
    ...Object.fromEntries(Object.entries(CHOICES).map(([name, [on, off]]) => [name, estimate(on).standing - estimate(off).standing])),
    [NEW_REGION]: estimate({}, {}, 'ap-southeast-7').standing - estimate().standing,
  };
}

const usd = (amount: number) => amount.toFixed(2);
const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;
const lines = (of: OkyCostLine[]) => of.map(({ kind, arithmetic, usd: amount }) => row(kind, arithmetic, usd(amount)));

/** What the default deployment is made up of. */
function byDefault(): string {
  const now = estimate();
  const idle = estimate({ api: { imageTag: undefined }, cms: { imageTag: undefined } }, { databaseHoursADay: 0 });
  return [
    row('Line of the default deployment', 'How it is worked out', 'A month'),
    '|---|---|---:|',
    ...lines(now.lines.filter(({ isUse }) => !isUse)),
    row('**Sum**', `before any image is there, without tasks and with the database paused: ${usd(idle.standing)}`, `**${usd(now.standing)}**`),
    row('by use', 'a million requests, 10 GB out, a GB each of logs, data and files: see [docs/cost.md](docs/cost.md)', usd(now.total - now.standing)),
  ].join('\n');
}

function profiles(): string {
  const HOURS = [0, 8, 24];
  return [
    row('Profile', 'Database never awake', '8 hours a day', '24 hours a day'),
    '|---|---:|---:|---:|',
    ...Object.entries(PROFILES).map(([name, overrides]) =>
      row(name, ...HOURS.map(hours => usd(estimate(overrides, { databaseHoursADay: hours }).total)))),
  ].join('\n');
}

function allLines(): string {
  return Object.entries(PROFILES).map(([name, overrides]) => {
    const { lines: all, total } = estimate(overrides);
    return [`### ${name[0].toUpperCase()}${name.slice(1)}`, '', row('Line', 'How it is worked out', 'A month'), '|---|---|---:|',
      ...lines(all), row('**Sum**', '', `**${usd(total)}**`)].join('\n');
  }).join('\n\n');
}

/** The documents with tables in them, each between two marks with its name. */
export const TABLES: Record<string, Record<string, () => string>> = {
  'README.md': { 'cost-by-default': byDefault },
  'docs/cost.md': { 'cost-profiles': profiles, 'cost-lines': allLines },
};

/** A document with new tables in it. */
export function withTables(document: string, tables: Record<string, () => string>): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const [before, after] = [text.indexOf(begin), text.indexOf(end)];
    if (before < 0 || after < before) {
      throw new Error(`the document has no ${begin} and ${end} for the table to stand between`);
    }
    return `${text.slice(0, before + begin.length)}\n\n${table()}\n\n${text.slice(after)}`;
  }, document);
}

if (require.main === module) {
  process.env.CDK_VALIDATION = 'false';
  for (const [file, tables] of Object.entries(TABLES)) {
    fs.writeFileSync(path.join(ROOT, file), withTables(fs.readFileSync(path.join(ROOT, file), 'utf8'), tables));
  }
  console.log(Object.entries(added()).map(([name, amount]) => `${name}: ${usd(amount)}`).join('\n'));
}
