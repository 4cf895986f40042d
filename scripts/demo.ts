/**
 * Synthesises a sample deployment, checks it, and prints what it consists of: `npm run demo`, or `npm run demo -- new-region`.
 * No AWS account is needed: what would be looked up in one is committed with the examples.
 */
import * as fs from 'fs';
import * as path from 'path';
import { type App, CloudFormationValidatePlugin, type IPolicyValidationContext, type PolicyValidationPluginReport, Validations } from 'aws-cdk-lib';
import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks, HIPAASecurityChecks, type NagPack, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { requestPaths, type Template } from './template/request-path';
import { OkyCostEstimate } from '../src/cost/cost-estimate';

const ROOT = path.join(__dirname, '..');

/** The packs of cdk-nag, and what the ids of their rules begin with. */
const PACKS: [string, new (scope: App) => NagPack, string][] = [
  ['AWS Solutions', AwsSolutionsChecks, 'AwsSolutions-'],
  ['NIST 800-53 R5', NIST80053R5Checks, 'NIST.800.53.R5-'],
  ['HIPAA Security', HIPAASecurityChecks, 'HIPAA.Security-'],
  ['PCI DSS 3.2.1', PCIDSS321Checks, 'PCI.DSS.321-'],
];

/** What the report that the synthesis leaves holds of each plugin. */
interface PluginReport {
  readonly pluginName: string;
  readonly violations: {
    readonly ruleName: string;
    readonly description: string;
    readonly violatingConstructs: { readonly constructPath?: string }[];
  }[];
}

interface ValidationReport {
  readonly pluginReports: PluginReport[];
}

/** The validation that is built into aws-cdk-lib, which also says how much it looked at: a silent one may not have run. */
class CountingValidation extends CloudFormationValidatePlugin {
  public templates = 0;

  public override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    this.templates = context.stackTemplates.length;
    return super.validate(context);
  }
}

const isTerminal = process.stdout.isTTY;
const style = (code: number) => (text: string) => isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text;
const bold = style(1);
const dim = style(2);
const red = style(31);
const green = style(32);
const yellow = style(33);

function heading(text: string): void {
  console.log(`\n${bold(text)}`);
}

function verdict(isGood: boolean, name: string, text: string): void {
  console.log(`  ${isGood ? green('✔') : red('✘')} ${name.padEnd(32)} ${text}`);
}

function readJson<T>(...parts: string[]): T {
  return JSON.parse(fs.readFileSync(path.join(...parts), 'utf8')) as T;
}

/** How often each pack's findings are acknowledged, each with its reason. */
function acknowledgements(app: App): string[] {
  return app.node.findAll().flatMap(construct => construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.keys(data as Record<string, string>)));
}

function printStacks(stacks: CloudFormationStackArtifact[]): void {
  heading('Stacks');
  for (const stack of stacks) {
    const { Resources } = stack.template as Template;
    const services = new Map<string, number>();
    for (const { Type } of Object.values(Resources)) {
      const service = Type.split('::')[1];
      services.set(service, (services.get(service) ?? 0) + 1);
    }
    const bytes = fs.statSync(stack.templateFullPath).size;
    console.log(`  ${stack.stackName.padEnd(24)} ${stack.environment.region.padEnd(12)} ${Object.keys(Resources).length} resources, ${bytes} bytes`);
    const counts = [...services].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([service, count]) => `${service} ${count}`);
    for (let first = 0; first < counts.length; first += 8) {
      console.log(dim(`    ${counts.slice(first, first + 8).join(', ')}`));
    }
  }
}

function printPaths(template: Template): void {
  for (const [alias, links] of requestPaths(template)) {
    heading(`The way of a request for https://${alias}`);
    for (const { what, logicalId, detail } of links) {
      console.log(`  → ${what.padEnd(18)} ${detail.padEnd(60)} ${dim(logicalId)}`);
    }
  }
}

