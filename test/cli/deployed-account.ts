import * as fs from 'fs';
import type { Session } from '../../src/cli/database/sql-task';
import { DeployedStack } from '../../src/cli/deployed/stack';
import { Aws, type Ended } from '../../src/cli/doctor/aws';

const ACCOUNT = '111122223333';
const arn = (revision: string) => `arn:aws:ecs:eu-west-2:${ACCOUNT}:task-definition/${revision}`;

/** How a task ends. */
export interface End {
  readonly code?: number;
  readonly reason?: string;
  readonly lines?: readonly string[];
}

/** What the database has, as the task says that looks at it. */
export const NOTHING = ['version 170004', 'tables 0'];

/** An account with a deployment, as the AWS command line shows it. It answers at once, and remembers what was asked of it. */
export class DeployedAccount {
  public readonly calls: string[][] = [];
  public readonly waits: number[] = [];
  public readonly told: string[] = [];
  /** The SQL that was run, but for what only looks. */
  public readonly sql: string[] = [];
  public readonly parameters = new Map([['/oky/api/image-tag', '2025_05'], ['/oky/cms/image-tag', '2025_05']]);
  public readonly outputs: Record<string, string> = {
    OkyApiHost: 'api.okyapp.info',
    OkyClusterName: 'cluster',
    OkyConfigBucketName: 'config',
    OkySqlTaskDefinitionArn: arn('project-oky-ecs-sql-task:1'),
    OkyDatabaseClusterArn: `arn:aws:rds:eu-west-2:${ACCOUNT}:cluster:oky`,
    ...Object.fromEntries(['Api', 'Cms'].flatMap(name => [
      [`Oky${name}ServiceName`, `${name.toLowerCase()}-service`],
      [`Oky${name}ImageTagParameter`, `/oky/${name.toLowerCase()}/image-tag`],
      [`Oky${name}RepositoryUri`, `${ACCOUNT}.dkr.ecr.eu-west-2.amazonaws.com/project-oky/${name.toLowerCase()}`],
    ])),
  };

  /** What a task that looks at the database prints. */
  public state: readonly string[] = NOTHING;
  /** What an image is, by its tag. */
  public images: Record<string, { architecture: string; env: string[] }> = { '2026_04': { architecture: 'amd64', env: ['NODE_ENV=production'] } };
  public snapshotStates = ['creating', 'available'];
  public runningRevision: Record<string, string> = { 'api-service': arn('api:1'), 'cms-service': arn('cms:1') };
  private readonly definitions: Record<string, object> = {};
  private readonly objects = new Map<string, string>();
  private task: End = {};
  private revisions = 1;

  /** How a task ends that changes the database. */
  public onSql: () => End = () => ({ code: 0, lines: ['notice: said', 'done: 1 DO'] });
  /** How the trial of an image ends. */
  public onTrial: () => End = () => ({ code: 0, lines: ['done: signup, login and deletion work'] });
  /** What becomes of a service that is updated; undefined for one that runs. */
  public rollout: (service: string) => string | undefined = () => undefined;

  public async session(): Promise<Session> {
    const aws = new Aws(async args => this.answer(args));
    return {
      aws,
      region: 'eu-west-2',
      stack: await DeployedStack.read(aws, 'OkyBackend', 'eu-west-2'),
      wait: async milliseconds => { this.waits.push(milliseconds); },
      tell: line => { this.told.push(line); },
    };
  }

  /** The names of the calls that change something, in their order. */
  public get changes(): string[] {
    const changing = /^(create|register|update|put|run|delete)/;
    return this.calls.filter(([, operation]) => changing.test(operation)).map(([service, operation]) => `${service} ${operation}`);
  }

  private async answer(args: readonly string[]): Promise<Ended> {
    this.calls.push([...args]);
    const option = (name: string) => args[args.indexOf(`--${name}`) + 1];
    const refuse = (code: string, operation: string) =>
      ({ code: 254, stdout: '', stderr: `\nAn error occurred (${code}) when calling the ${operation} operation: no\n` });
    const said = this.say(`${args[0]} ${args[1]}`, option, args);
    return typeof said === 'string' && said.startsWith('!') ? refuse(said.slice(1), args[1])
      : { code: 0, stdout: typeof said === 'string' ? said : JSON.stringify(said), stderr: '' };
  }

