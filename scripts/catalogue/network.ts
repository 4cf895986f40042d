import { Match } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { both, type OptionCases } from './option-case';
import { garbled, outside } from './values';
import { OkyEgress, OkyEndpoints, OkyOriginAccess } from '../../src';
import { existingVpc } from '../deployments/existing';

const TARGET_GROUPS = ['OkyApiTargetGroup is replaced', 'OkyCmsTargetGroup is replaced'];
const SUBNETS = ['Cms', 'Private', 'Public'].flatMap(group => [1, 2].map(zone => `OkyNetworkVpc${group}Subnet${zone}Subnet`));
const BEHIND_LOAD_BALANCER = ['OkyLoadBalancer is replaced', 'OkyLoadBalancerHttps is replaced'];

export const NETWORK_OPTIONS = {
  'network.vpc': {
    nag: true,
    given: stack => ({ network: { vpc: existingVpc(stack) } }),
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    byDefault: { VpcId: { Ref: Match.stringLikeRegexp('^OkyNetworkVpc') } },
    whenGiven: { VpcId: 'vpc-11112222' },
    replacement: {
      loses: [...TARGET_GROUPS, 'OkyNetworkVpc is destroyed', 'OkyNetworkVpcIGW is destroyed', ...SUBNETS.map(subnet => `${subnet} is destroyed`)],
      losesBack: TARGET_GROUPS,
      says: /A change from the VPC made here to an existing one moves everything, the database too/,
    },
  },
  'network.cidr': {
    nag: false,
    given: { network: { cidr: '172.20.0.0/20' } },
    type: 'AWS::EC2::VPC',
    byDefault: { CidrBlock: '10.0.0.0/16' },
    whenGiven: { CidrBlock: '172.20.0.0/20' },
    wrong: fc.oneof(garbled, fc.constantFrom('10.0.0.0/24', '10.0.0.0/15', '8.8.0.0/16')),
    replacement: {
      ...both([...TARGET_GROUPS, 'OkyNetworkVpc is replaced', ...SUBNETS.map(subnet => `${subnet} is replaced`)]),
      says: /Can't be changed later: that would make another VPC/,
    },
  },
  'network.egress': {
    nag: true,
    linted: true,
    given: { network: { egress: OkyEgress.natGateway() } },
    values: { natInstance: { network: { egress: OkyEgress.natInstance() } }, publicIp: { network: { egress: OkyEgress.publicIp() } } },
    type: 'AWS::EC2::NatGateway',
    byDefault: undefined,
    whenGiven: {},
  },
  'network.allowedDomains': {
    nag: true,
    linted: true,
    given: { network: { allowedDomains: ['*.googleapis.com'] } },
    values: { none: { network: { allowedDomains: [] } } },
    type: 'AWS::Route53Resolver::FirewallDomainList',
    byDefault: undefined,
    whenGiven: { Domains: Match.arrayWith(['*.eu-west-2.amazonaws.com', '*.googleapis.com']) },
  },
  'network.originAccess': {
    nag: true,
    linted: true,
    given: { network: { originAccess: OkyOriginAccess.VPC_ORIGIN } },
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    byDefault: { Scheme: 'internet-facing' },
    whenGiven: { Scheme: 'internal' },
    replacement: {
      loses: [...BEHIND_LOAD_BALANCER, 'OkyApiTargetGroup is destroyed', 'OkyCmsTargetGroup is destroyed'],
      losesBack: [
        ...BEHIND_LOAD_BALANCER, 'OkyApiInternalTargetGroup is destroyed', 'OkyCmsInternalTargetGroup is destroyed', 'OkyDistributionOrigin1VpcOrigin is destroyed',
      ],
      at: 'OkyOriginAccess.VPC_ORIGIN',
      says: /A change from or to it makes another load balancer and other target groups/,
    },
  },
  'network.cloudFrontPrefixListId': {
    nag: false,
    given: { network: { cloudFrontPrefixListId: 'pl-0123abcd' } },
    type: 'AWS::EC2::SecurityGroupIngress',
    byDefault: { SourcePrefixListId: 'pl-xxxxxxxx' }, // what a look-up gives before the CLI has made it
    whenGiven: { SourcePrefixListId: 'pl-0123abcd' },
    wrong: garbled,
  },
  'network.maxAzs': {
    nag: true,
    brings: [{ id: /^OkyNetworkVpc(Public|Private|Cms)Subnet3Subnet/, how: 'destroyed', why: 'the third zone, which has no resource that holds data' }],
    given: { network: { maxAzs: 3 } },
    shownBy: 'test/network/network.test.ts',
    wrong: outside(2, 3),
  },
  'network.endpoints': {
    nag: true,
    given: { network: { endpoints: OkyEndpoints.ONE_ZONE } },
    shownBy: 'test/network/network.test.ts',
  },
} satisfies OptionCases;
