import * as ecr from 'aws-cdk-lib/aws-ecr';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** How many images with a tag a repository keeps: releases of years, and what can be rolled back to. */
const KEPT_IMAGES = 30;

/**
 * Where the images of a service are. What is in use never expires: an image that one rule of a lifecycle policy selects
 * by its tag can't be expired by a later rule, and the manifests of an image for several architectures stay with it.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function makeRepository(scope: Construct, repositoryName: string, tagInUse: string | undefined): ecr.Repository {
  const repository = new ecr.Repository(scope, 'Repository', {
    repositoryName,
    imageTagMutability: ecr.TagMutability.IMMUTABLE,
    imageScanOnPush: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  const rule = (rulePriority: number, description: string, selection: object) => ({ rulePriority, description, selection, action: { type: 'expire' } });
  const rules = [
    // A tag is on one image at most, so this rule expires nothing.
    ...(tagInUse === undefined ? [] : [
      rule(1, 'Keeps the image in use', { tagStatus: 'tagged', tagPatternList: [tagInUse], countType: 'imageCountMoreThan', countNumber: 1 }),
    ]),
    rule(2, `All but the last ${KEPT_IMAGES} images`, { tagStatus: 'tagged', tagPatternList: ['*'], countType: 'imageCountMoreThan', countNumber: KEPT_IMAGES }),
    // Tags can't be moved, so what has none was never released.
    rule(3, 'Images that never had a tag', { tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 14, countUnit: 'days' }),
  ];
  // The L2 writes a tag that is known at deployment only into the text as it is, unresolved.
  (repository.node.defaultChild as ecr.CfnRepository).lifecyclePolicy = { lifecyclePolicyText: Stack.of(scope).toJsonString({ rules }) };
  return repository;
}
