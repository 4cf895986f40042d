import type * as rds from 'aws-cdk-lib/aws-rds';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { type EventMessages, field } from './event-messages';

/** The categories of events that a person should know of. Pausing and resuming are `notification`, restarts are `availability`. */
const CATEGORIES = ['deletion', 'failover', 'failure', 'global-failover', 'low storage', 'maintenance', 'recovery', 'security'];

/**
 * What RDS tells of the cluster and its instances: failures, also of its own backups, a lost key, a failover, maintenance.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html
 */
export function addDatabaseEvents(messages: EventMessages, cluster: rds.IDatabaseCluster): void {
  const instances = cluster.instanceIdentifiers.map(name =>
    Stack.of(cluster).formatArn({ service: 'rds', resource: 'db', resourceName: name, arnFormat: ArnFormat.COLON_RESOURCE_NAME }));
  messages.add('DatabaseEvent', {
    title: 'something happened to the database',
    pattern: {
      source: ['aws.rds'],
      detailType: ['RDS DB Cluster Event', 'RDS DB Instance Event'],
      detail: { EventCategories: CATEGORIES, SourceArn: [cluster.clusterArn, ...instances] },
    },
    text: `RDS: ${field('detail.EventID')} (${field('detail.EventCategories[0]')}) of ${field('detail.SourceIdentifier')} at ${field('detail.Date')}.`,
    next: 'See what it means:',
    section: 'something-happened-to-the-database',
  });
}

/**
 * A backup or a copy of it that AWS Backup did not finish. The ARN of the resource differs between kinds of recovery points, so any of
 * Aurora in this account and region is reported.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
 */
export function addBackupEvents(messages: EventMessages): void {
  messages.add('BackupFailed', {
    title: 'a backup or its copy failed',
    pattern: {
      source: ['aws.backup'],
      detailType: ['Backup Job State Change', 'Copy Job State Change'],
      detail: { state: ['ABORTED', 'EXPIRED', 'FAILED', 'PARTIAL'], resourceType: ['Aurora'] },
    },
    text: `${field('detail-type')}: ${field('detail.state')}, of ${field('detail.resourceArn')}.`,
    next: 'See why, and make one by hand:',
    section: 'a-backup-or-its-copy-failed',
  });
}
