import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { githubIssuer, githubSubjects, type OperatorsSettings } from './operators-settings';
import { SchemaUpdater, type SchemaUpdaterProps } from './schema-updater';
import { acknowledge, wildcardFinding } from '../private/acknowledge';
import type { IOkyService } from '../service/service-options';

export interface OperatorsProps {
  readonly settings: OperatorsSettings;
  readonly cluster: ecs.ICluster;
  readonly services: IOkyService[];
  /** The names of the services, as text: by reference, the policy would wait until both are running. */
  readonly serviceNames: string[];
  /** The subnets of the services. */
  readonly subnetIds: string[];
  readonly assignPublicIp: boolean;
  /** Whether a service has ECS Exec on. */
  readonly enableExecuteCommand: boolean;
  /** The names of the parameters that hold the tags of the images. */
  readonly imageTagParameters: string[];
  /** What runs SQL in the database; undefined without the SQL task. */
  readonly schema?: SchemaUpdaterProps;
}

/** What people and workflows are allowed that build images and release them, and nothing else. */
export class Operators extends Construct {
  public readonly imageBuilderPolicy: iam.ManagedPolicy;
  public readonly serviceUpdaterPolicy: iam.ManagedPolicy;
  /** Undefined without the SQL task. */
  public readonly schemaUpdaterPolicy?: iam.ManagedPolicy;
  /** For the workflows of the GitHub repository; undefined without one. */
  public readonly githubRole?: iam.Role;

  constructor(scope: Construct, id: string, props: OperatorsProps) {
    super(scope, id);
    this.imageBuilderPolicy = this.makeImageBuilder(props.services);
    this.serviceUpdaterPolicy = this.makeServiceUpdater(props);
    this.schemaUpdaterPolicy = props.schema && new SchemaUpdater(this, 'SchemaUpdater', props.schema).policy;
    if (props.settings.githubRepository !== undefined) {
      this.githubRole = this.makeGithubRole(props.settings.githubRepository, props.settings);
    }
  }

