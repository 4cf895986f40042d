import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/**
 * Where the images of a service are. An image with a tag never expires: a limit by number would let 30 pushes delete a
 * released image and free its tag, a limit by age would delete one that is still in use. The manifests of an image for
 * several architectures have no tag; they stay with the image.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function makeRepository(scope: Construct, repositoryName: string): ecr.Repository {
  return new ecr.Repository(scope, 'Repository', {
    repositoryName,
    imageTagMutability: ecr.TagMutability.IMMUTABLE,
    imageScanOnPush: true,
    // Tags can't be moved, so an image without one was never released.
    lifecycleRules: [{ description: 'Images that never had a tag', tagStatus: ecr.TagStatus.UNTAGGED, maxImageAge: Duration.days(14) }],
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}
