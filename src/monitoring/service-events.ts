import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { Duration } from 'aws-cdk-lib/core';
import type { Alarms } from './alarms';
import { type EventMessages, field } from './event-messages';
import type { IOkyService } from '../service/service-options';

export interface ServiceEventsProps {
  readonly cluster: ecs.ICluster;
  readonly services: IOkyService[];
}

/** How often a rule matched. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
function matches(RuleName: string): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: 'AWS/Events', metricName: 'TriggeredRules', dimensionsMap: { RuleName }, statistic: 'Sum', period: Duration.minutes(15) });
}

/** What ECS and ECR tell of the services, their tasks and their images. */
export function addServiceEvents(messages: EventMessages, alarms: Alarms, { cluster, services }: ServiceEventsProps): void {
  /*
   * A container of a service that ends without being stopped. An image of Oky with its own command ends with exit code 0 when it can't
   * reach the database, so none counts as success; what deployments and scaling stop has another stop code.
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
   */
  const stopped = messages.count('TaskStopped', 'a task stopped unasked, or did not start', {
    source: ['aws.ecs'],
    detailType: ['ECS Task State Change'],
    detail: {
      clusterArn: [cluster.clusterArn],
      lastStatus: ['STOPPED'],
      // A task that is run once, such as the SQL task, has a family as its group and ends with the same stop code.
      group: [{ prefix: 'service:' }],
      stopCode: ['EssentialContainerExited', 'TaskFailedToStart'],
    },
  });
  // ECS waits longer and longer between two attempts, so the alarm is over when an hour has passed without one: one message for a loop.
  alarms.add('TasksStopped', {
    metric: matches(stopped),
    from: 1,
    periods: 4,
    datapoints: 1,
    description: 'A task stopped without being told to, or did not start. ECS starts another one. If this alarm stays on, they stop in a loop: see why.',
    section: 'tasks-stop-or-do-not-start',
  });
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
  const impaired = messages.count('ServiceImpaired', 'ECS can\'t place or start tasks', {
    source: ['aws.ecs'],
    detailType: ['ECS Service Action'],
    detail: {
      clusterArn: [cluster.clusterArn],
      eventName: ['SERVICE_TASK_PLACEMENT_FAILURE', 'SERVICE_TASK_CONFIGURATION_FAILURE', 'SERVICE_TASK_START_IMPAIRED'],
    },
  });
  alarms.add('TasksNotPlaced', {
    metric: matches(impaired),
    from: 1,
    periods: 4,
    datapoints: 1,
    description: 'ECS can\'t place or start tasks: Fargate has no capacity in the zone, a quota is used up, or the tasks stop in a loop. See the events of the service.',
    section: 'tasks-stop-or-do-not-start',
  });
  messages.add('DeploymentFailed', {
    title: 'a deployment of a service failed',
    pattern: {
      source: ['aws.ecs'],
      detailType: ['ECS Deployment State Change'],
      resources: services.map(({ service }) => service.serviceArn),
      detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
    },
    text: `A deployment of ${field('resources[0]')} failed, because its tasks did not start or an alarm rang. ECS goes back to the former revision.`,
    next: 'See why:',
    section: 'a-release-is-rolled-back',
  });
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
  messages.add('ImageScanned', {
    title: 'an image has flaws of high or critical severity',
    pattern: {
      source: ['aws.ecr'],
      detailType: ['ECR Image Scan'],
      detail: {
        'scan-status': ['COMPLETE'],
        'repository-name': services.map(({ repository }) => repository.repositoryName),
        'finding-severity-counts': { $or: ['CRITICAL', 'HIGH'].map(severity => ({ [severity]: [{ numeric: ['>', 0] }] })) },
      },
    },
    text: `The image ${field('detail.image-tags[0]')} (${field('detail.image-digest')}) in ${field('detail.repository-name')} has known flaws. `
      + `Critical: ${field('detail.finding-severity-counts.CRITICAL')}, high: ${field('detail.finding-severity-counts.HIGH')}; where no number is shown, there are none.`,
    next: 'Before it is released, see which:',
    section: 'an-image-has-known-flaws',
  });
}
