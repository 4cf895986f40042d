import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { OkyTemplateChanges } from 'cdk-oky-backend';

// As `npx cdk` starts the app.
process.env.CDK_CONTEXT_JSON = readFileSync('cdk.context.json', 'utf8');
const { app, stack } = require('./app') as typeof import('./app');

/** What was deployed last, as AWS has it: README.md says how to get it. Before the first deployment there is nothing to lose. */
const DEPLOYED = 'deployed/OkyBackend.json';
const SKIP = existsSync(DEPLOYED) ? false : `nothing is deployed yet: there is no ${DEPLOYED}`;

for (const Pack of [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks]) {
  test(`${Pack.name} finds nothing that is against its rules`, () => {
    const { violations } = new Pack(app).validateScope(app);
    const findings = violations.flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`));
    assert.deepEqual(findings, []);
  });
}

test('all that it takes to synthesise is in this folder', () => {
  assert.deepEqual(app.synth().manifest.missing ?? [], []);
});

test('an update replaces nothing that holds data', { skip: SKIP }, () => {
  OkyTemplateChanges.assertStackKeepsState(stack, DEPLOYED);
});
