import { requireOperators } from '../../src/operators/operators-settings';
import { messageOf } from '../helpers';

const PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';

describe('operators', () => {
  test.each(['oky-kenya/deployment', 'a/b', 'UNICEF/oky.deploy_1'])('the repository %s is taken', githubRepository => {
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

  test.each([[PROVIDER, true], ['arn:aws:iam::111122223333:oidc-provider/example.org', false]])('the provider %s: %s', (githubProviderArn, taken) => {
    const act = () => requireOperators({ githubRepository: 'a/b', githubProviderArn });
    if (taken) {
      expect(act).not.toThrow();
    } else {
      expect(messageOf(act)).toMatch(/^operators\.githubProviderArn must be the ARN of the provider/);
    }
  });

  test.each(['githubBranch', 'githubProviderArn'])('%s without a repository is refused', prop => {
    expect(messageOf(() => requireOperators({ [prop]: prop === 'githubBranch' ? 'main' : PROVIDER }))).toBe(
      `operators.${prop} can't be combined with no operators.githubRepository; say whose workflows may release, or leave it out`);
  });
});
