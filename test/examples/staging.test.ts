/** What the README of the example says is shared, and what it says of the costs, in the templates. */
import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { OkyCostEstimate } from '../../src';

const FOLDER = path.join(__dirname, '..', '..', 'examples', 'staging');
const readme = fs.readFileSync(path.join(FOLDER, 'README.md'), 'utf8').replace(/\s+/g, ' ');

interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
}

interface Manifest {
  readonly artifacts: Record<string, { readonly type: string; readonly properties: { readonly templateFile: string; readonly stackName?: string } }>;
}

interface TemplateJson {
  readonly [key: string]: unknown;
  readonly Resources: Record<string, Resource>;
}

/** As the CDK command line starts the app. */
function synthesise(): { readonly stackName: string; readonly template: TemplateJson }[] {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'oky-staging-'));
  const context = fs.readFileSync(path.join(FOLDER, 'cdk.context.json'), 'utf8');
  execFileSync(process.execPath, ['--import', 'tsx', path.join(FOLDER, 'app.ts')], {
    cwd: FOLDER, stdio: 'pipe', env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: context },
  });
  const { artifacts } = JSON.parse(fs.readFileSync(path.join(outdir, 'manifest.json'), 'utf8')) as Manifest;
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack').map(([id, { properties }]) => ({
    stackName: properties.stackName ?? id,
    template: JSON.parse(fs.readFileSync(path.join(outdir, properties.templateFile), 'utf8')) as TemplateJson,
  }));
  fs.rmSync(outdir, { recursive: true });
  return stacks;
}

const stacks = synthesise();
const templatesOf = (...names: string[]) => stacks.filter(({ stackName }) => names.includes(stackName)).map(({ template }) => template);
const production = templatesOf('OkyProduction', 'project-oky-edge', 'project-oky-edge-watch');
const staging = templatesOf('OkyStaging', 'oky-staging-edge');

/** What a resource is called in its account and region. The family of a task definition is a name, that of database parameters is not. */
function physicalNames(templates: TemplateJson[]): unknown[] {
  const names = /^(Name|(Alarm|Cluster|Dashboard|LogGroup|ManagedPolicy|Repository|Role)Name)$/;
  return templates.flatMap(({ Resources }) => Object.values(Resources)).flatMap(({ Type, Properties = {} }) => Object.entries(Properties)
    .filter(([key, value]) => typeof value === 'string' && (names.test(key) || (key === 'Family' && Type === 'AWS::ECS::TaskDefinition')))
    .map(([, value]) => value));
}

test('neither names anything of the other', () => {
  expect([production.length, staging.length, stacks.length]).toEqual([3, 2, 5]);
  expect(JSON.stringify(staging)).not.toMatch(/project-oky|OkyProduction|Z0123456789EXAMPLE01/);
  expect(JSON.stringify(production)).not.toMatch(/oky-staging|OkyStaging|Z0123456789EXAMPLE02|staging\.okyapp\.info/);
});

test('no physical name is in both', () => {
  const names = physicalNames(staging);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter(name => physicalNames(production).includes(name))).toEqual([]);
});

test.each(['AWS::EC2::VPC', 'AWS::KMS::Key', 'AWS::RDS::DBCluster', 'AWS::SecretsManager::Secret', 'AWS::ECR::Repository', 'AWS::S3::Bucket',
  'AWS::CloudFront::Distribution'])('each has its own %s', type => {
  for (const templates of [production, staging]) {
    expect(templates.flatMap(({ Resources }) => Object.values(Resources)).filter(({ Type }) => Type === type)).not.toEqual([]);
  }
});

test('the costs are those in the README', () => {
  const [inStaging, inProduction] = [staging, production].map(templates => Math.round(OkyCostEstimate.fromTemplates(templates).total));
  expect(readme).toContain(`About ${inStaging} USD a month by [the estimate](../../docs/cost.md), where production, as it is here, costs about ${inProduction}.`);
});
