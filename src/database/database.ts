import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import { type IOkyDatabase, OkyDatabaseLogin } from './database-options';
import { type DatabaseSettings, followsMinorVersions, majorVersion } from './database-settings';
import { makeApplicationSecret, makeMasterSecret } from './secrets';
import type { Network } from '../network/network';
import { acknowledge, acknowledgeRetention, inPacks, UNPROTECTED, wildcardFinding } from '../private/acknowledge';
import { ManagedPolicyRole } from '../private/managed-policy-role';
import type { PhysicalNames } from '../private/names';
import type { EncryptionKeys } from '../storage/encryption-keys';

export interface DatabaseProps {
  readonly names: PhysicalNames;
  readonly settings: DatabaseSettings;
  readonly network: Network;
  readonly highAvailability: boolean;
  readonly deletionProtection: boolean;
  readonly logRetention: logs.RetentionDays;
  readonly encryption: EncryptionKeys;
}

/** Not PostgreSQL's own port, which is the first to be tried by whoever got in. */
export const DATABASE_PORT = 5433;

export class Database extends Construct implements IOkyDatabase {
  public readonly cluster: rds.DatabaseCluster;
  public readonly secret: secretsmanager.ISecret;
  public readonly applicationSecret?: secretsmanager.ISecret;
  /** Of whom the services log in as. */
  public readonly loginSecret: secretsmanager.ISecret;
  /** What a task must wait for before it can connect. */
  public readonly ready: IDependable;

  constructor(scope: Construct, id: string, private readonly props: DatabaseProps) {
    super(scope, id);
    const { settings, network } = props;
    const secret = makeMasterSecret(this, settings, props.encryption);
    this.applicationSecret = settings.applicationUsername === undefined ? undefined
      : makeApplicationSecret(this, settings.applicationUsername, props.encryption);
    const engine = rds.DatabaseClusterEngine.auroraPostgres({
      version: rds.AuroraPostgresEngineVersion.of(settings.engineVersion, majorVersion(settings.engineVersion)),
    });
    const monitoringRole = this.monitoringRole();
    this.cluster = new rds.DatabaseCluster(this, 'Cluster', {
      engine,
      parameterGroup: new rds.ParameterGroup(this, 'Parameters', {
        engine,
        description: 'Oky: connections need TLS, and no statement is logged',
        parameters: {
          'rds.force_ssl': '1',
          // Statements carry health data, and so do the details of an error about a value: neither goes to the log.
          'log_min_error_statement': 'panic',
          'log_error_verbosity': 'terse',
        },
      }),
      credentials: rds.Credentials.fromSecret(secret, settings.username),
      defaultDatabaseName: settings.databaseName,
      port: DATABASE_PORT,
      vpc: network.vpc,
      vpcSubnets: network.privateSubnets,
      securityGroups: [new ec2.SecurityGroup(this, 'SecurityGroup', {
        vpc: network.vpc,
        description: 'Database: PostgreSQL from the API and the CMS',
        allowAllOutbound: false,
      })],
      writer: this.instance('Writer', 0),
      readers: props.highAvailability ? [this.instance('Reader', 1)] : [],
      serverlessV2MinCapacity: settings.minCapacity,
      serverlessV2MaxCapacity: settings.maxCapacity,
      storageEncryptionKey: settings.encryptionKey ?? props.encryption.databaseKey,
      iamAuthentication: true,
      enableDataApi: settings.dataApi,
      backup: { retention: settings.backupRetention },
      cloudwatchLogsExports: ['postgresql'],
      monitoringInterval: Duration.minutes(1),
      monitoringRole,
      deletionProtection: props.deletionProtection,
      removalPolicy: settings.removalPolicy,
    });
    this.secret = this.cluster.secret!; // attached to the cluster by its L2
    this.loginSecret = settings.login === OkyDatabaseLogin.APPLICATION ? this.applicationSecret! : this.secret;
    this.adjust(this.cluster.node.defaultChild as rds.CfnDBCluster);
    const prerequisites = [this.logGroup(), monitoringRole.node.findChild('Policy')];
    const instances = this.cluster.node.children.filter(child => child.node.defaultChild instanceof rds.CfnDBInstance);
    instances.forEach(instance => instance.node.addDependency(...prerequisites));
    this.ready = instances[0];
    if (settings.backupPlan) {
      const { names, encryption, deletionProtection } = props;
      // Not loaded where it is not wanted, like src/lazy-modules.ts.
      const { Backup } = require('./backup') as typeof import('./backup'); // eslint-disable-line @typescript-eslint/no-require-imports
      new Backup(this, 'Backup', {
        settings: settings.backupPlan, names, cluster: this.cluster, encryption, databaseKey: settings.encryptionKey, deletionProtection,
      });
    }
    this.acknowledgeFindings(instances);
  }

