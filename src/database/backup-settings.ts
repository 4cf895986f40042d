import * as events from 'aws-cdk-lib/aws-events';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { OkyBackupOptions } from './backup-options';
import { days, requireUnit } from '../private/durations';
import { conflict, invalid, isKnown, requireInteger, requireKnown, requirePattern } from '../private/validation';

/**
 * The regions where CloudFormation has no logically air-gapped vault, by the resource types that aws-cdk-lib 2.270 knows there.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html#features-by-region
 */
const NOT_AIR_GAPPED = ['ap-southeast-7'];

/** The options with their defaults in place, checked. */
export type BackupSettings = ReturnType<typeof resolveBackup>;

export function resolveBackup(scope: Construct, options: OkyBackupOptions) {
  const retention = options.retention ?? Duration.days(35);
  const settings = {
    retention,
    schedule: options.schedule ?? events.Schedule.cron({ hour: '3', minute: '0' }),
    airGappedVaultName: options.airGappedVaultName,
    copyToVaultArn: options.copyToVaultArn,
    copyAccount: accountOfCopies(scope, options.copyToVaultArn),
    copyRetention: options.copyRetention ?? retention,
  };
  for (const prop of ['retention', 'copyRetention'] as const) {
    requireUnit(`database.backupPlan.${prop}`, settings[prop], 'days');
    requireInteger(`database.backupPlan.${prop} (in days)`, days(settings[prop]), 1, 36500, 'give whole days, such as Duration.days(35)');
  }
  requirePattern('database.backupPlan.airGappedVaultName', settings.airGappedVaultName, /^[\w-]{2,50}$/, 'be 2 to 50 letters, digits, hyphens and underscores',
    "use one such as 'oky-air-gapped'");
  if (settings.airGappedVaultName !== undefined && NOT_AIR_GAPPED.includes(Stack.of(scope).region)) {
    throw invalid('database.backupPlan.airGappedVaultName', 'be left out in a region without logically air-gapped vaults', Stack.of(scope).region,
      'use database.backupPlan.copyToVaultArn with a vault in another account or region');
  }
  if (settings.airGappedVaultName !== undefined) {
    requireInteger('database.backupPlan.retention (in days)', days(retention), 7, 36500,
      'an air-gapped vault keeps nothing for less than 7 days: give Duration.days(7) or more, or leave airGappedVaultName out');
  }
  requireKnown('database.backupPlan.schedule', settings.schedule.expressionString, 'as CDK checks it', 'give the expression itself');
  requirePattern('database.backupPlan.schedule', settings.schedule.expressionString, /^cron\(.*\)$/, 'be a cron expression, which is all that AWS Backup takes',
    'use one such as Schedule.cron({ hour: \'3\', minute: \'0\' })');
  requireVault(scope, options);
  return settings;
}

function requireVault(scope: Construct, { copyToVaultArn, copyRetention }: OkyBackupOptions): void {
  if (copyToVaultArn === undefined && copyRetention !== undefined) {
    throw conflict('database.backupPlan.copyRetention', 'no database.backupPlan.copyToVaultArn', 'say where the copies go, or leave it out');
  }
  requirePattern('database.backupPlan.copyToVaultArn', copyToVaultArn, /^arn:[\w-]+:backup:[a-z0-9-]+:\d{12}:backup-vault:[\w-]{2,50}$/,
    'be the ARN of a backup vault', 'find it with: aws backup list-backup-vaults --region <the other region>');
  const { account, region } = Stack.of(scope);
  if (isKnown(copyToVaultArn) && copyToVaultArn.includes(`:backup:${region}:${account}:`)) {
    throw invalid('database.backupPlan.copyToVaultArn', 'be in another region or account than the stack', copyToVaultArn, 'a copy beside the original is lost with it');
  }
}

/** The account of the copies, if it is another one than the stack's. */
function accountOfCopies(scope: Construct, vaultArn: string | undefined): string | undefined {
  const account = isKnown(vaultArn) ? vaultArn.split(':')[4] : undefined;
  return account === Stack.of(scope).account ? undefined : account;
}
