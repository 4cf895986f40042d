import type * as events from 'aws-cdk-lib/aws-events';
import type { Duration } from 'aws-cdk-lib/core';

/**
 * Snapshots of the database by AWS Backup. Nobody can delete them before their time while `deletionProtection` is on. AWS
 * Backup must be opted in to for Aurora in the region, which an account is unless somebody turned it off.
 */
export interface OkyBackupOptions {
  /**
   * How long each snapshot is kept, in whole days.
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
