import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { NestedStack, Stack } from 'aws-cdk-lib/core';
import { EXAMPLES, synthesise } from '../../scripts/deployments/synthesis';
import { OkyCostEstimate, type OkyUsage } from '../../src';
import { FREE_OF_CHARGE } from '../../src/cost/free-of-charge';
import { PRICERS } from '../../src/cost/pricers';
import { deploy, messageOf } from '../helpers';

type Json = { [key: string]: unknown };

const template = (resources: Record<string, [type: string, properties?: Json]>): Json => ({
  Resources: Object.fromEntries(Object.entries(resources).map(([id, [Type, Properties]]) => [id, { Type, Properties }])),
});

/** What one line comes to; undefined where there is none. */
function usd(kind: string, of: Json, usage?: OkyUsage): number | undefined {
  return OkyCostEstimate.fromTemplate(of, usage).lines.find(line => line.kind === kind)?.usd;
}

describe('a price is known, or a reason why there is none,', () => {
  // Whatever the six switches bring is there with all of them on.
  const examples = Object.entries(EXAMPLES).filter(([name]) => !/ alone$|^all but /.test(name));

  // Of what instances cost, only whoever has some knows.
  test.each(examples)('for each resource of %s', (_, { overrides, options }) => {
    const templates = Object.values(synthesise(overrides, options).stacks).map(stack => stack.template as unknown as Json);
    expect(OkyCostEstimate.fromTemplates(templates, { databaseInstanceUsdAnHour: 0.3 }).notPriced).toEqual([]);
  });

  test('but not both', () => {
    expect(Object.keys(FREE_OF_CHARGE).filter(type => PRICERS[type])).toEqual([]);
  });
});

test('a type that is not known is named', () => {
  const { notPriced, total } = OkyCostEstimate.fromTemplate(template({ Queue: ['AWS::SQS::Queue'] }));
  expect(notPriced).toEqual(['Queue (AWS::SQS::Queue): this type is not known here']);
  expect(total).toBe(0);
});

describe('figures that others published', () => {
  test('a load balancer in eu-west-2', () => {
    expect(usd('load balancer', template({ Alb: ['AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' }] }))).toBeCloseTo(19.32, 2);
  });

  test('a NAT gateway with its address in eu-west-2', () => {
    const { standing } = OkyCostEstimate.fromTemplate(template({ Nat: ['AWS::EC2::NatGateway'], Eip: ['AWS::EC2::EIP'] }));
    expect(standing).toBeCloseTo(36.5 + 3.65, 2);
  });

  test('a web ACL with 10 rules and 50 million requests', () => {
    const acl = template({ Acl: ['AWS::WAFv2::WebACL', { Rules: Array.from({ length: 10 }, () => ({})) }] });
    expect(OkyCostEstimate.fromTemplate(acl, { millionRequests: 50 }).total).toBeCloseTo(45, 10);
  });
});

