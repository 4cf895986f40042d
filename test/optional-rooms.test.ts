import { modulesLoadedBy } from './loaded-modules';

const OPTIONS = {
  'database.backupPlan': ['{ database: { backupPlan: {} } }', 'src/database/backup.ts'],
  'database.sqlTask': ['{ database: { sqlTask: true } }', 'src/sql-task/sql-task.ts'],
  'edge.accessLogs': ['{ edge: { accessLogs: true } }', 'src/edge-watch.ts'],
  'hostedZone': [`stack => ({ hostedZone: require('aws-cdk-lib/aws-route53').HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info',
  }) })`, 'src/edge/dns.ts'],
  'monitoring': ['{ monitoring: {} }', 'src/monitoring/monitoring.ts'],
  'scaling': ['{ scaling: {} }', 'src/service/scaling.ts'],
  'waf': ['{ waf: {} }', 'src/edge/web-acl.ts'],
} as const;

const ROOMS = Object.values(OPTIONS).map(([, room]) => room);

function roomsEnteredBy(overrides: string): string[] {
  const loaded = modulesLoadedBy(`deploy(${overrides})`);
  return ROOMS.filter(room => loaded.includes(room));
}

test('a deployment by default loads none of the rooms that it does without', () => {
  expect(roomsEnteredBy('{}')).toEqual([]);
});

test.each(Object.entries(OPTIONS))('%s brings its own', (_, [overrides, room]) => {
  expect(roomsEnteredBy(overrides)).toContain(room);
});
