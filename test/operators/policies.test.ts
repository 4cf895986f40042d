import {
  allowedOf, arn, type Call, family, isAllowed, KEY, parameter, policiesOf, type PolicyDocument, repository, role, service, STACK, type Statement,
} from './simulated-policies';
import { ACCOUNT } from '../helpers';

const passedTo = (service_: string) => ({ 'iam:PassedToService': service_ });
const TASKS = passedTo('ecs-tasks.amazonaws.com');
const REGISTERED = { 'ecs:CreateAction': 'RegisterTaskDefinition' };

function actionsOf(...documents: PolicyDocument[]): string[] {
  return documents.flatMap(({ Statement: statements }) => statements.flatMap(({ Action }) => Action)).sort();
}

const PUSH = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'];
const UPDATE = ['ecs:UpdateService', 'ecs:DescribeServices'];
const NAMES = ['api', 'cms'] as const;

/** Both read the outputs, in which all names are. */
const OUTPUTS: Call = ['cloudformation:DescribeStacks', STACK];

/** Who builds images could do this by hand: log in to the registry, and push to the two repositories. */
const BUILDER: readonly Call[] = [
  ['ecr:GetAuthorizationToken', '*'],
  ...NAMES.flatMap(name => PUSH.map(action => [action, repository(`project-oky/${name}`)] as const)),
];

/**
 * And who updates the services: read and register the two task definitions, roll the two services, pass the task roles. What was
 * forgotten by hand is here too: to pass the execution roles, to keep the tags, and to ask how the services are.
 */