describe('tasks', () => {
  const service = (properties: Json, task: Json = {}, more: Record<string, [string, Json]> = {}) => template({
    Service: ['AWS::ECS::Service', { TaskDefinition: { Ref: 'Task' }, DesiredCount: 1, ...properties }],
    Task: ['AWS::ECS::TaskDefinition', { Cpu: '1024', Memory: '2048', ContainerDefinitions: [{ Name: 'api' }], ...task }],
    ...more,
  });
  const one = (0.04656 + 2 * 0.00511) * 730;

  test('cost what their size costs', () => {
    expect(usd('tasks: api', service({}))).toBeCloseTo(one, 10);
    expect(usd('tasks: api', service({ DesiredCount: 3 }))).toBeCloseTo(3 * one, 10);
  });

  test('cost less on ARM', () => {
    expect(usd('tasks: api', service({}, { RuntimePlatform: { CpuArchitecture: 'ARM64' } }))).toBeCloseTo((0.03725 + 2 * 0.00409) * 730, 10);
  });

  test('cost less on Spot, by the share of it', () => {
    const strategy = [{ CapacityProvider: 'FARGATE', Weight: 1 }, { CapacityProvider: 'FARGATE_SPOT', Weight: 3 }];
    expect(usd('tasks: api', service({ CapacityProviderStrategy: strategy }))).toBeCloseTo(one * (0.25 + 0.75 * 0.3), 10);
    expect(usd('tasks: api', service({ CapacityProviderStrategy: strategy.slice(0, 1) }))).toBeCloseTo(one, 10);
  });

  test('are as many as the scaling leaves, or as it is said', () => {
    const scaled = service({ DesiredCount: undefined }, {}, {
      Target: ['AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, ResourceId: { 'Fn::GetAtt': ['Service', 'Name'] } }],
    });
    expect(usd('tasks: api', scaled)).toBeCloseTo(2 * one, 10);
    expect(usd('tasks: api', scaled, { scaledTasks: 2.5 })).toBeCloseTo(2.5 * one, 10);
  });

  test('cost nothing where there are none', () => {
    expect(OkyCostEstimate.fromTemplate(service({ DesiredCount: 0 })).total).toBe(0);
  });

  test('of a size that is not known are named', () => {
    expect(OkyCostEstimate.fromTemplate(service({}, { Cpu: { Ref: 'Size' } })).notPriced).toEqual(['Service (AWS::ECS::Service): its task has no known size']);
  });
});

describe('the database', () => {
  const database = (min: number, max: number, type = 'db.serverless') => template({
    Cluster: ['AWS::RDS::DBCluster', { ServerlessV2ScalingConfiguration: { MinCapacity: min, MaxCapacity: max } }],
    Writer: ['AWS::RDS::DBInstance', { DBInstanceClass: type, DBClusterIdentifier: { Ref: 'Cluster' } }],
    Reader: ['AWS::RDS::DBInstance', { DBInstanceClass: type, DBClusterIdentifier: { Ref: 'Cluster' } }],
  });

  test('costs what it uses while it is awake, and nothing while it pauses', () => {
    expect(usd('database', database(0, 1))).toBeCloseTo(2 * 0.5 * 0.14 * 730 / 3, 10);
    expect(usd('database', database(0, 1), { databaseHoursADay: 0 })).toBeCloseTo(0, 10);
  });

  test('costs its least where it may not pause', () => {
    expect(usd('database', database(0.5, 1))).toBeCloseTo(2 * 0.5 * 0.14 * 730, 10);
    expect(usd('database', database(0.5, 4), { databaseCapacity: 2 })).toBeCloseTo(2 * (2 * 8 / 24 + 0.5 * 16 / 24) * 0.14 * 730, 10);
  });

  test('never costs more than its most', () => {
    expect(usd('database', database(0, 1), { databaseCapacity: 8, databaseHoursADay: 24 })).toBeCloseTo(2 * 1 * 0.14 * 730, 10);
  });

  test('of provisioned instances costs what one says they do, and is named otherwise', () => {
    const provisioned = database(0, 1, 'db.r6g.large');
    expect(usd('database', provisioned, { databaseInstanceUsdAnHour: 0.3 })).toBeCloseTo(2 * 0.3 * 730, 10);
    expect(usd('database', provisioned)).toBeUndefined();
    expect(OkyCostEstimate.fromTemplate(provisioned).notPriced).toEqual(['Writer', 'Reader']
      .map(id => `${id} (AWS::RDS::DBInstance): db.r6g.large has no price here; give usage.databaseInstanceUsdAnHour`));
  });
});

test('an instance type that is not known is named', () => {
  expect(OkyCostEstimate.fromTemplate(template({ Nat: ['AWS::EC2::Instance', { InstanceType: 'x9.huge' }] })).notPriced)
    .toEqual(['Nat (AWS::EC2::Instance): x9.huge has no price here']);
});

test('alarms cost by the metrics that they watch, and dashboards each', () => {
  const watched = template({
    Plain: ['AWS::CloudWatch::Alarm', { MetricName: 'CPUUtilization' }],
    Ratio: ['AWS::CloudWatch::Alarm', { Metrics: [{ Id: 'a', MetricStat: {} }, { Id: 'b', MetricStat: {} }, { Id: 'c', Expression: 'a / b' }] }],
    Board: ['AWS::CloudWatch::Dashboard'],
  });
  expect(usd('alarms', watched)).toBeCloseTo(0.3, 10);
  expect(OkyCostEstimate.fromTemplate(watched).total).toBeCloseTo(3.3, 10);
});

test('CloudFront costs only what is beyond that which is free', () => {
  const distribution = template({ Distribution: ['AWS::CloudFront::Distribution'] });
  expect(OkyCostEstimate.fromTemplate(distribution, { millionRequests: 10, outGb: 1000 }).total).toBe(0);
  expect(OkyCostEstimate.fromTemplate(distribution, { millionRequests: 11, outGb: 1100 }).total).toBeCloseTo(100 * 0.012 + 100 * 0.085, 10);
});

test('DNS Firewall costs by its names and by what is looked up', () => {
  const lists = template({ List: ['AWS::Route53Resolver::FirewallDomainList', { Domains: ['*.a.example', 'b.example'] }] });
  expect(usd('names of DNS Firewall', lists)).toBeCloseTo(0.001, 10);
  expect(usd('look-ups through DNS Firewall', lists, { millionRequests: 2 })).toBeCloseTo(1.2, 10);
});

test('an air-gapped vault costs by what is in it, again', () => {
  expect(usd('copies in the air-gapped vault', template({ Vault: ['AWS::Backup::LogicallyAirGappedBackupVault'] }), { backupGb: 100 })).toBeCloseTo(2.2, 10);
});

test('a backup vault costs by what is in it', () => {
  expect(usd('backups in the vault', template({ Vault: ['AWS::Backup::BackupVault'] }), { backupGb: 100 })).toBeCloseTo(2.2, 10);
});

test('Container Insights costs nothing where it is off', () => {
  const cluster = (value: string) => template({
    Cluster: ['AWS::ECS::Cluster', { ClusterSettings: [{ Name: 'containerInsights', Value: value }] }],
    Service: ['AWS::ECS::Service', { Cluster: { Ref: 'Cluster' }, TaskDefinition: { Ref: 'Task' }, DesiredCount: 1 }],
  });
  expect(usd('Container Insights', cluster('enabled'))).toBeCloseTo(37 * 0.3, 10);
  expect(usd('Container Insights', cluster('disabled'))).toBeUndefined();
});

test('of a stack it includes what the stack made in us-east-1', () => {
  const { stack } = deploy({ waf: {} });
  const { lines } = OkyCostEstimate.fromStack(stack);
  expect(lines.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['web ACL', 'interface endpoints']));
});

