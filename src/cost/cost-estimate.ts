import * as fs from 'fs';
import * as path from 'path';
import { Stack, Stage } from 'aws-cdk-lib/core';
import type { OkyCostLine, OkyUsage } from './cost-options';
import { estimate, estimateText, sum } from './estimate';
import { isKnown } from '../private/validation';

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

  private readonly text: string;

  private constructor(templates: { [key: string]: unknown }[], usage: OkyUsage) {
    const result = estimate(templates, usage);
    this.lines = result.lines;
    this.notPriced = result.notPriced;
    this.notes = result.notes;
    this.region = result.region;
    this.total = sum(result.lines, 'usd');
    this.totalAtMost = sum(result.lines, 'usdAtMost');
    this.standing = sum(result.lines.filter(({ isUse }) => !isUse), 'usd');
    this.text = estimateText(result);
  }

  /** The estimate as a table, to be printed. */
  public toText(): string {
    return this.text;
  }
}
