import { Annotations, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { OkyMonitoringOptions } from './monitoring-options';
import { isInUsEast1, US_EAST_1 } from '../private/regions';
import { conflict, invalid, isKnown, requireKnown, requirePattern } from '../private/validation';

export type MonitoringSettings = ReturnType<typeof resolveMonitoring>;

/** The options with their defaults in place, checked. */
export function resolveMonitoring(scope: Construct, options: OkyMonitoringOptions) {
  const { region } = Stack.of(scope);
  const { alarmEmail, slackWorkspaceId, slackChannelId, alarmTopic, monthlyBudgetUsd } = options;
  if (alarmEmail !== undefined && alarmTopic) {
    throw conflict('monitoring.alarmEmail', 'monitoring.alarmTopic', 'subscribe the address to that topic, or leave one of the two out');
  }
  requireAlarmEmail(alarmEmail);
  requirePattern('monitoring.alarmTopic', alarmTopic?.topicArn, new RegExp(`^arn:[\\w-]+:sns:${isKnown(region) ? region : '[\\w-]+'}:\\d{12}:[\\w-]+$`),
    'be a standard topic in the region of the stack, as an alarm can\'t notify one elsewhere', 'give one made there, or leave it out');
  if (monthlyBudgetUsd !== undefined && isKnown(monthlyBudgetUsd) && !(Number.isFinite(monthlyBudgetUsd) && monthlyBudgetUsd > 0)) {
    throw invalid('monitoring.monthlyBudgetUsd', 'be above 0', monthlyBudgetUsd, 'give the USD a month that the account may cost, such as 150');
  }
  const slack = resolveSlack(slackWorkspaceId, slackChannelId);
  if (Token.isUnresolved(region)) {
    throw conflict('monitoring', 'an env-agnostic stack', 'its outputs can\'t be read from us-east-1: give it an env with account and region, or leave monitoring out');
  }
  if (!isInUsEast1(scope)) {
    for (const prop of ['alarmEmail', 'slackWorkspaceId', 'slackChannelId', 'monthlyBudgetUsd'] as const) {
      requireKnown(`monitoring.${prop}`, options[prop], `as a stack in ${US_EAST_1} uses it too`, 'give the value, or one from the app\'s context');
    }
  }
  const settings = {
    alarmEmail,
    alarmTopic,
    slack,
    dashboard: options.dashboard ?? true,
    monthlyBudgetUsd,
  };
  warnOfSilence(scope, settings);
  return settings;
}

export function requireAlarmEmail(address: string | undefined): void {
  requirePattern('monitoring.alarmEmail', address, /^[\w.!#$%&'*+/=?^{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, 'be one e-mail address', "use one such as 'ops@okyapp.info'");
}

function resolveSlack(workspaceId: string | undefined, channelId: string | undefined) {
  if (workspaceId === undefined && channelId === undefined) {
    return undefined;
  }
  if (workspaceId === undefined) {
    throw conflict('monitoring.slackChannelId', 'no monitoring.slackWorkspaceId', 'a channel is known by both: give the workspace, or leave it out');
  }
  if (channelId === undefined) {
    throw conflict('monitoring.slackWorkspaceId', 'no monitoring.slackChannelId', 'a channel is known by both: give the channel, or leave it out');
  }
  requirePattern('monitoring.slackWorkspaceId', workspaceId, /^[TE][A-Z0-9]{1,254}$/, 'be the id of a Slack workspace, T or E and then capital letters and digits',
    'find it in the address of the workspace at app.slack.com/client');
  requirePattern('monitoring.slackChannelId', channelId, /^[CG][A-Z0-9]{1,254}$/, 'be the id of a Slack channel, C or G and then capital letters and digits',
    'find it at the end of the link to the channel');
  return { workspaceId, channelId };
}

/** An alarm that nobody hears is worse than none: one counts on it. */
function warnOfSilence(scope: Construct, { alarmEmail, alarmTopic, slack }: { alarmEmail?: string; alarmTopic?: unknown; slack?: unknown }): void {
  if (alarmEmail !== undefined || slack || (alarmTopic && isInUsEast1(scope))) {
    return;
  }
  const silent = alarmTopic ? `monitoring.alarmTopic hears nothing of CloudFront, whose alarms go to a topic in ${US_EAST_1}` : 'the alarms of monitoring reach nobody';
  Annotations.of(scope).addWarningV2('cdk-oky-backend:unheardAlarms',
    `${silent}: give monitoring.alarmEmail, or slackWorkspaceId and slackChannelId, or subscribe to the topics named <namePrefix>-alarms by hand`);
}