  private say(call: string, option: (name: string) => string, args: readonly string[]): unknown {
    switch (call) {
      case 'cloudformation describe-stacks':
        return { Stacks: [{ Outputs: Object.entries(this.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })) }] };
      case 's3api put-object':
        this.objects.set(option('key'), fs.readFileSync(option('body'), 'utf8'));
        return {};
      case 's3api delete-object':
        this.objects.delete(option('key'));
        return {};
      case 's3 presign':
        return `https://${args[2].slice(5)}?signed\n`;
      case 'ecs describe-services': {
        const service = option('services');
        const failed = this.rollout(service);
        const running = { status: 'PRIMARY', taskDefinition: this.runningRevision[service], rolloutState: failed ?? 'COMPLETED', rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start' };
        return { services: [{ taskDefinition: running.taskDefinition, networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } }, deployments: [running] }] };
      }
      case 'ecs describe-task-definition': {
        const revision = option('task-definition');
        const name = /sql/.test(revision) ? 'sql' : /cms/.test(revision) ? 'cms' : 'api';
        const logConfiguration = { options: { 'awslogs-group': `/ecs/${name}`, 'awslogs-stream-prefix': name } };
        const container = { name, image: 'old', entryPoint: ['sh'], command: ['node', 'dist/index.js'], logConfiguration };
        return { taskDefinition: this.definitions[revision] ?? { family: name, taskDefinitionArn: revision, revision: 1, status: 'ACTIVE', cpu: '256', containerDefinitions: [container] }, tags: [{ key: 'a', value: 'b' }] };
      }
      case 'ecs register-task-definition': {
        const input = JSON.parse(option('cli-input-json')) as { family: string };
        const revision = arn(`${input.family}:${++this.revisions}`);
        this.definitions[revision] = input;
        return { taskDefinition: { taskDefinitionArn: revision } };
      }
      case 'ecs update-service':
        this.runningRevision[option('service')] = option('task-definition');
        return {};
      case 'ecs run-task':
        return this.start(JSON.parse(option('overrides')) as { containerOverrides: [{ name: string }] });
      case 'ecs describe-tasks':
        return { tasks: [{ taskArn: 'task/1', lastStatus: this.waits.length % 2 === 0 ? 'RUNNING' : 'STOPPED', stoppedReason: this.task.reason ?? '', containers: [{ exitCode: this.task.code }] }] };
      case 'logs get-log-events':
        return { events: (this.task.lines ?? []).map(message => ({ message })) };
      case 'rds create-db-cluster-snapshot':
        return {};
      case 'rds describe-db-cluster-snapshots':
        return { DBClusterSnapshots: [{ Status: this.snapshotStates.shift() }] };
      case 'ecr batch-get-image': {
        const tag = option('image-ids').split('=')[1];
        return { images: this.images[tag] ? [{ imageId: { imageDigest: `sha256:${tag}` }, imageManifest: JSON.stringify({ config: { digest: tag } }) }] : [] };
      }
      case 'ecr get-download-url-for-layer': {
        const { architecture, env } = this.images[option('layer-digest')];
        return { downloadUrl: `data:application/json,${encodeURIComponent(JSON.stringify({ architecture, config: { Env: env } }))}` };
      }
      case 'ssm put-parameter':
        this.parameters.set(option('name'), option('value'));
        return {};
      default:
        throw new Error(`nothing answers ${call}`);
    }
  }

  private start({ containerOverrides: [{ name }] }: { containerOverrides: [{ name: string }] }): object {
    if (name !== 'sql') {
      this.task = this.onTrial();
      return { tasks: [{ taskArn: 'cluster/task-1', lastStatus: 'PENDING' }] };
    }
    const [sql] = this.objects.values();
    const isLook = sql.includes("RAISE NOTICE 'tables %'");
    if (!isLook) {
      this.sql.push(sql);
    }
    this.task = isLook ? { code: 0, lines: [...this.state.map(line => `notice: ${line}`), 'done: 1 DO'] } : this.onSql();
    return { tasks: [{ taskArn: 'cluster/task-1', lastStatus: 'PENDING' }] };
  }
}