test('of a stack it includes its nested stacks', () => {
  const { stack } = deploy();
  const before = OkyCostEstimate.fromStack(stack).lines.find(({ kind }) => kind === 'secrets')!.quantity;
  const { stack: withNested } = deploy();
  new Secret(new NestedStack(withNested, 'Nested'), 'Secret');
  const { lines, notPriced } = OkyCostEstimate.fromStack(withNested);
  expect(lines.find(({ kind }) => kind === 'secrets')!.quantity).toBe(before + 1);
  expect(notPriced).toEqual([]);
});

test('its text is an estimate, says whose prices it has, and adds up', () => {
  const estimate = OkyCostEstimate.fromStack(deploy().stack, { databaseCapacity: 0.5 });
  const [first, ...rows] = estimate.toText().split('\n');
  expect(first).toBe('An estimate for a month, from the list prices of eu-west-2 in USD, without tax:');
  const amounts = rows.map(row => Number(/[\d.]+$/.exec(row)![0]));
  expect(amounts.slice(0, -1).reduce((sum, each) => sum + each)).toBeCloseTo(amounts.at(-1)!, 0);
  expect(estimate.toText()).toContain(`by use: ${(estimate.total - estimate.standing).toFixed(2)}`);
  expect(OkyCostEstimate.fromTemplate(template({ Queue: ['AWS::SQS::Queue'] })).toText()).toContain('not priced: Queue (AWS::SQS::Queue)');
});

test('what is no template, and no use, is refused', () => {
  expect(messageOf(() => OkyCostEstimate.fromTemplate({ TemplateBody: {} })))
    .toBe('template must be a CloudFormation template, with Resources, got: [\'TemplateBody\']; give the template itself, not what is around it');
  expect(messageOf(() => OkyCostEstimate.fromStack(new Stack(), { databaseHoursADay: 25 })))
    .toBe('usage.databaseHoursADay must be from 0 to 24, got: 25; give the hours, units, GB or millions of a month');
  expect(messageOf(() => OkyCostEstimate.fromTemplate(template({}), { logGb: -1 })))
    .toBe('usage.logGb must be 0 or more, got: -1; give the hours, units, GB or millions of a month');
});
