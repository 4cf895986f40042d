import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SqlBucket } from './sql-bucket';
import { SQL_SCRIPT } from './sql-script';
import { type Database, DATABASE_PORT } from '../database/database';
import type { DatabaseSettings } from '../database/database-settings';
import { acknowledge } from '../private/acknowledge';
import type { PhysicalNames } from '../private/names';
import { databaseEnvironment } from '../service/containers';
import { type EcrLogin, ExecutionRole } from '../service/execution-role';
import type { Service } from '../service/service';
import type { ServiceSettings } from '../service/service-settings';
import { databaseAuthority } from '../service/start-command';
import type { EncryptionKeys } from '../storage/encryption-keys';
import type { LogBucket } from '../storage/log-bucket';

const CONTAINER = 'sql';

export interface SqlTaskProps {
  readonly names: PhysicalNames;
  readonly ecrLogin: EcrLogin;
  readonly database: Database;
  readonly databaseSettings: DatabaseSettings;
  readonly encryption: EncryptionKeys;
  readonly logBucket: LogBucket;
  /** In whose image, network and log it runs. */
  readonly api: Service;
  readonly apiSettings: ServiceSettings;
}

/**
 * A task that an administrator starts to run SQL in the database, where nobody can get in from outside. It logs in as the
 * master user, and has no rights in AWS: the URL of the SQL is signed by whoever starts it.
 */
export class SqlTask extends Construct {
  public readonly taskDefinition: ecs.FargateTaskDefinition;
  /** Where the files with the SQL are uploaded to. */
  public readonly bucket: IBucket;

  constructor(scope: Construct, id: string, private readonly props: SqlTaskProps) {
    super(scope, id);
    const { encryption, logBucket } = props;
    this.bucket = new SqlBucket(this, 'Files', { encryptionKey: encryption.key, logBucket }).bucket;
    this.taskDefinition = this.makeTaskDefinition();
  }

  private makeTaskDefinition(): ecs.FargateTaskDefinition {
    const { names, database, databaseSettings, encryption, api, apiSettings } = this.props;
    const executionRole = new ExecutionRole(this, 'ExecutionRole', names.executionRole('sql'), this.props.ecrLogin);
    const taskDefinition = new ecs.FargateTaskDefinition(this, 'Task', {
      family: names.taskFamily('sql'),
      cpu: 256,
      memoryLimitMiB: 512,
      runtimePlatform: { cpuArchitecture: apiSettings.cpuArchitecture, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
      executionRole,
    });
    const linuxParameters = new ecs.LinuxParameters(this, 'Linux');
    linuxParameters.dropCapabilities(ecs.Capability.ALL);
    const authority = databaseAuthority(this);
    taskDefinition.addContainer(CONTAINER, {
      containerName: CONTAINER,
      image: api.image,
      // Whatever the image starts otherwise.
      entryPoint: ['node'],
      command: ['-e', SQL_SCRIPT],
      user: apiSettings.user,
      readonlyRootFilesystem: true,
      linuxParameters,
      environment: {
        ...databaseEnvironment({
          host: database.cluster.clusterEndpoint.hostname,
          port: String(DATABASE_PORT),
          name: databaseSettings.databaseName,
          schema: databaseSettings.schema,
        }),
        ...(authority && { PGSSLMODE: 'verify-full', DATABASE_AUTHORITY: authority }),
      },
      secrets: {
        DATABASE_USERNAME: ecs.Secret.fromSecretsManager(database.secret, 'username'),
        DATABASE_PASSWORD: ecs.Secret.fromSecretsManager(database.secret, 'password'),
        ...(database.applicationSecret && {
          APPLICATION_USERNAME: ecs.Secret.fromSecretsManager(database.applicationSecret, 'username'),
          APPLICATION_PASSWORD: ecs.Secret.fromSecretsManager(database.applicationSecret, 'password'),
        }),
      },
      logging: ecs.LogDrivers.awsLogs({ logGroup: api.logGroup, streamPrefix: CONTAINER }),
    });
    encryption.grantDecrypt(executionRole);
    acknowledge(taskDefinition, {
      'AwsSolutions-ECS2': 'what is set as plain environment is the address of the database; user and password are injected from Secrets Manager',
    });
    return taskDefinition;
  }
}
