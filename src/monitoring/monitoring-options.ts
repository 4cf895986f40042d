import type * as sns from 'aws-cdk-lib/aws-sns';

/** Alarms, what they are sent to, a dashboard and a budget. */
export interface OkyMonitoringOptions {
  /**
   * The address that alarms are sent to. AWS first sends it a mail for each region in use, with a link that has to be followed.
   *
   * @default - no mail is sent
   */
  readonly alarmEmail?: string;

  /**
   * The Slack workspace, `T…`, which has been authorised once in the console of Amazon Q Developer in chat applications.
   * Together with `slackChannelId`.
   *
   * @default - nothing is sent to Slack
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
   */
  readonly slackWorkspaceId?: string;

  /**
   * The Slack channel, `C…`, or `G…` for an older private one. Nothing can be run in the account from there. AWS allows one
   * configuration for a channel in an account.
   *
   * @default - nothing is sent to Slack
   */
  readonly slackChannelId?: string;

  /**
   * An existing topic for the alarms in the region of the stack. It is used as it is: its policy, and that of its key, must
   * let CloudWatch publish. CloudFront's alarms and the budget go to a topic in us-east-1 all the same.
   *
   * @default - a topic is made, `<namePrefix>-alarms`
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * Whether a dashboard is made.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * What the AWS account may cost in a month, in USD, before a notification is sent: at 80 % and at 100 % of it, and when
   * the month is forecast to exceed it. It counts the whole account, as a budget of one deployment needs tags that only the
   * payer of the bill can turn on.
   *
   * @default - no budget is made
   */
  readonly monthlyBudgetUsd?: number;
}
