import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addCertificateEvents, addCostEvents, addHealthEvents } from '../monitoring/account-events';
import { AlarmTopic } from '../monitoring/alarm-topic';
import { Alarms, whereBusy } from '../monitoring/alarms';
import { makeBudget } from '../monitoring/budget';
import type { CheckedHost } from '../monitoring/checker-regions';
import { edgeMetrics } from '../monitoring/edge-metrics';
import { EventMessages } from '../monitoring/event-messages';
import { addCertificateAlarm } from '../monitoring/load-balancer-alarms';
import type { MonitoringSettings } from '../monitoring/monitoring-settings';
import { addOutsideCheck } from '../monitoring/outside-checks';
import type { PhysicalNames } from '../private/names';
import { isInUsEast1 } from '../private/regions';

export interface EdgeAlarmsOptions {
  readonly settings: MonitoringSettings;
  /** The one of the deployment's region. */
  readonly topic: sns.ITopic;
  /** CloudFront's certificate; undefined where the load balancer's serves both. */
  readonly certificate?: acm.ICertificate;
  /** Whether a web ACL made here refuses requests. */
  readonly blocks: boolean;
  /** The hosts that are asked from outside, and the regions that they are asked from; undefined where CloudFront answers in too few. */
  readonly outside: { readonly hosts: CheckedHost[]; readonly regions?: string[] };
}

export interface EdgeAlarmsProps extends EdgeAlarmsOptions {
  readonly names: PhysicalNames;
  readonly distributionId: string;
  /** As this stack, which may be another one, reads it. */
  readonly mainTopicArn: string;
}

/** What can be watched from us-east-1 only, or at least from there whatever the region: CloudFront, firewall, bill and Slack. */
export class EdgeAlarms extends Construct {
  constructor(scope: Construct, id: string, props: EdgeAlarmsProps) {
    super(scope, id);
    const { settings, names } = props;
    const topic = isInUsEast1(props.topic) ? props.topic : new AlarmTopic(this, 'Topic', {
      names, alarmEmail: settings.alarmEmail, hearsBudget: settings.monthlyBudgetUsd !== undefined,
    }).topic;
    const alarms = new Alarms(this, 'Alarms', names, topic);
    const { hosts, regions } = props.outside;
    const checked = regions ? hosts : [];
    checked.forEach(host => addOutsideCheck(alarms, names, host, regions!));
    addEdgeAlarms(alarms, edgeMetrics(names, props.distributionId), { blocks: props.blocks, isChecked: checked.length > 0 });
    const messages = new EventMessages(this, 'Events', { names, topic, topicKey: topic.masterKey, isReadBySlack: settings.slack !== undefined });
    if (props.certificate) {
      addCertificateAlarm(alarms, 'EdgeCertificate', props.certificate, 'CloudFront');
      addCertificateEvents(messages, props.certificate);
    }
    addHealthEvents(messages, 'global');
    addCostEvents(messages);
    if (settings.monthlyBudgetUsd !== undefined) {
      makeBudget(this, settings.monthlyBudgetUsd, topic);
    }
    if (settings.slack) {
      new chatbot.CfnSlackChannelConfiguration(this, 'Slack', {
        // Another workspace replaces the configuration, and the new one is made while the old one exists.
        configurationName: `${names.alarmTopic}-${settings.slack.workspaceId}`,
        slackWorkspaceId: settings.slack.workspaceId,
        slackChannelId: settings.slack.channelId,
        // Both topics in one, as a channel can have one configuration in an account.
        snsTopicArns: [...new Set([props.mainTopicArn, topic.topicArn])],
        iamRoleArn: new iam.Role(this, 'SlackRole', { assumedBy: new iam.ServicePrincipal('chatbot.amazonaws.com') }).roleArn,
        // Without a guardrail it is AdministratorAccess. Notifications need no permission; whoever is in the channel gets none.
        guardrailPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AWSDenyAll').managedPolicyArn],
      });
    }
  }
}

interface EdgeTraffic {
  readonly blocks: boolean;
  /** Whether hosts are asked from outside. */
  readonly isChecked: boolean;
}

function addEdgeAlarms(alarms: Alarms, metrics: ReturnType<typeof edgeMetrics>, options: EdgeTraffic): void {
  // Of the requests that users made, whoever answered: 5 % is one in 20.
  alarms.add('CloudFrontErrors', {
    metric: whereBusy(metrics.serverErrorRate, metrics.requests, '5xx %'),
    from: 5,
    periods: 3,
    description: 'CloudFront has answered 5 % of the requests with 5xx for 15 minutes: users see errors. See whether load balancer and services do too.',
    section: 'cloudfront-answers-with-5xx',
  });
  // Scanners, and tokens that ran out, are some of any traffic, but not half of it for a quarter of an hour.
  alarms.add('CloudFrontRefusals', {
    metric: whereBusy(metrics.clientErrorRate, metrics.requests, '4xx %', 200),
    from: 50,
    periods: 3,
    description: 'CloudFront has answered half of the requests with 4xx for 15 minutes. See whether a scanner asks, or whether the firewall, the secret header or a '
      + 'signing secret shuts users out.',
    section: 'many-requests-are-refused-with-4xx',
  });
  if (options.isChecked) {
    // The checks from outside are requests too: with none at all for as long, nothing reaches CloudFront.
    alarms.add('Silence', {
      metric: metrics.requests,
      below: 1,
      periods: 3,
      missing: cloudwatch.TreatMissingData.BREACHING,
      description: 'CloudFront has had no request for 15 minutes, not even a health check. See whether DNS still leads to it.',
      section: 'unusually-few-requests-arrive',
    });
  } else {
    alarms.addUnusuallyLow('Silence', {
      metric: metrics.requests.with({ period: Duration.minutes(15) }),
      periods: 4,
      description: 'For an hour CloudFront has had far fewer requests than usual at this time. See whether DNS still leads to it, and whether it is allowed in your countries.',
      section: 'unusually-few-requests-arrive',
    });
  }
  if (options.blocks) {
    // Scanners are refused all day. This many is an attack, or a rule that refuses the app itself.
    alarms.add('FirewallBlocks', {
      metric: metrics.blocked,
      from: 500,
      periods: 2,
      description: 'The firewall has refused 500 requests or more in each of two times 5 minutes. See whether these are users.',
      section: 'the-firewall-blocks-much',
    });
  }
}
