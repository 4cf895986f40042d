import type { OkyOperatorsOptions } from './operators-options';
import { conflict, requirePattern } from '../private/validation';

export function requireOperators(options: OkyOperatorsOptions): void {
  if (options.githubRepository === undefined) {
    for (const prop of ['githubBranch', 'githubProviderArn'] as const) {
      if (options[prop] !== undefined) {
        throw conflict(`operators.${prop}`, 'no operators.githubRepository', 'say whose workflows may release, or leave it out');
      }
    }
  }
  requirePattern('operators.githubRepository', options.githubRepository, /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[\w.-]{1,100}$/,
    'be a GitHub repository as owner/name', "use one such as 'oky-kenya/deployment'");
  requirePattern('operators.githubBranch', options.githubBranch, /^(?![/.-])[\w./-]{1,200}$/, 'be the name of a branch, without wildcards', "use one such as 'main'");
  requirePattern('operators.githubProviderArn', options.githubProviderArn, /^arn:[\w-]+:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/,
    'be the ARN of the provider for token.actions.githubusercontent.com', 'find it with: aws iam list-open-id-connect-providers');
}
