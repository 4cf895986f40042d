import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Annotations, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ServiceSettings } from './service-settings';
import { principal } from '../private/given-resources';
import { textOf } from '../private/resolved-text';
import { invalid, isKnown } from '../private/validation';

/** An image in ECR: the account and the region of its registry, each known or a reference. */
const IN_ECR = /^(\d{12}|<[^>]+>)\.dkr\.ecr\.([a-z0-9-]+|<[^>]+>)\./;

/** What pulls an image needs, on the repository. */
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/**
 * Refuses an image that can't be pulled, and says what is missing where that can't be seen. The endpoints of ECR serve the private
 * registries of their own region, of any account: nothing else is reached without internet access.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export function requireReachableImage(scope: Construct, settings: ServiceSettings, imageName: string, hasInternetAccess: boolean): void {
  const { name, image, repository } = settings;
  if (!image && !repository) {
    return;
  }
  const prop = `${name}.${image ? 'image' : 'repository'}`;
  const text = textOf(scope, imageName);
  const { account, region } = Stack.of(scope);
  const [, registry, itsRegion] = IN_ECR.exec(text) ?? [];
  const must = `be in ECR in the region of the stack${isKnown(region) ? ` (${region})` : ''}, as the tasks have no internet access`;
  const fix = `push the image to the repository of the service and give ${name}.imageTag${name === 'cms' ? ', or give network.egress' : ''}`;
  if (registry === undefined) {
    if (!hasInternetAccess && !text.startsWith('<')) {
      throw invalid(prop, must, text, fix);
    }
    return;
  }
  if (image instanceof ecs.RepositoryImage) {
    throw invalid(prop, 'be made with ContainerImage.fromEcrRepository, which allows the tasks to pull it', text,
      'import the repository with ecr.Repository.fromRepositoryAttributes and give ecs.ContainerImage.fromEcrRepository(repository, tag)');
  }
  if (isElsewhere(itsRegion, region) && !hasInternetAccess) {
    throw invalid(prop, must, text, fix);
  }
  if (isElsewhere(registry, account)) {
    const statement = { Effect: 'Allow', Principal: { AWS: principal(account) }, Action: PULL };
    Annotations.of(scope).addWarningV2(`cdk-oky-backend:otherAccount:${prop}`,
      `${prop} is in account ${registry}: before the deployment, add this statement to the policy of the repository: ${JSON.stringify(statement)}`);
  }
}

function isElsewhere(theirs: string, ours: string): boolean {
  return isKnown(ours) && !theirs.startsWith('<') && theirs !== ours;
}