const UPDATER: readonly Call[] = [
  ['ecs:DescribeTaskDefinition', '*'],
  ...NAMES.flatMap<Call>(name => [
    ['ecs:RegisterTaskDefinition', family(`project-oky-ecs-${name}-task`, '*')],
    ['ecs:TagResource', family(`project-oky-ecs-${name}-task`, '*'), REGISTERED],
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
  ['ecs:RegisterTaskDefinition', family('project-oky-ecs-api-task', '7', { account: '444455556666' })],
  ['ecs:TagResource', family('project-oky-ecs-worker-task'), REGISTERED],
  ['ecs:TagResource', family('project-oky-ecs-api-task')],
  ['ecs:TagResource', service('project-oky-ecs-api-task-service'), { 'ecs:CreateAction': 'CreateService' }],
  ['cloudformation:DescribeStacks', arn('cloudformation', 'stack/Another/1')],
  ['iam:PassRole', role('project-oky-ecs-sql-execution-role'), TASKS],
  ['iam:PassRole', role('Administrator'), TASKS],
  ['iam:PassRole', role('project-oky-ecs-api-task-role', '444455556666'), TASKS],
  ...['ec2.amazonaws.com', 'lambda.amazonaws.com', 'ecs.amazonaws.com', undefined]
    .map(to => ['iam:PassRole', role('project-oky-ecs-api-task-role'), to === undefined ? {} : passedTo(to)] as const),
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
  const everything = [OUTPUTS, ...BUILDER, ...UPDATER, ...ELSEWHERE, ...DANGEROUS];

  test('allow the image builder what the deployment by hand did, and nothing else of the list', async () => {
    expect(await allowedOf({ ImageBuilder: made.ImageBuilder }, everything)).toEqual([OUTPUTS, ...BUILDER]);
  });

  test('allow the service updater what the deployment by hand did, and nothing else of the list', async () => {
    expect(await allowedOf({ ServiceUpdater: made.ServiceUpdater }, everything)).toEqual([OUTPUTS, ...UPDATER]);
  });

  test('allow both together no more than each', async () => {
    expect(await allowedOf(made, everything)).toEqual([OUTPUTS, ...BUILDER, ...UPDATER]);
  });

  test('have the actions of the deployment by hand and what waiting needs, each by its name', () => {
    expect(Object.keys(made).sort()).toEqual(['ImageBuilder', 'ServiceUpdater']);
    expect(actionsOf(made.ImageBuilder)).toEqual(['cloudformation:DescribeStacks', 'ecr:GetAuthorizationToken', ...PUSH].sort());
    // The additions: `aws ecs wait services-stable` asks with DescribeServices, a stack with tags has tagged task definitions, and names are in outputs.
    expect(actionsOf(made.ServiceUpdater)).toEqual([
      'cloudformation:DescribeStacks', 'ecs:DescribeServices', 'ecs:DescribeTaskDefinition', 'ecs:RegisterTaskDefinition', 'ecs:TagResource',
      'ecs:UpdateService', 'iam:PassRole',
    ]);
  });
});

describe('the policy of the schema updater', () => {
  const { made } = policiesOf({ database: { sqlTask: true } });
  const CLUSTER = { 'ecs:cluster': arn('ecs', 'cluster/project-oky-ecs-cluster') };
  const task = (cluster: string) => arn('ecs', `task/${cluster}/0123456789abcdef0123456789abcdef`);
  const stream = (group: string) => arn('logs', `log-group:${group}:log-stream:sql/sql/0123`);
  const snapshot = (name: string) => arn('rds', `cluster-snapshot:${name}`);
  const files = ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'] as const;
  const allowed: readonly Call[] = [
    OUTPUTS,
    ...['api', 'sql'].flatMap<Call>(name => [
      ['ecs:RunTask', family(`project-oky-ecs-${name}-task`), CLUSTER],
      ['iam:PassRole', role(`project-oky-ecs-${name}-execution-role`), TASKS],
    ]),
    ['ecs:DescribeTasks', task('project-oky-ecs-cluster'), CLUSTER],
    ['ecs:DescribeServices', service('project-oky-ecs-api-task-service')],
    ['ecs:DescribeTaskDefinition', '*'],
    ['logs:GetLogEvents', stream('/ecs/project-oky-ecs-api-task')],
    ...files.map<Call>(action => [action, 'arn:aws:s3:::oky-config/sql/2026-11-28-0a1b.sql']),
    ...['cluster:oky', 'cluster-snapshot:oky-before-release-20261128t060452'].map<Call>(on => ['rds:CreateDBClusterSnapshot', arn('rds', on)]),
    ['rds:DescribeDBClusterSnapshots', snapshot('oky-before-release-20261128t060452')],
    ...NAMES.flatMap(name => ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].map<Call>(action => [action, repository(`project-oky/${name}`)])),
  ];
  const denied: readonly Call[] = [
    ['ecs:RunTask', family('project-oky-ecs-cms-task'), CLUSTER],
    ['ecs:RunTask', family('another-task'), CLUSTER],
    ['ecs:RunTask', family('project-oky-ecs-sql-task'), { 'ecs:cluster': arn('ecs', 'cluster/another') }],
    ['ecs:DescribeTasks', task('another'), { 'ecs:cluster': arn('ecs', 'cluster/another') }],
    ['ecs:RegisterTaskDefinition', family('project-oky-ecs-sql-task')],
    ['ecs:UpdateService', service('project-oky-ecs-api-task-service')],
    ['ecs:ExecuteCommand', task('project-oky-ecs-cluster'), CLUSTER],
    ['iam:PassRole', role('Administrator'), TASKS],
    ['iam:PassRole', role('project-oky-ecs-sql-execution-role'), passedTo('ec2.amazonaws.com')],
    ['logs:GetLogEvents', stream('/ecs/project-oky-ecs-cms-task')],
    ...files.map<Call>(action => [action, 'arn:aws:s3:::oky-config/api.env']),
    ['kms:Decrypt', KEY],
    ['kms:Decrypt', KEY, { 'kms:ViaService': 'secretsmanager.eu-west-2.amazonaws.com' }],
    ['rds:CreateDBClusterSnapshot', arn('rds', 'cluster:another')],
    ['rds:DeleteDBClusterSnapshot', snapshot('oky-before-release-20261128t060452')],
    ['rds:ModifyDBCluster', arn('rds', 'cluster:oky')],
    ['rds-data:ExecuteStatement', arn('rds', 'cluster:oky')],
    ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:OkyDatabaseSecret-AbCdEf')],
    ['ecr:GetDownloadUrlForLayer', repository('project-oky/worker')],
    ['ecr:PutImage', repository('project-oky/api')],
  ];

  test('allows what the commands database and release do, and nothing else of the list', async () => {
    expect(await allowedOf({ SchemaUpdater: made.SchemaUpdater }, [...allowed, ...denied])).toEqual(allowed);
  });

  test('has no action that the list does not have', () => {
    const key = ['kms:Decrypt', 'kms:GenerateDataKey'];
    expect([...new Set(actionsOf(made.SchemaUpdater))]).toEqual([...new Set([...allowed.map(([action]) => action), ...key])].sort());
  });

  // The simulation allows no use of a key without its policy, which leaves it to IAM.
  test('allows to use the key of the bucket through S3 alone', () => {
    expect(made.SchemaUpdater.Statement.filter(({ Action }) => JSON.stringify(Action).includes('kms:'))).toEqual([{
      Sid: 'AllowSqlFilesKey',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: KEY,
      Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-2.amazonaws.com' } },
    }]);
  });

  test('is not there without the SQL task, and not the workflows\' unless it is asked for', () => {
    expect(policiesOf().made).not.toHaveProperty('SchemaUpdater');
    const github = (operators: object) => Object.keys(policiesOf({ database: { sqlTask: true }, operators: { githubRepository: 'a/b', ...operators } }).ofGithub!);
    expect([github({}), github({ githubSchemaUpdates: true })]).toEqual([['ImageBuilder', 'ServiceUpdater'], ['ImageBuilder', 'ServiceUpdater', 'SchemaUpdater']]);
  });
});

