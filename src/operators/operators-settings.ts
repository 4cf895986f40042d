import { Annotations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { OkyOperatorsOptions } from './operators-options';
import { conflict, isKnown, requirePattern } from '../private/validation';

/** The props that say more about the repository. */
const OF_THE_REPOSITORY = ['githubOwnerId', 'githubRepositoryId', 'githubBranch', 'githubEnvironment', 'githubSchemaUpdates', 'githubProviderArn'] as const;
const ID = /^[1-9]\d{0,19}$/;

/** The options of the operators, checked and with their defaults. */
export type OperatorsSettings = ReturnType<typeof resolveOperators>;

export function resolveOperators(scope: Construct, options: OkyOperatorsOptions, hasSqlTask: boolean) {
  requireOperators(options, hasSqlTask);
  warnOfGithubSubject(scope, options);
  return { ...options, githubBranch: options.githubBranch ?? 'main', githubSchemaUpdates: options.githubSchemaUpdates ?? false };
}

export function requireOperators(options: OkyOperatorsOptions, hasSqlTask = true): void {
  const { githubRepository: repository, githubOwnerId, githubRepositoryId, githubBranch, githubEnvironment, githubProviderArn } = options;
  if (repository === undefined) {
    const given = OF_THE_REPOSITORY.find(prop => options[prop] !== undefined);
    if (given !== undefined) {
      throw conflict(`operators.${given}`, 'no operators.githubRepository', 'say whose workflows may release, or leave it out');
    }
  }
  if (githubBranch !== undefined && githubEnvironment !== undefined) {
    throw conflict('operators.githubEnvironment', 'operators.githubBranch',
      'leave one of them out: the subject of a job with an environment has no branch, so limit the branches in the settings of the environment');
  }
  if (options.githubSchemaUpdates && !hasSqlTask) {
    throw conflict('operators.githubSchemaUpdates', 'no database.sqlTask', 'set database.sqlTask to true, which runs the SQL, or leave it out');
  }
  if ((githubOwnerId === undefined) !== (githubRepositoryId === undefined)) {
    const [given, missing] = githubOwnerId === undefined ? ['githubRepositoryId', 'githubOwnerId'] : ['githubOwnerId', 'githubRepositoryId'];
    throw conflict(`operators.${given}`, `no operators.${missing}`, `give both; this prints them: ${githubIdsCommand(repository)}`);
  }
  requirePattern('operators.githubRepository', repository, /^[A-Za-z0-9][\w-]{0,38}\/[\w.-]{1,100}$/,
    'be a GitHub repository as owner/name', "use one such as 'oky-kenya/deployment'");
  requirePattern('operators.githubOwnerId', githubOwnerId, ID, 'be a number', `this prints it: ${githubIdsCommand(repository)}`);
  requirePattern('operators.githubRepositoryId', githubRepositoryId, ID, 'be a number', `this prints it: ${githubIdsCommand(repository)}`);
  requirePattern('operators.githubBranch', githubBranch, /^(?![/.-])[\w./-]{1,200}$/, 'be the name of a branch, without wildcards', "use one such as 'main'");
  requirePattern('operators.githubEnvironment', githubEnvironment, /^(?! )[\w ./-]{1,255}(?<! )$/,
    'be the name of a GitHub environment, of letters, digits, spaces and ._/-', "use one such as 'production'");
  requirePattern('operators.githubProviderArn', githubProviderArn, /^arn:[\w-]+:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com(\/[\w-]+)?$/,
    'be the ARN of the provider for token.actions.githubusercontent.com', 'find it with: aws iam list-open-id-connect-providers');
}

/**
 * The issuer, which the keys of the conditions begin with. An enterprise may have its tokens issued under its own name.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export function githubIssuer(providerArn: string | undefined): string {
  return (isKnown(providerArn) ? /oidc-provider\/(.+)$/.exec(providerArn)?.[1] : undefined) ?? 'token.actions.githubusercontent.com';
}

/** Whoever creates a repository today gets subjects that the older form does not match, and an error that does not say so. */
function warnOfGithubSubject(scope: Construct, { githubRepository: repository, githubOwnerId }: OkyOperatorsOptions): void {
  if (repository !== undefined && githubOwnerId === undefined) {
    Annotations.of(scope).addWarningV2('cdk-oky-backend:githubIds',
      'operators.githubRepository is given without githubOwnerId and githubRepositoryId: if the repository was created or renamed since 15 July 2026, '
      + `GitHub's tokens have both ids in their subject, and its workflows can't assume the role; this prints both: ${githubIdsCommand(repository)}`);
  }
}

/** Prints the ids of the owner and of the repository. */
export function githubIdsCommand(repository: string | undefined): string {
  return `gh api repos/${isKnown(repository) ? repository : 'OWNER/NAME'} --jq '.owner.id, .id'`;
}

/**
 * The subjects of GitHub's tokens that the role trusts: without ids, as GitHub sends them for repositories from before 15 July 2026, and
 * with ids, as for all others. A name that someone else takes over later has other ids, so neither form trusts a stranger.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 * @see https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
 */
export function githubSubjects(repository: string, options: OkyOperatorsOptions): string[] {
  const { githubOwnerId, githubRepositoryId, githubBranch = 'main', githubEnvironment } = options;
  const job = githubEnvironment === undefined ? `ref:refs/heads/${githubBranch}` : `environment:${githubEnvironment}`;
  const [owner, name] = repository.split('/');
  return [
    `repo:${repository}:${job}`,
    ...githubOwnerId === undefined ? [] : [`repo:${owner}@${githubOwnerId}/${name}@${githubRepositoryId}:${job}`],
  ];
}
