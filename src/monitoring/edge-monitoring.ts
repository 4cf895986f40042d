import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic';
import { Alarms } from './alarms';
import { makeBudget } from './budget';
import { addCertificateAlarm, addEdgeAlarms, edgeMetrics } from './entrance-alarms';
import type { MonitoringSettings } from './monitoring-settings';
import { isInUsEast1 } from '../edge/companion';
import type { PhysicalNames } from '../private/names';

export interface EdgeMonitoringOptions {
  readonly settings: MonitoringSettings;
  /** The one of the deployment's region. */
  readonly topic: sns.ITopic;
  /** CloudFront's certificate; undefined where the load balancer's serves both. */
  readonly certificate?: acm.ICertificate;
  /** Whether a web ACL made here refuses requests. */
  readonly blocks: boolean;
}

export interface EdgeMonitoringProps extends EdgeMonitoringOptions {
  readonly names: PhysicalNames;
  readonly distributionId: string;
  /** As this stack, which may be another one, reads it. */
  readonly mainTopicArn: string;
}

/** What can be watched from us-east-1 only, or at least from there whatever the region: CloudFront, firewall, bill and Slack. */
export class EdgeMonitoring extends Construct {
  constructor(scope: Construct, id: string, props: EdgeMonitoringProps) {
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
