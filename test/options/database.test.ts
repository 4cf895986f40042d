import { Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { container, OWN_KEY, testOptions, variable } from './options';
import { OkyDatabaseLogin } from '../../src';
import { templateOf } from '../helpers';

const OWN_VAULT = 'arn:aws:backup:eu-west-1:111122223333:backup-vault:oky-copies';
const capacity = (properties: object) => ({ ServerlessV2ScalingConfiguration: Match.objectLike(properties) });

testOptions({
  'database.minCapacity': {
    given: { database: { minCapacity: 0.5 } },
    type: 'AWS::RDS::DBCluster',
    byDefault: capacity({ MinCapacity: 0, SecondsUntilAutoPause: 300 }),
    whenGiven: capacity({ MinCapacity: 0.5, SecondsUntilAutoPause: Match.absent() }),
  },
  'database.maxCapacity': {
    given: { database: { maxCapacity: 8 } },
    type: 'AWS::RDS::DBCluster',
    byDefault: capacity({ MaxCapacity: 1 }),
    whenGiven: capacity({ MaxCapacity: 8 }),
  },
  'database.autoPause': {
    given: { database: { autoPause: Duration.hours(1) } },
    type: 'AWS::RDS::DBCluster',
    byDefault: capacity({ SecondsUntilAutoPause: 300 }),
    whenGiven: capacity({ SecondsUntilAutoPause: 3600 }),
  },
  'database.backupRetention': {
    given: { database: { backupRetention: Duration.days(35) } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { BackupRetentionPeriod: 7 },
    whenGiven: { BackupRetentionPeriod: 35 },
  },
  'database.engineVersion': {
    given: { database: { engineVersion: '16' } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { EngineVersion: '17' },
    whenGiven: { EngineVersion: '16', ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 1, SecondsUntilAutoPause: 300 } },
  },
  'database.instanceType': {
    given: { database: { instanceType: new ec2.InstanceType('r6g.large') } },
    type: 'AWS::RDS::DBInstance',
    byDefault: { DBInstanceClass: 'db.serverless' },
    whenGiven: { DBInstanceClass: 'db.r6g.large' },
  },
  'database.snapshotIdentifier': {
    given: { database: { snapshotIdentifier: 'before-the-move' } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { SnapshotIdentifier: Match.absent(), MasterUsername: 'periodtracker', DatabaseName: 'periodtracker' },
    whenGiven: {
      SnapshotIdentifier: 'before-the-move',
      MasterUsername: Match.absent(),
      DatabaseName: Match.absent(),
      MasterUserPassword: { 'Fn::Join': ['', Match.arrayWith([':SecretString:password::}}'])] },
    },
  },
  'database.encryptionKey': {
    given: stack => ({ database: { encryptionKey: kms.Key.fromKeyArn(stack, 'Own', OWN_KEY) } }),
    type: 'AWS::RDS::DBCluster',
    byDefault: { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OkyEncryption'), 'Arn'] } },
    whenGiven: { KmsKeyId: OWN_KEY },
  },
  'database.databaseName': {
    given: { database: { databaseName: 'oky' } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { DatabaseName: 'periodtracker' },
    whenGiven: { DatabaseName: 'oky' },
  },
  'database.username': {
    given: { database: { username: 'oky' } },
    type: 'AWS::SecretsManager::Secret',
    byDefault: { GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"username":"periodtracker"}' }) },
    whenGiven: { GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"username":"oky"}' }) },
  },
  'database.schema': {
    given: { database: { schema: 'public' } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: variable('DATABASE_SCHEMA', 'periodtracker'),
    whenGiven: variable('DATABASE_SCHEMA', 'public'),
  },
  'database.dataApi': {
    given: { database: { dataApi: false } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { EnableHttpEndpoint: true },
    whenGiven: { EnableHttpEndpoint: false },
  },

  'database.passwordVersion': {
    given: { database: { passwordVersion: 2 } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { MasterUserPassword: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^OkyDatabaseSecret[0-9A-F]{8}$') }])] } },
    whenGiven: { MasterUserPassword: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^OkyDatabaseSecret2[0-9A-F]{8}$') }])] } },
  },
  'database.applicationUsername': {
    given: { database: { applicationUsername: 'oky' } },
    type: 'AWS::SecretsManager::Secret',
    byDefault: undefined,
    whenGiven: { GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"username":"oky"}' }) },
  },
  'database.login': {
    base: { database: { applicationUsername: 'oky' } },
    given: { database: { applicationUsername: 'oky', login: OkyDatabaseLogin.APPLICATION } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: password('^OkyDatabaseSecretAttachment'),
    whenGiven: password('^OkyDatabaseApplicationSecret'),
  },
  'database.sqlTask': {
    given: { database: { sqlTask: true } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: undefined,
    whenGiven: { Family: 'project-oky-ecs-sql-task' },
  },
  'database.backupPlan': {
    given: { database: { backupPlan: {} } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: undefined,
    whenGiven: backupRule({ Lifecycle: { DeleteAfterDays: 35 }, ScheduleExpression: 'cron(0 3 * * ? *)', CopyActions: Match.absent() }),
  },
  'database.backupPlan.retention': {
    base: { database: { backupPlan: {} } },
    given: { database: { backupPlan: { retention: Duration.days(90) } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ Lifecycle: { DeleteAfterDays: 35 } }),
    whenGiven: backupRule({ Lifecycle: { DeleteAfterDays: 90 } }),
  },
  'database.backupPlan.schedule': {
    base: { database: { backupPlan: {} } },
    given: { database: { backupPlan: { schedule: events.Schedule.cron({ hour: '1', minute: '30', weekDay: 'SUN' }) } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ ScheduleExpression: 'cron(0 3 * * ? *)' }),
    whenGiven: backupRule({ ScheduleExpression: 'cron(30 1 ? * SUN *)' }),
  },
  'database.backupPlan.airGappedVaultName': {
    base: { database: { backupPlan: {} } },
    given: { database: { backupPlan: { airGappedVaultName: 'oky-air-gapped' } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ CopyActions: Match.absent() }),
    whenGiven: backupRule({ CopyActions: [{ DestinationBackupVaultArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('AirGapped'), 'BackupVaultArn'] }, Lifecycle: { DeleteAfterDays: 35 } }] }),
  },
  'database.backupPlan.copyToVaultArn': {
    base: { database: { backupPlan: {} } },
    given: { database: { backupPlan: { copyToVaultArn: OWN_VAULT } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ CopyActions: Match.absent() }),
    whenGiven: backupRule({ CopyActions: [{ DestinationBackupVaultArn: OWN_VAULT, Lifecycle: { DeleteAfterDays: 35 } }] }),
  },
  'database.backupPlan.copyRetention': {
    base: { database: { backupPlan: { copyToVaultArn: OWN_VAULT } } },
    given: { database: { backupPlan: { copyToVaultArn: OWN_VAULT, copyRetention: Duration.days(7) } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ CopyActions: [Match.objectLike({ Lifecycle: { DeleteAfterDays: 35 } })] }),
    whenGiven: backupRule({ CopyActions: [Match.objectLike({ Lifecycle: { DeleteAfterDays: 7 } })] }),
  },

},
{ prefix: 'database.', file: 'database/database-options.ts', name: 'OkyDatabaseOptions', elsewhere: ['database.removalPolicy'] },
{ prefix: 'database.backupPlan.', file: 'database/backup-options.ts', name: 'OkyBackupOptions' },
);

function password(secret: string) {
  return container({
    Secrets: Match.arrayWith([{ Name: 'DATABASE_PASSWORD', ValueFrom: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp(secret) }])] } }]),
  });
}

function backupRule(properties: object) {
  return { BackupPlan: Match.objectLike({ BackupPlanRule: [Match.objectLike(properties)] }) };
}

test.each([
  [undefined, 'Snapshot', 'Snapshot'],
  [RemovalPolicy.RETAIN, 'Retain', 'Retain'],
  [RemovalPolicy.DESTROY, 'Delete', 'Delete'],
])('database.removalPolicy: %s', (removalPolicy, DeletionPolicy, UpdateReplacePolicy) => {
  templateOf({ database: { removalPolicy } }).hasResource('AWS::RDS::DBCluster', { DeletionPolicy, UpdateReplacePolicy });
});