  /**
   * To log in to ECR and push to the two repositories. Before it pushes, a client such as containerd or buildx asks for the manifest.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
   */
  private makeImageBuilder(services: IOkyService[]): iam.ManagedPolicy {
    const policy = new iam.ManagedPolicy(this, 'ImageBuilder', {
      description: 'Oky: push images of the API and the CMS',
      document: document([
        new iam.PolicyStatement({ sid: 'AllowECRAuth', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
        new iam.PolicyStatement({
          sid: 'AllowECRImagePush',
          actions: [
            'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage',
            'ecr:UploadLayerPart',
          ],
          resources: services.map(({ repository }) => repository.repositoryArn),
        }),
        this.allowOutputs(),
      ]),
    });
    acknowledge(policy, { 'AwsSolutions-IAM5[Resource::*]': 'ecr:GetAuthorizationToken has no resource-level permission; pushing is allowed to two repositories' });
    return policy;
  }

  /**
   * To register a revision of the two task definitions, to have the two services run it, to wait until they do, and to note its tag.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
   */
  private makeServiceUpdater(props: OperatorsProps): iam.ManagedPolicy {
    const { cluster, services, serviceNames, imageTagParameters } = props;
    const ecsArn = (resource: string, resourceName: string) => Stack.of(this).formatArn({
      service: 'ecs', resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    const families = services.map(({ taskDefinition }) => ecsArn('task-definition', taskDefinition.family));
    const revisions = families.map(family => `${family}:*`);
    const policy = new iam.ManagedPolicy(this, 'ServiceUpdater', {
      description: 'Oky: release images of the API and the CMS',
      document: document([
        new iam.PolicyStatement({ sid: 'AllowECSTaskDefinitionRead', actions: ['ecs:DescribeTaskDefinition'], resources: ['*'] }),
        new iam.PolicyStatement({ sid: 'AllowECSTaskDefinitionManagement', actions: ['ecs:RegisterTaskDefinition'], resources: revisions }),
        // A stack with tags has tagged task definitions. ECS asks for this with a revision, and has also asked without one (aws-cdk issue 25768).
        new iam.PolicyStatement({
          sid: 'AllowECSTaskDefinitionTags',
          actions: ['ecs:TagResource'],
          resources: [...families, ...revisions],
          conditions: { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } },
        }),
        new iam.PolicyStatement({
          sid: 'AllowECSServiceUpdate',
          actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
          resources: serviceNames.map(name => ecsArn('service', `${cluster.clusterName}/${name}`)),
          conditions: onlyTheImage(props, revisions),
        }),
        new iam.PolicyStatement({
          sid: 'AllowPassRoleForECSTasks',
          actions: ['iam:PassRole'],
          resources: services.flatMap(({ taskDefinition }) => [taskDefinition.taskRole.roleArn, taskDefinition.executionRole!.roleArn]),
          conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
        }),
        ...(imageTagParameters.length === 0 ? [] : [new iam.PolicyStatement({
          sid: 'AllowImageTagParameters',
          actions: ['ssm:GetParameter', 'ssm:PutParameter'],
          resources: [...new Set(imageTagParameters)].map(name => Stack.of(this).formatArn({
            // The name of a parameter in a hierarchy begins with the slash that the ARN has anyway.
            service: 'ssm', resource: 'parameter', resourceName: name.replace(/^\//, ''),
          })),
        })]),
        this.allowOutputs(),
      ]),
    });
    acknowledge(policy, {
      'AwsSolutions-IAM5[Resource::*]': 'ecs:DescribeTaskDefinition has no resource-level permission; changing anything is allowed to the two services only',
      ...Object.fromEntries(revisions.map(arn => [wildcardFinding(this, arn), 'a new revision has a number that nobody knows before; the family is fixed'])),
    });
    return policy;
  }

  /** To read the outputs of the stack, where all names are that its commands need. */
  private allowOutputs(): iam.PolicyStatement {
    return new iam.PolicyStatement({ sid: 'AllowStackOutputs', actions: ['cloudformation:DescribeStacks'], resources: [Stack.of(this).stackId] });
  }

  /** @see https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws */
  private makeGithubRole(repository: string, settings: OperatorsSettings): iam.Role {
    const issuer = githubIssuer(settings.githubProviderArn);
    const provider = settings.githubProviderArn
      ?? new iam.CfnOIDCProvider(this, 'GithubProvider', { url: `https://${issuer}`, clientIdList: ['sts.amazonaws.com'] }).attrArn;
    const subjects = githubSubjects(repository, settings);
    return new iam.Role(this, 'GithubRole', {
      description: `Oky: releases from ${repository}`,
      assumedBy: new iam.WebIdentityPrincipal(provider, {
        StringEquals: {
          [`${issuer}:aud`]: 'sts.amazonaws.com',
          [`${issuer}:sub`]: subjects.length === 1 ? subjects[0] : subjects,
        },
      }),
      managedPolicies: [
        this.imageBuilderPolicy,
        this.serviceUpdaterPolicy,
        ...(this.schemaUpdaterPolicy && settings.githubSchemaUpdates ? [this.schemaUpdaterPolicy] : []),
      ],
    });
  }
}

/**
 * An update of a service can do more than exchange its image: give its tasks a public address, another subnet, or a shell, or
 * start another task definition. Each is denied where the deployment doesn't have it; an update that leaves it alone passes.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
function onlyTheImage(
  { subnetIds, assignPublicIp, enableExecuteCommand }: OperatorsProps, revisions: string[],
): Record<string, Record<string, string | string[]>> {
  return {
    'ArnLikeIfExists': { 'ecs:task-definition': revisions },
    'ForAllValues:StringEquals': { 'ecs:subnet': subnetIds },
    ...(!assignPublicIp && { BoolIfExists: { 'ecs:auto-assign-public-ip': 'false' } }),
    ...(!enableExecuteCommand && { StringEqualsIfExists: { 'ecs:enable-execute-command': 'false' } }),
  };
}

/** As they are written here, whatever feature flag would sort them. */
function document(statements: iam.PolicyStatement[]): iam.PolicyDocument {
  return new iam.PolicyDocument({ minimize: false, statements });
}
