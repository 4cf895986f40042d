import { Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { both, container, type OptionCases, variable } from './option-case';
import { garbled, outside } from './values';
import { OkyDatabaseLogin } from '../../src';
import { existingKey, keyArn, VAULT_ARN } from '../deployments/existing';

const DATABASE = ['OkyDatabaseCluster is replaced', 'OkyDatabaseClusterWriter is replaced', 'OkyDatabaseLog is replaced'];
const capacity = (properties: object) => ({ ServerlessV2ScalingConfiguration: Match.objectLike(properties) });

export const DATABASE_OPTIONS = {
  'database.minCapacity': {
    nag: false,
    given: { database: { minCapacity: 0.5 } },
    type: 'AWS::RDS::DBCluster',
    byDefault: capacity({ MinCapacity: 0, SecondsUntilAutoPause: 300 }),
    whenGiven: capacity({ MinCapacity: 0.5, SecondsUntilAutoPause: Match.absent() }),
    wrong: fc.oneof(fc.constantFrom(-0.5, 256.5, 0.25, NaN), fc.integer({ max: -1 })),
  },
  'database.maxCapacity': {
    nag: false,
    given: { database: { maxCapacity: 8 } },
    type: 'AWS::RDS::DBCluster',
    byDefault: capacity({ MaxCapacity: 1 }),
    whenGiven: capacity({ MaxCapacity: 8 }),
    wrong: fc.oneof(fc.constantFrom(0, 0.5, 256.5, 1.25, NaN), fc.integer({ min: 257 })),
  },
  'database.autoPause': {
    nag: false,
    given: { database: { autoPause: Duration.hours(1) } },
    type: 'AWS::RDS::DBCluster',
    byDefault: capacity({ SecondsUntilAutoPause: 300 }),
    whenGiven: capacity({ SecondsUntilAutoPause: 3600 }),
    wrong: fc.oneof(fc.integer({ min: 0, max: 299 }), fc.integer({ min: 86401, max: 1e9 })).map(seconds => Duration.seconds(seconds)),
  },
  'database.backupRetention': {
    nag: false,
    given: { database: { backupRetention: Duration.days(35) } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { BackupRetentionPeriod: 7 },
    whenGiven: { BackupRetentionPeriod: 35 },
    valid: fc.integer({ min: 1, max: 35 }).map(days => Duration.days(days)),
    wrong: fc.oneof(
      fc.integer({ min: 36, max: 1e6 }).map(days => Duration.days(days)), fc.integer({ min: 0, max: 23 }).map(hours => Duration.hours(hours)),
    ),
  },
  'database.engineVersion': {
    nag: true,
    given: { database: { engineVersion: '16' } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { EngineVersion: '17' },
    whenGiven: { EngineVersion: '16', ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 1, SecondsUntilAutoPause: 300 } },
    valid: fc.constantFrom('16', '16.3', '17', '17.7'),
    wrong: garbled,
  },
  'database.instanceType': {
    nag: true,
    given: { database: { instanceType: new ec2.InstanceType('r6g.large') } },
    type: 'AWS::RDS::DBInstance',
    byDefault: { DBInstanceClass: 'db.serverless' },
    whenGiven: { DBInstanceClass: 'db.r6g.large' },
  },
  'database.snapshotIdentifier': {
    nag: true,
    given: { database: { snapshotIdentifier: 'before-the-move' } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { SnapshotIdentifier: Match.absent(), MasterUsername: 'periodtracker', DatabaseName: 'periodtracker' },
    whenGiven: {
      SnapshotIdentifier: 'before-the-move',
      MasterUsername: Match.absent(),
      DatabaseName: Match.absent(),
      MasterUserPassword: { 'Fn::Join': ['', Match.arrayWith([':SecretString:password::}}'])] },
    },
    valid: fc.constantFrom('before-migration', 'rds:oky-2025-05-01'),
    wrong: garbled,
    replacement: {
      ...both(DATABASE), says: /Once set, it must stay: adding, changing or removing it on a running deployment makes another database/,
    },
  },
  'database.encryptionKey': {
    nag: true,
    given: stack => ({ database: { encryptionKey: existingKey(stack) } }),
    type: 'AWS::RDS::DBCluster',
    byDefault: { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OkyEncryption'), 'Arn'] } },
    whenGiven: { KmsKeyId: keyArn('eu-west-2') },
    replacement: { ...both(DATABASE), says: /Fixed when the database is made: another one makes another database/ },
  },
  'database.databaseName': {
    nag: false,
    given: { database: { databaseName: 'oky' } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { DatabaseName: 'periodtracker' },
    whenGiven: { DatabaseName: 'oky' },
    valid: fc.stringMatching(/^oky[A-Za-z0-9_]{0,60}$/),
    wrong: garbled,
    replacement: { ...both(DATABASE), says: /Fixed when the database is made/ },
  },
  'database.username': {
    nag: false,
    given: { database: { username: 'oky' } },
    type: 'AWS::SecretsManager::Secret',
    byDefault: { GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"username":"periodtracker"}' }) },
    whenGiven: { GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"username":"oky"}' }) },
    valid: fc.stringMatching(/^oky[A-Za-z0-9_]{0,13}$/),
    wrong: fc.oneof(garbled, fc.constantFrom('admin', 'rdsadmin', 'pg_oky', 'user')),
    replacement: { ...both(['OkyDatabaseCluster is maybe replaced', 'OkyDatabaseSecret is generated anew']), says: /Fixed when the database is made/ },
  },
  'database.schema': {
    nag: false,
    given: { database: { schema: 'public' } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: variable('DATABASE_SCHEMA', 'periodtracker'),
    whenGiven: variable('DATABASE_SCHEMA', 'public'),
    valid: fc.constantFrom('public', 'periodtracker', 'oky'),
    wrong: garbled,
  },
  'database.dataApi': {
    nag: false,
    given: { database: { dataApi: false } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { EnableHttpEndpoint: true },
    whenGiven: { EnableHttpEndpoint: false },
  },
  'database.passwordVersion': {
    nag: true,
    brings: [{ id: /^OkyDatabaseSecret2?[0-9A-F]{8}$/, how: 'left behind', why: 'a password that the database does not accept any more' }],
    given: { database: { passwordVersion: 2 } },
    type: 'AWS::RDS::DBCluster',
    byDefault: { MasterUserPassword: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^OkyDatabaseSecret[0-9A-F]{8}$') }])] } },
    whenGiven: { MasterUserPassword: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^OkyDatabaseSecret2[0-9A-F]{8}$') }])] } },
    valid: fc.integer({ min: 1, max: 1000 }),
    wrong: outside(1, 1000),
  },
  'database.applicationUsername': {
    nag: true,
    brings: [{ id: /^OkyDatabaseApplicationSecret/, how: 'left behind', why: 'the password of the role, until it gets the next one' }],
    given: { database: { applicationUsername: 'oky' } },
    type: 'AWS::SecretsManager::Secret',
    byDefault: undefined,
    whenGiven: { GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"username":"oky"}' }) },
    wrong: fc.oneof(garbled, fc.constantFrom('rdsadmin', 'pg_oky', 'user')),
  },
  'database.login': {
    nag: true,
    base: { database: { applicationUsername: 'oky' } },
    given: { database: { applicationUsername: 'oky', login: OkyDatabaseLogin.APPLICATION } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: password('^OkyDatabaseSecretAttachment'),
    whenGiven: password('^OkyDatabaseApplicationSecret'),
  },
  'database.sqlTask': {
    nag: true,
    brings: [{ id: /^OkySqlTaskFiles/, how: 'left behind', why: 'its files are gone after two days, and it has no name to be in the way' }],
    linted: true,
    given: { database: { sqlTask: true } },
    type: 'AWS::ECS::TaskDefinition',
    byDefault: undefined,
    whenGiven: { Family: 'project-oky-ecs-sql-task' },
  },
  'database.backupPlan': {
    nag: true,
    brings: [{ id: /^OkyDatabaseBackupVault/, how: 'left behind', why: 'the vault keeps its snapshots for their retention' }],
    linted: true,
    given: { database: { backupPlan: {} } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: undefined,
    whenGiven: backupRule({ Lifecycle: { DeleteAfterDays: 35 }, ScheduleExpression: 'cron(0 3 * * ? *)', CopyActions: Match.absent() }),
  },
  'database.backupPlan.retention': {
    nag: false,
    base: { database: { backupPlan: {} } },
    given: { database: { backupPlan: { retention: Duration.days(90) } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ Lifecycle: { DeleteAfterDays: 35 } }),
    whenGiven: backupRule({ Lifecycle: { DeleteAfterDays: 90 } }),
    wrong: fc.oneof(fc.integer({ min: 36501, max: 1e6 }).map(days => Duration.days(days)), fc.constant(Duration.hours(5))),
  },
  'database.backupPlan.schedule': {
    nag: false,
    base: { database: { backupPlan: {} } },
    given: { database: { backupPlan: { schedule: events.Schedule.cron({ hour: '1', minute: '30', weekDay: 'SUN' }) } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ ScheduleExpression: 'cron(0 3 * * ? *)' }),
    whenGiven: backupRule({ ScheduleExpression: 'cron(30 1 ? * SUN *)' }),
  },
  'database.backupPlan.airGappedVaultName': {
    nag: true,
    brings: [{ id: /^OkyDatabaseBackupAirGapped/, how: 'left behind', why: 'nobody can delete its snapshots before their time' }],
    linted: true,
    base: { database: { backupPlan: {} } },
    given: { database: { backupPlan: { airGappedVaultName: 'oky-air-gapped' } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ CopyActions: Match.absent() }),
    whenGiven: backupRule({ CopyActions: [{ DestinationBackupVaultArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('AirGapped'), 'BackupVaultArn'] }, Lifecycle: { DeleteAfterDays: 35 } }] }),
    wrong: garbled,
  },
  'database.backupPlan.copyToVaultArn': {
    nag: true,
    base: { database: { backupPlan: {} } },
    given: { database: { backupPlan: { copyToVaultArn: VAULT_ARN } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ CopyActions: Match.absent() }),
    whenGiven: backupRule({ CopyActions: [{ DestinationBackupVaultArn: VAULT_ARN, Lifecycle: { DeleteAfterDays: 35 } }] }),
    wrong: garbled,
  },
  'database.backupPlan.copyRetention': {
    nag: false,
    base: { database: { backupPlan: { copyToVaultArn: VAULT_ARN } } },
    given: { database: { backupPlan: { copyToVaultArn: VAULT_ARN, copyRetention: Duration.days(7) } } },
    type: 'AWS::Backup::BackupPlan',
    byDefault: backupRule({ CopyActions: [Match.objectLike({ Lifecycle: { DeleteAfterDays: 35 } })] }),
    whenGiven: backupRule({ CopyActions: [Match.objectLike({ Lifecycle: { DeleteAfterDays: 7 } })] }),
  },
  'database.removalPolicy': {
    nag: true,
    given: { database: { removalPolicy: RemovalPolicy.RETAIN } },
    shownBy: 'test/database/database.test.ts',
    valid: fc.constantFrom(RemovalPolicy.SNAPSHOT, RemovalPolicy.RETAIN, RemovalPolicy.DESTROY),
  },
} satisfies OptionCases;

function password(secret: string) {
  return container({
    Secrets: Match.arrayWith([{ Name: 'DATABASE_PASSWORD', ValueFrom: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp(secret) }])] } }]),
  });
}

function backupRule(properties: object) {
  return { BackupPlan: Match.objectLike({ BackupPlanRule: [Match.objectLike(properties)] }) };
}
