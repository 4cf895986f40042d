import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Stack } from 'aws-cdk-lib/core';
import { OkyEgress, OkyEndpoints, type OkyNetworkOptions, OkyOriginAccess } from '../../src';
import { deploy, messageOf, warnings } from '../helpers';

const PUBLIC_IP: OkyNetworkOptions = { egress: OkyEgress.publicIp() };
const templateOf = (network: OkyNetworkOptions | ((stack: Stack) => OkyNetworkOptions)) =>
  Template.fromStack(deploy(stack => ({ network: typeof network === 'function' ? network(stack) : network })).stack);

/** The logical ids of the subnets that each service uses. */
function subnetsOf(template: Template): string[][] {
  return Object.values(template.findResources('AWS::ECS::Service'))
    .map(({ Properties }) => (Properties.NetworkConfiguration.AwsvpcConfiguration.Subnets as { Ref: string }[]).map(({ Ref }) => Ref));
}

const existingVpc = (stack: Stack, more: Partial<ec2.VpcAttributes> = {}) => ec2.Vpc.fromVpcAttributes(stack, 'Existing', {
  vpcId: 'vpc-11112222',
  availabilityZones: ['eu-west-2a', 'eu-west-2b'],
  publicSubnetIds: ['subnet-1a', 'subnet-1b'],
  publicSubnetRouteTableIds: ['rtb-1a', 'rtb-1b'],
  isolatedSubnetIds: ['subnet-2a', 'subnet-2b'],
  isolatedSubnetRouteTableIds: ['rtb-2a', 'rtb-2b'],
  ...more,
});

describe('with OkyEgress.publicIp()', () => {
  const template = templateOf(PUBLIC_IP);

  test('the tasks of both services are in the public subnets, with public addresses', () => {
    template.allResourcesProperties('AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } } });
    const subnets = subnetsOf(template);
    expect(subnets).toHaveLength(2);
    for (const each of subnets) {
      expect(each).toEqual([expect.stringContaining('PublicSubnet1'), expect.stringContaining('PublicSubnet2')]);
    }
  });

  test('there is no NAT and no interface endpoint', () => {
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::Instance', 0);
    template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' }, 0);
  });

  test('the S3 gateway endpoint stays, and serves the public subnets too', () => {
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      RouteTableIds: Match.arrayWith([{ Ref: Match.stringLikeRegexp('PublicSubnet1RouteTable') }, { Ref: Match.stringLikeRegexp('PublicSubnet2RouteTable') }]),
    });
  });

  test('the security groups of the tasks are the same as without it', () => {
    const rules = (of: Template) => [
      ...Object.entries(of.findResources('AWS::EC2::SecurityGroupIngress')), ...Object.entries(of.findResources('AWS::EC2::SecurityGroup')),
      ...Object.entries(of.findResources('AWS::EC2::SecurityGroupEgress')),
    ].filter(([id]) => !id.includes('Endpoints'));
    expect(rules(template)).toEqual(rules(templateOf({})));
  });

  test('the database stays in the private subnets', () => {
    const groups = (of: Template) => of.findResources('AWS::RDS::DBSubnetGroup');
    expect(groups(template)).toEqual(groups(templateOf({})));
  });

  test('no warning says that push messages fail', () => {
    expect(Object.keys(warnings(deploy({ network: PUBLIC_IP }).stack))).toEqual(['cdk-oky-backend:noGoogleCredentials']);
  });

  test('interface endpoints exist where they are asked for', () => {
    templateOf({ ...PUBLIC_IP, endpoints: OkyEndpoints.ONE_ZONE }).resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' }, 4);
  });

  test('ECS Exec needs no endpoint', () => {
    const { stack } = deploy({ network: PUBLIC_IP, api: { enableExecuteCommand: true } });
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' }, 0);
  });

  test('with high availability the tasks are in the public subnets of each zone', () => {
    const { stack } = deploy({ network: { ...PUBLIC_IP, maxAzs: 3 }, highAvailability: true });
    expect(subnetsOf(Template.fromStack(stack)).map(each => each.length)).toEqual([3, 3]);
  });
});

test('without it the tasks have no public addresses', () => {
  templateOf({}).allResourcesProperties('AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } } });
});

describe('in an existing VPC', () => {
  test('the tasks are in its public subnets', () => {
    const template = templateOf(stack => ({ ...PUBLIC_IP, vpc: existingVpc(stack) }));
    template.allResourcesProperties('AWS::ECS::Service', {
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED', Subnets: ['subnet-1a', 'subnet-1b'] } },
    });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', { RouteTableIds: Match.arrayWith(['rtb-1a', 'rtb-1b']) });
  });

  test('NONE leaves the S3 gateway endpoint out', () => {
    templateOf(stack => ({ ...PUBLIC_IP, vpc: existingVpc(stack), endpoints: OkyEndpoints.NONE })).resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  });

  test('no warning speaks of internet access that the VPC lacks', () => {
    const { stack } = deploy(scope => ({ network: { ...PUBLIC_IP, vpc: existingVpc(scope) } }));
    expect(Object.keys(warnings(stack))).toEqual(['cdk-oky-backend:noGoogleCredentials']);
  });

  test('public subnets are needed in each zone of the database', () => {
    const network = (stack: Stack) => ({
      ...PUBLIC_IP,
      originAccess: OkyOriginAccess.VPC_ORIGIN,
      vpc: existingVpc(stack, { publicSubnetIds: undefined, publicSubnetRouteTableIds: undefined }),
    });
    expect(messageOf(() => deploy(stack => ({ network: network(stack) })))).toBe('network.vpc must have a public subnet in each zone for OkyEgress.publicIp(); '
      + 'none are in, got: [\'eu-west-2a\', \'eu-west-2b\']; import it with public subnets in these zones, or leave network.egress out and use an existing NAT');
  });

  test('the route tables of the public subnets are needed', () => {
    const network = (stack: Stack) => ({ ...PUBLIC_IP, vpc: existingVpc(stack, { publicSubnetRouteTableIds: undefined }) });
    expect(messageOf(() => deploy(stack => ({ network: network(stack) })))).toBe('network.vpc must have the route tables of its isolated, private and public '
      + 'subnets, for the S3 endpoint, got: [\'subnet-1a\', \'subnet-1b\']; import it with isolatedSubnetRouteTableIds, privateSubnetRouteTableIds and '
      + 'publicSubnetRouteTableIds, or set network.endpoints to OkyEndpoints.NONE if it has the endpoints');
  });
});

test('NONE is refused in a VPC that the construct creates', () => {
  expect(messageOf(() => deploy({ network: { ...PUBLIC_IP, endpoints: OkyEndpoints.NONE } }))).toBe('network.endpoints can\'t be combined with OkyEgress.publicIp(); '
    + 'leave network.endpoints out: with public addresses no interface endpoint is created, and the S3 gateway endpoint is free');
});
