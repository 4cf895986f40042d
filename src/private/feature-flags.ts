import * as cxapi from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';

/**
 * The feature flags that would change what this construct deploys. They hold for its subtree whatever a consumer has in
 * cdk.json, so that a change of flags there changes nothing here, and there is one template to prove things about.
 *
 * @see https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/cx-api/FEATURE_FLAGS.md
 */
const PINNED: Record<string, boolean> = {
  [cxapi.S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY]: true,
  [cxapi.ECS_DISABLE_EXPLICIT_DEPLOYMENT_CONTROLLER_FOR_CIRCUIT_BREAKER]: true,
  [cxapi.ECS_REMOVE_DEFAULT_DEPLOYMENT_ALARM]: true,
  [cxapi.REDUCE_EC2_FARGATE_CLOUDWATCH_PERMISSIONS]: true,
};

/** To be called before the construct has children. */
export function pinFeatureFlags(scope: Construct): void {
  for (const [flag, value] of Object.entries(PINNED)) {
    scope.node.setContext(flag, value);
  }
}
