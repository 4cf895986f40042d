import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { DefaultStackSynthesizer } from 'aws-cdk-lib/core';
import { distribution, testOptions } from './options';
import { OkyEgress, OkyEndpoints, OkyOriginAccess, OkyWafMode } from '../../src';
import { deploy, type Overrides, templateOf } from '../helpers';

const OWN_WEB_ACL = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/own/11111111-2222-3333-4444-555555555555';
const rule = (Name: string, properties: object) => ({ Rules: Match.arrayWith([Match.objectLike({ Name, ...properties })]) });
const rate = (Limit: number) => rule('RateLimit', { Statement: { RateBasedStatement: Match.objectLike({ Limit }) } });
const loginRate = (Limit: number) => rule('LoginRateLimit', { Statement: { RateBasedStatement: Match.objectLike({ Limit }) } });
const vpc = (stack: Parameters<Extract<Overrides, (...args: never[]) => unknown>>[0]) => ec2.Vpc.fromVpcAttributes(stack, 'OwnVpc', {
  vpcId: 'vpc-11112222',
  availabilityZones: ['eu-west-2a', 'eu-west-2b'],
  publicSubnetIds: ['subnet-1a', 'subnet-1b'],
  isolatedSubnetIds: ['subnet-2a', 'subnet-2b'],
  isolatedSubnetRouteTableIds: ['rtb-2a', 'rtb-2b'],
});
const THREE_ZONES = { 'availability-zones:account=111122223333:region=eu-west-2': ['eu-west-2a', 'eu-west-2b', 'eu-west-2c'] };

testOptions({
  'waf.rateLimit': {
    usEast1Stack: 'project-oky-edge',
    base: { waf: {} },
    given: { waf: { rateLimit: 500 } },
    type: 'AWS::WAFv2::WebACL',
    byDefault: rate(2000),
    whenGiven: rate(500),
  },
  'waf.loginRateLimit': {
    usEast1Stack: 'project-oky-edge',
    base: { waf: {} },
    given: { waf: { loginRateLimit: 30 } },
    type: 'AWS::WAFv2::WebACL',
    byDefault: loginRate(100),
    whenGiven: loginRate(30),
  },
  'waf.cmsAllowedCidrs': {
    usEast1Stack: 'project-oky-edge',
    base: { waf: {} },
    given: { waf: { cmsAllowedCidrs: ['203.0.113.0/24'] } },
    type: 'AWS::WAFv2::IPSet',
    byDefault: undefined,
    whenGiven: { Scope: 'CLOUDFRONT', IPAddressVersion: 'IPV4', Addresses: ['203.0.113.0/24'] },
  },
  'network.allowedDomains': {
    given: { network: { allowedDomains: ['*.googleapis.com'] } },
    type: 'AWS::Route53Resolver::FirewallDomainList',
    byDefault: undefined,
    whenGiven: { Domains: Match.arrayWith(['*.eu-west-2.amazonaws.com', '*.googleapis.com']) },
  },
  'waf.webAclArn': {
    given: { waf: { webAclArn: OWN_WEB_ACL } },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ WebACLId: Match.absent() }),
    whenGiven: distribution({ WebACLId: OWN_WEB_ACL }),
  },
  'waf.mode': {
    usEast1Stack: 'project-oky-edge',
    base: { waf: {} },
    given: { waf: { mode: OkyWafMode.COUNT } },
    type: 'AWS::WAFv2::WebACL',
    byDefault: rule('CommonRuleSet', { OverrideAction: { None: {} } }),
    whenGiven: rule('CommonRuleSet', { OverrideAction: { Count: {} } }),
  },

  'network.vpc': {
    given: stack => ({ network: { vpc: vpc(stack) } }),
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    byDefault: { VpcId: { Ref: Match.stringLikeRegexp('^OkyNetworkVpc') } },
    whenGiven: { VpcId: 'vpc-11112222' },
  },
  'network.cidr': {
    given: { network: { cidr: '172.20.0.0/20' } },
    type: 'AWS::EC2::VPC',
    byDefault: { CidrBlock: '10.0.0.0/16' },
    whenGiven: { CidrBlock: '172.20.0.0/20' },
  },
  'network.egress': {
    given: { network: { egress: OkyEgress.natGateway() } },
    type: 'AWS::EC2::NatGateway',
    byDefault: undefined,
    whenGiven: {},
  },
  'network.originAccess': {
    given: { network: { originAccess: OkyOriginAccess.VPC_ORIGIN } },
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    byDefault: { Scheme: 'internet-facing' },
    whenGiven: { Scheme: 'internal' },
  },
  'network.cloudFrontPrefixListId': {
    given: { network: { cloudFrontPrefixListId: 'pl-0123abcd' } },
    type: 'AWS::EC2::SecurityGroupIngress',
    byDefault: { SourcePrefixListId: 'pl-xxxxxxxx' }, // what a look-up gives before the CLI has made it
    whenGiven: { SourcePrefixListId: 'pl-0123abcd' },
  },

  'edge.verifyOrigin': {
    given: { edge: { verifyOrigin: false } },
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    byDefault: { DefaultActions: [Match.objectLike({ Type: 'fixed-response' })] },
    whenGiven: { DefaultActions: [Match.objectLike({ Type: 'forward' })] },
  },
  'edge.originSecretVersion': {
    given: { edge: { originSecretVersion: 3 } },
    type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    byDefault: { Conditions: Match.arrayWith([Match.objectLike({ HttpHeaderConfig: Match.objectLike({ Values: [secretValue(1)] }) })]) },
    whenGiven: {
      Conditions: Match.arrayWith([
        Match.objectLike({ HttpHeaderConfig: Match.objectLike({ Values: [secretValue(3), secretValue(2)] }) }),
      ]),
    },
  },
  'edge.priceClass': {
    given: { edge: { priceClass: cloudfront.PriceClass.PRICE_CLASS_100 } },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ PriceClass: 'PriceClass_All' }),
    whenGiven: distribution({ PriceClass: 'PriceClass_100' }),
  },
  'edge.cacheCmsAssets': {
    given: { edge: { cacheCmsAssets: true } },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ CacheBehaviors: Match.absent() }),
    whenGiven: distribution({ CacheBehaviors: ['/stylesheets/*', '/scripts/*', '/assets/*'].map(PathPattern => Match.objectLike({ PathPattern })) }),
  },
  'edge.geoRestriction': {
    given: { edge: { geoRestriction: cloudfront.GeoRestriction.allowlist('KE', 'GB') } },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ Restrictions: Match.absent() }),
    whenGiven: distribution({ Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Locations: ['KE', 'GB'] } } }),
  },
  'edge.accessLogs': {
    usEast1Stack: 'project-oky-edge-watch',
    given: { edge: { accessLogs: true } },
    type: 'AWS::Logs::DeliverySource',
    byDefault: undefined,
    whenGiven: { LogType: 'ACCESS_LOGS' },
  },
},
{ prefix: 'network.', file: 'network/network-options.ts', name: 'OkyNetworkOptions', elsewhere: ['network.maxAzs', 'network.endpoints'] },
{ prefix: 'edge.', file: 'edge/edge-options.ts', name: 'OkyEdgeOptions', elsewhere: ['edge.synthesizer'] },
{ prefix: 'waf.', file: 'edge/edge-options.ts', name: 'OkyWafOptions' },
);

