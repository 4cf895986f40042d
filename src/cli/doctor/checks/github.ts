import type { Check } from '../check';
import { forEach } from '../check';
import { finding } from '../findings';
import { at, listAt } from '../template';

const SUBJECT = 'token.actions.githubusercontent.com:sub';

/**
 * Repositories that were created or renamed since 15 July 2026 send the ids of owner and repository in the subject of their tokens.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export const githubSubject: Check = {
  name: 'subject of GitHub\'s tokens',
  run: async ({ deployment }) => {
    const trusted = deployment.resources('AWS::IAM::Role', [deployment.main]).flatMap(({ Properties }) =>
      listAt(Properties, 'AssumeRolePolicyDocument', 'Statement').map(statement => [at(statement, 'Condition', 'StringEquals', SUBJECT)].flat()));
    return forEach(trusted.filter(([subject]) => typeof subject === 'string'), async subjects => {
      const repository = /^repo:([^:]+):/.exec(String(subjects[0]))?.[1];
      return subjects.some(subject => /^repo:[^:@]+@\d+\/[^:@]+@\d+:/.test(String(subject))) ? []
        : [finding('github-subject', `the role for GitHub trusts ${repository} by its name alone`, `gh api repos/${repository} --jq '.owner.id, .id'`,
          'set operators.githubOwnerId and operators.githubRepositoryId to the two numbers that this prints, and deploy')];
    });
  },
};
