import type * as events from 'aws-cdk-lib/aws-events';
import type { Duration } from 'aws-cdk-lib/core';

/**
 * Snapshots of the database by AWS Backup, in a vault. While `deletionProtection` is on, a vault lock in governance mode and
 * the vault's policy protect them from mistakes: only a deployment can take the protection off. They stay under the key of
 * the database, as all snapshots of Aurora do: `airGappedVaultName` and `copyToVaultArn` make copies under another key. AWS Backup
 * must be opted in to for Aurora in the region, which is the default of an account.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
 */
export interface OkyBackupOptions {
  /**
   * How long each snapshot is kept, in whole days. The lock of the vault accepts no shorter retention.
   *
   * @default Duration.days(35)
   */
  readonly retention?: Duration;

  /**
   * When a snapshot is made, in UTC; not more often than once an hour.
   *
   * @default - every day at 3:00
   */
  readonly schedule?: events.Schedule;

  /**
   * The name of a logically air-gapped vault to create in the same region and account, to which each snapshot is copied and
   * kept for `retention` (7 days or more). Nobody can delete a copy before its time, not an administrator, the root user, a
   * deployment, or AWS. The copy is under a key that AWS owns, so it survives the loss of the database's key. That also holds
   * for a mistake: each copy costs its storage until its time is over, and the vault can't be deleted before. If you take this
   * option out or change it, the former vault stays, and its name is taken: give another one to turn the copies on again. The
   * copies don't survive the loss of the account: for that, use `copyToVaultArn`.
   *
   * @default - no such copy
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html
   */
  readonly airGappedVaultName?: string;

  /**
   * The ARN of an existing vault in another region or account, to which each snapshot is copied. The copy is under the key
   * of that vault, which must be a customer-managed one where the vault is in another account.
   *
   * @default - no copy
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html
   */
  readonly copyToVaultArn?: string;

  /**
   * How long each copy is kept, in whole days.
   *
   * @default - as `retention`
   */
  readonly copyRetention?: Duration;
}
