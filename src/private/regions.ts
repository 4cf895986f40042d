import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** CloudFront's certificate, web ACL, logs and metrics are in this region, whatever the region of the deployment. */
export const US_EAST_1 = 'us-east-1';

export function isInUsEast1(scope: Construct): boolean {
  return Stack.of(scope).region === US_EAST_1;
}
