import { modulesLoadedBy } from './loaded-modules';

/** What each option brings. `edge.accessLogs` comes before `monitoring`, which brings the same room and another one. */
const OPTIONS = {
  'nothing': ['{}', []],
  'database.backupPlan': ['{ database: { backupPlan: {} } }', ['src/database/backup.ts']],
  'database.sqlTask': ['{ database: { sqlTask: true } }', ['src/sql-task/sql-task.ts']],
  'edge.accessLogs': ['{ edge: { accessLogs: true } }', ['src/edge-watch.ts']],
  'hostedZone': [`stack => ({ hostedZone: require('aws-cdk-lib/aws-route53').HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info',
  }) })`, ['src/edge/dns.ts']],
  'monitoring': ['{ monitoring: {} }', ['src/monitoring/monitoring.ts']],
  'waf': ['{ waf: {} }', ['src/edge/web-acl.ts']],
} as const;

const ROOMS: string[] = Object.values(OPTIONS).flatMap(([, rooms]) => rooms);

test('each option loads the rooms that it needs, and a deployment without it does without them', () => {
  // One process for all: a room is in the list once, at the place where it was entered.
  const entered = modulesLoadedBy(Object.entries(OPTIONS).map(([name, [overrides]]) => `deploy(${overrides}); require.cache['after ${name}'] = {}`).join(';\n'))
    .filter(file => ROOMS.includes(file) || file.startsWith('after '));
  expect(entered).toEqual(Object.entries(OPTIONS).flatMap(([name, [, rooms]]) => [...rooms, `after ${name}`]));
});
