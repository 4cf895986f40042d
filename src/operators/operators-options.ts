/** Who else than the stack's deployer works on the deployment. */
export interface OkyOperatorsOptions {
  /**
   * The GitHub repository, `owner/name`, whose workflows may push images and update the services. The construct creates a role,
   * which the workflows assume by OpenID Connect, without a stored key.
   *
   * @default - no role
   */
  readonly githubRepository?: string;

  /**
   * The id of the repository's owner at GitHub, a number. Give it together with `githubRepositoryId`. This prints both:
   * `gh api repos/OWNER/NAME --jq '.owner.id, .id'`.
   *
   * GitHub puts both ids into the subject of its tokens for each repository that was created or renamed since 15 July 2026:
   * `repo:OWNER@OWNER-ID/NAME@ID:…`. With the ids, the role trusts this form and the older one without ids.
   *
   * @default - the role trusts the older form alone, with a warning
   * @see https://docs.github.com/en/actions/reference/security/oidc
   */
  readonly githubOwnerId?: string;

  /**
   * The id of the repository at GitHub, a number. Give it together with `githubOwnerId`.
   *
   * @default - the role trusts the older form of the subject alone, with a warning
   */
  readonly githubRepositoryId?: string;

  /**
   * The branch whose workflows may assume the role. Can't be combined with `githubEnvironment`.
   *
   * @default 'main', unless there is a `githubEnvironment`
   */
  readonly githubBranch?: string;

  /**
   * The GitHub environment whose jobs may assume the role, from any branch that the rules of that environment allow.
   * GitHub leaves the branch out of the subject of a job that names an environment.
   *
   * @default - the branch decides
   */
  readonly githubEnvironment?: string;

  /**
   * Whether the workflows may run SQL in the database, as a release with new SQL files needs it. Then anyone who may push to
   * that branch, or to that environment, can change and read everything in the database. It needs `database.sqlTask`.
   *
   * @default false
   */
  readonly githubSchemaUpdates?: boolean;

  /**
   * The ARN of the account's OpenID Connect provider for GitHub. An account can have only one.
   *
   * @default - the construct creates the provider
   */
  readonly githubProviderArn?: string;
}
