import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import { OkyBackend, OkyEgress, OkyEndpoints, OkyOriginAccess } from '../../src';
import { ACCOUNT, deploy, makeStack, messageOf, templateOf, validProps, warnings } from '../helpers';

const KEY_ARN = 'arn:aws:kms:eu-west-2:111122223333:key/11111111-2222-3333-4444-555555555555';

function importedVpc(stack: Stack, zones: string[], more: Partial<ec2.VpcAttributes> = {}): ec2.IVpc {
  const ids = (kind: string) => zones.map(zone => `subnet-${kind}-${zone}`);
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-11112222',
    availabilityZones: zones,
    publicSubnetIds: ids('public'),
    publicSubnetRouteTableIds: zones.map(zone => `rtb-public-${zone}`),
    isolatedSubnetIds: ids('isolated'),
    isolatedSubnetRouteTableIds: zones.map(zone => `rtb-isolated-${zone}`),
    ...more,
  });
}

const subnetsOf = (template: Template, type: string, read: (properties: Record<string, unknown>) => unknown) =>
  Object.values(template.findResources(type)).map(({ Properties: properties }) => read(properties));

describe('an own VPC', () => {
  test.each([[['a', 'b']], [['a', 'b', 'c']]])('with the zones %s takes everything, and makes no network', zones => {
    const template = templateOf(stack => ({ network: { vpc: importedVpc(stack, zones) } }));
    for (const type of ['VPC', 'Subnet', 'RouteTable', 'InternetGateway', 'NatGateway', 'FlowLog']) {
      template.resourceCountIs(`AWS::EC2::${type}`, 0);
    }
    const isolated = zones.map(zone => `subnet-isolated-${zone}`);
    expect(subnetsOf(template, 'AWS::ECS::Service', ({ NetworkConfiguration: network }) => network)).toEqual([isolated, isolated].map(
      Subnets => ({ AwsvpcConfiguration: expect.objectContaining({ Subnets }) })));
    template.hasResourceProperties('AWS::RDS::DBSubnetGroup', { SubnetIds: isolated });
    template.hasResourceProperties('AWS::RDS::DBInstance', { AvailabilityZone: 'a' });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Subnets: zones.map(zone => `subnet-public-${zone}`) });
    template.allResourcesProperties('AWS::EC2::VPCEndpoint', { VpcId: 'vpc-11112222' });
  });

  test('lends its routed subnets to the CMS alone', () => {
    const template = templateOf(stack => ({
      network: {
        vpc: importedVpc(stack, ['a', 'b'], {
          privateSubnetIds: ['subnet-routed-a', 'subnet-routed-b'],
          privateSubnetRouteTableIds: ['rtb-routed-a', 'rtb-routed-b'],
        }),
      },
    }));
    template.hasResourceProperties('AWS::ECS::Service', {
      ServiceName: 'project-oky-ecs-cms-task-service',
      NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ Subnets: ['subnet-routed-a', 'subnet-routed-b'] }) },
    });
    template.hasResourceProperties('AWS::ECS::Service', {
      ServiceName: 'project-oky-ecs-api-task-service',
      NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ Subnets: ['subnet-isolated-a', 'subnet-isolated-b'] }) },
    });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway', RouteTableIds: ['rtb-isolated-a', 'rtb-isolated-b', 'rtb-routed-a', 'rtb-routed-b'] });
  });

  test('without isolated subnets takes the routed ones, and says what that means', () => {
    const routed = {
      isolatedSubnetIds: undefined,
      isolatedSubnetRouteTableIds: undefined,
      privateSubnetIds: ['subnet-routed-a', 'subnet-routed-b'],
      privateSubnetRouteTableIds: ['rtb-routed-a', 'rtb-routed-b'],
    };
    const { stack } = deploy(own => ({ network: { vpc: importedVpc(own, ['a', 'b'], routed) } }));
    expect(warnings(stack)['cdk-oky-backend:routedSubnets']).toContain('network.vpc has no isolated subnets');
    Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBSubnetGroup', { SubnetIds: ['subnet-routed-a', 'subnet-routed-b'] });
    expect(Object.keys(warnings(deploy(own => ({ network: { vpc: importedVpc(own, ['a', 'b']) } })).stack))).not.toContain('cdk-oky-backend:routedSubnets');
  });

  test('is looked up', () => {
    const template = templateOf(stack => ({ network: { vpc: ec2.Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-11112222' }) } }));
    template.resourceCountIs('AWS::EC2::VPC', 0);
    template.resourceCountIs('AWS::RDS::DBCluster', 1);
  });

  test('may have no public subnets behind a VPC origin', () => {
    const network = (stack: Stack) => importedVpc(stack, ['a', 'b'], { publicSubnetIds: undefined, publicSubnetRouteTableIds: undefined });
    templateOf(stack => ({ network: { vpc: network(stack), originAccess: OkyOriginAccess.VPC_ORIGIN } })).hasResourceProperties(
      'AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal', Subnets: ['subnet-isolated-a', 'subnet-isolated-b'] });
    expect(messageOf(() => deploy(stack => ({ network: { vpc: network(stack) } })))).toBe(
      'network.vpc must have public subnets in two zones or more for the load balancer, got: []; import it with them, or set network.originAccess to '
      + 'OkyOriginAccess.VPC_ORIGIN, for which the VPC must have an internet gateway attached, but needs no public subnets');
  });

  test('must span two zones', () => {
    expect(messageOf(() => deploy(stack => ({ network: { vpc: importedVpc(stack, ['a']) } })))).toBe(
      "network.vpc must have isolated or private subnets in two zones or more, got: ['a']; import it with the subnets and zones of two or three");
  });
});

describe('high availability with the endpoints in one zone', () => {
  test.each([[true, OkyEndpoints.ONE_ZONE, true], [true, OkyEndpoints.ALL_ZONES, false], [false, OkyEndpoints.ONE_ZONE, false]])(
    'highAvailability %s, endpoints %s: warned of is %s', (highAvailability, endpoints, warned) => {
      const ids = Object.keys(warnings(deploy({ highAvailability, network: { endpoints } }).stack));
      expect(ids.includes('cdk-oky-backend:endpointsInOneZone')).toBe(warned);
    });
});

describe('a VPC origin', () => {
  const template = templateOf({ network: { originAccess: OkyOriginAccess.VPC_ORIGIN } });

  test('reaches an internal load balancer by HTTPS only, which has no public address', () => {
    template.hasResourceProperties('AWS::CloudFront::VpcOrigin', { VpcOriginEndpointConfig: Match.objectLike({ OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] }) });
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: Match.objectLike({ Origins: [Match.objectLike({ VpcOriginConfig: Match.anyValue(), OriginCustomHeaders: [Match.objectLike({ HeaderName: 'X-Origin-Verify' })] })] }),
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
  });

  test('has target groups of its own, since a group belongs to one load balancer at a time', () => {
    const ids = (found: Template) => Object.keys(found.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
    expect(ids(template).filter(id => ids(templateOf()).includes(id))).toEqual([]);
  });
});

describe('own repositories and images', () => {
  test('an own repository is not made, and its images can be pulled', () => {
    const template = templateOf(stack => ({ api: { repository: ecr.Repository.fromRepositoryName(stack, 'Own', 'own/api') } }));
    template.resourceCountIs('AWS::ECR::Repository', 1);
    const pulls = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).flatMap(policy => policy.Properties.PolicyDocument.Statement)
      .filter(({ Action, Resource }) => Action.includes('ecr:GetDownloadUrlForLayer') && JSON.stringify(Resource).includes('repository/own/api'));
    expect(pulls).toHaveLength(1);
  });

  test('an image from elsewhere leaves the repository where it is', () => {
    const template = templateOf({ cms: { image: ecs.ContainerImage.fromRegistry('public.ecr.aws/own/cms:1') }, network: { egress: OkyEgress.natGateway() } });
    template.resourceCountIs('AWS::ECR::Repository', 2);
    template.hasResourceProperties('AWS::ECS::Service', { ServiceName: 'project-oky-ecs-cms-task-service', DesiredCount: 1 });
  });
});

