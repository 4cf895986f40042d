import { type Aws, AwsError } from '../doctor/aws';

/** Waits, and can be replaced in a test. */
export type Sleep = (milliseconds: number) => Promise<void>;

export const sleep: Sleep = async milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/** A task that is started once. */
export interface OneOffTask {
  readonly cluster: string;
  /** The ARN of a revision, or a family for its newest one. */
  readonly taskDefinition: string;
  /** The service in whose subnets and security groups the task runs. */
  readonly service: string;
  /** What the task changes of the task definition's only container. */
  readonly override: { readonly command?: readonly string[]; readonly environment?: readonly { readonly name: string; readonly value: string }[] };
}

/** How a task ended. */
export interface TaskEnd {
  /** Undefined if the container never started. */
  readonly exitCode?: number;
  /** Why ECS stopped the task. */
  readonly reason: string;
  /** What the container wrote to its log. */
  readonly lines: readonly string[];
}

interface TaskDefinition {
  readonly containerDefinitions: { readonly name: string; readonly logConfiguration?: { readonly options?: Readonly<Record<string, string>> } }[];
}

interface Tasks {
  readonly tasks: {
    readonly taskArn: string;
    readonly lastStatus: string;
    readonly stoppedReason?: string;
    readonly containers?: { readonly exitCode?: number; readonly reason?: string }[];
  }[];
  readonly failures?: { readonly reason?: string }[];
}

/** Milliseconds between two looks at a task. */
const LOOK = 5000;
/** After the end of a task, its last lines take some seconds until they can be read. */
const LOOKS_AT_LOG = 6;

/** Runs tasks to their end, through the AWS command line. */
export class TaskRunner {
  constructor(private readonly aws: Aws, private readonly region: string | undefined, private readonly wait: Sleep) {}

  /** `isLast` recognises the last line that the container writes. */
  public async run({ cluster, taskDefinition, service, override }: OneOffTask, isLast: (line: string) => boolean): Promise<TaskEnd> {
    const { services: [{ networkConfiguration }] } = await this.aws.call<{ readonly services: { readonly networkConfiguration: object }[] }>(
      'ecs', 'describe-services', ['--cluster', cluster, '--services', service], this.region);
    const { taskDefinition: { containerDefinitions: [container] } } = await this.aws.call<{ readonly taskDefinition: TaskDefinition }>(
      'ecs', 'describe-task-definition', ['--task-definition', taskDefinition], this.region);
    const { tasks: [started], failures = [] } = await this.aws.send<Tasks>('ecs', 'run-task', [
      '--cluster', cluster, '--task-definition', taskDefinition, '--launch-type', 'FARGATE', '--network-configuration', JSON.stringify(networkConfiguration),
      '--overrides', JSON.stringify({ containerOverrides: [{ name: container.name, ...override }] }),
    ], this.region);
    if (started === undefined) {
      throw new Error(`ECS started no task of ${taskDefinition}: ${failures.map(({ reason }) => reason).join(', ')}`);
    }
    const [task] = await this.end(cluster, started.taskArn);
    const [{ exitCode, reason = '' } = {}] = task.containers ?? [];
    const log = container.logConfiguration?.options ?? {};
    const stream = `${log['awslogs-stream-prefix']}/${container.name}/${started.taskArn.split('/').at(-1)}`;
    // A container that never started has no log.
    const lines = exitCode === undefined ? [] : await this.log(log['awslogs-group'], stream, isLast);
    return { exitCode, reason: [task.stoppedReason, reason].filter(part => part).join(': '), lines };
  }

  private async end(cluster: string, task: string): Promise<Tasks['tasks']> {
    for (;;) {
      const { tasks } = await this.aws.send<Tasks>('ecs', 'describe-tasks', ['--cluster', cluster, '--tasks', task], this.region);
      if (tasks[0]?.lastStatus === 'STOPPED') {
        return tasks;
      }
      await this.wait(LOOK);
    }
  }

  private async log(group: string, stream: string, isLast: (line: string) => boolean): Promise<string[]> {
    let lines: string[] = [];
    for (let look = 0; look < LOOKS_AT_LOG && !lines.some(isLast); look++) {
      if (look > 0) {
        await this.wait(LOOK);
      }
      lines = await this.linesOf(group, stream);
    }
    return lines;
  }

  /** The newest lines, none as long as the log stream does not exist. */
  private async linesOf(group: string, stream: string): Promise<string[]> {
    try {
      const { events } = await this.aws.send<{ readonly events: { readonly message: string }[] }>(
        'logs', 'get-log-events', ['--log-group-name', group, '--log-stream-name', stream], this.region);
      return events.map(({ message }) => message);
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ResourceNotFoundException') {
        return [];
      }
      throw error;
    }
  }
}