test.each([
  ['the repositories', 'ecr:PutImage', { Resource: '*' }, ['ecr:PutImage', repository('project-oky/worker')]],
  ['the services', 'ecs:UpdateService', { Resource: '*' }, ['ecs:UpdateService', service('project-oky-ecs-worker-task-service')]],
  ['the families', 'ecs:RegisterTaskDefinition', { Resource: arn('ecs', 'task-definition/*') }, ['ecs:RegisterTaskDefinition', family('project-oky-ecs-sql-task')]],
  ['the roles', 'iam:PassRole', { Resource: '*' }, ['iam:PassRole', role('Administrator'), TASKS]],
  ['the condition', 'iam:PassRole', { Condition: undefined }, ['iam:PassRole', role('project-oky-ecs-api-task-role'), passedTo('ec2.amazonaws.com')]],
  ['the moment', 'ecs:TagResource', { Condition: undefined }, ['ecs:TagResource', family('project-oky-ecs-api-task')]],
  ['the actions', 'ecs:UpdateService', { Action: 'ecs:*' }, ['ecs:DeleteService', service('project-oky-ecs-api-task-service')]],
] as const)('without %s in the policy, a call is allowed that is denied with it', async (_, action, fault, call) => {
  const { made } = policiesOf();
  const broken = Object.fromEntries(Object.entries(made).map(([name, { Version, Statement: statements }]) => [name, {
    Version,
    Statement: statements.map(each => JSON.parse(JSON.stringify([each.Action].flat().includes(action) ? { ...each, ...fault } : each)) as Statement),
  }]));
  expect([await isAllowed(made, call), await isAllowed(broken, call)]).toEqual([false, true]);
});

test('tags are allowed with a revision, as the service authorization reference has it, and without one, as ECS has asked for it', () => {
  // https://github.com/aws/aws-cdk/issues/25768. The simulator refuses to evaluate an ARN that the reference does not have.
  const [tags] = policiesOf().made.ServiceUpdater.Statement.filter(({ Action }) => Action === 'ecs:TagResource');
  const families = ['project-oky-ecs-api-task', 'project-oky-ecs-cms-task'].map(name => arn('ecs', `task-definition/${name}`));
  expect(tags.Resource).toEqual([...families, ...families.map(each => `${each}:*`)]);
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
  expect(await allowedOf(ofGithub!, [OUTPUTS, ...BUILDER, ...UPDATER, ...ELSEWHERE, ...DANGEROUS])).toEqual([OUTPUTS, ...BUILDER, ...UPDATER]);
});

/** Outside facts, T11: what an update of a service can do besides exchanging its image. */
describe('an update of a service', () => {
  const api = service('project-oky-ecs-api-task-service');
  const mine = family('project-oky-ecs-api-task');
  const update = (keys: Record<string, string | string[]>): Call => ['ecs:UpdateService', api, keys];
  const { made } = policiesOf();

  test.each<[string, Record<string, string | string[]>]>([
    ['nothing but itself', {}],
    ['another revision', { 'ecs:task-definition': mine }],
    ['the network that the service has', { 'ecs:auto-assign-public-ip': 'false', 'ecs:subnet': ['subnet-10.0.96.0/20'], 'ecs:enable-execute-command': 'false' }],
  ])('may ask for %s', async (_, keys) => {
    const subnets = JSON.stringify(made).match(/subnet-[\d./]+/g)!;
    const asked = 'ecs:subnet' in keys ? { ...keys, 'ecs:subnet': [subnets[0]] } : keys;
    expect(await isAllowed(made, update(asked))).toBe(true);
  });

  test.each<[string, Record<string, string | string[]>]>([
    ['a public address', { 'ecs:auto-assign-public-ip': 'true' }],
    ['another subnet', { 'ecs:subnet': ['subnet-of-the-attacker'] }],
    ['a shell', { 'ecs:enable-execute-command': 'true' }],
    ['another task definition', { 'ecs:task-definition': family('of-the-attacker') }],
  ])('may not ask for %s', async (_, keys) => {
    expect(await isAllowed(made, update(keys))).toBe(false);
  });

  test('may ask for a shell where the deployment has one', async () => {
    expect(await isAllowed(policiesOf({ api: { enableExecuteCommand: true } }).made, update({ 'ecs:enable-execute-command': 'true' }))).toBe(true);
  });
});
