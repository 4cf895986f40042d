import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlarmTopic } from '../monitoring/alarm-topic';
import { Alarms, whereBusy } from '../monitoring/alarms';
import { makeBudget } from '../monitoring/budget';
import { edgeMetrics } from '../monitoring/edge-metrics';
import { addCertificateAlarm } from '../monitoring/load-balancer-alarms';
import type { MonitoringSettings } from '../monitoring/monitoring-settings';
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
    addEdgeAlarms(alarms, edgeMetrics(names, props.distributionId), { blocks: props.blocks });
    if (props.certificate) {
      addCertificateAlarm(alarms, 'EdgeCertificate', props.certificate, 'CloudFront');
    }
    if (settings.monthlyBudgetUsd !== undefined) {
      makeBudget(this, names, settings.monthlyBudgetUsd, topic);
    }
    if (settings.slack) {
      new chatbot.CfnSlackChannelConfiguration(this, 'Slack', {
        configurationName: names.alarmTopic,
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

function addEdgeAlarms(alarms: Alarms, metrics: ReturnType<typeof edgeMetrics>, options: { readonly blocks: boolean }): void {
  // Of the requests that users made, whoever answered: 5 % is one in 20.
  alarms.add('CloudFrontErrors', {
    metric: whereBusy(metrics.serverErrorRate, metrics.requests, '5xx %'),
    from: 5,
    periods: 3,
    description: 'CloudFront has answered 5 % of the requests with 5xx for 15 minutes: users see errors. See whether load balancer and services do too.',
    section: 'cloudfront-answers-with-5xx',
  });
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
