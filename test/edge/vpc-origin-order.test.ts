import { OkyOriginAccess } from '../../src';
import { templateOf } from '../helpers';

// @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
test('a VPC origin is created after the internet gateway is attached to the VPC', () => {
  const template = templateOf({ network: { originAccess: OkyOriginAccess.VPC_ORIGIN } });
  const [attachment] = Object.keys(template.findResources('AWS::EC2::VPCGatewayAttachment'));
  const [origin] = Object.values(template.findResources('AWS::CloudFront::VpcOrigin'));
  expect(attachment).toBeDefined();
  expect(origin.DependsOn).toContain(attachment);
});
