import { OkyCostEstimate, OkyViewers } from '../../src';
import { REGIONS } from '../../src/cli/init/regions';
import { hasPrices, priceItems, pricesOf, viewersNear } from '../../src/cost/prices';
import { deploy } from '../helpers';

const items = Object.entries(priceItems());
const PRICED_REGIONS = Object.keys(priceItems().cpuHour.usd);

describe('each price', () => {
  test.each(items)('%s has a unit, a date and a source', (_, { unit, date, source }) => {
    expect(unit).toMatch(/^\S.{8,}/);
    expect(new Date(date).toISOString().slice(0, 10)).toBe(date);
    expect(source).toMatch(/^github:[\w-]+\/[\w-]+@[0-9a-f]{8}|^github:[\w-]+\/[\w-]+@[0-9a-f]{7} /);
  });

  test.each(items)('%s is known for every region, every zone of viewers, or everywhere', (_, { usd }) => {
    const wanted = 'everywhere' in usd ? ['everywhere'] : OkyViewers.INDIA in usd ? Object.values(OkyViewers) : PRICED_REGIONS;
    expect(Object.keys(usd).sort()).toEqual([...wanted].sort());
    expect(Object.values(usd).filter(price => !(price > 0))).toEqual([]);
  });

  test.each(PRICED_REGIONS)('is a number in %s', region => {
    expect(Object.entries(pricesOf(region, OkyViewers.INDIA)).filter(([, price]) => !(price > 0))).toEqual([]);
  });
});

test('the regions that init offers have prices', () => {
  expect(REGIONS.filter(region => !hasPrices(region))).toEqual([]);
});

// As AWS's price pages show them, read by others in 2026.
test.each([
  ['eu-west-2', 'cpuHour', 0.04656],
  ['eu-west-2', 'endpointHour', 0.011],
  ['us-east-1', 'cpuHour', 0.04048],
  ['us-east-1', 'balancerHour', 0.0225],
  ['us-east-1', 'endpointHour', 0.01],
  ['us-east-1', 'natHour', 0.045],
] as const)('in %s the price %s is %d USD', (region, price, usd) => {
  expect(pricesOf(region, OkyViewers.EUROPE_AND_ISRAEL)[price]).toBe(usd);
});

test.each([
  ['af-south-1', OkyViewers.AFRICA_AND_MIDDLE_EAST], ['me-central-1', OkyViewers.AFRICA_AND_MIDDLE_EAST],
  ['eu-north-1', OkyViewers.EUROPE_AND_ISRAEL], ['il-central-1', OkyViewers.EUROPE_AND_ISRAEL],
  ['sa-east-1', OkyViewers.SOUTH_AMERICA], ['ap-south-2', OkyViewers.INDIA], ['ap-northeast-1', OkyViewers.JAPAN],
  ['ap-northeast-2', OkyViewers.ASIA_PACIFIC], ['ap-southeast-1', OkyViewers.ASIA_PACIFIC], ['ap-east-1', OkyViewers.ASIA_PACIFIC],
  ['ap-southeast-2', OkyViewers.AUSTRALIA_AND_NEW_ZEALAND], ['ap-southeast-6', OkyViewers.AUSTRALIA_AND_NEW_ZEALAND],
  ['mx-central-1', OkyViewers.NORTH_AMERICA], ['us-west-2', OkyViewers.NORTH_AMERICA],
])('the viewers of %s are in the zone %s', (region, viewers) => {
  expect(viewersNear(region)).toBe(viewers);
});

