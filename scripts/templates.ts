/**
 * Writes the templates that linters look at to `.build/templates`, a folder for each deployment: `npx tsx scripts/templates.ts`.
 * The same ones at any time and in any account: what would be looked up is committed with the examples.
 */
import * as fs from 'fs';
import * as path from 'path';
import { LINTED } from './catalogue/catalogue';
import { ALL_ON, type Example, NEW_REGION, synthesise } from './deployments/synthesis';

const ROOT = path.join(__dirname, '..');
const FOLDER = path.join(ROOT, '.build', 'templates');

const context = Object.assign({}, ...['okyapp-info', 'new-region']
  .map(example => JSON.parse(fs.readFileSync(path.join(ROOT, 'examples', example, 'cdk.context.json'), 'utf8')) as object)) as Record<string, unknown>;

/** All kinds of resources: with the defaults, with everything on, in a new region, and each option that creates resources that no other one does. */
const DEPLOYMENTS: Record<string, Example> = {
  'default': { overrides: {} },
  'all-on': { overrides: ALL_ON },
  'new-region': { overrides: NEW_REGION, options: { region: 'af-south-1' } },
  ...Object.fromEntries(Object.entries(LINTED).map(([name, overrides]) => [name.replaceAll(/[. ]/g, '-'), { overrides }])),
};

// They are looked at by other means here.
process.env.CDK_VALIDATION = 'false';
fs.rmSync(FOLDER, { recursive: true, force: true });
for (const [name, { overrides, options }] of Object.entries(DEPLOYMENTS)) {
  fs.mkdirSync(path.join(FOLDER, name), { recursive: true });
  for (const [stack, { region, template }] of Object.entries(synthesise(overrides, { ...options, context }).stacks)) {
    // Linters know what there is in a region only if they are told which one it is.
    fs.writeFileSync(path.join(FOLDER, name, `${stack}.${region}.json`), `${JSON.stringify(template, undefined, 2)}\n`);
  }
}
