import type { Check } from '../check';
import { forEach } from '../check';
import { finding } from '../findings';
import { at, listAt } from '../template';

/** An enterprise may have its tokens issued under its own name. */
const SUBJECT = /^token\.actions\.githubusercontent\.com(\/[\w-]+)?:sub$/;

/**
 * Repositories that were created or renamed since 15 July 2026 send the ids of owner and repository in the subject of their tokens.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export const githubSubject: Check = {
  name: 'subject of GitHub\'s tokens',
  run: async ({ deployment }) => {
    const trusted = deployment.resources('AWS::IAM::Role', [deployment.main]).flatMap(({ Properties }) =>
      listAt(Properties, 'AssumeRolePolicyDocument', 'Statement').flatMap(statement =>
        Object.entries(at(statement, 'Condition', 'StringEquals') ?? {}).filter(([key]) => SUBJECT.test(key)).map(([, subjects]) => [subjects].flat())));
    return forEach(trusted, async subjects => {
      const repository = /^repo:([^:]+):/.exec(String(subjects[0]))?.[1];
      return subjects.some(subject => /^repo:[^:@]+@\d+\/[^:@]+@\d+:/.test(String(subject))) ? []
        : [finding('github-subject', `the role for GitHub trusts ${repository} by its name alone`, `gh api repos/${repository} --jq '.owner.id, .id'`,
          'set operators.githubOwnerId and operators.githubRepositoryId to the two numbers that this prints, and deploy')];
    });
  },
};