describe('an own config bucket', () => {
  test('is read, and none is made', () => {
    const template = templateOf(stack => ({ configBucket: s3.Bucket.fromBucketName(stack, 'Own', 'own-bucket'), api: { environmentFileKey: 'api.env' } }));
    template.resourceCountIs('AWS::S3::Bucket', 1); // that of the logs
    template.hasOutput('OkyConfigBucketName', { Value: 'own-bucket' });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Gateway',
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([Match.objectLike({ Action: 's3:*', Resource: '*', Condition: { StringEquals: { 'aws:ResourceAccount': ACCOUNT } } })]),
      }),
    });
  });
});

describe('an own key', () => {
  test('encrypts logs, secrets and the config bucket, but not the database, whose key can\'t change', () => {
    const template = templateOf(stack => ({ encryptionKey: kms.Key.fromKeyArn(stack, 'Own', KEY_ARN) }));
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: KEY_ARN });
    template.allResourcesProperties('AWS::SecretsManager::Secret', { KmsKeyId: KEY_ARN });
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: { ServerSideEncryptionConfiguration: [Match.objectLike({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY_ARN } })] },
    });
    template.hasResourceProperties('AWS::RDS::DBCluster', { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OkyEncryption'), 'Arn'] } });
  });

  test('is no reason to forget what was written under the key made here', () => {
    const template = templateOf(stack => ({ encryptionKey: kms.Key.fromKeyArn(stack, 'Own', KEY_ARN) }));
    const decrypts = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).flatMap(policy => policy.Properties.PolicyDocument.Statement)
      .filter(statement => statement.Action === 'kms:Decrypt');
    expect(decrypts).toHaveLength(2);
    for (const { Resource: keys } of decrypts) {
      expect(keys).toEqual(expect.arrayContaining([KEY_ARN, { 'Fn::GetAtt': [expect.stringMatching(/^OkyEncryption/), 'Arn'] }]));
    }
  });

  test('that is made in the same app lets CloudWatch Logs use it', () => {
    const stack = makeStack();
    const key = new kms.Key(stack, 'Own');
    new OkyBackend(stack, 'Oky', validProps(stack, { encryptionKey: key }));
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      Description: Match.absent(),
      KeyPolicy: Match.objectLike({ Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'logs.eu-west-2.amazonaws.com' } })]) }),
    });
    expect(Object.keys(warnings(stack))).not.toContain('cdk-oky-backend:importedKeyPolicy');
  });

  test('that is imported can\'t be told so: a warning shows the statement', () => {
    const { stack } = deploy(own => ({ encryptionKey: kms.Key.fromKeyArn(own, 'Own', KEY_ARN) }));
    const warning = warnings(stack)['cdk-oky-backend:importedKeyPolicy'];
    expect(warning).toContain('"Service":"logs.eu-west-2.amazonaws.com"');
    expect(warning).toContain(`:logs:eu-west-2:${ACCOUNT}:*`);
  });

  test('of the database replaces the one made here, for the database', () => {
    templateOf(stack => ({ database: { encryptionKey: kms.Key.fromKeyArn(stack, 'Own', KEY_ARN) } })).hasResourceProperties(
      'AWS::RDS::DBCluster', { KmsKeyId: KEY_ARN, StorageEncrypted: true });
  });
});

describe('an own signing secret', () => {
  const secret = (stack: Stack) => secretsmanager.Secret.fromSecretAttributes(stack, 'Own', {
    secretCompleteArn: 'arn:aws:secretsmanager:eu-west-2:111122223333:secret:old-signing-secret-AbCdEf',
    encryptionKey: kms.Key.fromKeyArn(stack, 'OwnKey', KEY_ARN),
  });

  test('can be read by its service, and so can its key', () => {
    const template = templateOf(stack => ({ api: { signingSecret: secret(stack) } }));
    const keysOf = (service: string) => Object.entries(template.findResources('AWS::IAM::ManagedPolicy')).filter(([id]) => id.includes(`${service}ExecutionRole`))
      .flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement).filter(({ Action }) => Action === 'kms:Decrypt').flatMap(({ Resource }) => Resource);
    expect(keysOf('Api')).toContain(KEY_ARN);
    expect(keysOf('Cms')).not.toContain(KEY_ARN);
  });
});
