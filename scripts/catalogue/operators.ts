import { Match } from 'aws-cdk-lib/assertions';
import type { OptionCases } from './option-case';
import { garbled } from './values';

const OWN_PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
const WITH_IDS = { githubRepository: 'oky-kenya/deployment', githubOwnerId: '1234567', githubRepositoryId: '123456789' };
const BOTH_SUBJECTS = ['repo:oky-kenya/deployment:ref:refs/heads/main', 'repo:oky-kenya@1234567/deployment@123456789:ref:refs/heads/main'];

export const OPERATORS_OPTIONS = {
  'operators.githubRepository': {
    nag: true,
    linted: true,
    given: { operators: { githubRepository: 'oky-kenya/deployment' } },
    type: 'AWS::IAM::Role',
    byDefault: undefined,
    whenGiven: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', { 'Fn::GetAtt': [Match.stringLikeRegexp('GithubProvider'), 'Arn'] }),
    wrong: garbled,
  },
  'operators.githubOwnerId': {
    nag: false,
    base: { operators: { githubRepository: 'oky-kenya/deployment' } },
    given: { operators: WITH_IDS },
    type: 'AWS::IAM::Role',
    byDefault: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', Match.anyValue()),
    whenGiven: assumedBy(BOTH_SUBJECTS, Match.anyValue()),
    wrong: garbled,
  },
  'operators.githubRepositoryId': {
    nag: false,
    base: { operators: { ...WITH_IDS, githubRepositoryId: '987654321' } },
    given: { operators: WITH_IDS },
    type: 'AWS::IAM::Role',
    byDefault: assumedBy([BOTH_SUBJECTS[0], 'repo:oky-kenya@1234567/deployment@987654321:ref:refs/heads/main'], Match.anyValue()),
    whenGiven: assumedBy(BOTH_SUBJECTS, Match.anyValue()),
    wrong: garbled,
  },
  'operators.githubEnvironment': {
    nag: false,
    base: { operators: { githubRepository: 'oky-kenya/deployment' } },
    given: { operators: { githubRepository: 'oky-kenya/deployment', githubEnvironment: 'production' } },
    type: 'AWS::IAM::Role',
    byDefault: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', Match.anyValue()),
    whenGiven: assumedBy('repo:oky-kenya/deployment:environment:production', Match.anyValue()),
    wrong: garbled,
  },
  'operators.githubBranch': {
    nag: false,
    base: { operators: { githubRepository: 'oky-kenya/deployment' } },
    given: { operators: { githubRepository: 'oky-kenya/deployment', githubBranch: 'live' } },
    type: 'AWS::IAM::Role',
    byDefault: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', Match.anyValue()),
    whenGiven: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/live', Match.anyValue()),
  },
  'operators.githubSchemaUpdates': {
    nag: false,
    note: 'lets the workflows read and change everything in the database',
    base: { database: { sqlTask: true }, operators: { githubRepository: 'oky-kenya/deployment' } },
    given: { database: { sqlTask: true }, operators: { githubRepository: 'oky-kenya/deployment', githubSchemaUpdates: true } },
    type: 'AWS::IAM::Role',
    byDefault: withPolicies('ImageBuilder', 'ServiceUpdater'),
    whenGiven: withPolicies('ImageBuilder', 'ServiceUpdater', 'SchemaUpdater'),
  },
  'operators.githubProviderArn': {
    nag: false,
    base: { operators: { githubRepository: 'oky-kenya/deployment' } },
    given: { operators: { githubRepository: 'oky-kenya/deployment', githubProviderArn: OWN_PROVIDER } },
    type: 'AWS::IAM::Role',
    byDefault: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', { 'Fn::GetAtt': Match.anyValue() }),
    whenGiven: assumedBy('repo:oky-kenya/deployment:ref:refs/heads/main', OWN_PROVIDER),
  },
} satisfies OptionCases;

function withPolicies(...names: string[]) {
  return { ManagedPolicyArns: names.map(name => ({ Ref: Match.stringLikeRegexp(`^OkyOperators${name}`) })) };
}

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
