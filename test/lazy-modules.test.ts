import { modulesLoadedBy } from './support/loaded-modules';

/** What each option brings. `edge.accessLogs` comes before `monitoring`, which loads the same module and another one. */
const OPTIONS = {
  'nothing': ['{}', []],
  'database.backupPlan': ['{ database: { backupPlan: {} } }', ['src/database/backup.ts']],
  'database.sqlTask': ['{ database: { sqlTask: true } }', ['src/sql-task/sql-task.ts']],
  'edge.accessLogs': ['{ edge: { accessLogs: true } }', ['src/edge/edge-watch.ts']],
  'hostedZone': [`stack => ({ hostedZone: require('aws-cdk-lib/aws-route53').HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info',
  }) })`, ['src/edge/alias-records.ts']],
  'monitoring': ['{ monitoring: {} }', ['src/monitoring/monitoring.ts']],
  'waf': ['{ waf: {} }', ['src/edge/web-acl.ts']],
} as const;

const MODULES: string[] = Object.values(OPTIONS).flatMap(([, modules]) => modules);

test('each option loads the modules that it needs, and a deployment without the option does not load them', () => {
  // One process for all: a module is in the list once, at the place where it was first loaded.
  const loaded = modulesLoadedBy(Object.entries(OPTIONS).map(([name, [overrides]]) => `deploy(${overrides}); require.cache['after ${name}'] = {}`).join(';\n'))
    .filter(file => MODULES.includes(file) || file.startsWith('after '));
  expect(loaded).toEqual(Object.entries(OPTIONS).flatMap(([name, [, modules]]) => [...modules, `after ${name}`]));
});
