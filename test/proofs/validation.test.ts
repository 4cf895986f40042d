import * as rds from 'aws-cdk-lib/aws-rds';
import { type App, type Stack, Validations } from 'aws-cdk-lib/core';
import { Validation } from './validation';
import { EXAMPLES } from '../../scripts/deployments/synthesis';
import { deploy, type Overrides } from '../helpers';
import { RECOMMENDED_FLAGS } from '../nag/packs';

const FLAGS: Record<string, Record<string, unknown>> = { 'no feature flags': {}, 'the recommended feature flags': RECOMMENDED_FLAGS };
const appOf = ({ node }: Stack) => node.root as App;

/** What `cdk synth` does: CDK's validation is on, and a finding stops it. */
function synthesiseAsCdkDoes(overrides: Overrides, context: Record<string, unknown>): void {
  const { CDK_VALIDATION: before } = process.env;
  delete process.env.CDK_VALIDATION;
  try {
    appOf(deploy(overrides, { context: { ...context, '@aws-cdk/core:validateAgainstDefaultRules': true } }).stack).synth();
  } finally {
    process.env.CDK_VALIDATION = before;
  }
}

test('CDK\'s validation finds nothing in any deployment that the tests know, with each set of feature flags', () => {
  const validation = new Validation();
  for (const context of Object.values(FLAGS)) {
    for (const { overrides, options } of Object.values(EXAMPLES)) {
      validation.add(appOf(deploy(overrides, { ...options, context }).stack).synth());
    }
  }
  expect(validation.findings()).toEqual([]);
  expect(validation.counts.templates).toBeGreaterThan(2 * Object.keys(EXAMPLES).length);
  expect(validation.counts.distinct).toBeLessThan(validation.counts.templates);
});

test('CDK\'s validation sees a fault: a cluster whose property is no longer acknowledged, and one of a wrong type', () => {
  const acknowledge = Validations.prototype.acknowledge;
  Validations.prototype.acknowledge = () => undefined;
  const { stack, backend } = deploy({ database: { snapshotIdentifier: 'before-the-move' } });
  Validations.prototype.acknowledge = acknowledge;
  (backend.database.cluster.node.defaultChild as rds.CfnDBCluster).addPropertyOverride('BackupRetentionPeriod', 'a week');
  const validation = new Validation();
  validation.add(appOf(stack).synth());
  expect(validation.findings()).toEqual(expect.arrayContaining([
    expect.stringContaining('F3021 OkyDatabaseCluster'), expect.stringMatching(/OkyDatabaseCluster.*BackupRetentionPeriod/),
  ]));
});

test.each(Object.entries(FLAGS))('a restore synthesises as CDK does it, with %s', (_, context) => {
  expect(() => synthesiseAsCdkDoes({ database: { snapshotIdentifier: 'oky-restored' } }, context)).not.toThrow();
});
