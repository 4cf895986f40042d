import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type Alarms, errorsForTraffic, whereBusy } from './alarms';
import type { PhysicalNames } from '../private/names';
import type { IOkyService } from '../service/service-options';
import type { ServiceSettings } from '../service/service-settings';

/**
 * What Oky writes when something is wrong: the names of JavaScript's errors, which end in `Error`, what Node says of a rejection
 * that nothing handled, and what yarn says of a process that failed.
 */
const ERROR_TERMS = ['Error', 'UnhandledPromiseRejection', 'error Command failed'];

/** The metrics of one service that alarms and dashboard share. */
export interface ServiceMetrics {
  readonly cpu: cloudwatch.IMetric;
  readonly memory: cloudwatch.IMetric;
  readonly running: cloudwatch.IMetric;
  readonly requests: cloudwatch.IMetric;
  readonly serverErrors: cloudwatch.IMetric;
  readonly connectionErrors: cloudwatch.IMetric;
  readonly unhealthy: cloudwatch.IMetric;
  readonly responseTime: cloudwatch.IMetric;
  readonly loggedErrors: cloudwatch.IMetric;
}

export function serviceMetrics({ service, targetGroup }: IOkyService, { name }: ServiceSettings, names: PhysicalNames): ServiceMetrics {
  const title = name.toUpperCase();
  const sum = { statistic: 'Sum', period: Duration.minutes(5) };
  return {
    cpu: service.metricCpuUtilization({ label: `${title} CPU %` }),
    memory: service.metricMemoryUtilization({ label: `${title} memory %` }),
    // Each task reports once a minute, also without Container Insights:
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cw_running_task_count.html
    running: service.metricCpuUtilization({ statistic: 'SampleCount', period: Duration.minutes(1), label: `${title} running` }),
    requests: targetGroup.metrics.requestCount({ ...sum, label: `${title} requests` }),
    serverErrors: targetGroup.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { ...sum, label: `${title} 5xx` }),
    connectionErrors: targetGroup.metrics.targetConnectionErrorCount({ ...sum, label: `${title} connection errors` }),
    unhealthy: targetGroup.metrics.unhealthyHostCount({ statistic: 'Maximum', period: Duration.minutes(1), label: `${title} unhealthy` }),
    responseTime: targetGroup.metrics.targetResponseTime({ statistic: 'p95', period: Duration.minutes(5), label: `${title} p95 seconds` }),
    loggedErrors: new cloudwatch.Metric({ ...sum, namespace: names.metricNamespace, metricName: `${title}Errors`, period: Duration.minutes(15), label: `${title} errors` }),
  };
}

export interface ServiceAlarmsProps {
  readonly names: PhysicalNames;
  readonly alarms: Alarms;
  readonly service: IOkyService;
  readonly settings: ServiceSettings;
  readonly metrics: ServiceMetrics;
}

/** Longer than the alarm takes to ring after the last old task has ended: its period, and the delay of the load balancer's metrics. */
const BAKE_TIME_MINUTES = 10;

/**
 * A new image that starts, and then answers with 5xx, is taken back: a deployment waits for this alarm before it is done. One that
 * begins while the alarm is on already, as one that repairs something does, is not watched. Set explicitly, as AWS documents three hours
 * for rolling deployments that don't say how long.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-deploymentconfiguration.html#cfn-ecs-service-deploymentconfiguration-baketimeinminutes
 */
function rollBackOnAlarm(service: ecs.FargateService, alarm: cloudwatch.Alarm, alarmName: string): void {
  const resource = service.node.defaultChild as ecs.CfnService;
  service.enableDeploymentAlarms([alarmName], { behavior: ecs.AlarmBehavior.ROLLBACK_ON_ALARM });
  resource.addPropertyOverride('DeploymentConfiguration.BakeTimeInMinutes', BAKE_TIME_MINUTES);
  // It must exist when the service names it. It measures the target group, and so waits for no service.
  resource.node.addDependency(alarm);
}

