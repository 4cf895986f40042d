import { type Bill, DEFAULT_USAGE, type Resource } from './bill';
import type { OkyCostLine, OkyUsage } from './cost-options';
import { FREE_OF_CHARGE } from './free-of-charge';
import { PRICERS } from './pricers';
import { FALLBACK_REGION, hasPrices, pricesOf, viewersNear } from './prices';
import { invalid } from '../private/errors';

/** A template, as JSON. */
export interface TemplateJson {
  readonly [key: string]: unknown;
}

/** What a deployment costs a month. */
export interface Estimate {
  /** The largest first. */
  readonly lines: OkyCostLine[];
  /** The resources without a price, each with the reason. */
  readonly notPriced: string[];
  /** What is assumed. */
  readonly notes: string[];
  /** The region whose prices are used. */
  readonly region: string;
}

/** Prices all templates of a deployment. Nothing of CDK is loaded: the command line uses it too. */
export function estimate(templates: readonly TemplateJson[], usage: OkyUsage): Estimate {
  requireUsage(usage);
  const given = Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined)) as OkyUsage;
  const region = given.region && hasPrices(given.region) ? given.region : FALLBACK_REGION;
  const resources = templates.flatMap(resourcesOf);
  const notPriced: string[] = [];
  const bill: Bill = {
    resources,
    usage: { ...DEFAULT_USAGE, ...given },
    prices: pricesOf(region, given.viewers ?? viewersNear(given.region ?? region)),
    cannotPrice: ({ id, type }: Resource, why: string) => void notPriced.push(`${id} (${type}): ${why}`),
  };
  const lines = Object.entries(PRICERS).flatMap(([type, price]) => {
    const mine = resources.filter(each => each.type === type);
    return mine.length > 0 ? price(mine, bill) : [];
  }).filter(({ quantity }) => quantity > 0).sort((a, b) => b.usd - a.usd);
  resources.filter(({ type }) => !PRICERS[type] && !FREE_OF_CHARGE[type]).forEach(each => bill.cannotPrice(each, 'this type is not known here'));
  return { lines, notPriced, region, notes: notesOn(given, region, lines) };
}

function notesOn({ region: given }: OkyUsage, region: string, lines: OkyCostLine[]): string[] {
  return [
    ...given === undefined ? [`the region is not known: the prices are those of ${region}; give usage.region`] : [],
    ...given !== undefined && given !== region ? [`there are no prices for ${given}: the prices are those of ${region}`] : [],
    ...lines.some(({ usd, usdAtMost }) => usdAtMost > usd) ? ['a range for the database: while it is awake and idle, an instance holds 0.5 or 1 ACU, which AWS '
      + 'does not document. Look at the metric ServerlessDatabaseCapacity after the first week, and give usage.databaseCapacity'] : [],
  ];
}

/** An amount in USD, or a range. */
export function usdText(usd: number, usdAtMost: number): string {
  return usdAtMost.toFixed(2) === usd.toFixed(2) ? usd.toFixed(2) : `${usd.toFixed(2)} to ${usdAtMost.toFixed(2)}`;
}

/** Rows with cells of equal width; the last column is aligned to the right. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
  return rows.map(row => row.map((cell, column) => column === row.length - 1 ? cell.padStart(widths[column]) : cell.padEnd(widths[column])).join('  ')).join('\n');
}

/** An estimate as a table, to be printed. */
export function estimateText({ lines, notes, notPriced, region }: Estimate): string {
  const used = sum(lines.filter(({ isUse }) => isUse), 'usd');
  return [
    `An estimate for a month, from the list prices of ${region} in USD, without tax:`,
    tableText([
      ...lines.map(({ kind, arithmetic, usd, usdAtMost }) => [kind, arithmetic, usdText(usd, usdAtMost)]),
      ['sum', `of which by use: ${used.toFixed(2)}`, usdText(sum(lines, 'usd'), sum(lines, 'usdAtMost'))],
    ]),
    ...notes.map(each => `note: ${each}`),
    ...notPriced.map(each => `not priced: ${each}`),
  ].join('\n');
}

/** The sum of the lines, in USD. */
export function sum(lines: readonly OkyCostLine[], end: 'usd' | 'usdAtMost'): number {
  return lines.reduce((total, line) => total + line[end], 0);
}

/** Regions and viewers are names; everything else is a quantity. */
function requireUsage({ region: _region, viewers: _viewers, ...quantities }: OkyUsage): void {
  for (const [name, value] of Object.entries(quantities)) {
    const most = name === 'databaseHoursADay' ? 24 : Number.MAX_VALUE;
    if (value !== undefined && !(value >= 0 && value <= most)) {
      throw invalid(`usage.${name}`, most === 24 ? 'be from 0 to 24' : 'be 0 or more', value, 'give the hours, units, GB or millions of a month');
    }
  }
}

function resourcesOf(template: TemplateJson, index: number): Resource[] {
  if (typeof template !== 'object') {
    throw invalid('template', 'be an object', typeof template, 'parse the text first: JSON.parse(text), in Python json.loads(text)');
  }
  if (typeof template.Resources !== 'object' || template.Resources === null) {
    throw invalid('template', 'be a CloudFormation template, with Resources', Object.keys(template), 'give the template itself, not what is around it');
  }
  type Json = { readonly Type: string; readonly Properties?: Resource['properties'] };
  return Object.entries(template.Resources as { readonly [id: string]: Json })
    .map(([id, { Type: type, Properties: properties = {} }]) => ({ template: index, id, type, properties }));
}
