/** Every command of a document is allowed by the policy that the document names, and each action of the policies is there for a command. */
import { blocksOf, type Command, commandsOf, documents } from './commands';
import { actionsOf, callsOf } from './permissions';
import { ACCOUNT, REGION, templateOf } from '../helpers';
import { allowedOf, policiesOf, type Policies, resolve, type Resource, role, service } from '../operators/simulated-policies';

const OPTIONS = { api: { imageTagParameter: '/oky/api/image-tag' }, cms: { imageTagParameter: '/oky/cms/image-tag' } };
const TASK_DEFINITION = {
  taskDefinition: {
    family: 'project-oky-ecs-api-task',
    revision: 7,
    taskRoleArn: role('project-oky-ecs-api-task-role'),
    executionRoleArn: role('project-oky-ecs-api-execution-role'),
    containerDefinitions: [{ name: 'api', image: 'former' }],
  },
  // Of a stack with tags.
  tags: [{ key: 'team', value: 'oky' }],
};
const revision = (number: number) => `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/project-oky-ecs-api-task:${number}`;
const ANSWERS = [
  { to: '*describe-services*taskDefinition*', prints: revision(7) },
  { to: '*describe-task-definition*', prints: JSON.stringify(TASK_DEFINITION) },
  { to: '*register-task-definition*', prints: revision(8) },
  { to: '*get-parameter*', prints: '2025_04' },
];

/** The outputs of the stack, as far as they are known before it is deployed. */
function outputs(): Record<string, string> {
  const { Resources, Outputs } = templateOf(OPTIONS).toJSON() as { Resources: Record<string, Resource>; Outputs: Record<string, { Value: unknown }> };
  return Object.fromEntries(Object.entries(Outputs).flatMap(([name, { Value }]) => {
    try {
      return [[name, String(resolve(Value, Resources))]];
    } catch {
      return [];
    }
  }));
}

const NAMING = documents().filter(document => blocksOf(document).some(({ role: named }) => named !== 'administrator'));
const known = outputs();
const commands = NAMING.flatMap(document => commandsOf(document, known, ANSWERS)).filter(({ role: named }) => named !== 'administrator');
const policies = policiesOf(OPTIONS).made;

/** The calls of the commands that the policies do not allow to who has the one that is named, and nothing else. */
async function denied(all: Policies): Promise<string[]> {
  const found = await Promise.all(commands.map(async command => {
    const calls = await callsOf(command);
    const allowed = await allowedOf({ [command.role]: all[command.role] }, calls);
    return calls.filter(call => !allowed.includes(call)).map(([action, resource]) => `${shown(command)}: ${action} on ${resource}`);
  }));
  return found.flat();
}

function shown({ role: named, program, words }: Command): string {
  return `${named}: ${program} ${words.slice(0, program === 'aws' ? 2 : 1).join(' ')}`;
}

/** The policies without an action of one of them. */
function without(name: string, action: string): Policies {
  const { Version, Statement: statements } = policies[name];
  const left = statements.map(each => ({ ...each, Action: [each.Action].flat().filter(one => one !== action) }))
    .filter(({ Action }) => Action.length > 0);
  return { ...policies, [name]: { Version, Statement: left } };
}

test('documents name both policies, with commands for each', () => {
  expect(NAMING).toContain('docs/runbooks/release.md');
  expect(new Set(commands.map(({ role: named }) => named))).toEqual(new Set(['ImageBuilder', 'ServiceUpdater']));
});

test('every command of a document is allowed by the policy that the document names', async () => {
  expect(await denied(policies)).toEqual([]);
});

const ACTIONS = Object.entries(policies).flatMap(([name, { Statement: statements }]) =>
  statements.flatMap(({ Action }) => Action).map(action => [name, action] as const));

test.each(ACTIONS)('without %s %s a command is denied, and nothing else is', async (name, action) => {
  const found = await denied(without(name, action));
  expect(found).not.toEqual([]);
  expect(found.filter(each => !each.startsWith(`${name}: `) || !each.includes(`: ${action} on `))).toEqual([]);
});

test('a policy for other services denies the commands', async () => {
  const elsewhere = JSON.parse(JSON.stringify(policies).replaceAll('project-oky-ecs-api-task-service', 'another-service')) as Policies;
  expect(await denied(elsewhere)).toContain(`ServiceUpdater: aws ecs update-service: ecs:UpdateService on ${service('project-oky-ecs-api-task-service')}`);
});

describe('every command of the AWS command line in a document', () => {
  const called = documents().flatMap(document => blocksOf(document))
    .flatMap(({ code }) => [...code.matchAll(/\baws ([a-z0-9-]+) ([a-z0-9-]+)(?: ([a-z-]+))?/g)])
    .map(([, ...words]) => words.filter(word => word !== undefined));

  test('has its actions in the service authorization reference', async () => {
    const actions = await Promise.all(called.map(actionsOf));
    expect(new Set(actions.flat()).size).toBeGreaterThan(50);
  });

  test('is refused if there is no such operation', async () => {
    await expect(actionsOf(['ecs', 'update-servcie'])).rejects.toThrow('aws ecs update-servcie: the service authorization reference has no action ecs:UpdateServcie');
  });
});
