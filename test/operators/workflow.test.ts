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
  readonly strategy: { readonly matrix: { readonly include: Record<string, string>[] } };
  readonly env: Record<string, string>;
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
  'aws-actions/amazon-ecs-render-task-definition': ['ecs:DescribeTaskDefinition'],
  // The former step reads the tags of the task definition too, and this one registers it with them.
  'aws-actions/amazon-ecs-deploy-task-definition': ['ecs:RegisterTaskDefinition', 'ecs:TagResource', 'iam:PassRole', 'ecs:UpdateService', 'ecs:DescribeServices'],
};
const PUSH = [
  'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart',
];

const workflow = parse(SOURCE) as Workflow;
const { release } = workflow.jobs;
const template = templateOf({
  operators: { githubRepository: 'oky-kenya/deployment' },
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
  return [...calls, ...(/\bdocker push\b/.test(run) ? PUSH : [])];
}

describe('the workflow for releases', () => {
  test('asks AWS for nothing that the role of the deployment may not do, and for all of it somewhere', () => {
    const asked = release.steps.flatMap(step => [...(step.uses === undefined ? [] : ASKED[nameOf(step.uses)]), ...askedByCommands(step)]);
    expect(asked.filter(action => !allowed().includes(action))).toEqual([]);
    // To read the outputs and the parameter is for people, who look what runs.
    expect([...new Set(allowed().filter(action => !asked.includes(action)))].sort()).toEqual(['cloudformation:DescribeStacks', 'ssm:GetParameter']);
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

  test('writes down the tag after the service is stable, and no sooner', () => {
    const index = (find: (step: Step) => boolean) => release.steps.findIndex(find);
    const [push, deploy, put] = [
      index(({ run }) => /docker push/.test(run ?? '')), index(({ uses }) => /deploy-task-definition/.test(uses ?? '')), index(({ run }) => /put-parameter/.test(run ?? '')),
    ];
    expect([0 < push, push < deploy, deploy < put, release.steps[deploy].with!['wait-for-service-stability']]).toEqual([true, true, true, true]);
  });

  test('releases the digest that was pushed, not a tag', () => {
    const push = release.steps.find(({ run }) => /docker push/.test(run ?? ''))!;
    expect(push).toMatchObject({ id: 'push', run: expect.stringContaining('{{ index .RepoDigests 0 }}') });
    expect(release.steps.find(({ uses }) => /render-task-definition/.test(uses ?? ''))!.with!.image).toBe('${{ steps.push.outputs.image }}');
  });

  test('names task definitions, containers and outputs that there are', () => {
    const families = Object.values(template.findResources('AWS::ECS::TaskDefinition')).map(({ Properties }) => [Properties.Family, Properties.ContainerDefinitions[0].Name]);
    const { with: options } = release.steps.find(({ uses }) => /render-task-definition/.test(uses ?? ''))!;
    const named = release.strategy.matrix.include.map(({ service }) =>
      [options!['task-definition-family'], options!['container-name']].map(text => String(text).replace('${{ matrix.service }}', service)));
    expect(named).toEqual(families);
    const outputs = Object.keys(template.findOutputs('*'));
    const asked = [...SOURCE.matchAll(/# output (\w+)/g)].map(([, name]) => name);
    expect(asked).toHaveLength(8);
    expect(asked.filter(name => !outputs.includes(name))).toEqual([]);
  });

  test('puts what somebody types into no command', () => {
    const commands = release.steps.flatMap(({ run }) => run ?? []);
    expect(commands.filter(command => command.includes('${{'))).toEqual([]);
    const variables = { ...workflow.env, ...release.env, GITHUB_OUTPUT: 'of the runner' };
    const used = commands.flatMap(command => [...command.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name));
    expect(used.filter(name => !(name in variables))).toEqual([]);
    commands.forEach(command => expect(() => execFileSync('bash', ['-n'], { input: command, stdio: 'pipe' })).not.toThrow());
  });

  test('reads the inputs that it declares', () => {
    const read = [...SOURCE.matchAll(/\$\{\{ inputs\.(\w+) \}\}/g)].map(([, name]) => name);
    expect([...new Set(read)].sort()).toEqual(Object.keys(workflow.on.workflow_dispatch.inputs).sort());
  });
});
