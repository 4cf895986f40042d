import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Lazy } from 'aws-cdk-lib/core';
import type { ServiceSettings } from './service-settings';

/** Lets the number of tasks follow CPU and, where asked for, memory and requests: the one that wants most tasks decides. */
export function scaleTasks(
  service: ecs.FargateService, scaling: NonNullable<ServiceSettings['scaling']>, targetGroup: elbv2.ApplicationTargetGroup,
): ecs.ScalableTaskCount {
  const taskCount = service.autoScaleTaskCount({ minCapacity: scaling.minCapacity, maxCapacity: scaling.maxCapacity });
  taskCount.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: scaling.targetCpuUtilizationPercent });
  if (scaling.targetMemoryUtilizationPercent !== undefined) {
    taskCount.scaleOnMemoryUtilization('Memory', { targetUtilizationPercent: scaling.targetMemoryUtilizationPercent });
  }
  if (scaling.requestsPerTarget !== undefined) {
    // scaleOnRequestCount wants the target group behind a load balancer already, which is built after the services.
    new appscaling.TargetTrackingScalingPolicy(taskCount, 'Requests', {
      scalingTarget: taskCount.node.findChild('Target') as appscaling.ScalableTarget,
      predefinedMetric: appscaling.PredefinedMetric.ALB_REQUEST_COUNT_PER_TARGET,
      resourceLabel: Lazy.string({ produce: () => `${targetGroup.firstLoadBalancerFullName}/${targetGroup.targetGroupFullName}` }),
      targetValue: scaling.requestsPerTarget,
    });
  }
  return taskCount;
}
