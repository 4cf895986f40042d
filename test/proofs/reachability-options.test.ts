import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { FAULTS } from './faults';
import { disproved, type Expectations, LOOKED_UP, PROOFS } from './reachability';
import { FURTHER } from '../../scripts/deployments/matrix';
import { synthesise, templates } from '../../scripts/deployments/synthesis';
import { OkyEgress } from '../../src';
import type { Overrides } from '../helpers';

const check = (overrides: Overrides, expected: Partial<Expectations> = {}) =>
  disproved(templates(synthesise(overrides)), { prefixListId: LOOKED_UP, egress: false, ...expected });

const sound = templates(synthesise());

/** What these say holds of whatever there is, and so of nothing too; the others also ask for what must be there. */
const ABOUT_WHAT_THERE_IS = [
  'nothing is of a kind that these proofs do not know',
  'only the two services reach the interface endpoints, on 443',
  'every name can be looked up, unless a list is chosen',
  'no bucket, key, secret, repository or topic is public',
  'no role can pass or assume another',
];

describe('every proof of reachability holds', () => {
  const verified = Object.entries(FURTHER).filter(([name]) => name !== 'edge.verifyOrigin');
  test.each(verified)('%s', (name, overrides) => {
    expect(check(overrides, {
      egress: /^network\.egress( natInstance)?$|push messages/.test(name),
      publicIp: name === 'network.egress publicIp',
      closedDns: /^network\.allowedDomains/.test(name),
    })).toEqual({});
  });

  test('a NAT gateway in each of three zones', () => {
    expect(check({ highAvailability: true, network: { egress: OkyEgress.natGateway(), maxAzs: 3 } }, { egress: true })).toEqual({});
  });

  test('public addresses in three zones, with high availability', () => {
    expect(check({ highAvailability: true, network: { egress: OkyEgress.publicIp(), maxAzs: 3 } }, { publicIp: true })).toEqual({});
  });

  test('an imported VPC whose routed subnets are the CMS\'s', () => {
    const ids = (kind: string) => ['a', 'b'].map(zone => `${kind}-${zone}`);
    expect(check(stack => ({
      network: {
        vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
          vpcId: 'vpc-11112222',
          availabilityZones: ['eu-west-2a', 'eu-west-2b'],
          publicSubnetIds: ids('subnet-public'),
          privateSubnetIds: ids('subnet-routed'),
          privateSubnetRouteTableIds: ids('rtb-routed'),
          isolatedSubnetIds: ids('subnet-isolated'),
          isolatedSubnetRouteTableIds: ids('rtb-isolated'),
        }),
      },
    }))).toEqual({});
  });
});

test('what is looked up is the list of CloudFront\'s addresses', () => {
  expect(synthesise().lookups).toContainEqual({
    provider: 'cc-api-provider',
    props: expect.objectContaining({
      typeName: 'AWS::EC2::PrefixList',
      propertyMatch: { PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing' },
    }),
  });
});

test('where the origin is not verified, all but the proof of the header hold', () => {
  expect(Object.keys(check(FURTHER['edge.verifyOrigin']))).toEqual(['without the secret header nothing but 403']);
});

test('public addresses that nobody chose are seen, and so are those that are missing', () => {
  const proofs = ['the internet reaches nothing but CloudFront', 'nothing private has a way out, unless egress is chosen for the CMS'];
  expect(Object.keys(check({ network: { egress: OkyEgress.publicIp() } }))).toEqual(proofs);
  expect(Object.keys(check({}, { publicIp: true }))).toEqual(proofs);
});

describe('a broken template fails', () => {
  test.each(Object.keys(PROOFS))('%s', name => {
    const faults = FAULTS.filter(({ into, caughtBy }) => into === undefined && caughtBy.includes(`reachability: ${name}`));
    const broken = faults.map(({ apply }) => {
      const [main, ...others] = structuredClone(sound);
      apply(main);
      return disproved([main, ...others], { prefixListId: LOOKED_UP, egress: false });
    });
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.filter(found => !(name in found))).toEqual([]);
  });

  test('and so does one with nothing in it', () => {
    const found = Object.keys(disproved([{ Resources: {} }], { prefixListId: LOOKED_UP, egress: true }));
    expect(found).toEqual(Object.keys(PROOFS).filter(name => !ABOUT_WHAT_THERE_IS.includes(name)));
  });
});
