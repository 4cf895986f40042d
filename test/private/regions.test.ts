import { Fact, FactName, RegionInfo } from 'aws-cdk-lib/region-info';
import { factsOf, REGION_FACTS } from '../../src/private/region-facts';
import { requireRegion } from '../../src/private/regions';
import { deploy, messageOf, warnings } from '../helpers';

describe('the table of regions', () => {
  test('has the regions of the partition aws that CDK has, and no other', () => {
    const expected = RegionInfo.regions.filter(({ partition }) => partition === 'aws').map(({ name }) => name);
    expect(Object.keys(REGION_FACTS).sort()).toEqual(expected.sort());
  });

  test('takes a region that it does not have for one that opened later', () => {
    expect(factsOf('eu-west-9')).toEqual({ lacksDataApi: true, needsEcsEndpoints: true });
  });

  test('has prefix lists that differ from region to region', () => {
    const ids = Object.values(REGION_FACTS).flatMap(({ prefixListId }) => prefixListId ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter(id => !/^pl-[0-9a-f]{8}$/.test(id))).toEqual([]);
  });
});

describe('a region', () => {
  const regionOf = (region: string) => messageOf(() => deploy({}, { region }));

  test.each([
    ['cn-north-1', 'aws-cn, China'],
    ['cn-northwest-1', 'aws-cn, China'],
    ['us-gov-west-1', 'aws-us-gov, GovCloud'],
    ['eusc-de-east-1', 'aws-eusc, the European Sovereign Cloud'],
    ['us-iso-east-1', 'an isolated one'],
    ['eu-isoe-west-1', 'an isolated one'],
  ])('%s is refused by name, with its partition', (region, partition) => {
    expect(regionOf(region)).toBe('env.region of the stack must be a region of the partition aws, as CloudFront, its certificate and its firewall exist in that '
      + `partition only, got: '${region}'; it belongs to another partition (${partition}): use a region such as eu-west-2`);
  });

  test('of no partition is missed: each that CDK knows outside of aws is refused', () => {
    const others = RegionInfo.regions.filter(({ partition }) => partition !== 'aws').map(({ name }) => name);
    expect(others.length).toBeGreaterThan(8);
    expect(others.filter(name => !messageOf(() => requireRegion('--region', name)).includes('it belongs to another partition'))).toEqual([]);
  });

  test.each(['eu-west-9', 'london', ''])('%j does not exist', region => {
    expect(messageOf(() => requireRegion('--region', region))).toBe(`--region must be a region of the partition aws, got: '${region}'; `
      + `use one of ${Object.keys(REGION_FACTS).join(', ')}; for a region that opened later, update aws-cdk-lib`);
  });

  test('that opened after the table was made is accepted once CDK knows it', () => {
    const fact = { region: 'eu-west-8', name: FactName.PARTITION, value: 'aws' };
    Fact.register(fact);
    try {
      expect(() => requireRegion('--region', 'eu-west-8')).not.toThrow();
    } finally {
      Fact.unregister(fact.region, fact.name);
    }
  });

  test.each(['me-central-1', 'me-south-1'])('%s is warned of', region => {
    expect(warnings(deploy({}, { region }).stack)['cdk-oky-backend:impairedRegion']).toBe(`the stack is in ${region}, where data centers were damaged in March 2026: AWS advised `
      + 'its customers to move to other regions and could not say when this one is reliable again; use another region, or read '
      + 'https://health.aws.amazon.com/health/status before you deploy, and copy the backups to another region with database.backupPlan');
  });

  test('is not asked of an env-agnostic stack', () => {
    expect(() => deploy({ network: { cloudFrontPrefixListId: 'pl-0123abcd' } }, { envAgnostic: true })).not.toThrow();
  });
});
