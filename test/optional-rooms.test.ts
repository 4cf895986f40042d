import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { deploy, type Overrides } from './helpers';

const entered = (): never => {
  throw new Error('it is loaded');
};
jest.mock('../src/database/backup', () => entered());
jest.mock('../src/database/sql-task', () => entered());
jest.mock('../src/edge/dns', () => entered());
jest.mock('../src/edge/edge-watch', () => entered());
jest.mock('../src/edge/web-acl', () => entered());
jest.mock('../src/monitoring/monitoring', () => entered());
jest.mock('../src/service/scaling', () => entered());

test('a deployment by default loads none of the rooms that it does without', () => {
  expect(() => deploy()).not.toThrow();
});

test.each<[string, Overrides]>([
  ['database.backupPlan', { database: { backupPlan: {} } }],
  ['database.sqlTask', { database: { sqlTask: true } }],
  ['edge.accessLogs', { edge: { accessLogs: true } }],
  ['hostedZone', stack => ({
    hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info' }),
  })],
  ['monitoring', { monitoring: {} }],
  ['scaling', { scaling: {} }],
  ['waf', { waf: {} }],
])('%s brings its own', (_, overrides) => {
  expect(() => deploy(overrides)).toThrow('it is loaded');
});
