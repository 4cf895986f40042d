/** Who else than the stack's deployer works on the deployment. */
export interface OkyOperatorsOptions {
  /**
   * The GitHub repository, `owner/name`, whose workflows may push images and update the services: a role for it is made,
   * which they assume by OpenID Connect, without a key to store.
   *
   * @default - no role is made
   */
  readonly githubRepository?: string;

  /**
   * The branch whose workflows may assume the role.
   *
   * @default 'main'
   */
  readonly githubBranch?: string;

  /**
   * The ARN of the account's OpenID Connect provider for GitHub, of which there can be only one.
   *
   * @default - it is made
   */
  readonly githubProviderArn?: string;
}
