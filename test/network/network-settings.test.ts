import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { App, CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib/core';
import { OkyBackend, OkyEgress, OkyEndpoints, type OkyNetworkOptions, OkyOriginAccess } from '../../src';
import { ACCOUNT, deploy, messageOf, REGION, type StackOptions, templateOf, validProps, warnings } from '../helpers';

function messageFor(network: OkyNetworkOptions | ((stack: Stack) => OkyNetworkOptions), options?: StackOptions): string {
  return messageOf(() => deploy(stack => ({ network: typeof network === 'function' ? network(stack) : network }), options));
}

const ZONES = { availabilityZones: ['eu-west-2a', 'eu-west-2b'] };
const PUBLIC = { publicSubnetIds: ['subnet-1a', 'subnet-1b'] };
const ISOLATED = { isolatedSubnetIds: ['subnet-2a', 'subnet-2b'] };
const ROUTED = { privateSubnetIds: ['subnet-3a', 'subnet-3b'] };
const ISOLATED_ROUTES = { isolatedSubnetRouteTableIds: ['rtb-2a', 'rtb-2b'] };
const ROUTED_ROUTES = { privateSubnetRouteTableIds: ['rtb-3a', 'rtb-3b'] };
const importVpc = (stack: Stack, attributes: Omit<ec2.VpcAttributes, 'vpcId'> = { ...ZONES, ...PUBLIC, ...ISOLATED, ...ISOLATED_ROUTES }) =>
  ec2.Vpc.fromVpcAttributes(stack, 'OwnVpc', { vpcId: 'vpc-11112222', ...attributes });

describe('cidr', () => {
  test.each([
    '10.0.0.0/16', '10.255.0.0/16', '10.0.0.0/23', '172.16.0.0/16', '172.31.254.0/23', '192.168.0.0/16', '100.64.0.0/16', '100.127.0.0/16', '10.5.8.0/23',
  ])('may be %s', cidr => {
    const { vpc } = deploy({ network: { cidr } }).backend;
    expect((vpc.node.defaultChild as ec2.CfnVPC).cidrBlock).toBe(cidr);
  });

  test.each([
    ['not a range', ''],
    ['not a range', 'vpc'],
    ['not a range', '10.0.0.0'],
    ['not a range', '10.0.0.0/'],
    ['not a range', '10.0.0/16'],
    ['not a range', '10.0.0.0.0/16'],
    ['not a range', '10.0.0.256/16'],
    ['not a range', '10.256.0.0/16'],
    ['not a range', ' 10.0.0.0/16'],
    ['with a zero before', '010.0.0.0/16'],
    ['IPv6', 'fd00::/16'],
    ['too small', '10.0.0.0/24'],
    ['too small', '10.0.0.0/28'],
    ['too large', '10.0.0.0/15'],
    ['too large', '10.0.0.0/8'],
    ['not the beginning', '10.0.0.1/16'],
    ['not the beginning', '10.0.1.0/23'],
    ['public', '8.8.0.0/16'],
    ['just outside 172.16.0.0/12', '172.15.0.0/16'],
    ['just outside 172.16.0.0/12', '172.32.0.0/16'],
    ['just outside 192.168.0.0/16', '192.169.0.0/16'],
    ['just outside 100.64.0.0/10', '100.63.0.0/16'],
    ['just outside 100.64.0.0/10', '100.128.0.0/16'],
  ])('may not be %s: %j', (_, cidr) => {
    expect(messageFor({ cidr })).toBe('network.cidr must be the beginning of a private IPv4 range from /16 to /23, which leaves room for nine subnets, '
      + `got: '${cidr}'; use one such as '10.0.0.0/16'`);
  });

  test.each([
    ['a parameter', (stack: Stack) => new CfnParameter(stack, 'Cidr').valueAsString],
    ['lazy', () => Lazy.string({ produce: () => '10.0.0.0/16' })],
  ])('may not be %s, since CDK cuts the subnets from it', (_, cidr) => {
    expect(messageFor(stack => ({ cidr: cidr(stack) })))
      .toBe("network.cidr must be known at synthesis, as the subnets are cut from it, got: a token; use one such as '10.0.0.0/16'");
  });
});

describe('maxAzs', () => {
  test.each([[undefined, 2], [2, 2], [3, 3]])('may be %s', (maxAzs, zones) => {
    const context = { [`availability-zones:account=${ACCOUNT}:region=${REGION}`]: ['eu-west-2a', 'eu-west-2b', 'eu-west-2c'] };
    const { vpc } = deploy({ network: { maxAzs } }, { context }).backend;
    expect([vpc.publicSubnets, vpc.isolatedSubnets, vpc.privateSubnets].map(({ length }) => length)).toEqual([zones, zones, zones]);
  });

  test.each([0, 1, 4, -2, 2.5, NaN])('may not be %d', maxAzs => {
    expect(messageFor({ maxAzs })).toBe(`network.maxAzs must be 2 or 3, got: ${maxAzs}; a load balancer and a database need two zones`);
  });

  test('may not be a token, since CDK makes the subnets', () => {
    expect(messageFor(stack => ({ maxAzs: new CfnParameter(stack, 'Zones', { type: 'Number' }).valueAsNumber })))
      .toBe('network.maxAzs must be known at synthesis, as it decides how many subnets are made, got: a token; give 2 or 3');
  });

  test('is 2 in an env-agnostic stack', () => {
    const network = { cloudFrontPrefixListId: 'pl-12345678' };
    const message = 'network.maxAzs must be 2 in an env-agnostic stack, got: 3; give the stack an env with account and region for three zones';
    expect(messageFor({ ...network, maxAzs: 3 }, { envAgnostic: true })).toBe(message);
    expect(deploy({ network: { ...network, maxAzs: 2 } }, { envAgnostic: true }).backend.vpc.privateSubnets).toHaveLength(2);
  });

  test.each([
    ['the region', { region: REGION }],
    ['the account', { account: ACCOUNT }],
  ])('is 2 where only %s is known', (_, env) => {
    const stack = new Stack(new App(), 'Oky', { env });
    expect(messageOf(() => new OkyBackend(stack, 'Oky', validProps(stack, { network: { maxAzs: 3 } })))).toContain('network.maxAzs must be 2 in an env-agnostic stack');
  });

  test.each([[['eu-west-2a'], undefined, 2], [['eu-west-2a', 'eu-west-2b'], 3, 3]])('may not be more than the zones %j', (zones, maxAzs, shown) => {
    const context = { [`availability-zones:account=${ACCOUNT}:region=${REGION}`]: zones };
    expect(messageFor({ maxAzs }, { context })).toBe(`network.maxAzs must not be above the number of zones that the stack has (${zones.join(', ')}), `
      + `got: ${shown}; deploy to a region with more zones, or remove what the context or the stack says about them`);
  });
});

describe('allowedDomains', () => {
  test.each(['', '*', 'localhost', 'Example.org', '*.*.example.org', 'example.org.', 'https://example.org', `${'a'.repeat(64)}.example.org`])('may not hold %j', domain => {
    expect(messageFor({ allowedDomains: ['example.org', domain] })).toBe('network.allowedDomains must hold domain names in lower case, with *. before those whose '
      + `subdomains are allowed, got: '${domain}'; use one such as '*.googleapis.com'`);
  });

  test.each(['example.org', '*.googleapis.com', 'xn--bcher-kva.example', '_acme.example.org'])('may hold %j', domain => {
    expect(() => templateOf({ network: { allowedDomains: [domain] } })).not.toThrow();
  });
});

describe('vpc', () => {
  test.each([
    ['cidr', { cidr: '10.0.0.0/16' }],
    ['maxAzs', { maxAzs: 2 }],
    ['allowedDomains', { allowedDomains: [] }],
    ['egress', { egress: OkyEgress.natGateway() }],
  ])('does not go together with %s', (prop, options) => {
    expect(messageFor(stack => ({ vpc: importVpc(stack), ...options })))
      .toBe(`network.${prop} can't be combined with network.vpc; an existing VPC has its own: leave one of the two out`);
  });

  test.each([
    ['isolated', { ...ISOLATED, ...ISOLATED_ROUTES }],
    ['private', { ...ROUTED, ...ROUTED_ROUTES }],
    ['both', { ...ISOLATED, ...ISOLATED_ROUTES, ...ROUTED, ...ROUTED_ROUTES }],
  ])('may have %s subnets', (_, subnets) => {
    expect(() => deploy(stack => ({ network: { vpc: importVpc(stack, { ...ZONES, ...PUBLIC, ...subnets }) } }))).not.toThrow();
  });

  test.each([
    ['isolated', { ...ISOLATED }, "['subnet-2a', 'subnet-2b']"],
    ['private', { ...ISOLATED, ...ISOLATED_ROUTES, ...ROUTED }, "['subnet-3a', 'subnet-3b']"],
  ])('has the route tables of its %s subnets', (_, subnets, shown) => {
    const network = (stack: Stack) => ({ vpc: importVpc(stack, { ...ZONES, ...PUBLIC, ...subnets }) });
    expect(messageFor(network)).toBe(`network.vpc must have the route tables of its isolated and private subnets, for the S3 endpoint, got: ${shown}; import it `
      + 'with isolatedSubnetRouteTableIds and privateSubnetRouteTableIds, or set network.endpoints to OkyEndpoints.NONE if it has the endpoints');
    expect(() => deploy(stack => ({ network: { ...network(stack), endpoints: OkyEndpoints.NONE } }))).not.toThrow();
  });

  test.each([
    ['of one zone', { availabilityZones: ['eu-west-2a'], publicSubnetIds: ['subnet-1a'], isolatedSubnetIds: ['subnet-2a'], isolatedSubnetRouteTableIds: ['rtb-2a'] },
      "['eu-west-2a']"],
    ['without isolated or private subnets', { ...ZONES, ...PUBLIC }, '[]'],
  ])('%s is refused', (_, attributes, shown) => {
    expect(messageFor(stack => ({ vpc: importVpc(stack, attributes) })))
      .toBe(`network.vpc must have isolated or private subnets in two zones or more, got: ${shown}; import it with the subnets and zones of two or three`);
  });

  test('without public subnets is refused, but for a VPC origin', () => {
    const attributes = { ...ZONES, ...ISOLATED, ...ISOLATED_ROUTES };
    expect(messageFor(stack => ({ vpc: importVpc(stack, attributes) }))).toBe('network.vpc must have public subnets in two zones or more for the load balancer, '
      + 'got: []; import it with them, or set network.originAccess to OkyOriginAccess.VPC_ORIGIN, for which the VPC must have an internet gateway attached, but needs no public subnets');
    expect(() => deploy(stack => ({ network: { vpc: importVpc(stack, attributes), originAccess: OkyOriginAccess.VPC_ORIGIN } }))).not.toThrow();
  });

  test('may be made in the same app', () => {
    expect(() => deploy(stack => ({
      network: { vpc: new ec2.Vpc(stack, 'OwnVpc', { maxAzs: 2, restrictDefaultSecurityGroup: false }) },
    }))).not.toThrow();
  });

  test('made in one zone is refused', () => {
    expect(messageFor(stack => ({ vpc: new ec2.Vpc(stack, 'OwnVpc', { maxAzs: 1 }) })))
      .toMatch(/^network\.vpc must have isolated or private subnets in two zones or more, got: \['.*'\]; import it with the subnets and zones of two or three$/);
  });
});

describe('endpoints', () => {
  test('may be NONE in an existing VPC only', () => {
    expect(messageFor({ endpoints: OkyEndpoints.NONE })).toBe('network.endpoints must not be NONE in a VPC made here, whose services would reach neither images, '
      + "secrets nor logs, got: 'NONE'; use ALL_ZONES or ONE_ZONE, or import a network.vpc that has the endpoints");
    templateOf(stack => ({ network: { vpc: importVpc(stack), endpoints: OkyEndpoints.NONE } })).resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  });
});

describe('cloudFrontPrefixListId', () => {
  test.each(['pl-12345678', 'pl-0123456789abcdef0'])('may be %s', cloudFrontPrefixListId => {
    templateOf({ network: { cloudFrontPrefixListId } })
      .hasResourceProperties('AWS::EC2::SecurityGroupIngress', { SourcePrefixListId: cloudFrontPrefixListId, FromPort: 443, ToPort: 443 });
  });

  test.each(['', 'pl-', 'pl-1234567', 'pl-0123456789abcdef01', 'pl-1234567g', 'PL-12345678', 'sg-12345678', 'com.amazonaws.global.cloudfront.origin-facing'])(
    'may not be %j', cloudFrontPrefixListId => {
      expect(messageFor({ cloudFrontPrefixListId })).toBe("network.cloudFrontPrefixListId must be the id of a prefix list, 'pl-' and 8 to 17 hex digits, "
        + `got: '${cloudFrontPrefixListId}'; find it with: aws ec2 describe-managed-prefix-lists `
        + '--filters Name=prefix-list-name,Values=com.amazonaws.global.cloudfront.origin-facing');
    });

  test('is needed in an env-agnostic stack', () => {
    expect(messageFor({}, { envAgnostic: true })).toBe("network.cloudFrontPrefixListId must be given in an env-agnostic stack, where it can't be looked up, "
      + 'got: undefined; give the stack an env with account and region, or the id that this prints: aws ec2 describe-managed-prefix-lists '
      + '--filters Name=prefix-list-name,Values=com.amazonaws.global.cloudfront.origin-facing');
  });

  test('may be a token', () => {
    templateOf({ network: { cloudFrontPrefixListId: Fn.importValue('PrefixList') } }, { envAgnostic: true })
      .hasResourceProperties('AWS::EC2::SecurityGroupIngress', { SourcePrefixListId: { 'Fn::ImportValue': 'PrefixList' } });
  });
});

describe('warnings', () => {
  test('without egress the CMS can\'t send push messages', () => {
    const text = 'network.egress is OkyEgress.none(): push messages and voice-over uploads of the CMS, which need Google, fail, and it still reports a push '
      + 'message as sent; set it to OkyEgress.publicIp(), natInstance() or natGateway() if this deployment uses them';
    expect(warnings(deploy().stack)).toEqual({ 'cdk-oky-backend:noEgress': text });
    expect(warnings(deploy({ network: { egress: OkyEgress.none() } }).stack)).toEqual({ 'cdk-oky-backend:noEgress': text });
  });

  test.each([
    ['a NAT gateway', () => ({ egress: OkyEgress.natGateway() })],
    ['a NAT instance', () => ({ egress: OkyEgress.natInstance() })],
    ['an existing VPC that has routed subnets', (stack: Stack) => ({ vpc: importVpc(stack, { ...ZONES, ...PUBLIC, ...ISOLATED, ...ISOLATED_ROUTES, ...ROUTED, ...ROUTED_ROUTES }) })],
  ])('not with %s', (_, network) => {
    expect(Object.keys(warnings(deploy(stack => ({ network: network(stack) })).stack))).not.toContain('cdk-oky-backend:noEgress');
  });
});
