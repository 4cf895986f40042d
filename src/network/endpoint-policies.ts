import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** What Fargate does to pull an image. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-vpc-endpoint-policy */
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/**
 * What the agent of ECS does, with credentials of AWS.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerServiceforEC2Role.html
 */
const AGENT = [
  'ecs:DeregisterContainerInstance', 'ecs:DiscoverPollEndpoint', 'ecs:Poll', 'ecs:RegisterContainerInstance', 'ecs:StartTelemetrySession',
  'ecs:SubmitAttachmentStateChanges', 'ecs:SubmitContainerStateChange', 'ecs:SubmitTaskStateChange', 'ecs:UpdateContainerInstancesState',
];

/** The statements of one endpoint's policy. */
export type EndpointPolicy = iam.PolicyStatement[];

/**
 * What each endpoint allows. A person who gets into a task can bring credentials of another account: without these policies,
 * every endpoint would carry data to that account.
 *
 * @see https://docs.aws.amazon.com/prescriptive-guidance/latest/privatelink-data-perimeters/welcome.html
 */
export class EndpointPolicies {
  private readonly account: string;

  /**
   * @param scope a construct in the stack of the endpoints
   * @param repositoryArns the repositories that the images of the services come from, besides those of the account
   */
  constructor(private readonly scope: Construct, private readonly repositoryArns: string[]) {
    this.account = Stack.of(scope).account;
  }

  /** For the identities of this account only. */
  public get ownAccount(): EndpointPolicy {
    return [allow(['*'], ['*'], { StringEquals: { 'aws:PrincipalAccount': this.account } })];
  }

  /** The API of ECR: to log in and to pull, for the identities of this account and from its repositories. */
  public get registry(): EndpointPolicy {
    const own = { StringEquals: { 'aws:PrincipalAccount': this.account } };
    return [allow(['ecr:GetAuthorizationToken'], ['*'], own), allow(PULL, this.repositories, own)];
  }

  /** The registry itself knows a request by its token, so the repositories alone are what can be asked for. */
  public get images(): EndpointPolicy {
    return [allow(PULL, this.repositories)];
  }

  /** ECS, where the region asks for its endpoints: this account, and the agent of a task, which has credentials of AWS. */
  public get tasks(): EndpointPolicy {
    return [...this.ownAccount, allow(AGENT, ['*'])];
  }

  /**
   * The layers of images, which ECR keeps in a bucket of its own and signs the URLs of, and the buckets of this account. Who
   * asks is not looked at: ECR's URLs are signed by an account of AWS.
   *
   * @see https://github.com/awsdocs/amazon-vpc-user-guide/issues/94
   */
  public get storage(): EndpointPolicy {
    const { partition, region } = Stack.of(this.scope);
    return [
      allow(['s3:GetObject'], [`arn:${partition}:s3:::prod-${region}-starport-layer-bucket/*`]),
      allow(['s3:*'], ['*'], { StringEquals: { 'aws:ResourceAccount': this.account } }),
    ];
  }

  private get repositories(): string[] {
    const own = Stack.of(this.scope).formatArn({ service: 'ecr', resource: 'repository', resourceName: '*' });
    return [...new Set([own, ...this.repositoryArns])];
  }
}

function allow(actions: string[], resources: string[], conditions?: Record<string, Record<string, string>>): iam.PolicyStatement {
  return new iam.PolicyStatement({ principals: [new iam.StarPrincipal()], actions, resources, conditions });
}
