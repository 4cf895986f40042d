import { Template } from 'aws-cdk-lib/assertions';
import { EVERY_ALARM } from '../deployments/matrix';
import { usEast1Templates, deploy } from '../deployments/sample';

/** An alarm as CloudFormation gets it. */
export interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly ComparisonOperator: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData: string;
  readonly AlarmActions: unknown[];
  readonly OKActions: unknown[];
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Period?: number;
  readonly Metrics?: { readonly Id: string; readonly Expression?: string; readonly MetricStat?: MetricStat }[];
}

interface MetricStat {
  readonly Metric: { readonly Namespace: string; readonly MetricName: string };
  readonly Stat: string;
  readonly Period: number;
}

export interface FoundAlarm {
  readonly region: string;
  readonly properties: AlarmProperties;
}

/** All alarms of a deployment with everything on, by region; the one on the database's capacity needs a maximum over 1. */
export function alarmsOf(overrides: Parameters<typeof deploy>[0] = { waf: {}, monitoring: EVERY_ALARM, database: { maxCapacity: 2 } }): FoundAlarm[] {
  const { stack } = deploy(overrides);
  const companions = Object.values(usEast1Templates(stack)).map(template => ['us-east-1', template] as const);
  const templates = [[stack.region, Template.fromStack(stack)] as const, ...companions];
  return templates.flatMap(([region, template]) => Object.values(template.findResources('AWS::CloudWatch::Alarm'))
    .map(({ Properties }) => ({ region, properties: Properties as AlarmProperties })));
}

/** What is watched, in the words of CloudWatch. */
export function metricOf({ Namespace, MetricName, Statistic, ExtendedStatistic, Metrics }: AlarmProperties): string {
  const stats = Metrics?.flatMap(({ Id, MetricStat: stat }) => stat ? [{ Id, text: `${stat.Stat} of ${stat.Metric.Namespace} ${stat.Metric.MetricName}` }] : [])
    ?? [{ Id: '', text: `${Statistic ?? ExtendedStatistic} of ${Namespace} ${MetricName}` }];
  const expression = Metrics?.find(({ Expression }) => Expression !== undefined)?.Expression;
  return expression === undefined ? stats[0].text : `\`${expression}\`; ${stats.map(({ Id, text }) => `${Id}: ${text}`).join('; ')}`;
}

export function periodOf({ Period, Metrics }: AlarmProperties): number {
  return Period ?? Metrics!.find(({ MetricStat: stat }) => stat)!.MetricStat!.Period;
}

export function runbookOf({ AlarmDescription }: AlarmProperties): string {
  const [, link] = / Runbook: (\S+)$/.exec(AlarmDescription) ?? [];
  return link ?? 'none';
}

function row({ region, properties }: FoundAlarm): string {
  const sign = properties.ComparisonOperator === 'LessThanThreshold' ? '<' : '≥';
  const minutes = periodOf(properties) / 60;
  const periods = properties.DatapointsToAlarm === undefined ? properties.EvaluationPeriods : `${properties.DatapointsToAlarm} of ${properties.EvaluationPeriods}`;
  const period = minutes < 60 ? `${minutes} min` : minutes < 1440 ? `${minutes / 60} h` : `${minutes / 1440} d`;
  const [, anchor] = runbookOf(properties).split('#');
  return `| \`${properties.AlarmName}\` | ${metricOf(properties)} | ${sign} ${properties.Threshold} | ${periods} × ${period} `
    + `| ${properties.TreatMissingData} | ${region === 'us-east-1' ? 'us-east-1' : 'the stack\'s'} | [${anchor.replace(/-/g, ' ')}](runbooks/incident.md#${anchor}) |`;
}

/** The alarms with what they watch, as a table. */
export function alarmTable(): string {
  return [
    '| Alarm | Metric | Threshold | Periods | Missing data | Region | Runbook |', '| --- | --- | --- | --- | --- | --- | --- |', ...alarmsOf().map(row),
  ].join('\n');
}
