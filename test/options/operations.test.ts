import { Match } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { testOptions } from './options';

const OWN_TOPIC = 'arn:aws:sns:eu-west-2:111122223333:own';
const OWN_PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
const WITH_IDS = { githubRepository: 'oky-kenya/deployment', githubOwnerId: '1234567', githubRepositoryId: '123456789' };
const BOTH_SUBJECTS = ['repo:oky-kenya/deployment:ref:refs/heads/main', 'repo:oky-kenya@1234567/deployment@123456789:ref:refs/heads/main'];

testOptions({
  'operators.githubRepository': {
    given: { operators: { githubRepository: 'oky-kenya/deployment' } },
    type: 'AWS::IAM::Role',
    byDefault: undefined,
    whenGiven: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', { 'Fn::GetAtt': [Match.stringLikeRegexp('GithubProvider'), 'Arn'] }),
  },
  'operators.githubOwnerId': {
    base: { operators: { githubRepository: 'oky-kenya/deployment' } },
    given: { operators: WITH_IDS },
    type: 'AWS::IAM::Role',
    byDefault: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', Match.anyValue()),
    whenGiven: assumedBy(BOTH_SUBJECTS, Match.anyValue()),
  },
  'operators.githubRepositoryId': {
    base: { operators: { ...WITH_IDS, githubRepositoryId: '987654321' } },
    given: { operators: WITH_IDS },
    type: 'AWS::IAM::Role',
    byDefault: assumedBy([BOTH_SUBJECTS[0], 'repo:oky-kenya@1234567/deployment@987654321:ref:refs/heads/main'], Match.anyValue()),
    whenGiven: assumedBy(BOTH_SUBJECTS, Match.anyValue()),
  },
  'operators.githubEnvironment': {
    base: { operators: { githubRepository: 'oky-kenya/deployment' } },
    given: { operators: { githubRepository: 'oky-kenya/deployment', githubEnvironment: 'production' } },
    type: 'AWS::IAM::Role',
    byDefault: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', Match.anyValue()),
    whenGiven: assumedBy('repo:oky-kenya/deployment:environment:production', Match.anyValue()),
  },
  'operators.githubBranch': {
    base: { operators: { githubRepository: 'oky-kenya/deployment' } },
    given: { operators: { githubRepository: 'oky-kenya/deployment', githubBranch: 'live' } },
    type: 'AWS::IAM::Role',
    byDefault: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', Match.anyValue()),
    whenGiven: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/live', Match.anyValue()),
  },
  'operators.githubProviderArn': {
    base: { operators: { githubRepository: 'oky-kenya/deployment' } },
    given: { operators: { githubRepository: 'oky-kenya/deployment', githubProviderArn: OWN_PROVIDER } },
    type: 'AWS::IAM::Role',
    byDefault: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', { 'Fn::GetAtt': Match.anyValue() }),
    whenGiven: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', OWN_PROVIDER),
  },
  'monitoring.alarmEmail': {
    base: { monitoring: {} },
    given: { monitoring: { alarmEmail: 'ops@okyapp.info' } },
    type: 'AWS::SNS::Subscription',
    byDefault: undefined,
    whenGiven: { Protocol: 'email', Endpoint: 'ops@okyapp.info' },
  },
  'monitoring.slackWorkspaceId': {
    usEast1Stack: 'project-oky-edge-watch',
    base: { monitoring: {} },
    given: { monitoring: { slackWorkspaceId: 'T0123', slackChannelId: 'C0123' } },
    type: 'AWS::Chatbot::SlackChannelConfiguration',
    byDefault: undefined,
    whenGiven: { SlackWorkspaceId: 'T0123' },
  },
  'monitoring.slackChannelId': {
    usEast1Stack: 'project-oky-edge-watch',
    base: { monitoring: {} },
    given: { monitoring: { slackWorkspaceId: 'T0123', slackChannelId: 'C0123' } },
    type: 'AWS::Chatbot::SlackChannelConfiguration',
    byDefault: undefined,
    whenGiven: { SlackChannelId: 'C0123' },
  },
  'monitoring.alarmTopic': {
    base: { monitoring: {} },
    given: stack => ({ monitoring: { alarmTopic: sns.Topic.fromTopicArn(stack, 'OwnTopic', OWN_TOPIC) } }),
    type: 'AWS::CloudWatch::Alarm',
    byDefault: { AlarmName: 'project-oky-api-cpu', AlarmActions: [{ Ref: Match.stringLikeRegexp('^OkyMonitoringTopic') }] },
    whenGiven: { AlarmName: 'project-oky-api-cpu', AlarmActions: [OWN_TOPIC] },
  },
  'monitoring.dashboard': {
    base: { monitoring: {} },
    given: { monitoring: { dashboard: false } },
    type: 'AWS::CloudWatch::Dashboard',
    byDefault: { DashboardName: 'project-oky' },
    whenGiven: undefined,
  },
  'monitoring.monthlyBudgetUsd': {
    usEast1Stack: 'project-oky-edge-watch',
    base: { monitoring: {} },
    given: { monitoring: { monthlyBudgetUsd: 200 } },
    type: 'AWS::Budgets::Budget',
    byDefault: undefined,
    whenGiven: { Budget: Match.objectLike({ BudgetLimit: { Amount: 200, Unit: 'USD' } }) },
  },
},
{ prefix: 'operators.', file: 'operators/operators-options.ts', name: 'OkyOperatorsOptions' },
{ prefix: 'monitoring.', file: 'monitoring/monitoring-options.ts', name: 'OkyMonitoringOptions' },
);

function assumedBy(subject: string | string[], Federated: unknown) {
  return {
    AssumeRolePolicyDocument: Match.objectLike({
      Statement: [Match.objectLike({
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated },
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com', 'token.actions.githubusercontent.com:sub': subject,
          },
        },
      })],
    }),
  };
}
