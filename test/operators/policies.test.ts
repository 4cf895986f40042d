import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT, type Overrides, REGION, templateOf } from '../helpers';

/** A call: the action, on what, and to which service a role is passed. */
type Call = readonly [action: string, resource: string, passedTo?: string];

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface PolicyDocument {
  readonly Version: string;
  readonly Statement: Statement[];
}

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

type Policies = Record<string, PolicyDocument>;

const TASKS = 'ecs-tasks.amazonaws.com';

const arn = (service: string, resource: string, { region = REGION, account = ACCOUNT } = {}) => `arn:aws:${service}:${region}:${account}:${resource}`;
const repository = (name: string, elsewhere = {}) => arn('ecr', `repository/${name}`, elsewhere);
const family = (name: string, elsewhere = {}) => arn('ecs', `task-definition/${name}:7`, elsewhere);
const service = (name: string, cluster = 'project-oky-ecs-cluster', elsewhere = {}) => arn('ecs', `service/${cluster}/${name}`, elsewhere);
const role = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`;
const parameter = (name: string) => arn('ssm', `parameter${name}`);

/** What the intrinsic functions stand for in a deployment. */
function resolve(value: unknown, resources: Record<string, Resource>): unknown {
  if (Array.isArray(value)) {
    return value.map(each => resolve(each, resources));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [[name, argument]] = Object.entries(value) as [string, unknown][];
  switch (name) {
    case 'Ref':
      return argument === 'AWS::Partition' ? 'aws' : attribute(resources[argument as string], 'Ref');
    case 'Fn::GetAtt': {
      const [id, attributeName] = argument as [string, string];
      return attribute(resources[id], attributeName);
    }
    case 'Fn::Join': {
      const [separator, parts] = resolve(argument, resources) as [string, string[]];
      return parts.join(separator);
    }
    default:
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner, resources)]));
  }
}

function attribute({ Type, Properties }: Resource, name: string): string {
  const known: Record<string, () => unknown> = {
    'AWS::ECR::Repository.Arn': () => repository(Properties.RepositoryName as string),
    'AWS::ECS::Cluster.Ref': () => Properties.ClusterName,
    'AWS::ECS::Service.Name': () => Properties.ServiceName,
    'AWS::IAM::Role.Arn': () => role(Properties.RoleName as string),
  };
  const found = known[`${Type}.${name}`];
  if (!found) {
    throw new Error(`what ${name} of ${Type} stands for is not known here`);
  }
  return found() as string;
}

/** The policies of the operators by the ends of their ids, and those of the role for GitHub. */
function policiesOf(overrides: Overrides = {}): { readonly made: Policies; readonly ofGithub?: Policies } {
  const { Resources: resources } = templateOf(overrides).toJSON() as { readonly Resources: Record<string, Resource> };
  const documentOf = (id: string) => {
    const { Version, Statement: statements } = resources[id].Properties.PolicyDocument as PolicyDocument;
    return { Version, Statement: statements.map(each => resolve(each, resources) as Statement) };
  };
  const ids = Object.keys(resources).filter(id => /^OkyOperators(ImageBuilder|ServiceUpdater)/.test(id));
  const named = (chosen: string[]) =>
    Object.fromEntries(chosen.map(id => [id.replace(/^OkyOperators|[0-9A-F]{8}$/g, ''), documentOf(id)]));
  const github = Object.entries(resources).find(([id]) => id.startsWith('OkyOperatorsGithubRole'))?.[1].Properties;
  return {
    made: named(ids),
    // An inline policy would be one more way to get rights.
    ofGithub: github && {
      ...named((github.ManagedPolicyArns as { Ref: string }[]).map(({ Ref }) => Ref)),
      ...(github.Policies as Policies | undefined),
    },
  };
}

/** Whether IAM would allow the call to somebody with these policies and nothing else. */
async function isAllowed(policies: Policies, [action, resource, passedTo]: Call): Promise<boolean> {
  const result = await runSimulation({
    request: {
      principal: `arn:aws:iam::${ACCOUNT}:user/operator`,
      action,
      resource: { resource, accountId: resource.split(':')[4] || ACCOUNT },
      contextVariables: passedTo ? { 'iam:PassedToService': passedTo } : {},
    },
    identityPolicies: Object.entries(policies).map(([name, policy]) => ({ name, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (result.resultType === 'error') {
    throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === 'Allowed';
}

async function allowedOf(policies: Policies, calls: readonly Call[]): Promise<readonly Call[]> {
  const answers = await Promise.all(calls.map(call => isAllowed(policies, call)));
  return calls.filter((_, index) => answers[index]);
}

function actionsOf(...documents: PolicyDocument[]): string[] {
  return documents.flatMap(({ Statement: statements }) => statements.flatMap(({ Action }) => Action)).sort();
}

const PUSH = ['ecr:BatchCheckLayerAvailability', 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'];
const UPDATE = ['ecs:UpdateService', 'ecs:DescribeServices'];
const NAMES = ['api', 'cms'] as const;

/** Who builds images could do this by hand: log in to the registry, and push to the two repositories. */
const BUILDER: readonly Call[] = [
  ['ecr:GetAuthorizationToken', '*'],
  ...NAMES.flatMap(name => PUSH.map(action => [action, repository(`project-oky/${name}`)] as const)),
];

/**
 * And who updates the services: read and register the two task definitions, roll the two services, pass the task roles. What was
 * forgotten by hand is here too: to pass the execution roles, and to ask how the services are.
 */
const UPDATER: readonly Call[] = [
  ['ecs:DescribeTaskDefinition', '*'],
  ...NAMES.flatMap<Call>(name => [
    ['ecs:RegisterTaskDefinition', family(`project-oky-ecs-${name}-task`)],
    ...UPDATE.map(action => [action, service(`project-oky-ecs-${name}-task-service`)] as const),
    ['iam:PassRole', role(`project-oky-ecs-${name}-task-role`), TASKS],
    ['iam:PassRole', role(`project-oky-ecs-${name}-execution-role`), TASKS],
  ]),
];

/** The right action, on something that is another's. */
const ELSEWHERE: readonly Call[] = [
  ...PUSH.flatMap(action => [
    repository('project-oky/worker'), repository('project-oky/api-2'), repository('api'),
    repository('project-oky/api', { account: '444455556666' }), repository('project-oky/api', { region: 'us-east-1' }),
  ].map(resource => [action, resource] as const)),
  ...UPDATE.flatMap(action => [
    service('project-oky-ecs-worker-task-service'), service('project-oky-ecs-api-task-service-2'), service('project-oky-ecs-api-task-service', 'another-cluster'),
    service('project-oky-ecs-api-task-service', undefined, { account: '444455556666' }),
    service('project-oky-ecs-api-task-service', undefined, { region: 'us-east-1' }),
  ].map(resource => [action, resource] as const)),
  ['ecs:RegisterTaskDefinition', family('project-oky-ecs-worker-task')],
  // That of the task for SQL, which logs in to the database as its master user.
  ['ecs:RegisterTaskDefinition', family('project-oky-ecs-sql-task')],
  ['ecs:RegisterTaskDefinition', family('project-oky-ecs-api-task', { account: '444455556666' })],
  ['iam:PassRole', role('project-oky-ecs-sql-execution-role'), TASKS],
  ['iam:PassRole', role('Administrator'), TASKS],
  ['iam:PassRole', role('project-oky-ecs-api-task-role', '444455556666'), TASKS],
  ...['ec2.amazonaws.com', 'lambda.amazonaws.com', 'ecs.amazonaws.com', undefined]
    .map(to => ['iam:PassRole', role('project-oky-ecs-api-task-role'), to] as const),
];

/** What would reach data, secrets or more rights, or would break what runs. */
const DANGEROUS: readonly Call[] = [
  ['ecr:BatchDeleteImage', repository('project-oky/api')],
  ['ecr:DeleteRepository', repository('project-oky/api')],
  ['ecr:PutImageTagMutability', repository('project-oky/api')],
  ['ecr:PutLifecyclePolicy', repository('project-oky/api')],
  ['ecr:SetRepositoryPolicy', repository('project-oky/api')],
  ['ecs:CreateService', service('project-oky-ecs-api-task-service')],
  ['ecs:DeleteService', service('project-oky-ecs-api-task-service')],
  ['ecs:DeleteCluster', arn('ecs', 'cluster/project-oky-ecs-cluster')],
  ['ecs:DeregisterTaskDefinition', '*'],
  ['ecs:ExecuteCommand', arn('ecs', 'task/project-oky-ecs-cluster/0123456789abcdef0123456789abcdef')],
  ['ecs:RunTask', family('project-oky-ecs-api-task')],
  ['ecs:StopTask', arn('ecs', 'task/project-oky-ecs-cluster/0123456789abcdef0123456789abcdef')],
  ['iam:AttachRolePolicy', role('project-oky-ecs-api-task-role')],
  ['iam:CreateAccessKey', `arn:aws:iam::${ACCOUNT}:user/operator`],
  ['iam:CreatePolicyVersion', `arn:aws:iam::${ACCOUNT}:policy/project-oky`],
  ['iam:CreateRole', role('project-oky-ecs-api-task-role')],
  ['iam:CreateUser', `arn:aws:iam::${ACCOUNT}:user/operator`],
  ['iam:PutRolePolicy', role('project-oky-ecs-api-task-role')],
  ['iam:UpdateAssumeRolePolicy', role('project-oky-ecs-api-task-role')],
  ['sts:AssumeRole', role('project-oky-ecs-api-task-role')],
  ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:OkyDatabaseSecret-AbCdEf')],
  ['kms:Decrypt', arn('kms', 'key/11111111-2222-3333-4444-555555555555')],
  ['kms:ScheduleKeyDeletion', arn('kms', 'key/11111111-2222-3333-4444-555555555555')],
  ['rds:DeleteDBCluster', arn('rds', 'cluster:oky')],
  ['rds:ModifyDBCluster', arn('rds', 'cluster:oky')],
  ['rds:CreateDBClusterSnapshot', arn('rds', 'cluster:oky')],
  ['rds-data:ExecuteStatement', arn('rds', 'cluster:oky')],
  ['s3:GetObject', 'arn:aws:s3:::oky-config/api.env'],
  ['s3:PutObject', 'arn:aws:s3:::oky-config/api.env'],
  ['logs:GetLogEvents', arn('logs', 'log-group:/ecs/project-oky-ecs-api-task:log-stream:api')],
  ['ssm:GetParameter', parameter('/oky/api/image-tag')],
  ['ssm:PutParameter', parameter('/oky/api/image-tag')],
  ['cloudformation:UpdateStack', arn('cloudformation', 'stack/OkyBackend/1')],
  ['cloudfront:UpdateDistribution', `arn:aws:cloudfront::${ACCOUNT}:distribution/E111122223333`],
];

describe('the operators\' policies, by default', () => {
  const { made } = policiesOf();
  const everything = [...BUILDER, ...UPDATER, ...ELSEWHERE, ...DANGEROUS];

  test('allow the image builder what the deployment by hand did, and nothing else of the list', async () => {
    expect(await allowedOf({ ImageBuilder: made.ImageBuilder }, everything)).toEqual(BUILDER);
  });

  test('allow the service updater what the deployment by hand did, and nothing else of the list', async () => {
    expect(await allowedOf({ ServiceUpdater: made.ServiceUpdater }, everything)).toEqual(UPDATER);
  });

  test('allow both together no more than each', async () => {
    expect(await allowedOf(made, everything)).toEqual([...BUILDER, ...UPDATER]);
  });

  test('have the actions of the deployment by hand and what waiting needs, each by its name', () => {
    expect(Object.keys(made).sort()).toEqual(['ImageBuilder', 'ServiceUpdater']);
    expect(actionsOf(made.ImageBuilder)).toEqual(['ecr:GetAuthorizationToken', ...PUSH].sort());
    // The addition is DescribeServices, with which `aws ecs wait services-stable` asks.
    expect(actionsOf(made.ServiceUpdater))
      .toEqual(['ecs:DescribeServices', 'ecs:DescribeTaskDefinition', 'ecs:RegisterTaskDefinition', 'ecs:UpdateService', 'iam:PassRole']);
  });
});

test.each([
  ['the repositories', 'ecr:PutImage', { Resource: '*' }, ['ecr:PutImage', repository('project-oky/worker')]],
  ['the services', 'ecs:UpdateService', { Resource: '*' }, ['ecs:UpdateService', service('project-oky-ecs-worker-task-service')]],
  ['the families', 'ecs:RegisterTaskDefinition', { Resource: arn('ecs', 'task-definition/*') }, ['ecs:RegisterTaskDefinition', family('project-oky-ecs-sql-task')]],
  ['the roles', 'iam:PassRole', { Resource: '*' }, ['iam:PassRole', role('Administrator'), TASKS]],
  ['the condition', 'iam:PassRole', { Condition: undefined }, ['iam:PassRole', role('project-oky-ecs-api-task-role'), 'ec2.amazonaws.com']],
  ['the actions', 'ecs:UpdateService', { Action: 'ecs:*' }, ['ecs:DeleteService', service('project-oky-ecs-api-task-service')]],
] as const)('without %s in the policy, a call is allowed that is denied with it', async (_, action, fault, call) => {
  const { made } = policiesOf();
  const broken = Object.fromEntries(Object.entries(made).map(([name, { Version, Statement: statements }]) => [name, {
    Version,
    Statement: statements.map(each => JSON.parse(JSON.stringify([each.Action].flat().includes(action) ? { ...each, ...fault } : each)) as Statement),
  }]));
  expect([await isAllowed(made, call), await isAllowed(broken, call)]).toEqual([false, true]);
});

test('the names of the deployment by hand: its repositories, and no others', async () => {
  const { made } = policiesOf({ api: { repositoryName: 'oky/api_en' }, cms: { repositoryName: 'oky/cms_en' } });
  const calls = ['oky/api_en', 'oky/cms_en', 'oky/worker_en', 'project-oky/api'].map(name => ['ecr:PutImage', repository(name)] as const);
  expect(await allowedOf(made, calls)).toEqual(calls.slice(0, 2));
});

test('parameters that hold the tags: these are read and written, no others, and none is deleted', async () => {
  const { made } = policiesOf({ api: { imageTagParameter: '/oky/api/image-tag' }, cms: { imageTagParameter: '/oky/cms/image-tag' } });
  const wanted = ['/oky/api/image-tag', '/oky/cms/image-tag'].flatMap(name => ['ssm:GetParameter', 'ssm:PutParameter'].map(action => [action, parameter(name)] as const));
  const others: readonly Call[] = [
    ['ssm:PutParameter', parameter('/oky/api/image-tag-2')], ['ssm:PutParameter', parameter('/another')], ['ssm:GetParameter', parameter('/oky')],
    ['ssm:DeleteParameter', parameter('/oky/api/image-tag')],
  ];
  expect(await allowedOf(made, [...wanted, ...others])).toEqual(wanted);
});

test('the role for GitHub has the two policies, and nothing of its own', async () => {
  const { made, ofGithub } = policiesOf({ operators: { githubRepository: 'oky-kenya/deployment' } });
  expect(ofGithub).toEqual(made);
  expect(await allowedOf(ofGithub!, [...BUILDER, ...UPDATER, ...ELSEWHERE, ...DANGEROUS])).toEqual([...BUILDER, ...UPDATER]);
});
