import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { runbook } from './alarms';
import type { DatabaseMetrics } from './database-alarms';
import type { edgeMetrics } from './edge-metrics';
import type { balancerMetrics } from './load-balancer-alarms';
import type { ServiceMetrics } from './service-alarms';
import type { PhysicalNames } from '../private/names';
import { US_EAST_1 } from '../private/regions';

export interface DashboardProps {
  readonly names: PhysicalNames;
  readonly edge: ReturnType<typeof edgeMetrics>;
  /** Whether a web ACL is made here, whose metrics have a known name. */
  readonly hasWebAcl: boolean;
  readonly balancer: ReturnType<typeof balancerMetrics>;
  readonly services: { readonly title: string; readonly metrics: ServiceMetrics; readonly logGroup: logs.ILogGroup }[];
  readonly database: DatabaseMetrics;
  readonly isServerless: boolean;
}

/** A dashboard is this many units wide. */
const WIDTH = 24;

/** One dashboard, from top to bottom the way of a request. */
export class Dashboard extends Construct {
  public readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { edge, balancer, services, database } = props;
    this.dashboard = new cloudwatch.Dashboard(this, 'Resource', { dashboardName: props.names.dashboard });
    this.add(`# ${props.names.prefix}\nFrom top to bottom the way of a request: look for the first row that is not as it usually is. `
      + `[What to do](${runbook('requests-are-answered-with-5xx')})`);
    this.add('## CloudFront\nAll that users ask for. Errors here that are in no row below are its own, such as a load balancer that it does not reach.', [
      graph('Requests', [edge.requests], US_EAST_1),
      graph('Errors, % of the requests', [edge.clientErrorRate, edge.serverErrorRate], US_EAST_1),
    ]);
    if (props.hasWebAcl) {
      this.add('## Firewall\nWhat it refused, and what it only counted. Many refused requests and fewer below: it may refuse users.', [
        graph('Requests that a rule matched', [edge.blocked, edge.counted], US_EAST_1),
      ]);
    }
    this.add('## Load balancer\nIts own 5xx mean that no task answered. Its 4xx are mostly requests that did not come through CloudFront.', [
      graph('Requests', [balancer.requests, ...services.map(({ metrics }) => metrics.requests)]),
      graph('Answered by itself', [balancer.serverErrors, balancer.refused]),
    ]);
    for (const { title, metrics } of services) {
      this.add(`## ${title}\nFewer tasks than usual: they do not start, or stop. Slow with a high CPU: more tasks. Slow with a low one: the database.`, [
        graph('Tasks', [metrics.running, metrics.unhealthy]),
        graph('CPU and memory, %', [metrics.cpu, metrics.memory]),
        graph('Answers', [metrics.serverErrors, metrics.connectionErrors]),
        graph('Slowest of 20, seconds', [metrics.responseTime]),
      ]);
    }
    this.add('## Database\n'
      + (props.isServerless ? 'A capacity of 0: it is paused, and the next request waits. Little else is drawn then.' : 'Its busiest instance.'), [
      ...(props.isServerless ? [graph('Capacity units', [database.capacity]), graph('Share of the maximum, %', [database.utilization, database.cpu])]
        : [graph('CPU, %', [database.cpu])]),
      graph('Connections', [database.connections]),
      graph('Free memory', [database.freeMemory]),
    ]);
    this.add('## Logs\nThe latest errors of each service. The health data of users are in none of them.', [
      graph('Errors in the logs', services.map(({ metrics }) => metrics.loggedErrors)),
    ]);
    this.dashboard.addWidgets(...services.map(({ title, logGroup }) => new cloudwatch.LogQueryWidget({
      title: `Errors of the ${title}`,
      logGroupNames: [logGroup.logGroupName],
      queryLines: ['fields @timestamp, @message', 'filter @message like /Error|UnhandledPromiseRejection/', 'sort @timestamp desc', 'limit 20'],
      width: WIDTH / services.length,
      height: 6,
    })));
  }

  private add(markdown: string, graphs: ((width: number) => cloudwatch.IWidget)[] = []): void {
    const background = cloudwatch.TextWidgetBackground.TRANSPARENT;
    this.dashboard.addWidgets(new cloudwatch.TextWidget({ markdown, width: WIDTH, height: 2, background }));
    this.dashboard.addWidgets(...graphs.map(make => make(WIDTH / graphs.length)));
  }
}

function graph(title: string, left: cloudwatch.IMetric[], region?: string): (width: number) => cloudwatch.IWidget {
  return width => new cloudwatch.GraphWidget({ title, left, region, width, leftYAxis: { min: 0 } });
}
