import { Template } from 'aws-cdk-lib/assertions';
import { alarmsOf, type FoundAlarm, periodOf } from './alarms';
import { cells } from './marked-tables';
import { OkyEgress } from '../../src';
import { EVERY_ALARM } from '../deployments/matrix';
import { deploy, type Overrides, usEast1Templates } from '../deployments/sample';

/** What can go wrong, what tells of it, and where it is written what to do. */
export interface Failure {
  readonly what: string;
  /** The alarms, by their names without the prefix. The first one rings first. */
  readonly alarms?: string[];
  /** The messages, by the ids of their rules. */
  readonly events?: string[];
  /** What else notices it. */
  readonly besides?: string;
  /** In docs/runbooks. */
  readonly runbook: string;
}

const BOTH = (...names: string[]) => ['api', 'cms'].flatMap(service => names.map(name => `${service}-${name}`));
const INCIDENT = (section: string) => `incident.md#${section}`;

/** Every failure that the documents know, and with it every alarm and every message that there is. */
export const FAILURES: Failure[] = [
  { what: 'A host answers nobody: DNS, CloudFront, firewall, load balancer, tasks', alarms: BOTH('outside'), runbook: INCIDENT('a-host-does-not-answer-from-outside') },
  { what: 'The hosted zone, its records or the domain are gone', alarms: [...BOTH('outside'), 'silence'], runbook: 'dns-lost.md' },
  { what: 'No request arrives, or far fewer than usual', alarms: ['silence'], runbook: INCIDENT('unusually-few-requests-arrive') },
  { what: 'Users get 403: the secret header, a country, the firewall', alarms: [...BOTH('outside'), 'cloud-front-refusals'], runbook: INCIDENT('many-requests-are-refused-with-4xx') },
  { what: 'The firewall blocks users, or an attack', alarms: ['firewall-blocks', 'cloud-front-refusals'], runbook: INCIDENT('the-firewall-blocks-much') },
  { what: 'Oky answers with 5xx, to a few users or to many', alarms: BOTH('server-errors', 'logged-errors'), runbook: INCIDENT('requests-are-answered-with-5xx') },
  { what: 'The load balancer reaches no task', alarms: [...BOTH('outside'), 'load-balancer-errors', ...BOTH('connection-errors')], runbook: INCIDENT('requests-are-answered-with-5xx') },
  { what: 'CloudFront does not reach the load balancer', alarms: [...BOTH('outside'), 'cloud-front-errors'], runbook: INCIDENT('cloudfront-answers-with-5xx') },
  { what: 'An image that starts and answers with 5xx is released', alarms: BOTH('server-errors'), events: ['DeploymentFailed'], runbook: INCIDENT('a-release-is-rolled-back') },
  { what: 'An image that does not start is released', events: ['DeploymentFailed'], alarms: ['tasks-stopped', 'tasks-not-placed'], runbook: INCIDENT('a-release-is-rolled-back') },
  { what: 'Tasks stop in a loop', alarms: ['tasks-stopped', ...BOTH('tasks', 'unhealthy')], runbook: INCIDENT('tasks-stop-or-do-not-start') },
  { what: 'Fargate has no capacity, or a quota is used up', alarms: ['tasks-not-placed', ...BOTH('tasks')], runbook: INCIDENT('tasks-stop-or-do-not-start') },
  { what: 'Logins in a storm, tasks short of CPU or memory', alarms: BOTH('cpu', 'memory', 'response-time'), runbook: INCIDENT('tasks-are-short-of-cpu-or-memory') },
  { what: 'Requests are slow', alarms: BOTH('response-time'), runbook: INCIDENT('requests-are-slow') },
  { what: 'Errors that users do not see yet, such as lost push messages', alarms: BOTH('logged-errors'), runbook: INCIDENT('errors-in-the-log') },
  { what: 'The database is at its limit', alarms: ['database-cpu', 'database-memory', 'database-capacity'], runbook: INCIDENT('the-database-is-at-its-limit') },
  { what: 'The database has too many connections', alarms: ['database-connections'], runbook: INCIDENT('the-database-has-too-many-connections') },
  { what: 'The database never resumes', alarms: BOTH('server-errors'), events: ['DatabaseEvent'], runbook: INCIDENT('requests-are-answered-with-5xx') },
  { what: 'The database never pauses', alarms: ['database-never-pauses'], runbook: INCIDENT('the-database-never-pauses') },
  { what: 'The database fails over, is maintained, loses its key, is deleted', events: ['DatabaseEvent'], runbook: INCIDENT('something-happened-to-the-database') },
  { what: 'A zone is lost, without high availability', alarms: [...BOTH('outside', 'server-errors')], events: ['DatabaseEvent', 'Health'], runbook: 'zone-lost.md' },
  { what: 'The region is lost', alarms: [...BOTH('outside'), 'cloud-front-errors'], besides: 'in us-east-1 itself nothing of AWS tells it', runbook: 'region-lost.md' },
  { what: 'AWS has an incident, or plans work', events: ['Health', 'GlobalHealth'], runbook: INCIDENT('aws-reports-an-incident-or-planned-work') },
  { what: 'The key is disabled or scheduled for deletion', events: ['KeyDisabled', 'DatabaseEvent'], alarms: BOTH('server-errors'), runbook: INCIDENT('the-key-is-disabled-or-scheduled-for-deletion') },
  { what: 'A secret is deleted', alarms: ['tasks-stopped', ...BOTH('tasks')], besides: 'noticed when the next task starts', runbook: 'keys-and-secrets.md#a-secret' },
  { what: 'A certificate expires, or ACM can\'t renew it', events: ['CertificateNotRenewed'], alarms: ['certificate', 'edge-certificate'], runbook: INCIDENT('a-certificate-expires') },
  { what: 'A backup or its copy fails', events: ['BackupFailed'], runbook: INCIDENT('a-backup-or-its-copy-failed') },
  { what: 'Rows are deleted or damaged', besides: 'a person tells it', runbook: 'some-rows-back.md' },
  { what: 'Most of the data is lost', besides: 'a person tells it', runbook: 'restore.md#for-real-most-of-the-data-is-lost' },
  { what: 'The stack is destroyed by mistake', alarms: BOTH('outside'), events: ['DatabaseEvent'], besides: 'termination protection refuses it', runbook: 'destroyed.md' },
  { what: 'An update is stuck, or the stack has drifted', events: ['DeploymentFailed'], besides: 'the deployment does not end', runbook: 'stuck-update.md' },
  { what: 'The NAT instance is dead', alarms: ['nat-instance'], runbook: INCIDENT('the-nat-instance-does-not-work') },
  { what: 'An image has known flaws', events: ['ImageScanned'], runbook: INCIDENT('an-image-has-known-flaws') },
  { what: 'The account costs too much', events: ['CostAnomaly'], besides: 'the budget, with `monthlyBudgetUsd`', runbook: INCIDENT('the-account-costs-too-much') },
  { what: 'The standard support of the database\'s version ends', events: ['DatabaseEvent'], besides: 'a bill', runbook: 'major-upgrade.md' },
  { what: 'Somebody changed something', besides: 'drift, or a bill', runbook: 'who-changed-what.md' },
];