describe('an estimate', () => {
  const distribution = { Resources: { Distribution: { Type: 'AWS::CloudFront::Distribution' } } };
  const busy = { millionRequests: 11, outGb: 1100 };

  test('of a stack uses the prices of its region', () => {
    const { stack } = deploy({}, { region: 'af-south-1' });
    const { region, lines, notes } = OkyCostEstimate.fromStack(stack, { databaseCapacity: 0.5 });
    expect(region).toBe('af-south-1');
    expect(lines.find(({ kind }) => kind === 'interface endpoints')).toMatchObject({ arithmetic: '8 in a zone × 0.01309 × 730 h' });
    expect(notes).toEqual([]);
  });

  test('of a template uses the prices of the region that is given', () => {
    const balancer = { Resources: { Alb: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internal' } } } };
    expect(OkyCostEstimate.fromTemplate(balancer, { region: 'sa-east-1' }).standing).toBeCloseTo(0.034 * 730, 10);
  });

  test('of an unknown region uses the prices of eu-west-2 and says so', () => {
    const { region, notes } = OkyCostEstimate.fromTemplate(distribution);
    expect(region).toBe('eu-west-2');
    expect(notes).toEqual(['the region is not known: the prices are those of eu-west-2; give usage.region']);
    expect(OkyCostEstimate.fromStack(deploy({ network: { cloudFrontPrefixListId: 'pl-93a247fa' } }, { envAgnostic: true }).stack, { databaseCapacity: 0.5 }).notes)
      .toEqual(notes);
  });

  test('of a region without prices uses the prices of eu-west-2 and says so', () => {
    const estimate = OkyCostEstimate.fromTemplate(distribution, { region: 'eu-east-9' });
    expect(estimate.region).toBe('eu-west-2');
    expect(estimate.notes).toEqual(['there are no prices for eu-east-9: the prices are those of eu-west-2']);
    expect(estimate.toText()).toContain('note: there are no prices for eu-east-9');
  });

  test('prices CloudFront by where the viewers are', () => {
    expect(OkyCostEstimate.fromTemplate(distribution, { ...busy, region: 'af-south-1' }).total).toBeCloseTo(100 * 0.11 + 100 * 0.012, 10);
    expect(OkyCostEstimate.fromTemplate(distribution, { ...busy, region: 'eu-west-1', viewers: OkyViewers.INDIA }).total).toBeCloseTo(100 * 0.109 + 100 * 0.012, 10);
  });
});

describe('the database of an estimate', () => {
  const database = (min: number, max: number) => ({
    Resources: {
      Cluster: { Type: 'AWS::RDS::DBCluster', Properties: { ServerlessV2ScalingConfiguration: { MinCapacity: min, MaxCapacity: max } } },
      Writer: { Type: 'AWS::RDS::DBInstance', Properties: { DBInstanceClass: 'db.serverless', DBClusterIdentifier: { Ref: 'Cluster' } } },
    },
  });
  const instance = (template: { [key: string]: unknown }, databaseCapacity?: number) =>
    OkyCostEstimate.fromTemplate(template, { region: 'eu-west-2', databaseHoursADay: 24, databaseCapacity }).lines.find(({ kind }) => kind === 'database')!;

  test('is a range while nobody has measured its capacity, and a note says what decides', () => {
    const { usd, usdAtMost } = instance(database(0, 1));
    expect([usd, usdAtMost]).toEqual([0.5 * 0.14 * 730, 1 * 0.14 * 730]);
    const estimate = OkyCostEstimate.fromTemplate(database(0, 1), { region: 'eu-west-2' });
    expect(estimate.notes).toEqual([expect.stringContaining('ServerlessDatabaseCapacity')]);
    expect(estimate.totalAtMost - estimate.total).toBeCloseTo(0.5 * 0.14 * 730 / 3, 10);
    expect(estimate.toText()).toMatch(/^sum .* 17\.33 to 34\.37$/m);
  });

  test('is one figure where its capacity is given', () => {
    const { usd, usdAtMost } = instance(database(0, 1), 1);
    expect([usd, usdAtMost]).toEqual([1 * 0.14 * 730, 1 * 0.14 * 730]);
  });

  test('is one figure where its minimum is at least what it holds', () => {
    const { usd, usdAtMost } = instance(database(1, 4));
    expect(usd).toBe(usdAtMost);
  });
});