/** One service: its tasks, what it answers, and what it logs. */
export class ServiceAlarms extends Construct {
  constructor(scope: Construct, id: string, { names, alarms, service, settings, metrics }: ServiceAlarmsProps) {
    super(scope, id);
    const title = settings.name.toUpperCase();
    const prefix = settings.name === 'api' ? 'Api' : 'Cms';
    // Scaling keeps to 60 %, and single logins take a whole CPU for moments: a quarter of an hour at 85 % is neither.
    alarms.add(`${prefix}Cpu`, {
      metric: metrics.cpu,
      from: 85,
      periods: 3,
      description: `The ${title} has used 85 % of its CPU for 15 minutes. Logins become slow: add tasks or CPU.`,
      section: 'tasks-are-short-of-cpu-or-memory',
    });
    // A task that needs more than it has is killed in the middle of its requests.
    alarms.add(`${prefix}Memory`, {
      metric: metrics.memory,
      from: 85,
      periods: 3,
      description: `The ${title} has used 85 % of its memory for 15 minutes. At 100 % tasks are killed: raise memoryLimitMiB.`,
      section: 'tasks-are-short-of-cpu-or-memory',
    });
    const leastTasks = settings.scaling?.minCapacity ?? settings.desiredCount;
    if (leastTasks !== 0) {
      // A service that runs no task at all reports nothing: here, what is missing is the worst case.
      alarms.add(`${prefix}Tasks`, {
        metric: metrics.running,
        // Longer than it takes to start a task, or to replace one.
        below: leastTasks,
        periods: 10,
        missing: cloudwatch.TreatMissingData.BREACHING,
        description: `The ${title} has had fewer tasks than it should for 10 minutes, or none at all. See why they stop.`,
        section: 'tasks-stop-or-do-not-start',
      });
    }
    // Every task is checked four times a minute; ECS replaces one that fails, which takes a few minutes.
    alarms.add(`${prefix}Unhealthy`, {
      metric: metrics.unhealthy,
      from: 1,
      periods: 10,
      description: `A task of the ${title} has failed its health checks for 10 minutes. ECS should have replaced it: see what it logs.`,
      section: 'tasks-stop-or-do-not-start',
    });
    // Not one, as a malformed request makes one 500 and says nothing about the service.
    const serverErrors = alarms.add(`${prefix}ServerErrors`, {
      metric: errorsForTraffic(metrics.serverErrors, metrics.requests, `${title} 5xx`),
      from: 3,
      periods: 1,
      description: `The ${title} has answered 3 requests or more with 5xx within 5 minutes, or 1 % of them where there are many. Read its log.`,
      section: 'requests-are-answered-with-5xx',
    });
    if (settings.hasImage) {
      rollBackOnAlarm(service.service, serverErrors, names.alarm(`${prefix}ServerErrors`));
    }
    // A few now and then are those of a task that is just ending.
    alarms.add(`${prefix}ConnectionErrors`, {
      metric: metrics.connectionErrors,
      from: 5,
      periods: 2,
      description: `The load balancer could not connect to the ${title} 5 times or more in each of two times 5 minutes. See whether its tasks run.`,
      section: 'requests-are-answered-with-5xx',
    });
    // The app gives up waiting long before CloudFront's 60 seconds; a resuming database takes 15 to 30 once, not for this long.
    alarms.add(`${prefix}ResponseTime`, {
      metric: whereBusy(metrics.responseTime, metrics.requests, `${title} p95 seconds`),
      from: 5,
      periods: 3,
      description: `One in 20 requests to the ${title} has taken 5 seconds or more for 15 minutes. See which of CPU and database is short.`,
      section: 'requests-are-slow',
    });
    new logs.MetricFilter(this, 'Errors', {
      logGroup: service.logGroup,
      filterPattern: logs.FilterPattern.anyTerm(...ERROR_TERMS),
      metricNamespace: names.metricNamespace,
      metricName: `${title}Errors`,
      metricValue: '1',
    });
    alarms.add(`${prefix}LoggedErrors`, {
      metric: metrics.loggedErrors,
      from: 10,
      periods: 1,
      description: `The ${title} has logged 10 errors or more within 15 minutes. Read them: some lose data without a 5xx.`,
      section: 'errors-in-the-log',
    });
  }
}
