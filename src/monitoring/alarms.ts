import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { documentUrl } from '../private/documents';
import type { PhysicalNames } from '../private/names';

/** The sections of the runbook, by what their headings become in a link. */
export type RunbookSection = 'requests-are-answered-with-5xx' | 'requests-are-slow' | 'tasks-stop-or-do-not-start' | 'tasks-are-short-of-cpu-or-memory'
  | 'errors-in-the-log' | 'the-database-is-at-its-limit' | 'the-database-has-too-many-connections' | 'the-database-never-pauses'
  | 'a-certificate-expires' | 'cloudfront-answers-with-5xx' | 'the-firewall-blocks-much' | 'an-image-has-known-flaws' | 'the-account-costs-too-much'
  | 'a-host-does-not-answer-from-outside' | 'many-requests-are-refused-with-4xx' | 'unusually-few-requests-arrive' | 'a-release-is-rolled-back'
  | 'something-happened-to-the-database' | 'a-backup-or-its-copy-failed' | 'the-key-is-disabled-or-scheduled-for-deletion'
  | 'the-nat-instance-does-not-work' | 'aws-reports-an-incident-or-planned-work';

export function runbook(section: RunbookSection): string {
  return documentUrl(`runbooks/incident.md#${section}`);
}

/** Requests in five minutes from which on a share of them says something: one that waited for the database to resume does not. */
const ENOUGH_REQUESTS = 20;

export interface AlarmProps {
  readonly metric: cloudwatch.IMetric;
  /** It alarms at this value and above. */
  readonly from?: number;
  /** It alarms below this value. */
  readonly below?: number;
  /** How many periods of the metric, one after the other. */
  readonly periods: number;
  /**
   * In how many of these periods it must be so.
   *
   * @default - in all of them
   */
  readonly datapoints?: number;
  /** @default - missing data are no cause for alarm: a database that pauses and a service without requests report nothing */
  readonly missing?: cloudwatch.TreatMissingData;
  /** What has happened, and what to do. */
  readonly description: string;
  readonly section: RunbookSection;
}

export interface UnusuallyLowProps extends Pick<AlarmProps, 'periods' | 'description' | 'section'> {
  readonly metric: cloudwatch.Metric;
}

/** Alarms with one topic, and names that begin with the deployment's prefix. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, private readonly names: PhysicalNames, private readonly topic: sns.ITopic) {
    super(scope, id);
  }

  /** The id is the name too, `ApiCpu` as `<namePrefix>-api-cpu`. */
  public add(id: string, props: AlarmProps): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, {
      ...this.texts(id, props.description, props.section),
      metric: props.metric,
      threshold: props.below ?? props.from!,
      comparisonOperator: props.below === undefined
        ? cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        : cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: props.periods,
      datapointsToAlarm: props.datapoints,
      treatMissingData: props.missing ?? cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    this.notify(alarm);
    return alarm;
  }

  /**
   * For a metric that falls below what CloudWatch expects for this hour of the day and week. Missing data count as 0.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html
   */
  public addUnusuallyLow(id: string, { metric, periods, description, section }: UnusuallyLowProps): void {
    this.notify(new cloudwatch.AnomalyDetectionAlarm(this, id, {
      ...this.texts(id, description, section),
      metric: new cloudwatch.MathExpression({ expression: 'FILL(value, 0)', usingMetrics: { value: metric }, period: metric.period, label: metric.label }),
      stdDevs: 3,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_LOWER_THRESHOLD,
      evaluationPeriods: periods,
    }));
  }

  private texts(id: string, description: string, section: RunbookSection) {
    return { alarmName: this.names.alarm(id), alarmDescription: `${description} Runbook: ${runbook(section)}` };
  }

  private notify(alarm: cloudwatch.AlarmBase): void {
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    // That it is over is worth knowing too, above all at night.
    alarm.addOkAction(action);
  }
}

/**
 * Requests in five minutes below which single errors say something: a pilot has a few, and the checks from outside are some 60.
 * From there on it is the share that does.
 */
const MANY_REQUESTS = 500;

/** How many errors, where there are few requests, or else per 300 requests: 3 is three errors of a pilot, or 1 % of a country's. */
export function errorsForTraffic(errors: cloudwatch.IMetric, requests: cloudwatch.IMetric, label: string): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: `IF(requests < ${MANY_REQUESTS}, errors, 300 * errors / requests)`,
    usingMetrics: { errors, requests },
    period: Duration.minutes(5),
    label,
  });
}

/** A metric that counts as 0 while there are few requests. */
export function whereBusy(
  value: cloudwatch.IMetric, requests: cloudwatch.IMetric, label: string, enough = ENOUGH_REQUESTS,
): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: `IF(requests >= ${enough}, value, 0)`,
    usingMetrics: { value, requests },
    period: Duration.minutes(5),
    label,
  });
}
