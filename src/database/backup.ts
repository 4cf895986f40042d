import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as rds from 'aws-cdk-lib/aws-rds';
import { Annotations, DefaultStackSynthesizer, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { BackupSettings } from './backup-settings';
import { acknowledge, awsPolicyFinding } from '../private/acknowledge';
import type { PhysicalNames } from '../private/names';
import type { EncryptionKeys } from '../storage/encryption-keys';

export interface BackupProps {
  readonly settings: BackupSettings;
  readonly names: PhysicalNames;
  readonly cluster: rds.DatabaseCluster;
  readonly encryption: EncryptionKeys;
  /** Of the database, if it is not the one that the construct creates. */
  readonly databaseKey?: kms.IKey;
  readonly deletionProtection: boolean;
}

/** What the ids of all roles begin with. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const ROLE_ID = 'AROA';

/**
 * The limits of an air-gapped vault for any retention, in days. AWS accepts no less and no more, and they can't be changed
 * later: with these, a new `retention` never asks for another vault.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html
 */
const AIR_GAPPED_DAYS = { least: 7, most: 36500 };

/** What takes the protection off a vault. */
const UNPROTECT = [
  'backup:DeleteBackupVault',
  'backup:DeleteBackupVaultAccessPolicy',
  'backup:DeleteBackupVaultLockConfiguration',
  'backup:PutBackupVaultAccessPolicy',
  'backup:PutBackupVaultLockConfiguration',
];

/** Snapshots of the database in a vault, by AWS Backup. */
export class Backup extends Construct {
  constructor(scope: Construct, id: string, private readonly props: BackupProps) {
    super(scope, id);
    const { settings, names } = props;
    const role = new iam.Role(this, 'Role', {
      description: 'Oky: snapshots of the database by AWS Backup',
      assumedBy: new iam.ServicePrincipal('backup.amazonaws.com'),
    });
    const policy = iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBackupServiceRolePolicyForBackup');
    role.addManagedPolicy(policy);
    acknowledge(role, {
      [awsPolicyFinding(role, policy.managedPolicyArn)]: 'what AWS Backup needs changes with it, and AWS keeps this policy in step; only AWS Backup can assume the role',
    });
    if (settings.copyAccount !== undefined) {
      this.shareKey(settings.copyAccount);
    }
    const copies = [
      ...(settings.airGappedVaultName === undefined ? [] : [{
        destinationBackupVault: this.makeAirGappedVault(settings.airGappedVaultName), deleteAfter: settings.retention,
      }]),
      ...(settings.copyToVaultArn === undefined ? [] : [{
        destinationBackupVault: backup.BackupVault.fromBackupVaultArn(this, 'Copies', settings.copyToVaultArn),
        deleteAfter: settings.copyRetention,
      }]),
    ];
    const plan = new backup.BackupPlan(this, 'Plan', {
      backupPlanName: `${names.prefix}-database`,
      backupPlanRules: [new backup.BackupPlanRule({
        ruleName: 'Snapshots',
        // Random, as the role's id is, which comes and goes with the vault: a vault that was left behind, with its snapshots,
        // never blocks the name of the next one.
        backupVault: this.makeVault(`${names.prefix}-${Fn.select(1, Fn.split(ROLE_ID, role.roleId))}`),
        scheduleExpression: settings.schedule,
        deleteAfter: settings.retention,
        copyActions: copies.length > 0 ? copies : undefined,
      })],
    });
    plan.addSelection('Database', { backupSelectionName: props.cluster.clusterResourceIdentifier, role, resources: [backup.BackupResource.fromArn(props.cluster.clusterArn)] });
  }

  private makeVault(backupVaultName: string): backup.BackupVault {
    const { settings, encryption, deletionProtection } = this.props;
    const vault = new backup.BackupVault(this, 'Vault', {
      backupVaultName,
      // Fixed when the vault is created. It encrypts no snapshot of Aurora: each stays under the key of the database.
      // See https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html.
      encryptionKey: encryption.databaseKey,
      blockRecoveryPointDeletion: deletionProtection,
      // Governance mode, as it has no date from which it can't be changed: for that, `airGappedVaultName`.
      lockConfiguration: deletionProtection ? { minRetention: settings.retention } : undefined,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    if (deletionProtection) {
      vault.addToAccessPolicy(this.denyUnprotect());
    }
    return vault;
  }

  /**
   * Only a deployment may take the protection off. AWS Backup exempts nobody from the policy of a vault, not even the root
   * user: without the exception, the protection could never be taken off.
   */
  private denyUnprotect(): iam.PolicyStatement {
    const { synthesizer } = Stack.of(this);
    const role = synthesizer instanceof DefaultStackSynthesizer ? synthesizer.cloudFormationExecutionRoleArn : undefined;
    return new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: UNPROTECT,
      resources: ['*'],
      conditions: {
        // Without a role for CloudFormation, it acts with the rights of the person who deploys.
        'ForAllValues:StringNotEquals': { 'aws:CalledVia': 'cloudformation.amazonaws.com' },
        ...(role !== undefined && { ArnNotLike: { 'aws:PrincipalArn': Fn.sub(role) } }),
      },
    });
  }

  /**
   * A copy in another account is made with the rights of that account, which reads the snapshot under the database's key.
   *
   * @see https://repost.aws/knowledge-center/backup-troubleshoot-cross-account-copy
   */
  private shareKey(account: string): void {
    const { encryption, databaseKey } = this.props;
    const root = [new iam.AccountPrincipal(account)];
    const statements = [
      new iam.PolicyStatement({ principals: root, actions: ['kms:Decrypt', 'kms:DescribeKey'], resources: ['*'] }),
      new iam.PolicyStatement({
        principals: root, actions: ['kms:CreateGrant'], resources: ['*'], conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
    ];
    if (databaseKey === undefined) {
      encryption.addToDatabaseKeyPolicy(...statements);
    } else if (!statements.map(statement => databaseKey.addToResourcePolicy(statement).statementAdded).every(Boolean)) {
      Annotations.of(this).addWarningV2('cdk-oky-backend:copiedKeyPolicy',
        `database.encryptionKey is imported, so its policy can't be extended from here: the copies in account ${account} fail until you add these statements to it: `
        + statements.map(statement => JSON.stringify(Stack.of(this).resolve(statement.toStatementJson()))).join(', '));
    }
  }

  /** Locked in compliance mode, under a key of AWS: nobody in the account can delete what is in it, or the key. */
  private makeAirGappedVault(backupVaultName: string): backup.IBackupVault {
    const vault = new backup.CfnLogicallyAirGappedBackupVault(this, 'AirGapped', {
      backupVaultName,
      minRetentionDays: AIR_GAPPED_DAYS.least,
      maxRetentionDays: AIR_GAPPED_DAYS.most,
    });
    vault.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    return backup.BackupVault.fromBackupVaultArn(this, 'AirGappedCopies', vault.attrBackupVaultArn);
  }
}
