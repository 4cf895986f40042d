import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** The Aurora PostgreSQL database: Serverless v2 that pauses, unless an instance type says otherwise. */
export interface OkyDatabaseOptions {
  /**
   * The least capacity, in Aurora capacity units (2 GiB of memory each) and steps of 0.5. At 0 the database pauses when
   * nothing is connected, and the first request after a pause waits some 15 seconds; after a day, 30 or more.
   *
   * @default 0
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
   */
  readonly minCapacity?: number;

  /**
   * The most capacity, in Aurora capacity units and steps of 0.5, from 1 to 256: what bounds the bill under load.
   *
   * @default 1
   */
  readonly maxCapacity?: number;

  /**
   * How long nothing may be connected before the database pauses, from 5 minutes to 1 day. Of effect at `minCapacity` 0 only.
   *
   * @default Duration.minutes(5)
   */
  readonly autoPause?: Duration;

  /**
   * How many days back the database can be restored to any second, from 1 to 35.
   *
   * @default Duration.days(7)
   */
  readonly backupRetention?: Duration;

  /**
   * The version of Aurora PostgreSQL, `'17'` or `'17.7'`. With a major version alone, AWS chooses the minor one and
   * upgrades it in the maintenance window, and no later deployment ever asks for an older one. A minor version is kept
   * as it is until it is raised here.
   *
   * @default '17'
   */
  readonly engineVersion?: string;

  /**
   * Provisioned instances of this type instead of serverless ones. The database stays the same; it restarts.
   *
   * @default - serverless
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * The cluster snapshot (name or ARN) that the database is made from. Once set, it must stay: adding, changing or
   * removing it on a running deployment makes another database.
   *
   * @default - an empty database
   */
  readonly snapshotIdentifier?: string;

  /**
   * The key of the database and its snapshots. Fixed when the database is made: another one makes another database.
   *
   * @default - the key made by this construct
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The name of the database. Fixed when the database is made.
   *
   * @default 'periodtracker'
   */
  readonly databaseName?: string;

  /**
   * The master user that the services log in as, 1 to 16 letters, digits and underscores. Fixed when the database is made:
   * a change would give the services the name of a user that the database doesn't have.
   *
   * @default 'periodtracker'
   */
  readonly username?: string;

  /**
   * The schema that the services use.
   *
   * @default 'periodtracker'
   */
  readonly schema?: string;

  /**
   * Whether SQL can be sent through the RDS Data API, with IAM and without a way into the network. It is how the
   * database is first set up. T instances don't have it.
   *
   * @default true where the instance class has it
   */
  readonly dataApi?: boolean;

  /**
   * What becomes of the database when it is removed from the stack.
   *
   * @default RemovalPolicy.SNAPSHOT
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** The database of a deployment. */
export interface IOkyDatabase extends IConstruct {
  /** The Aurora cluster. */
  readonly cluster: rds.DatabaseCluster;
  /** The secret with the user's name and password, which the services get as `DATABASE_USERNAME` and `DATABASE_PASSWORD`. */
  readonly secret: secretsmanager.ISecret;
}
