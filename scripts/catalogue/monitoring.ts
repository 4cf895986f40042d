import { Match } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as fc from 'fast-check';
import type { OptionCases } from './option-case';
import { garbled } from './values';

const OWN_TOPIC = 'arn:aws:sns:eu-west-2:111122223333:own';

export const MONITORING_OPTIONS = {
  'monitoring.alarmEmail': {
    nag: true,
    base: { monitoring: {} },
    given: { monitoring: { alarmEmail: 'ops@okyapp.info' } },
    type: 'AWS::SNS::Subscription',
    byDefault: undefined,
    whenGiven: { Protocol: 'email', Endpoint: 'ops@okyapp.info' },
    wrong: fc.oneof(garbled, fc.constantFrom('', 'ops', 'ops@', '@okyapp.info', 'a@b', 'a@b.org, c@d.org')),
  },
  'monitoring.slackWorkspaceId': {
    nag: false,
    usEast1Stack: 'project-oky-edge-watch',
    base: { monitoring: {} },
    given: { monitoring: { slackWorkspaceId: 'T0123', slackChannelId: 'C0123' } },
    type: 'AWS::Chatbot::SlackChannelConfiguration',
    byDefault: undefined,
    whenGiven: { SlackWorkspaceId: 'T0123' },
    wrong: fc.oneof(garbled, fc.constantFrom('C0123', 't0123')),
  },
  'monitoring.slackChannelId': {
    nag: false,
    usEast1Stack: 'project-oky-edge-watch',
    base: { monitoring: {} },
    given: { monitoring: { slackWorkspaceId: 'T0123', slackChannelId: 'C0123' } },
    type: 'AWS::Chatbot::SlackChannelConfiguration',
    byDefault: undefined,
    whenGiven: { SlackChannelId: 'C0123' },
    wrong: fc.oneof(garbled, fc.constantFrom('T0123', '#alarms')),
  },
  'monitoring.alarmTopic': {
    nag: true,
    base: { monitoring: {} },
    given: stack => ({ monitoring: { alarmTopic: sns.Topic.fromTopicArn(stack, 'OwnTopic', OWN_TOPIC) } }),
    type: 'AWS::CloudWatch::Alarm',
    byDefault: { AlarmName: 'project-oky-api-cpu', AlarmActions: [{ Ref: Match.stringLikeRegexp('^OkyMonitoringTopic') }] },
    whenGiven: { AlarmName: 'project-oky-api-cpu', AlarmActions: [OWN_TOPIC] },
  },
  'monitoring.dashboard': {
    nag: false,
    base: { monitoring: {} },
    given: { monitoring: { dashboard: false } },
    type: 'AWS::CloudWatch::Dashboard',
    byDefault: { DashboardName: 'project-oky' },
    whenGiven: undefined,
  },
  'monitoring.monthlyBudgetUsd': {
    nag: false,
    usEast1Stack: 'project-oky-edge-watch',
    base: { monitoring: {} },
    given: { monitoring: { monthlyBudgetUsd: 200 } },
    type: 'AWS::Budgets::Budget',
    byDefault: undefined,
    whenGiven: { Budget: Match.objectLike({ BudgetLimit: { Amount: 200, Unit: 'USD' } }) },
    wrong: fc.oneof(fc.double({ max: 0, noNaN: true }), fc.constantFrom(NaN, Infinity)),
  },
} satisfies OptionCases;
