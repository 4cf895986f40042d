import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';

/**
 * The L2 without a look at the region. It loads the facts of all regions, a twelfth of a whole synthesis, to decide whether
 * a service is to say that no alarm stops its deployments; that sentence is left out here in any region. A service that
 * is given alarms says something else, so it is given one, which is taken away again before it is rendered.
 *
 * @see https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-ecs/lib/base/base-service.ts
 */
export class FargateService extends ecs.FargateService {
  constructor(scope: Construct, id: string, props: ecs.FargateServiceProps) {
    super(scope, id, { ...props, deploymentAlarms: { alarmNames: ['none'] } });
    this.deploymentAlarms = undefined;
  }
}
