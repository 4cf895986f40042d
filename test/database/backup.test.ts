import { runSimulation } from '@cloud-copilot/iam-simulate';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import { App, CfnParameter, CliCredentialsStackSynthesizer, DefaultStackSynthesizer, Duration, type IStackSynthesizer, Lazy, Stack } from 'aws-cdk-lib/core';
import { OkyBackend, type OkyBackupOptions } from '../../src';
import { ACCOUNT, deploy, makeStack, messageOf, REGION, templateOf, validProps } from '../helpers';
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

  const ELSEWHERE = VAULT.replace('111122223333', '444455556666');
  const shared = (actions: string | string[]) => Match.objectLike({
    Effect: 'Allow', Action: actions, Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::444455556666:root']] } },
  });

  test('lets the account of the copies read the snapshots under the key of the database', () => {
    templateWith({ copyToVaultArn: ELSEWHERE }).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: Match.objectLike({ Statement: Match.arrayWith([shared(['kms:Decrypt', 'kms:DescribeKey']), shared('kms:CreateGrant')]) }),
    });
  });

  test.each([undefined, VAULT])('lets no other account use the key of the database, with copies to %s', copyToVaultArn => {
    expect(JSON.stringify(templateWith({ copyToVaultArn }).findResources('AWS::KMS::Key'))).not.toMatch(/444455556666/);
  });

  test('prints what the policy of an imported key needs for the copies', () => {
    const stack = makeStack();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Own', 'arn:aws:kms:eu-west-2:111122223333:key/11111111-2222-3333-4444-555555555555');
    new OkyBackend(stack, 'Oky', validProps(stack, { database: { encryptionKey, backupPlan: { copyToVaultArn: ELSEWHERE } } }));
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('database.encryptionKey is imported.*copies in account 444455556666 fail until.*kms:CreateGrant'));
  });

  test('extends the policy of a key that is created in the app', () => {
    const stack = makeStack();
    new OkyBackend(stack, 'Oky', validProps(stack, { database: { encryptionKey: new kms.Key(stack, 'Own'), backupPlan: { copyToVaultArn: ELSEWHERE } } }));
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: Match.objectLike({ Statement: Match.arrayWith([shared('kms:CreateGrant')]) }),
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('fail until you add these statements'));
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

  test.each([[true, { MinRetentionDays: 90 }], [false, Match.absent()]])('locks the vault for its retention, with deletionProtection %s', (deletionProtection, lock) => {
    templateOf({ deletionProtection, database: { backupPlan: { retention: Duration.days(90) } } })
      .hasResourceProperties('AWS::Backup::BackupVault', { LockConfiguration: lock });
  });

  test('copies to an air-gapped vault only when asked', () => {
    templateWith({}).resourceCountIs('AWS::Backup::LogicallyAirGappedBackupVault', 0);
  });

  test('copies to an air-gapped vault, which stays, under a key of AWS', () => {
    const template = templateWith({ airGappedVaultName: 'oky-air-gapped', retention: Duration.days(60), copyToVaultArn: VAULT, copyRetention: Duration.days(90) });
    template.hasResource('AWS::Backup::LogicallyAirGappedBackupVault', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: { BackupVaultName: 'oky-air-gapped', EncryptionKeyArn: Match.absent(), MinRetentionDays: 7, MaxRetentionDays: 36500 },
    });
    template.hasResourceProperties('AWS::Backup::BackupPlan', rule({
      CopyActions: [
        { DestinationBackupVaultArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('AirGapped'), 'BackupVaultArn'] }, Lifecycle: { DeleteAfterDays: 60 } },
        { DestinationBackupVaultArn: VAULT, Lifecycle: { DeleteAfterDays: 90 } },
      ],
    }));
  });

  test.each([7, 36500])('never asks for another air-gapped vault: a retention of %s days changes nothing of it', retention => {
    const vaultWith = (given: OkyBackupOptions) => templateWith({ airGappedVaultName: 'oky-air-gapped', ...given }).findResources('AWS::Backup::LogicallyAirGappedBackupVault');
    expect(vaultWith({ retention: Duration.days(retention) })).toEqual(vaultWith({}));
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

  test.each(['', 'x', 'oky copies', 'a'.repeat(51)])('has no air-gapped vault named %j', airGappedVaultName => {
    expect(messageFor({ airGappedVaultName })).toBe('database.backupPlan.airGappedVaultName must be 2 to 50 letters, digits, hyphens and underscores, '
      + `got: '${airGappedVaultName}'; use one such as 'oky-air-gapped'`);
  });

  test('has no air-gapped vault in a region without them', () => {
    expect(messageOf(() => deploy({ database: { backupPlan: { airGappedVaultName: 'oky-air-gapped' } } }, { region: 'ap-southeast-7' })))
      .toBe("database.backupPlan.airGappedVaultName must be left out in a region without logically air-gapped vaults, got: 'ap-southeast-7'; "
        + 'use database.backupPlan.copyToVaultArn with a vault in another account or region');
  });

  test.each([1, 6])('of an air-gapped vault keeps nothing for only %s days', given => {
    expect(messageFor({ airGappedVaultName: 'oky-air-gapped', retention: Duration.days(given) })).toBe('database.backupPlan.retention (in days) must be a whole number from 7 to 36500, '
      + `got: ${given}; an air-gapped vault keeps nothing for less than 7 days: give Duration.days(7) or more, or leave airGappedVaultName out`);
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

/** Outside facts, T6: each line is a call that destroyed the backups before the vault was locked. */
describe('the vault, attacked', () => {
  const ROLES = {
    deployment: `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`,
    administrator: `arn:aws:iam::${ACCOUNT}:role/Administrator`,
    root: `arn:aws:iam::${ACCOUNT}:root`,
  };
  const TAKE_OFF = [
    'DeleteBackupVaultAccessPolicy', 'PutBackupVaultAccessPolicy', 'DeleteBackupVaultLockConfiguration', 'PutBackupVaultLockConfiguration', 'DeleteBackupVault',
  ];
  const DELETE = ['DeleteRecoveryPoint', 'UpdateRecoveryPointLifecycle'];

  /** Whether an administrator's own rights and the policy of the vault allow it together. */
  async function isAllowed(stack: Stack, action: string, principal: string, context: Record<string, string | string[]> = {}): Promise<boolean> {
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Backup::BackupVault'));
    const policy = JSON.parse(JSON.stringify(Properties.AccessPolicy).replaceAll(/\{"Fn::Sub":"([^"]*)"\}/g, '"$1"').replaceAll('${AWS::Partition}', 'aws'));
    const result = await runSimulation({
      request: {
        principal,
        action: `backup:${action}`,
        resource: { resource: `arn:aws:backup:${REGION}:${ACCOUNT}:backup-vault:oky`, accountId: ACCOUNT },
        contextVariables: { 'aws:PrincipalArn': principal, ...context },
      },
      identityPolicies: [{ name: 'administrator', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } }],
      resourcePolicy: policy,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    }, {});
    if (result.resultType === 'error') {
      throw new Error(`${action}: ${JSON.stringify(result.errors)}`);
    }
    return result.overallResult === 'Allowed';
  }

  const stackWith = (synthesizer?: IStackSynthesizer) => {
    const stack = new Stack(new App(), 'Test', { env: { account: ACCOUNT, region: REGION }, synthesizer });
    new OkyBackend(stack, 'Oky', validProps(stack, { database: { backupPlan: {} } }));
    return stack;
  };
  const protectedStack = stackWith();

  test.each(DELETE)('%s is denied to everyone, a deployment too', async action => {
    for (const principal of Object.values(ROLES)) {
      expect(await isAllowed(protectedStack, action, principal)).toBe(false);
    }
  });

  test.each(TAKE_OFF)('%s is denied to an administrator and to the root user, and left to a deployment', async action => {
    expect(await isAllowed(protectedStack, action, ROLES.administrator)).toBe(false);
    expect(await isAllowed(protectedStack, action, ROLES.root)).toBe(false);
    expect(await isAllowed(protectedStack, action, ROLES.deployment)).toBe(true);
  });

  test('a deployment without a role for CloudFormation can still take the protection off, and its person can\'t directly', async () => {
    const stack = stackWith(new CliCredentialsStackSynthesizer());
    expect(await isAllowed(stack, 'PutBackupVaultAccessPolicy', ROLES.administrator)).toBe(false);
    expect(await isAllowed(stack, 'PutBackupVaultAccessPolicy', ROLES.administrator, { 'aws:CalledVia': ['cloudformation.amazonaws.com'] })).toBe(true);
  });

  test('a bootstrap of another name is known', async () => {
    const stack = stackWith(new DefaultStackSynthesizer({ qualifier: 'other' }));
    expect(await isAllowed(stack, 'PutBackupVaultAccessPolicy', ROLES.deployment)).toBe(false);
    expect(await isAllowed(stack, 'PutBackupVaultAccessPolicy', ROLES.deployment.replace('hnb659fds', 'other'))).toBe(true);
  });
});