function secretValue(generation: number) {
  return { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp(`^OkyOriginSecretVersion${generation}`) }])] };
}

const subnets = (template: Template) => Object.values(template.findResources('AWS::EC2::Subnet')).map(subnet => subnet.Properties.CidrBlock);

test('network.maxAzs: two by default, and three move no address range', () => {
  const [two, three] = [subnets(templateOf()), subnets(templateOf({ network: { maxAzs: 3 } }, { context: THREE_ZONES }))];
  expect(two).toHaveLength(6);
  expect(three).toHaveLength(9);
  expect(three).toEqual(expect.arrayContaining(two));
});

test.each([
  [undefined, 2],
  [OkyEndpoints.ALL_ZONES, 2],
  [OkyEndpoints.ONE_ZONE, 1],
])('network.endpoints: %s has each in %d zones', (endpoints, zones) => {
  const found = templateOf({ network: { endpoints } }).findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Interface' } });
  expect(Object.values(found).map(endpoint => endpoint.Properties.SubnetIds.length)).toEqual([zones, zones, zones, zones]);
});

test('network.endpoints: none in a VPC that has them', () => {
  templateOf(stack => ({ network: { vpc: vpc(stack), endpoints: OkyEndpoints.NONE } })).resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  templateOf(stack => ({ network: { vpc: vpc(stack) } })).resourceCountIs('AWS::EC2::VPCEndpoint', 5);
});

test('edge.synthesizer: the stacks in us-east-1 take it', () => {
  const stackWith = (synthesizer?: DefaultStackSynthesizer) => deploy({ waf: {}, edge: { synthesizer } }).backend.edgeStack!;
  const qualifier = (synthesizer?: DefaultStackSynthesizer) => stackWith(synthesizer).synthesizer.bootstrapQualifier;
  expect(qualifier()).toBe('hnb659fds');
  expect(qualifier(new DefaultStackSynthesizer({ qualifier: 'oky1' }))).toBe('oky1');
});