  /** Opens the database to a service. The port as a number, so that the rule can be read, and made before the cluster. */
  public allowFrom(peer: ec2.IConnectable): void {
    this.cluster.connections.allowFrom(peer, ec2.Port.tcp(DATABASE_PORT));
  }

  /** One id for serverless and provisioned, so that a change from one to the other keeps the instance. */
  private instance(id: string, zone: number): rds.IClusterInstance {
    const { settings, network } = this.props;
    const options = {
      // The writer in the first zone, the reader in the second: that two are in one would be bad luck otherwise.
      availabilityZone: network.zones[zone],
      autoMinorVersionUpgrade: followsMinorVersions(settings.engineVersion),
      publiclyAccessible: false,
      // The authority whose root certificate the tasks are given, whatever the account's default becomes.
      caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
    };
    return settings.instanceType
      ? rds.ClusterInstance.provisioned(id, { ...options, instanceType: settings.instanceType, promotionTier: zone })
      // In the first two tiers readers scale, and pause, with the writer.
      : rds.ClusterInstance.serverlessV2(id, { ...options, scaleWithWriter: true });
  }

  /**
   * What the L2 has no prop for.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html#cfn-rds-dbcluster-masterusername
   * @see https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-rds/blob/master/aws-rds-dbcluster/src/main/java/software/amazon/rds/dbcluster/CreateHandler.java
   */
  private adjust(cluster: rds.CfnDBCluster): void {
    const { settings } = this.props;
    if (!settings.instanceType && settings.minCapacity === 0) {
      // The L2 takes a version without a minor one for one that can't pause.
      cluster.addPropertyOverride('ServerlessV2ScalingConfiguration.SecondsUntilAutoPause', settings.autoPause.toSeconds());
    }
    if (settings.snapshotIdentifier) {
      cluster.snapshotIdentifier = settings.snapshotIdentifier;
      // The snapshot has both already. They can only be set at creation: to name them later would replace the cluster.
      cluster.masterUsername = undefined;
      cluster.databaseName = undefined;
      acknowledge(cluster, {
        'CloudFormation-Validate::F3021': 'a cluster from a snapshot has the user of the snapshot, and CloudFormation sets the password after the restore: '
          + 'AWS documents that MasterUsername must not be given with SnapshotIdentifier',
      });
    }
  }

  /** Made before RDS makes it, which would keep it for ever and without our key. */
  private logGroup(): logs.LogGroup {
    const log = new logs.LogGroup(this, 'Log', {
      logGroupName: `/aws/rds/cluster/${this.cluster.clusterIdentifier}/postgresql`,
      retention: this.props.logRetention,
      encryptionKey: this.props.encryption.key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledgeRetention(log, this.props.logRetention);
    return log;
  }

  /** For RDS to write the operating system's figures; AWS's own policy for it covers more log groups. */
  private monitoringRole(): iam.Role {
    const role = new ManagedPolicyRole(this, 'MonitoringRole', { assumedBy: new iam.ServicePrincipal('monitoring.rds.amazonaws.com') });
    const logGroupArn = Stack.of(this).formatArn({
      service: 'logs', resource: 'log-group', resourceName: 'RDSOSMetrics', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const logStreams = `${logGroupArn}:log-stream:*`;
    role.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'],
      resources: [logGroupArn],
    }));
    role.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:PutLogEvents'],
      resources: [logStreams],
    }));
    acknowledge(role, {
      [wildcardFinding(role, logStreams)]: 'RDS names the streams after instances that do not exist before the role; they are all in the one log group that RDS writes to',
    });
    return role;
  }

  private acknowledgeFindings(instances: IConstruct[]): void {
    const backup = this.props.settings.backupPlan
      ? 'the cluster is in the backup plan Backup/Plan, and all data is the cluster\'s; an instance of Aurora can\'t be backed up by itself'
      : 'Aurora backs the cluster up continuously, to any second of the retention; a backup plan on an instance would add nothing to that';
    const pinned = 'database.engineVersion asks for this very minor version, so that AWS must not choose another';
    for (const instance of instances) {
      acknowledge(instance, {
        'CloudFormation-Validate::W3010': 'the zone is that of a subnet of the VPC, as the VPC gives it',
        ...inPacks('RDSInBackupPlan', backup, ['NIST', 'HIPAA']),
        ...(!followsMinorVersions(this.props.settings.engineVersion) && {
          ...inPacks('RDSAutomaticMinorVersionUpgradeEnabled', pinned, ['HIPAA', 'PCI']),
        }),
      });
    }
    if (!this.props.deletionProtection) {
      acknowledge(this.cluster, {
        'AwsSolutions-RDS10': UNPROTECTED,
        ...inPacks('RDSInstanceDeletionProtectionEnabled', UNPROTECTED, ['NIST', 'HIPAA']),
      });
    }
  }
}
