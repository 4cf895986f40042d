import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as rds from 'aws-cdk-lib/aws-rds';
import { Fn, RemovalPolicy } from 'aws-cdk-lib/core';
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
  readonly deletionProtection: boolean;
}

/** What the ids of all roles begin with. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const ROLE_ID = 'AROA';

/** Snapshots of the database in a vault, by AWS Backup. */
export class Backup extends Construct {
  constructor(scope: Construct, id: string, props: BackupProps) {
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
    const vault = new backup.BackupVault(this, 'Vault', {
      // Random, as the role's id is, which comes and goes with the vault: one that stayed behind, with what is in it, is
      // in no other one's way.
      backupVaultName: `${names.prefix}-${Fn.select(1, Fn.split(ROLE_ID, role.roleId))}`,
      // Fixed when the vault is made, like that of the database.
      encryptionKey: props.encryption.databaseKey,
      blockRecoveryPointDeletion: props.deletionProtection,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const plan = new backup.BackupPlan(this, 'Plan', {
      backupPlanName: `${names.prefix}-database`,
      backupPlanRules: [new backup.BackupPlanRule({
        ruleName: 'Snapshots',
        backupVault: vault,
        scheduleExpression: settings.schedule,
        deleteAfter: settings.retention,
        copyActions: settings.copyToVaultArn === undefined ? undefined : [{
          destinationBackupVault: backup.BackupVault.fromBackupVaultArn(this, 'Copies', settings.copyToVaultArn),
          deleteAfter: settings.copyRetention,
        }],
      })],
    });
    plan.addSelection('Database', { backupSelectionName: 'database', role, resources: [backup.BackupResource.fromArn(props.cluster.clusterArn)] });
  }
}
