import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { parse } from 'yaml';
import { generate, KINDS, run } from './helpers';
import { manifest } from '../../src/cli/package';
import { REGION_FACTS } from '../../src/private/region-facts';
import { Validation } from '../proofs/validation';

/** What the generator writes: it compiles, synthesises without an account, and is as clean as the library. */
const ROOT = path.join(__dirname, '..', '..');
const PACKS = [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks];
const KIND_NAMES = Object.keys(KINDS);
const generated: Record<string, Record<string, string>> = {};
const python: Record<string, Record<string, string>> = {};

beforeAll(async () => {
  for (const [name, answers] of Object.entries(KINDS)) {
    generated[name] = await generate(answers);
    python[name] = await generate({ ...answers, language: 'python' });
  }
});

describe.each(KIND_NAMES)('%s', name => {
  test('synthesises without an account and a look-up, and is found clean by CDK\'s validation and four packs of cdk-nag', () => {
    const { app, stack } = run(generated[name]);
    const violations = PACKS.flatMap(Pack => new Pack(app).validateScope(app).violations);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
    const assembly = app.synth();
    const validation = new Validation();
    validation.add(assembly);
    expect(validation.findings()).toEqual([]);
    expect(assembly.manifest.missing ?? []).toEqual([]);
    const zones = Object.values(JSON.parse(generated[name]['cdk.context.json']) as Record<string, string[]>)[0];
    expect(stack.availabilityZones).toEqual(zones);
    expect(JSON.stringify(assembly.getStackByName('OkyBackend').template)).toContain(REGION_FACTS[stack.region].prefixListId);
  });

  test('says the same in both languages', () => {
    const [app, twin] = [generated[name]['app.ts'], python[name]['app.py']];
    const comments = (text: string, mark: string) => text.split('\n').map(line => line.trim()).filter(line => line.startsWith(mark)).map(line => line.slice(mark.length));
    // The last one has code in it.
    expect(comments(twin, '# ').slice(0, -1)).toEqual(comments(app, '// ').slice(0, -1));
    const props = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, prop]) => prop.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`));
    expect(props(twin, /^ {4,}(\w+)=/gm)).toEqual(props(app, /^ {2,}(\w+): /gm));
  });
});

test('the first deployment alone is without deletion protection', () => {
  interface Template { readonly Resources: Record<string, { readonly Type: string; readonly Properties: { readonly DeletionProtection?: boolean } }> }
  const protectionOf = (context: object) => {
    const { Resources } = run(generated.closed, context).app.synth().getStackByName('OkyBackend').template as Template;
    return Object.values(Resources).find(({ Type }) => Type === 'AWS::RDS::DBCluster')!.Properties.DeletionProtection;
  };
  // As the command line gives it: --context firstDeployment=true.
  expect(protectionOf({ firstDeployment: 'true' })).toBe(false);
  expect(protectionOf({})).toBe(true);
  expect(run(generated.closed, { firstDeployment: 'true' }).stack.terminationProtection).toBe(false);
  expect(run(generated.closed).stack.terminationProtection).toBe(true);
});

test('who has credentials and who has none make the same template', () => {
  const environment = process.env;
  const template = (account?: string) => {
    process.env = { ...environment, ...account !== undefined && { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: 'eu-west-1' } };
    const { app } = run(generated['whole-country']);
    process.env = environment;
    return app.synth().getStackByName('OkyBackend').template as object;
  };
  expect(template('111122223333')).toEqual(template());
});

describe('the README', () => {
  test.each(['closed', 'everything given'])('leads to what there is: %s', name => {
    for (const readme of [generated[name]['README.md'], python[name]['README.md']]) {
      const base = `${manifest().repository.url}/blob/main/`;
      const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link).filter(link => link.startsWith(base));
      expect(links.length).toBeGreaterThan(10);
      for (const [file, anchor] of links.map(link => link.slice(base.length).split('#'))) {
        const headings = [...fs.readFileSync(path.join(ROOT, file), 'utf8').matchAll(/^#+ (.*)$/gm)]
          .map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-'));
        expect([undefined, ...headings]).toContain(anchor);
      }
    }
  });

  test.each(['closed', 'everything given'])('has commands that are bash, and call nothing that is not installed by then: %s', name => {
    for (const readme of [generated[name]['README.md'], python[name]['README.md']]) {
      const blocks = [...readme.matchAll(/^( *)```bash\n(.*?)^ *```$/gms)].map(([, indent, code]) => code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
      expect(blocks.length).toBeGreaterThan(4);
      blocks.forEach(code => execFileSync('bash', ['-n'], { input: code, stdio: 'pipe' }));
      const programs = blocks.join('\n').split('\n').filter(line => /^[a-z.]/.test(line)).map(line => line.replace(/^account=\$\(/, '').split(' ')[0]);
      expect(['.', 'aws', 'cdk-oky-backend', 'git', 'mkdir', 'npm', 'npx', 'pip', 'pytest', 'python3']).toEqual(expect.arrayContaining(programs));
    }
  });

  test('names every file and region that it is about, and no other', () => {
    const readme = generated['everything given']['README.md'];
    for (const file of [...readme.matchAll(/`([\w./-]+\.(?:ts|json|yml|txt))`/g)].map(([, each]) => each)) {
      expect([...Object.keys(generated['everything given']), 'package-lock.json']).toContain(file);
    }
    expect(readme).toContain('npx cdk bootstrap aws://111122223333/eu-west-2 aws://111122223333/us-east-1\n');
    expect(generated.closed['README.md']).toContain('npx cdk bootstrap "aws://$account/eu-west-2" "aws://$account/us-east-1"\n');
    expect(generated['us-east-1']['README.md']).toContain('npx cdk bootstrap "aws://$account/us-east-1"\n');
    expect(generated.closed['README.md']).not.toContain('GitHub');
  });
});

describe('the workflow', () => {
  interface Job {
    readonly if?: string;
    readonly permissions?: object;
    readonly steps: { readonly uses?: string; readonly run?: string }[];
  }
  interface Workflow { readonly on: Record<string, unknown>; readonly jobs: Record<string, Job> }
  const workflow = (language: 'typescript' | 'python') =>
    parse((language === 'python' ? python : generated)['everything given']['.github/workflows/deploy.yml']) as Workflow;

  test.each(['typescript', 'python'] as const)('in %s deploys by hand only, from main, after the tests', language => {
    const { on, jobs } = workflow(language);
    expect(Object.keys(on).sort()).toEqual(['pull_request', 'push', 'workflow_dispatch']);
    expect(jobs.deploy.if).toBe("github.event_name == 'workflow_dispatch' && github.ref == 'refs/heads/main'");
    expect(jobs.deploy).toMatchObject({ needs: 'test', environment: 'production', permissions: { 'id-token': 'write' } });
    expect(jobs.test.permissions).toBeUndefined();
    const test = language === 'python' ? 'pytest' : 'npm test';
    expect(jobs.test.steps.map(step => step.run)).toEqual(expect.arrayContaining([test, 'npx cdk synth --quiet']));
    expect(jobs.test.steps.map(step => step.run ?? '').join('\n')).toMatch(/cost --against before\.out/);
    const runs = jobs.deploy.steps.flatMap(step => step.run ?? []);
    expect(runs.at(-2)).toContain(`get-template --stack-name OkyBackend --query TemplateBody > deployed/OkyBackend.json\n${test}`);
    expect(runs.at(-1)).toMatch(/^npx cdk deploy OkyBackend 'OkyBackend\/\*\*'/);
  });

  test.each(['typescript', 'python'] as const)('in %s takes the actions in the versions that the example takes', language => {
    const example = fs.readFileSync(path.join(ROOT, 'examples/github-workflow/release.yml'), 'utf8');
    const used = Object.values(workflow(language).jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    for (const action of used.filter(each => example.includes(each.split('@')[0]))) {
      expect(example).toContain(action);
    }
  });

  test('its role can be assumed by the branch main alone, and does no more than the workflow', () => {
    interface Document { readonly Statement: { readonly Condition?: object }[] }
    interface Role { readonly AssumeRolePolicyDocument: Document; readonly Policies: { readonly PolicyDocument: Document }[] }
    // CloudFormation's short forms are tags, which YAML leaves as texts.
    const { Resources } = parse(generated['everything given']['deploy-role.yml'], { logLevel: 'silent' }) as { Resources: { DeployRole: { Properties: Role } } };
    const role = Resources.DeployRole.Properties;
    expect(role.AssumeRolePolicyDocument.Statement.map(({ Condition: condition }) => condition)).toEqual([{
      StringEquals: {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub': [
          'repo:oky-kenya/deployment:environment:production', 'repo:oky-kenya@1234567/deployment@123456789:environment:production',
        ],
      },
    }]);
    const arn = 'arn:${AWS::Partition}';
    expect(role.Policies.flatMap(({ PolicyDocument: { Statement } }) => Statement)).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Resource: ['eu-west-2', 'us-east-1'].map(region => `${arn}:iam::\${AWS::AccountId}:role/cdk-hnb659fds-*-role-\${AWS::AccountId}-${region}`),
      },
      { Effect: 'Allow', Action: 'cloudformation:GetTemplate', Resource: `${arn}:cloudformation:eu-west-2:\${AWS::AccountId}:stack/OkyBackend/*` },
    ]);
  });
});

test('the versions are those that this package is tested with', () => {
  const { version, devDependencies } = manifest();
  const { dependencies, devDependencies: development } = JSON.parse(generated.closed['package.json']) as Record<string, Record<string, string>>;
  const { 'cdk-oky-backend': own, ...others } = { ...dependencies, ...development };
  expect(own).toBe(`^${version}`);
  expect(devDependencies).toMatchObject(others);
  expect(python.closed['requirements.txt'].split('\n').slice(0, 4)).toEqual([
    `aws-cdk-lib==${devDependencies['aws-cdk-lib']}`, `cdk-nag==${devDependencies['cdk-nag'].slice(1)}`, `cdk-oky-backend~=${version}`,
    `constructs==${devDependencies.constructs}`,
  ]);
});

test.each(['closed', 'everything given'])('no place in a template is left open: %s', name => {
  for (const [file, text] of [...Object.entries(generated[name]), ...Object.entries(python[name])]) {
    expect({ file, places: text.match(/__[A-Z]\w*__/g) }).toEqual({ file, places: null });
    expect({ file, end: text.slice(-2) }).toEqual({ file, end: expect.stringMatching(/[^\n]\n$/) });
  }
});
