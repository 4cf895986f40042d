import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';
import { templateOf } from '../helpers';

const FOLDER = path.join(__dirname, '..', '..', 'examples', 'github-workflow');
const SOURCE = fs.readFileSync(path.join(FOLDER, 'release.yml'), 'utf8');

interface Step {
  readonly name: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, string | number | boolean>;
}

interface Job {
  readonly steps: Step[];
}

interface Workflow {
  readonly on: { readonly workflow_dispatch: { readonly inputs: Record<string, object> } };
  readonly permissions: Record<string, string>;
  readonly env: Record<string, string>;
  readonly jobs: Record<string, Job>;
}

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** What each action asks of AWS, by its README and its source. Pushing is what Docker does after the log-in. */
const ASKED: Record<string, string[]> = {
  'actions/checkout': [],
  'aws-actions/configure-aws-credentials': [],
  'aws-actions/amazon-ecr-login': ['ecr:GetAuthorizationToken'],
};
/** What our own command asks, in the order of a release. The tags of the task definition are registered with it. */
const RELEASE = [
  'cloudformation:DescribeStacks', 'ecs:DescribeServices', 'ecs:DescribeTaskDefinition', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer',
  's3:PutObject', 'kms:GenerateDataKey', 's3:GetObject', 'kms:Decrypt', 'ecs:RunTask', 'iam:PassRole', 'ecs:DescribeTasks', 'logs:GetLogEvents', 's3:DeleteObject',
  'rds:CreateDBClusterSnapshot', 'rds:DescribeDBClusterSnapshots', 'ecs:RegisterTaskDefinition', 'ecs:TagResource', 'ecs:UpdateService', 'ssm:PutParameter',
];
const PUSH = [
  'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart',
];

const workflow = parse(SOURCE) as Workflow;
const { release } = workflow.jobs;
const template = templateOf({
  operators: { githubRepository: 'oky-kenya/deployment', githubSchemaUpdates: true },
  database: { sqlTask: true },
  api: { imageTagParameter: '/oky/api/image-tag' },
  cms: { imageTagParameter: '/oky/cms/image-tag' },
});

/** An action without the commit that it is pinned to: test/repository/workflows.test.ts. */
function nameOf(action: string): string {
  return action.split('@')[0];
}

/** What the policies of the workflow's role allow. */
function allowed(): string[] {
  const [role] = Object.values(template.findResources('AWS::IAM::Role')).filter(({ Properties }) => JSON.stringify(Properties).includes('token.actions.githubusercontent.com'));
  const attached = (role.Properties.ManagedPolicyArns as { Ref: string }[]).map(({ Ref }) => Ref);
  const policies = Object.entries(template.findResources('AWS::IAM::ManagedPolicy')).filter(([id]) => attached.includes(id));
  return policies.flatMap(([, { Properties }]) => (Properties.PolicyDocument.Statement as Statement[]).flatMap(({ Action }) => Action));
}

/** What the commands of a step ask of AWS. */
function askedByCommands({ run = '' }: Step): string[] {
  const calls = [...run.matchAll(/\baws (\w+) ([a-z-]+)/g)]
    .map(([, service, command]) => `${service}:${command.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`);
  return [...calls, ...(/\bdocker push\b/.test(run) ? PUSH : []), ...(/\bcdk-oky-backend release\b/.test(run) ? RELEASE : [])];
}

