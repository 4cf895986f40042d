import * as fs from 'fs';
import { Stack, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { COMBINATIONS, EVERY_ALARM, FURTHER, nameOf, props } from '../../scripts/deployments/matrix';
import { deploy, type Overrides } from '../helpers';

const PACKS = [AwsSolutionsChecks, NIST80053R5Checks, HIPAASecurityChecks, PCIDSS321Checks];
export const RECOMMENDED_FLAGS: Record<string, unknown> = JSON.parse(fs.readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8'));

export interface Finding {
  readonly id: string;
  readonly path: string;
}

export function findings(stack: Stack): Finding[] {
  const found = stack.node.findAll().filter(Stack.isStack).flatMap(each => PACKS.flatMap(Pack => new Pack(each).validateScope(each).violations));
  const each = found.flatMap(({ ruleName, violatingResources }) => violatingResources.map(resource => `${ruleName} ${resource.constructPath}`));
  // The stack of a companion is looked through with the main one and by itself.
  return [...new Set(each)].map(finding => ({ id: finding.split(' ')[0], path: finding.slice(finding.indexOf(' ') + 1) }));
}

/** What the construct acknowledges. aws-cdk-lib acknowledges rules of its own, which are not ours. */
export function acknowledgements(stack: Stack): Finding[] {
  return stack.node.findAll().flatMap(construct => construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.keys(data as Record<string, string>))
    .filter(id => !id.startsWith('CloudFormation-Validate::'))
    .map(id => ({ id: id.replace(/^Annotation::/, ''), path: construct.node.path })));
}

/** The same deployment as if nothing had been acknowledged. */
function findingsWithoutAcknowledgements(overrides: Overrides): Finding[] {
  const spy = jest.spyOn(Validations.prototype, 'acknowledge').mockImplementation(() => undefined);
  const { stack } = deploy(overrides);
  spy.mockRestore();
  return findings(stack);
}

export function stale(overrides: Overrides): Finding[] {
  const raised = findingsWithoutAcknowledgements(overrides);
  return acknowledgements(deploy(overrides).stack)
    .filter(({ id, path }) => !raised.some(finding => finding.id === id && `${finding.path}/`.startsWith(`${path}/`)));
}

export function byPack(found: Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { id } of found) {
    const pack = /^[^-]+/.exec(id)![0];
    counts[pack] = (counts[pack] ?? 0) + 1;
  }
  return counts;
}

/** Nothing may be left to acknowledge, in any combination of the switches and with every further option. */
export function testMatrix(context: Record<string, unknown>): void {
  test.each(COMBINATIONS.map(on => [nameOf(on), on] as const))('nothing unacknowledged: %s', (_, on) => {
    expect(findings(deploy(props(on), { context }).stack)).toEqual([]);
  });

  test.each(Object.entries(FURTHER))('nothing unacknowledged: %s', (_, overrides) => {
    expect(findings(deploy(overrides, { context }).stack)).toEqual([]);
  });

  test.each([[{}], [EVERY_ALARM]])('nothing unacknowledged in us-east-1: monitoring %j', monitoring => {
    expect(findings(deploy({ waf: {}, monitoring }, { context, region: 'us-east-1' }).stack)).toEqual([]);
  });
}
