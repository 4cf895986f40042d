import type { Template } from 'aws-cdk-lib/assertions';
import { existingVpc } from '../../scripts/deployments/existing';
import { OkyEndpoints } from '../../src';
import { templateOf } from '../helpers';

const THREE_ZONES = { 'availability-zones:account=111122223333:region=eu-west-2': ['eu-west-2a', 'eu-west-2b', 'eu-west-2c'] };

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
  templateOf(stack => ({ network: { vpc: existingVpc(stack), endpoints: OkyEndpoints.NONE } })).resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  templateOf(stack => ({ network: { vpc: existingVpc(stack) } })).resourceCountIs('AWS::EC2::VPCEndpoint', 5);
});