describe('the workflow for releases', () => {
  test('asks AWS for nothing that the role of the deployment may not do, and for all of it somewhere', () => {
    const asked = release.steps.flatMap(step => [...(step.uses === undefined ? [] : ASKED[nameOf(step.uses)]), ...askedByCommands(step)]);
    expect(asked.filter(action => !allowed().includes(action))).toEqual([]);
    // To read the parameter is for people, who look what runs.
    expect([...new Set(allowed().filter(action => !asked.includes(action)))].sort()).toEqual(['ssm:GetParameter']);
  });

  test('uses public actions that are known here', () => {
    const used = release.steps.flatMap(({ uses }) => uses === undefined ? [] : nameOf(uses));
    expect(used.filter(action => !(action in ASKED))).toEqual([]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(ASKED).sort());
  });

  test('proves who it is by OpenID Connect and holds no key', () => {
    expect(workflow.permissions).toEqual({ 'contents': 'read', 'id-token': 'write' });
    expect(SOURCE).not.toMatch(/secrets\.|access-key|AKIA/);
  });

  const index = (text: string) => release.steps.findIndex(({ run, uses }) => `${run}${uses}`.includes(text));

  test('builds for production, the base first, with the common part of the country in its place', () => {
    const [oky, common] = release.steps.filter(({ with: options }) => options?.path !== undefined).map(({ with: options }) => options!);
    expect([oky, common]).toMatchObject([
      { repository: 'Oky-period-tracker/periodtracker', ref: '${{ inputs.ref }}', path: 'oky' },
      { repository: '${{ inputs.common-repository }}', ref: '${{ inputs.common-ref }}', path: 'oky/packages/core/src/common' },
    ]);
    expect(release.steps[index('docker build')].run!.trim().split('\n')).toEqual([
      'docker build --tag oky/base oky',
      'docker build --target production --tag "$API_IMAGE" oky/packages/api',
      'docker build --target production --tag "$CMS_IMAGE" oky/packages/cms',
    ]);
    expect(workflow.env.DOCKER_DEFAULT_PLATFORM).toBe('linux/amd64');
  });

  test('releases after both images are pushed, by the command, which does the rest', () => {
    const order = ['docker build', 'npm ci', 'configure-aws-credentials', 'docker push', 'cdk-oky-backend release'].map(index);
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(order).not.toContain(-1);
    expect(order.at(-1)).toBe(release.steps.length - 1);
  });

  test.each([['', 'cdk-oky-backend release --stack OkyBackend --tag 2026_04 --sql oky/sql\n'], ['b.sql', 'cdk-oky-backend release --stack OkyBackend --tag 2026_04 --sql oky/sql --baseline b.sql\n']])(
    'calls the command with the baseline \'%s\' as %s', (baseline, expected) => {
      const env = { PATH: process.env.PATH, STACK: workflow.env.STACK, TAG: '2026_04', BASELINE: baseline };
      const run = `npx() { [ "$1" = --no-install ] && shift && echo "$@"; }\n${release.steps.at(-1)!.run}`;
      expect(execFileSync('bash', ['-eu', '-c', run], { env, encoding: 'utf8' })).toBe(expected);
    });

  test('names outputs that there are', () => {
    const outputs = Object.keys(template.findOutputs('*'));
    const asked = [...SOURCE.matchAll(/# output (\w+)/g)].map(([, name]) => name);
    expect(asked).toEqual(['OkyApiRepositoryUri', 'OkyCmsRepositoryUri', 'OkyGithubRoleArn']);
    expect(asked.filter(name => !outputs.includes(name))).toEqual([]);
  });

  test('puts what somebody types into no command', () => {
    const commands = release.steps.flatMap(({ run }) => run ?? []);
    expect(commands.filter(command => command.includes('${{'))).toEqual([]);
    const variables = workflow.env;
    const used = commands.flatMap(command => [...command.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name));
    expect(used.filter(name => !(name in variables))).toEqual([]);
    commands.forEach(command => expect(() => execFileSync('bash', ['-n'], { input: command, stdio: 'pipe' })).not.toThrow());
  });

  test('reads the inputs that it declares', () => {
    const read = [...SOURCE.matchAll(/\$\{\{ inputs\.([\w-]+) \}\}/g)].map(([, name]) => name);
    expect([...new Set(read)].sort()).toEqual(Object.keys(workflow.on.workflow_dispatch.inputs).sort());
  });
});
