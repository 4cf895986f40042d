import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { type EventMessages, field } from './event-messages';

/** The services in the region of the deployment that it depends on, as AWS Health names them. */
const REGIONAL_SERVICES = ['ACM', 'AUTOSCALING', 'BACKUP', 'CLOUDWATCH', 'EC2', 'ECR', 'ECS', 'ELASTICLOADBALANCING', 'FARGATE', 'KMS', 'NATGATEWAY', 'RDS',
  'S3', 'SECRETSMANAGER', 'SNS', 'VPC'];
/** The services that are in us-east-1, or that AWS Health reports there. */
const GLOBAL_SERVICES = ['BILLING', 'CLOUDFRONT', 'IAM', 'RISK', 'ROUTE53', 'WAF'];

/** From this share of a usual bill on, an anomaly is worth a message: smaller ones are a busy day. */
const ANOMALY_USD = 10;

/**
 * Incidents and planned work of AWS that concern this account, and notices such as a renewal that needs a person.
 *
 * @see https://docs.aws.amazon.com/health/latest/ug/aws-health-concepts-and-terms.html
 * @see https://docs.aws.amazon.com/health/latest/ug/about-public-events.html
 */
export function addHealthEvents(messages: EventMessages, where: 'regional' | 'global'): void {
  messages.add(where === 'regional' ? 'Health' : 'GlobalHealth', {
    title: 'AWS reports an incident or planned work',
    pattern: {
      source: ['aws.health'],
      detailType: ['AWS Health Event'],
      detail: {
        service: where === 'regional' ? REGIONAL_SERVICES : GLOBAL_SERVICES,
        eventTypeCategory: ['issue', 'scheduledChange', 'investigation', 'accountNotification'],
        // One message when it begins, and none for each update.
        statusCode: ['open', 'upcoming'],
      },
    },
    text: `AWS Health: ${field('detail.eventTypeCode')} (${field('detail.eventTypeCategory')}) of ${field('detail.service')} in ${field('region')}, since ${field('detail.startTime')}.`,
    next: 'See what it means for you:',
    section: 'aws-reports-an-incident-or-planned-work',
  });
}

/**
 * A certificate that ACM can't renew without a person, or that has expired. The reminders of the 45 days before, one a day, are
 * left to the alarm.
 *
 * @see https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html
 */
export function addCertificateEvents(messages: EventMessages, certificate: ICertificate): void {
  messages.add('CertificateNotRenewed', {
    title: 'a certificate is not renewed',
    pattern: {
      source: ['aws.acm'],
      detailType: ['ACM Certificate Renewal Action Required', 'ACM Certificate Expired'],
      resources: [certificate.certificateArn],
    },
    text: `${field('detail-type')}: ${field('detail.CommonName')}, ${field('resources[0]')}.`,
    next: 'See what to do:',
    section: 'a-certificate-expires',
  });
}

/**
 * Somebody disabled the key of the database, or scheduled it for deletion. EventBridge hears of it only where the account has a trail
 * of CloudTrail; the message of RDS, when the cluster has lost its key, needs none.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function addKeyEvents(messages: EventMessages, key: kms.IKey): void {
  messages.add('KeyDisabled', {
    title: 'the key of the database was disabled or is to be deleted',
    pattern: {
      source: ['aws.kms'],
      detailType: ['AWS API Call via CloudTrail'],
      detail: { eventSource: ['kms.amazonaws.com'], eventName: ['DisableKey', 'ScheduleKeyDeletion'], resources: { ARN: [key.keyArn] } },
    },
    text: `${field('detail.eventName')} by ${field('detail.userIdentity.arn')}. Without the key, database, secrets and snapshots are unreadable.`,
    next: 'Enable it at once:',
    section: 'the-key-is-disabled-or-scheduled-for-deletion',
  });
}

/**
 * What AWS's Cost Anomaly Detection finds, in the monitor that accounts have by default. A monitor of one's own is not made: an
 * account can have one for all services.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/cad-eventbridge.html
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html
 */
export function addCostEvents(messages: EventMessages): void {
  messages.add('CostAnomaly', {
    title: 'the account costs more than usual',
    pattern: {
      source: ['aws.ce'],
      detailType: ['Anomaly Detected'],
      detail: { impact: { totalImpact: [{ numeric: ['>=', ANOMALY_USD] }] } },
    },
    text: `AWS found costs that are unusual for this account: ${field('detail.impact.totalImpact')} USD more than expected, since ${field('detail.anomalyStartDate')}.`,
    next: 'See for what:',
    section: 'the-account-costs-too-much',
  });
}
