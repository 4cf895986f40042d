import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { OkyBackupOptions } from './backup-options';

/** Whom the services log in to the database as. */
export enum OkyDatabaseLogin {
  /** The master user, which may do all in the database. */
  MASTER = 'MASTER',
  /**
   * The role `applicationUsername`, which may do what it was granted. It must be there, with the password of its secret,
   * before the deployment that sets this: tasks that can't log in stop, and the deployment is rolled back.
   */
  APPLICATION = 'APPLICATION',
}

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
   * removing it on a running deployment makes another database. The master user of the snapshot, which `username` must
   * name, gets the password of the secret made here. To go back to a point in time, restore the cluster to it beside this
   * one, make a snapshot of that one, and give it here. Set `engineVersion` to the version of the snapshot: RDS refuses an older one,
   * and with a major version alone it takes AWS's default minor version.
   *
   * @default - an empty database
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-pitr.html
   */
  readonly snapshotIdentifier?: string;

  /**
   * The key of the database and its snapshots, in the region of the stack; no alias. Fixed when the database is made: another one makes another database.
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
   * The generation of the master user's password. Another number makes another secret, sets its password, and has the
   * services that log in with it start anew. The retired secret stays behind, without a stack, for whoever deletes it.
   * Until the new tasks run, some minutes, the old ones can't open new connections; services that log in as the
   * `APPLICATION` don't notice.
   *
   * @default 1
   */
  readonly passwordVersion?: number;

  /**
   * The name of a role for the services that is not the master user: a secret with this name and a generated password is
   * made, and nothing else. Create the role with them, then set `login`. A change generates another password in the same
   * secret, and without it the secret stays behind; given again, there is another one: each time, set the role's password
   * anew before `login` is `APPLICATION`.
   *
   * @default - no secret for another role
   */
  readonly applicationUsername?: string;

  /**
   * Whom the services log in as. `APPLICATION` needs `applicationUsername`, and the role in the database.
   *
   * @default OkyDatabaseLogin.MASTER
   */
  readonly login?: OkyDatabaseLogin;

  /**
   * Whether there is a task that runs SQL in the database, started by `npx cdk-oky-backend database` and `release`. It costs
   * nothing while it does not run. It needs an image of the API, whose PostgreSQL driver it uses.
   *
   * @default false
   */
  readonly sqlTask?: boolean;

  /**
   * A plan of AWS Backup beside the backups of Aurora, for snapshots that are kept longer, or copied to another region;
   * `{}` for one each day, kept for 35 days. Left out again, it leaves its vaults behind, with their snapshots.
   *
   * @default - Aurora's own backups, of `backupRetention`
   */
  readonly backupPlan?: OkyBackupOptions;

  /**
   * The schema that the services use.
   *
   * @default 'periodtracker'
   */
  readonly schema?: string;

  /**
   * Whether SQL can be sent through the RDS Data API, with IAM and without a way into the network. It is how the
   * database is first set up. T instances, some regions and the oldest minor versions don't have it.
   *
   * @default true where the instance class, the region and the version have it
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.Data_API.html
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
  /** The secret with name and password of the master user, whom the services log in as by default. */
  readonly secret: secretsmanager.ISecret;
  /** The secret with name and password of the role for the services; undefined without `applicationUsername`. */
  readonly applicationSecret?: secretsmanager.ISecret;
}
