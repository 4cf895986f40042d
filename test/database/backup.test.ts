import { Match } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import { CfnParameter, Duration, Lazy } from 'aws-cdk-lib/core';
import { OkyBackend, type OkyBackupOptions } from '../../src';
import { deploy, makeStack, messageOf, templateOf, validProps } from '../helpers';
import { readable } from '../transitions/impact';

const VAULT = 'arn:aws:backup:eu-west-1:111122223333:backup-vault:oky-copies';
const templateWith = (backupPlan: OkyBackupOptions) => templateOf({ database: { backupPlan } });
const messageFor = (backupPlan: OkyBackupOptions) => messageOf(() => deploy({ database: { backupPlan } }));
const rule = (properties: object) => ({ BackupPlan: Match.objectLike({ BackupPlanRule: [Match.objectLike(properties)] }) });

describe('the backup plan', () => {
  test('is not there by default', () => {
    for (const type of ['AWS::Backup::BackupVault', 'AWS::Backup::BackupPlan', 'AWS::Backup::BackupSelection']) {
      templateOf().resourceCountIs(type, 0);
    }
  });

  test('makes a snapshot each day and keeps it for 35 days, without a copy', () => {
    templateWith({}).hasResourceProperties('AWS::Backup::BackupPlan', rule({
      ScheduleExpression: 'cron(0 3 * * ? *)', Lifecycle: { DeleteAfterDays: 35 }, CopyActions: Match.absent(),
    }));
  });

  test('is of the cluster and nothing else', () => {
    const [{ Properties }] = Object.values(templateWith({}).findResources('AWS::Backup::BackupSelection'));
    expect((Properties.BackupSelection.Resources as unknown[]).map(readable)).toEqual([
      expect.stringMatching(/^arn:\$\{AWS::Partition\}:rds:eu-west-2:111122223333:cluster:\$\{OkyDatabaseCluster\w{8}\}$/),
    ]);
    expect(Object.keys(Properties.BackupSelection).sort()).toEqual(['IamRoleArn', 'Resources', 'SelectionName']);
  });

  test('has the schedule and the retention that are given', () => {
    templateWith({ retention: Duration.days(365), schedule: events.Schedule.cron({ hour: '1', minute: '30', weekDay: 'SUN' }) })
      .hasResourceProperties('AWS::Backup::BackupPlan', rule({ ScheduleExpression: 'cron(30 1 ? * SUN *)', Lifecycle: { DeleteAfterDays: 365 } }));
  });

  test.each([[undefined, 35], [Duration.days(90), 90]])('copies to the vault that is given, kept for %s', (copyRetention, days) => {
    templateWith({ copyToVaultArn: VAULT, copyRetention }).hasResourceProperties('AWS::Backup::BackupPlan', rule({
      CopyActions: [{ DestinationBackupVaultArn: VAULT, Lifecycle: { DeleteAfterDays: days } }],
    }));
  });

  test('keeps the vault, with what is in it, under the key of the database', () => {
    templateOf({ database: { backupPlan: {} } }).hasResource('AWS::Backup::BackupVault', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: { EncryptionKeyArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OkyEncryption'), 'Arn'] } },
    });
  });

  test('names the vault so that one that stayed behind is in no other one\'s way', () => {
    const [{ Properties }] = Object.values(templateWith({}).findResources('AWS::Backup::BackupVault'));
    expect(Properties.BackupVaultName).toEqual({
      'Fn::Join': ['', ['project-oky-', { 'Fn::Select': [1, { 'Fn::Split': ['AROA', { 'Fn::GetAtt': [expect.stringMatching(/BackupRole/), 'RoleId'] }] }] }]],
    });
    // The longest prefix, a hyphen, and the 21 characters of a role's id without the four that all have.
    expect(30 + 1 + 21 - 4).toBeLessThanOrEqual(50);
  });

  test.each([[true, 1], [false, 0]])('lets nobody delete what is in it, with deletionProtection %s', (deletionProtection, denials) => {
    const [{ Properties }] = Object.values(templateOf({ deletionProtection, database: { backupPlan: {} } }).findResources('AWS::Backup::BackupVault'));
    const statements = (Properties.AccessPolicy?.Statement ?? []) as { Effect: string; Action: string[] }[];
    expect(statements.filter(({ Effect, Action }) => Effect === 'Deny' && Action.includes('backup:DeleteRecoveryPoint'))).toHaveLength(denials);
  });
});

describe('a backup plan', () => {
  test.each(['retention', 'copyRetention'] as const)('has whole days of %s', prop => {
    for (const given of [Duration.days(0), Duration.hours(36), Duration.days(36501)]) {
      expect(messageFor({ copyToVaultArn: VAULT, [prop]: given })).toMatch(
        new RegExp(`^database\\.backupPlan\\.${prop} \\(in days\\) must be a whole number from 1 to 36500, got: [\\d.]+; give whole days, such as Duration.days\\(35\\)$`));
    }
  });

  test.each(['', 'oky', 'arn:aws:backup:eu-west-1:111122223333:backup-plan:oky', `${VAULT}/x`, 'arn:aws:s3:::oky'])('has no copies in %j', copyToVaultArn => {
    expect(messageFor({ copyToVaultArn })).toBe(`database.backupPlan.copyToVaultArn must be the ARN of a backup vault, got: '${copyToVaultArn}'; `
      + 'find it with: aws backup list-backup-vaults --region <the other region>');
  });

  test('has no copies beside the originals', () => {
    const beside = VAULT.replace('eu-west-1', 'eu-west-2');
    expect(messageFor({ copyToVaultArn: beside })).toBe('database.backupPlan.copyToVaultArn must be in another region or account than the stack, '
      + `got: '${beside}'; a copy beside the original is lost with it`);
    expect(() => templateWith({ copyToVaultArn: beside.replace('111122223333', '444455556666') })).not.toThrow();
  });

  test('keeps no copies that are not made', () => {
    expect(messageFor({ copyRetention: Duration.days(1) })).toBe('database.backupPlan.copyRetention can\'t be combined with no '
      + 'database.backupPlan.copyToVaultArn; say where the copies go, or leave it out');
  });

  test('has a schedule that AWS Backup takes', () => {
    expect(messageFor({ schedule: events.Schedule.rate(Duration.hours(1)) })).toBe('database.backupPlan.schedule must be a cron expression, which is all that '
      + 'AWS Backup takes, got: \'rate(1 hour)\'; use one such as Schedule.cron({ hour: \'3\', minute: \'0\' })');
  });

  test('has a schedule that is known at synthesis', () => {
    expect(messageFor({ schedule: events.Schedule.expression(Lazy.string({ produce: () => 'cron(0 3 * * ? *)' })) })).toBe('database.backupPlan.schedule '
      + 'must be known at synthesis, as CDK checks it, got: a token; give the expression itself');
  });

  test('takes other tokens', () => {
    const stack = makeStack();
    const number = (id: string) => Lazy.number({ produce: () => 40 + id.length });
    expect(() => new OkyBackend(stack, 'Oky', validProps(stack, {
      database: {
        backupPlan: { retention: Duration.days(number('a')), copyToVaultArn: new CfnParameter(stack, 'Vault').valueAsString, copyRetention: Duration.days(number('bc')) },
      },
    }))).not.toThrow();
  });
});
