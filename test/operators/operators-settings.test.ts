import { githubSubjects, requireOperators } from '../../src/operators/operators-settings';
import { deploy, messageOf, templateOf, warnings } from '../helpers';

const PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';

describe('operators', () => {
  test.each(['oky-kenya/deployment', 'a/b', 'UNICEF/oky.deploy_1', 'octocat_ministry/deployment'])('the repository %s is taken', githubRepository => {
    expect(() => requireOperators({ githubRepository })).not.toThrow();
  });

  test.each(['', 'deployment', 'https://github.com/oky-kenya/deployment', 'oky-kenya/deployment/more', '*/deployment', 'oky-kenya/*'])(
    'the repository \'%s\' is refused', githubRepository => {
      expect(messageOf(() => requireOperators({ githubRepository }))).toBe(
        `operators.githubRepository must be a GitHub repository as owner/name, got: '${githubRepository}'; use one such as 'oky-kenya/deployment'`);
    });

  test.each(['*', 'releases/*', '', '/main'])('the branch \'%s\' is refused, which would let others in', githubBranch => {
    expect(messageOf(() => requireOperators({ githubRepository: 'a/b', githubBranch }))).toBe(
      `operators.githubBranch must be the name of a branch, without wildcards, got: '${githubBranch}'; use one such as 'main'`);
  });

  test.each([[PROVIDER, true], [`${PROVIDER}/ministry`, true], ['arn:aws:iam::111122223333:oidc-provider/example.org', false]])('the provider %s: %s', (githubProviderArn, taken) => {
    const act = () => requireOperators({ githubRepository: 'a/b', githubProviderArn });
    if (taken) {
      expect(act).not.toThrow();
    } else {
      expect(messageOf(act)).toMatch(/^operators\.githubProviderArn must be the ARN of the provider/);
    }
  });

  test('githubSchemaUpdates needs the SQL task', () => {
    expect(messageOf(() => requireOperators({ githubRepository: 'a/b', githubSchemaUpdates: true }, false))).toBe(
      "operators.githubSchemaUpdates can't be combined with no database.sqlTask; set database.sqlTask to true, which runs the SQL, or leave it out");
    expect(() => requireOperators({ githubRepository: 'a/b', githubSchemaUpdates: true }, true)).not.toThrow();
  });

  test.each(['githubOwnerId', 'githubRepositoryId', 'githubBranch', 'githubEnvironment', 'githubSchemaUpdates', 'githubProviderArn'])('%s without a repository is refused', prop => {
    expect(messageOf(() => requireOperators({ [prop]: prop === 'githubProviderArn' ? PROVIDER : '1' }))).toBe(
      `operators.${prop} can't be combined with no operators.githubRepository; say whose workflows may release, or leave it out`);
  });

  test.each(['oky-kenya', '', '0', '01', '-1', '1e3', '1*', '123456789012345678901'])('the id \'%s\' is refused, with the command that prints it', id => {
    const refused = (prop: string) => `operators.${prop} must be a number, got: '${id}'; this prints it: gh api repos/a/b --jq '.owner.id, .id'`;
    expect(messageOf(() => requireOperators({ githubRepository: 'a/b', githubOwnerId: id, githubRepositoryId: '2' }))).toBe(refused('githubOwnerId'));
    expect(messageOf(() => requireOperators({ githubRepository: 'a/b', githubOwnerId: '1', githubRepositoryId: id }))).toBe(refused('githubRepositoryId'));
  });

  test('one id without the other is refused', () => {
    expect(messageOf(() => requireOperators({ githubRepository: 'a/b', githubOwnerId: '1' }))).toBe(
      "operators.githubOwnerId can't be combined with no operators.githubRepositoryId; give both; this prints them: gh api repos/a/b --jq '.owner.id, .id'");
    expect(messageOf(() => requireOperators({ githubRepository: 'a/b', githubRepositoryId: '2' }))).toBe(
      "operators.githubRepositoryId can't be combined with no operators.githubOwnerId; give both; this prints them: gh api repos/a/b --jq '.owner.id, .id'");
  });

  test('an environment together with a branch is refused', () => {
    expect(messageOf(() => requireOperators({ githubRepository: 'a/b', githubBranch: 'main', githubEnvironment: 'production' }))).toBe(
      "operators.githubEnvironment can't be combined with operators.githubBranch; leave one of them out: "
      + 'the subject of a job with an environment has no branch, so limit the branches in the settings of the environment');
  });

  test.each(['production', 'Production 2', 'eu/kenya', 'v1.0_live-1'])('the environment \'%s\' is taken', githubEnvironment => {
    expect(() => requireOperators({ githubRepository: 'a/b', githubEnvironment })).not.toThrow();
  });

  test.each(['', '*', 'prod*', 'prod:ref', ' production', 'production '])('the environment \'%s\' is refused', githubEnvironment => {
    expect(messageOf(() => requireOperators({ githubRepository: 'a/b', githubEnvironment }))).toBe(
      `operators.githubEnvironment must be the name of a GitHub environment, of letters, digits, spaces and ._/-, got: '${githubEnvironment}'; use one such as 'production'`);
  });
});

describe('a repository without its ids', () => {
  const githubRepository = 'oky-kenya/deployment';

  test('is warned about, with the command that prints them', () => {
    expect(warnings(deploy({ operators: { githubRepository } }).stack)['cdk-oky-backend:githubIds']).toContain(
      "its workflows can't assume the role; this prints both: gh api repos/oky-kenya/deployment --jq '.owner.id, .id'");
  });

  test('with its ids is not', () => {
    const ids = { githubOwnerId: '1234567', githubRepositoryId: '123456789' };
    expect(warnings(deploy({ operators: { githubRepository, ...ids } }).stack)).not.toHaveProperty('cdk-oky-backend:githubIds');
    expect(warnings(deploy().stack)).not.toHaveProperty('cdk-oky-backend:githubIds');
  });
});

test('the issuer is that of an enterprise where the provider is', () => {
  const conditions = (githubProviderArn: string) => Object.values(templateOf({ operators: { githubRepository: 'a/b', githubProviderArn } }).findResources('AWS::IAM::Role'))
    .map(role => role.Properties.AssumeRolePolicyDocument.Statement[0]).filter(({ Action }) => Action === 'sts:AssumeRoleWithWebIdentity')
    .map(({ Condition: condition }) => Object.keys(condition.StringEquals));
  const keys = (issuer: string) => [['aud', 'sub'].map(claim => `${issuer}:${claim}`)];
  expect(conditions(PROVIDER)).toEqual(keys('token.actions.githubusercontent.com'));
  expect(conditions(`${PROVIDER}/ministry`)).toEqual(keys('token.actions.githubusercontent.com/ministry'));
});

describe('the subjects that are trusted', () => {
  const ids = { githubOwnerId: '123456', githubRepositoryId: '456789' };

  // The examples of GitHub's own documents.
  test.each([
    [{}, ['repo:octocat/my-repo:ref:refs/heads/main']],
    [{ githubBranch: 'live' }, ['repo:octocat/my-repo:ref:refs/heads/live']],
    [{ githubEnvironment: 'production' }, ['repo:octocat/my-repo:environment:production']],
    [ids, ['repo:octocat/my-repo:ref:refs/heads/main', 'repo:octocat@123456/my-repo@456789:ref:refs/heads/main']],
    [{ ...ids, githubEnvironment: 'production' }, ['repo:octocat/my-repo:environment:production', 'repo:octocat@123456/my-repo@456789:environment:production']],
  ])('%j', (options, subjects) => {
    expect(githubSubjects('octocat/my-repo', options)).toEqual(subjects);
  });
});