/** True if there is nothing to complain about. */
function printVerdicts(app: App, validation: CountingValidation, reports: PluginReport[], packNames: string[]): boolean {
  heading('Checks');
  const violationsOf = (plugin: string) => reports.filter(({ pluginName }) => pluginName === plugin).flatMap(({ violations }) => violations);
  const found = violationsOf(validation.name);
  verdict(found.length === 0 && validation.templates > 0, 'CloudFormation validation',
    `${found.length} findings; templates: ${validation.templates}, rules: ${validation.ruleIds?.length} and the schemas of the resources`);
  const acknowledged = acknowledgements(app);
  PACKS.forEach(([name, , prefix], index) => {
    const violations = violationsOf(packNames[index]);
    verdict(violations.length === 0, `cdk-nag ${name}`,
      `${violations.length} findings unacknowledged, ${acknowledged.filter(id => id.includes(prefix)).length} acknowledged with a reason`);
  });
  for (const { ruleName, description, violatingConstructs } of reports.flatMap(({ violations }) => violations)) {
    console.log(red(`    ${ruleName}: ${description}`));
    violatingConstructs.forEach(({ constructPath }) => console.log(red(`      at ${constructPath ?? 'the stack'}`)));
  }
  return reports.every(({ violations }) => violations.length === 0) && validation.templates > 0;
}

function printWarnings(stacks: CloudFormationStackArtifact[]): boolean {
  const messages = stacks.flatMap(stack => stack.messages);
  heading(`Warnings: ${messages.filter(({ level }) => level === 'warning').length}`);
  for (const { level, id, entry } of messages) {
    console.log(`  ${yellow(level)} ${id}: ${String(entry.data)}`);
  }
  return messages.every(({ level }) => level !== 'error');
}

function printCosts(stacks: CloudFormationStackArtifact[]): void {
  const estimate = OkyCostEstimate.fromTemplates(stacks.map(({ template }) => template as { [key: string]: unknown }));
  heading(`Costs: about ${estimate.total.toFixed(0)} USD a month`);
  estimate.toText().split('\n').forEach(line => console.log(`  ${line}`));
}

/** The assembly, also where a finding makes the synthesis fail after it was written. */
function synthesise(app: App, outdir: string): CloudAssembly | undefined {
  try {
    return app.synth();
  } catch (error) {
    console.error(red(error instanceof Error ? error.message : String(error)));
    console.error(`The templates are in ${outdir}`);
    return undefined;
  }
}

async function main(example: string): Promise<boolean> {
  const started = Date.now();
  const folder = path.join(ROOT, 'examples', example);
  const outdir = path.join('.build', 'demo', example);
  fs.rmSync(path.join(ROOT, outdir), { recursive: true, force: true });
  process.env.CDK_OUTDIR = path.join(ROOT, outdir);
  // As the CDK command line does it, and with the validation's errors as errors.
  process.env.CDK_CONTEXT_JSON = JSON.stringify({
    ...readJson<{ context?: object }>(folder, 'cdk.json').context,
    ...readJson<object>(folder, 'cdk.context.json'),
    'aws:cdk:enable-path-metadata': true,
    '@aws-cdk/core:validateAgainstDefaultRules': true,
  });
  delete process.env.CDK_VALIDATION;

  const { app } = await import(path.join(folder, 'app.ts')) as { app: App };
  const validation = new CountingValidation();
  const packs = PACKS.map(([, Pack]) => new Pack(app));
  Validations.of(app).addPlugins(validation, ...packs);
  const assembly = synthesise(app, outdir);
  const report = path.join(ROOT, outdir, 'validation-report.json');
  // Not there if the synthesis failed before.
  const { pluginReports } = fs.existsSync(report) ? readJson<ValidationReport>(report) : { pluginReports: [] };
  const stacks = assembly?.stacks ?? [];

  console.log(bold(`examples/${example}`));
  printStacks(stacks);
  stacks.map(({ template }) => template as Template)
    .filter(({ Resources }) => Object.values(Resources).some(({ Type }) => Type === 'AWS::CloudFront::Distribution'))
    .forEach(printPaths);
  const isClean = printVerdicts(app, validation, pluginReports, packs.map(({ name }) => name));
  const isWithoutErrors = printWarnings(stacks);
  printCosts(stacks);
  heading('Templates');
  stacks.forEach(stack => console.log(`  ${path.join(outdir, stack.templateFile)}`));
  console.log(dim(`\nSynthesised and checked in ${((Date.now() - started) / 1000).toFixed(1)} s.`));
  return assembly !== undefined && isClean && isWithoutErrors;
}

void main(process.argv[2] ?? 'okyapp-info').then(isGood => {
  process.exitCode = isGood ? 0 : 1;
});
