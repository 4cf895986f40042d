import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { PhysicalNames } from '../private/names';

const RUNBOOK = 'https://github.com/cdk-oky-backend/cdk-oky-backend/blob/main/docs/runbooks/incident.md';

/** The sections of the runbook, by what their headings become in a link. */
export type RunbookSection = 'requests-are-answered-with-5xx' | 'requests-are-slow' | 'tasks-stop-or-do-not-start' | 'tasks-are-short-of-cpu-or-memory'
  | 'errors-in-the-log' | 'the-database-is-at-its-limit' | 'the-database-has-too-many-connections' | 'the-database-never-pauses'
  | 'a-certificate-expires' | 'cloudfront-answers-with-5xx' | 'the-firewall-blocks-much' | 'an-image-has-known-flaws' | 'the-account-costs-too-much';

export function runbook(section: RunbookSection): string {
  return `${RUNBOOK}#${section}`;
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
  /** @default - missing data are no cause for alarm: a database that pauses and a service without requests report nothing */
  readonly missing?: cloudwatch.TreatMissingData;
  /** What has happened, and what to do. */
  readonly description: string;
  readonly section: RunbookSection;
}

/** Alarms with one topic, and names that begin with the deployment's prefix. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, private readonly names: PhysicalNames, private readonly topic: sns.ITopic) {
    super(scope, id);
  }

  /** The id is the name too, `ApiCpu` as `<namePrefix>-api-cpu`. */
  public add(id: string, props: AlarmProps): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmName: this.names.alarm(id),
      alarmDescription: `${props.description} Runbook: ${runbook(props.section)}`,
      metric: props.metric,
      threshold: props.below ?? props.from!,
      comparisonOperator: props.below === undefined
        ? cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        : cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: props.periods,
      treatMissingData: props.missing ?? cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    // That it is over is worth knowing too, above all at night.
    alarm.addOkAction(action);
  }
}

/** A metric that counts as 0 while there are few requests. */
export function whereBusy(value: cloudwatch.IMetric, requests: cloudwatch.IMetric, label: string): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: `IF(requests >= ${ENOUGH_REQUESTS}, value, 0)`,
    usingMetrics: { value, requests },
    period: Duration.minutes(5),
    label,
  });
}
