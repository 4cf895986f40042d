import { Stack, Stage } from 'aws-cdk-lib/core';
import type { OkyCostLine, OkyUsage } from './cost-options';
import { FREE_OF_CHARGE } from './free-of-charge';
import { PRICERS, type Resource } from './pricers';
import { PRICES_FROM } from './prices';
import { invalid } from '../private/validation';

const DEFAULTS = {
  databaseHoursADay: 8,
  databaseCapacity: 0.5,
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
};

/**
 * What a deployment costs a month, worked out from its templates. An estimate: from the list prices of eu-west-2 at one
 * date, without tax, discounts, support or the free allowances of an account (save CloudFront's), and for an assumed use.
 *
 * @see https://calculator.aws/
 */
export class OkyCostEstimate {
  /**
   * The estimate of a stack and of those that it made in us-east-1; the app is synthesised.
   *
   * @param stack the stack that the backend is in
   * @param usage how much it is used
   */
  public static fromStack(stack: Stack, usage: OkyUsage = {}): OkyCostEstimate {
    const assembly = Stage.of(stack)!.synth();
    const stacks = stack.node.findAll().filter(Stack.isStack);
    return new OkyCostEstimate(stacks.map(({ artifactId }) => assembly.getStackArtifact(artifactId).template as { [key: string]: unknown }), usage);
  }

  /**
   * The estimate of a template.
   *
   * @param template the template, as an object
   * @param usage how much it is used
   */
  public static fromTemplate(template: { [key: string]: unknown }, usage: OkyUsage = {}): OkyCostEstimate {
    return new OkyCostEstimate([template], usage);
  }

  /**
   * The estimate of all templates of a deployment.
   *
   * @param templates the templates, as objects
   * @param usage how much it is used
   */
  public static fromTemplates(templates: { [key: string]: unknown }[], usage: OkyUsage = {}): OkyCostEstimate {
    return new OkyCostEstimate(templates, usage);
  }

  /** What it is made up of, the largest first. */
  public readonly lines: OkyCostLine[];
  /** What could not be priced, and why. */
  public readonly notPriced: string[];
  /** The sum of all lines, in USD. */
  public readonly total: number;
  /** The sum of what is there whether anyone comes or not, in USD. */
  public readonly standing: number;

  private constructor(templates: { [key: string]: unknown }[], usage: OkyUsage) {
    for (const [name, value] of Object.entries(usage)) {
      const most = name === 'databaseHoursADay' ? 24 : Number.MAX_VALUE;
      if (value !== undefined && !(value >= 0 && value <= most)) {
        throw invalid(`usage.${name}`, most === 24 ? 'be from 0 to 24' : 'be 0 or more', value, 'give the hours, units, GB or millions of a month');
      }
    }
    const given = Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined)) as OkyUsage;
    const resources = templates.flatMap(resourcesOf);
    const notPriced: string[] = [];
    const bill = {
      resources,
      usage: { ...DEFAULTS, ...given },
      cannotPrice: ({ id, type }: Resource, why: string) => void notPriced.push(`${id} (${type}): ${why}`),
    };
    const lines = Object.entries(PRICERS).flatMap(([type, price]) => {
      const mine = resources.filter(each => each.type === type);
      return mine.length > 0 ? price(mine, bill) : [];
    });
    resources.filter(({ type }) => !PRICERS[type] && !FREE_OF_CHARGE[type]).forEach(each => bill.cannotPrice(each, 'this type is not known here'));
    this.lines = lines.filter(({ quantity }) => quantity > 0).sort((a, b) => b.usd - a.usd);
    this.notPriced = notPriced;
    this.total = sum(lines);
    this.standing = sum(lines.filter(({ isUse }) => !isUse));
  }

  /** The estimate as a table, to be printed. */
  public toText(): string {
    const rows = this.lines.map(({ kind, arithmetic, usd }) => [kind, arithmetic, usd.toFixed(2)]);
    const sums = [['sum', 'of which by use: ' + (this.total - this.standing).toFixed(2), this.total.toFixed(2)]];
    const widths = [0, 1, 2].map(column => Math.max(...[...rows, ...sums].map(row => row[column].length)));
    const format = ([kind, arithmetic, usd]: string[]) => `${kind.padEnd(widths[0])}  ${arithmetic.padEnd(widths[1])}  ${usd.padStart(widths[2])}`;
    return [
      `An estimate for a month, from ${PRICES_FROM}:`,
      ...rows.map(format),
      ...sums.map(format),
      ...this.notPriced.map(each => `not priced: ${each}`),
    ].join('\n');
  }
}

function resourcesOf(template: { [key: string]: unknown }, index: number): Resource[] {
  if (typeof template.Resources !== 'object' || template.Resources === null) {
    throw invalid('template', 'be a CloudFormation template, with Resources', Object.keys(template), 'give the template itself, not what is around it');
  }
  type Json = { readonly Type: string; readonly Properties?: Resource['properties'] };
  return Object.entries(template.Resources as { readonly [id: string]: Json })
    .map(([id, { Type: type, Properties: properties = {} }]) => ({ template: index, id, type, properties }));
}

function sum(lines: OkyCostLine[]): number {
  return lines.reduce((total, { usd }) => total + usd, 0);
}
