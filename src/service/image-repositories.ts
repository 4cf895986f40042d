import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ServiceSettings } from './service-settings';

/** The registry of an image in ECR, if its account is known. */
const REGISTRY = /(\d{12})\.dkr\.ecr\./;

/** The ARNs of the repositories that are given: the repository itself, or all of the registry that an image is in. */
export function givenRepositoryArns(scope: Construct, { repository, image }: ServiceSettings): string[] {
  const stack = Stack.of(scope);
  const account = image instanceof ecs.EcrImage ? REGISTRY.exec(JSON.stringify(stack.resolve(image.imageName)))?.[1] : undefined;
  return [
    ...(repository ? [repository.repositoryArn] : []),
    ...(account === undefined ? [] : [stack.formatArn({ service: 'ecr', account, resource: 'repository', resourceName: '*' })]),
  ];
}
