import type { Session } from '../database/sql-task';
import { at } from '../doctor/template';

/** Milliseconds between two looks at a service. */
const LOOK = 10_000;
/** Longer than ECS takes to give up an image that does not start: docs/releases.md. */
const LOOKS = 180;
/** What ECS says of a revision, and does not take for a new one. */
const READ_ONLY = ['taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'compatibilities', 'registeredAt', 'registeredBy', 'deregisteredAt'];

/** One of the two services, as it runs at the moment. */
export interface RunningService {
  readonly name: 'api' | 'cms';
  readonly service: string;
  /** The parameter that holds the tag of its image. */
  readonly parameter: string;
  readonly repositoryUri: string;
  /** The revision that it runs. */
  readonly revision: string;
  readonly definition: TaskDefinition;
  readonly tags: readonly unknown[];
}

export interface TaskDefinition {
  readonly family: string;
  readonly runtimePlatform?: { readonly cpuArchitecture?: string };
  readonly containerDefinitions: { readonly name: string; readonly image: string; readonly command?: string[] }[];
}

interface Described {
  readonly taskDefinition: string;
  readonly deployments: {
    readonly status: string;
    readonly taskDefinition: string;
    readonly rolloutState?: string;
    readonly rolloutStateReason?: string;
  }[];
}

/** Reads both services. Throws if one of them is in the middle of a deployment. */
export async function readServices(session: Session): Promise<RunningService[]> {
  return Promise.all((['api', 'cms'] as const).map(async name => {
    const { aws, region, stack } = session;
    const output = name === 'api' ? 'Api' : 'Cms';
    const parameter = stack.get(`${output}ImageTagParameter`,
      `set ${name}.imageTagParameter and deploy: without it, the next deployment with CDK goes back to ${name}.imageTag`);
    const service = stack.get(`${output}ServiceName`);
    const { taskDefinition: revision, deployments } = await describe(session, service);
    if (deployments.length !== 1 || deployments[0].rolloutState !== 'COMPLETED') {
      throw new Error(`a deployment of the ${name} is under way: wait until it has ended, then run this again. Nothing was changed`);
    }
    const { taskDefinition: definition, tags = [] } = await aws.call<{ readonly taskDefinition: TaskDefinition; readonly tags?: unknown[] }>(
      'ecs', 'describe-task-definition', ['--task-definition', revision, '--include', 'TAGS'], region);
    return { name, service, parameter, repositoryUri: stack.get(`${output}RepositoryUri`), revision, definition, tags };
  }));
}

/** Registers a revision that differs in its image alone, and gives its ARN. */
export async function registerImage({ aws, region }: Session, { name, definition, tags }: RunningService, image: string): Promise<string> {
  const kept = Object.fromEntries(Object.entries(definition).filter(([key]) => !READ_ONLY.includes(key)));
  const containerDefinitions = definition.containerDefinitions.map(container => container.name === name ? { ...container, image } : container);
  const { taskDefinition } = await aws.send<{ readonly taskDefinition: { readonly taskDefinitionArn: string } }>('ecs', 'register-task-definition',
    ['--cli-input-json', JSON.stringify({ ...kept, containerDefinitions, ...(tags.length > 0 ? { tags } : {}) })], region);
  return taskDefinition.taskDefinitionArn;
}

/** Has the service run the revision, and waits until it does. */
export async function updateService(session: Session, { name, service }: Pick<RunningService, 'name' | 'service'>, revision: string): Promise<void> {
  const { aws, region, stack, wait } = session;
  await aws.send('ecs', 'update-service', ['--cluster', stack.get('ClusterName'), '--service', service, '--task-definition', revision], region);
  for (let look = 0; look < LOOKS; look++) {
    const { deployments } = await describe(session, service);
    const primary = deployments.find(({ status }) => status === 'PRIMARY');
    const own = deployments.find(({ taskDefinition }) => taskDefinition === revision);
    // The circuit breaker makes the former revision the primary one again.
    if (primary?.taskDefinition !== revision || own?.rolloutState === 'FAILED') {
      throw new Error(`the ${name} did not start with the new image: ${own?.rolloutStateReason ?? 'ECS went back to the former one'}; its log says why`);
    }
    if (primary.rolloutState === 'COMPLETED') {
      return;
    }
    await wait(LOOK);
  }
  throw new Error(`the ${name} was not stable after ${LOOK * LOOKS / 60_000} minutes`);
}

async function describe({ aws, region, stack }: Session, service: string): Promise<Described> {
  const { services: [found] } = await aws.send<{ readonly services: Described[] }>(
    'ecs', 'describe-services', ['--cluster', stack.get('ClusterName'), '--services', service], region);
  if (!found || at(found, 'status') === 'INACTIVE') {
    throw new Error(`ECS has no service ${service}`);
  }
  return found;
}