/** A deployment that has every alarm and every message. */
const EVERYTHING: Overrides = {
  waf: {}, monitoring: EVERY_ALARM, database: { backupPlan: {}, maxCapacity: 4 }, network: { egress: OkyEgress.natInstance() },
};

/** The rules of EventBridge that send a message, by the id of the construct, with their titles. */
export function messagesOf(): Map<string, string> {
  const { stack } = deploy(EVERYTHING);
  const rules = [Template.fromStack(stack), ...Object.values(usEast1Templates(stack))]
    .flatMap(template => Object.entries(template.findResources('AWS::Events::Rule')));
  return new Map(rules.filter(([, { Properties }]) => Properties.Targets !== undefined)
    .map(([id, { Properties }]) => [/Events(\w+?)[0-9A-F]{8}$/.exec(id)![1], (Properties.Description as string).replace(/^project-oky: /, '')]));
}

export function everyAlarm(): Map<string, FoundAlarm> {
  return new Map(alarmsOf(EVERYTHING).map(alarm => [alarm.properties.AlarmName.replace(/^project-oky-/, ''), alarm]));
}

/** How long it takes until the alarm rings, once its metric is there. */
function minutes({ properties }: FoundAlarm): number {
  return periodOf(properties) * (properties.DatapointsToAlarm ?? properties.EvaluationPeriods) / 60;
}

const inWords = (count: number) => count < 60 ? `${count} min` : `${count / 60} h`;

/** Each failure with what tells of it. */
export function failureTable(): string {
  const [alarms, messages] = [everyAlarm(), messagesOf()];
  const rows = FAILURES.map(({ what, alarms: names = [], events = [], besides, runbook }) => {
    const soonest = names.length > 0 ? `${inWords(Math.min(...names.map(name => minutes(alarms.get(name)!))))}` : events.length > 0 ? 'at once' : '–';
    const heard = [...names.map(name => `\`${name}\``), ...events.map(id => `message: ${messages.get(id)!}`), ...besides === undefined ? [] : [besides]];
    const [page, section] = runbook.split('#');
    return cells(what, heard.join('<br>'), soonest, `[${(section ?? page.replace('.md', '')).replace(/-/g, ' ')}](runbooks/${runbook})`);
  });
  return [cells('Failure', 'What tells of it', 'After', 'What to do'), cells('---', '---', '---', '---'), ...rows].join('\n');
}
