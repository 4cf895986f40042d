import * as fs from 'fs';
import * as path from 'path';
import { Stack, Stage } from 'aws-cdk-lib/core';
import { type Bill, DEFAULT_USAGE, type Resource } from './bill';
import type { OkyCostLine, OkyUsage } from './cost-options';
import { FREE_OF_CHARGE } from './free-of-charge';
import { PRICERS } from './pricers';
import { FALLBACK_REGION, hasPrices, pricesOf, viewersNear } from './prices';
import { invalid, isKnown } from '../private/validation';

/**
 * An estimate of what a deployment costs a month, calculated from its templates: with the list prices of its region, without tax,
 * discounts, support or the free allowances of an account (except CloudFront's), and for an assumed use. The few resources in
 * us-east-1 are priced as if they were in the region of the stack; the difference is some cents.
 *
 * @see https://calculator.aws/
 */
export class OkyCostEstimate {
  /**
   * The estimate of a stack, of its nested stacks, and of the stacks that the backend creates in us-east-1. It synthesises the app.
   *
   * @param stack the stack that contains the backend
   * @param usage how much it is used
   */
  public static fromStack(stack: Stack, usage: OkyUsage = {}): OkyCostEstimate {
    const assembly = Stage.of(stack)!.synth();
    const stacks = stack.node.findAll().filter(Stack.isStack);
    const region = isKnown(stack.region) ? stack.region : undefined;
    // By file, since nested stacks are no artifacts of the assembly.
    const templates = stacks.map(({ templateFile }) =>
      JSON.parse(fs.readFileSync(path.join(assembly.directory, templateFile), 'utf8')) as { [key: string]: unknown });
    return new OkyCostEstimate(templates, { region, ...usage });
  }

  /**
   * The estimate of a template.
   *
   * @param template the template, as an object
   * @param usage how much it is used; `region` says whose prices to use
   */
  public static fromTemplate(template: { [key: string]: unknown }, usage: OkyUsage = {}): OkyCostEstimate {
    return new OkyCostEstimate([template], usage);
  }

  /**
   * The estimate of all templates of a deployment.
   *
   * @param templates the templates, as objects
   * @param usage how much it is used; `region` says whose prices to use
   */
  public static fromTemplates(templates: { [key: string]: unknown }[], usage: OkyUsage = {}): OkyCostEstimate {
    return new OkyCostEstimate(templates, usage);
  }

  /** The lines of the estimate, the largest first. */
  public readonly lines: OkyCostLine[];
  /** The resources without a price, each with the reason. */
  public readonly notPriced: string[];
  /** What the estimate assumes: the prices of another region, or the reason for a range. */
  public readonly notes: string[];
  /** The region whose prices are used. */
  public readonly region: string;
  /** The sum of all lines, in USD: the lower end where it is a range. */
  public readonly total: number;
  /** The upper end of the sum, in USD. */
  public readonly totalAtMost: number;
  /** The sum of the lines that do not depend on use, in USD. */
  public readonly standing: number;

  private constructor(templates: { [key: string]: unknown }[], usage: OkyUsage) {
    requireUsage(usage);
    const given = Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined)) as OkyUsage;
    this.region = given.region && hasPrices(given.region) ? given.region : FALLBACK_REGION;
    const resources = templates.flatMap(resourcesOf);
    const notPriced: string[] = [];
    const bill: Bill = {
      resources,
      usage: { ...DEFAULT_USAGE, ...given },
      prices: pricesOf(this.region, given.viewers ?? viewersNear(given.region ?? this.region)),
      cannotPrice: ({ id, type }: Resource, why: string) => void notPriced.push(`${id} (${type}): ${why}`),
    };
    const lines = Object.entries(PRICERS).flatMap(([type, price]) => {
      const mine = resources.filter(each => each.type === type);
      return mine.length > 0 ? price(mine, bill) : [];
    });
    resources.filter(({ type }) => !PRICERS[type] && !FREE_OF_CHARGE[type]).forEach(each => bill.cannotPrice(each, 'this type is not known here'));
    this.lines = lines.filter(({ quantity }) => quantity > 0).sort((a, b) => b.usd - a.usd);
    this.notPriced = notPriced;
    this.total = sum(lines.map(({ usd }) => usd));
    this.totalAtMost = sum(lines.map(({ usdAtMost }) => usdAtMost));
    this.standing = sum(lines.filter(({ isUse }) => !isUse).map(({ usd }) => usd));
    this.notes = [
      ...given.region === undefined ? [`the region is not known: the prices are those of ${FALLBACK_REGION}; give usage.region`] : [],
      ...given.region !== undefined && given.region !== this.region ? [`there are no prices for ${given.region}: the prices are those of ${FALLBACK_REGION}`] : [],
      ...this.lines.some(isRange) ? ['a range for the database: while it is awake and idle, an instance holds 0.5 or 1 ACU, which AWS does not document. '
        + 'Look at the metric ServerlessDatabaseCapacity after the first week, and give usage.databaseCapacity'] : [],
    ];
  }

  /** The estimate as a table, to be printed. */
  public toText(): string {
    const rows = this.lines.map(({ kind, arithmetic, usd, usdAtMost }) => [kind, arithmetic, range(usd, usdAtMost)]);
    const sums = [['sum', `of which by use: ${(this.total - this.standing).toFixed(2)}`, range(this.total, this.totalAtMost)]];
    const widths = [0, 1, 2].map(column => Math.max(...[...rows, ...sums].map(row => row[column].length)));
    const format = ([kind, arithmetic, usd]: string[]) => `${kind.padEnd(widths[0])}  ${arithmetic.padEnd(widths[1])}  ${usd.padStart(widths[2])}`;
    return [
      `An estimate for a month, from the list prices of ${this.region} in USD, without tax:`,
      ...rows.map(format),
      ...sums.map(format),
      ...this.notes.map(each => `note: ${each}`),
      ...this.notPriced.map(each => `not priced: ${each}`),
    ].join('\n');
  }
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

function isRange({ usd, usdAtMost }: OkyCostLine): boolean {
  return usdAtMost > usd;
}

function range(usd: number, usdAtMost: number): string {
  return usdAtMost > usd ? `${usd.toFixed(2)} to ${usdAtMost.toFixed(2)}` : usd.toFixed(2);
}

function resourcesOf(template: { [key: string]: unknown }, index: number): Resource[] {
  if (typeof template.Resources !== 'object' || template.Resources === null) {
    throw invalid('template', 'be a CloudFormation template, with Resources', Object.keys(template), 'give the template itself, not what is around it');
  }
  type Json = { readonly Type: string; readonly Properties?: Resource['properties'] };
  return Object.entries(template.Resources as { readonly [id: string]: Json })
    .map(([id, { Type: type, Properties: properties = {} }]) => ({ template: index, id, type, properties }));
}

function sum(amounts: number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
