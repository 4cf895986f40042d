import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type { Stack } from 'aws-cdk-lib/core';
import { certificateArn, usEast1Templates, deploy, templateOf } from '../helpers';

/*
 * The facts of the deployment that was made by hand, one by one, each as something that can be seen in the template.
 * The tests are named after them: E the edge, L the load balancer, C the containers, D the database, N the network,
 * O what is observed, S scaling, Q qualities.
 */
const seed = templateOf({
  api: { repositoryName: 'oky/api_en', environmentFileKey: 'project_oky_api_task_configuration.env' },
  cms: { repositoryName: 'oky/cms_en', environmentFileKey: 'project_oky_cms_task_configuration.env' },
});

const inZone = (stack: Stack) => ({
  hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789', zoneName: 'okyapp.info' }),
  certificate: undefined,
  edgeCertificate: undefined,
});

/** The logical ids of all resources of a type, for which the properties match. */
function idsOf(template: Template, type: string, properties: object = {}): string[] {
  return Object.keys(template.findResources(type, { Properties: properties }));
}

/** The logical id of the one resource of a type for which the properties match. */
function idOf(template: Template, type: string, properties: object = {}): string {
  const ids = idsOf(template, type, properties);
  expect(ids).toHaveLength(1);
  return ids[0];
}

const ref = (id: string) => ({ Ref: id });
const att = (id: string, attribute: string) => ({ 'Fn::GetAtt': [id, attribute] });
const groupOf = (template: Template, description: string) => att(idOf(template, 'AWS::EC2::SecurityGroup', {
  GroupDescription: Match.stringLikeRegexp(description),
}), 'GroupId');

/** All ingress rules to a security group, written in it or on their own. */
function ingressTo(template: Template, group: { 'Fn::GetAtt': string[] }): object[] {
  const inline = template.findResources('AWS::EC2::SecurityGroup')[group['Fn::GetAtt'][0]].Properties.SecurityGroupIngress ?? [];
  const own = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress', { Properties: { GroupId: group } })).map(rule => rule.Properties);
  return [...inline, ...own];
}

describe('the edge', () => {
  const distribution = (properties: object) => ({ DistributionConfig: Match.objectLike(properties) });

  test('E1: one distribution takes all traffic, under both names', () => {
    seed.resourceCountIs('AWS::CloudFront::Distribution', 1);
    seed.hasResourceProperties('AWS::CloudFront::Distribution', distribution({ Aliases: ['api.okyapp.info', 'cms.okyapp.info'], Enabled: true }));
  });

  test('E2: the load balancer is its only origin, by HTTPS', () => {
    seed.hasResourceProperties('AWS::CloudFront::Distribution', distribution({
      Origins: [Match.objectLike({
        DomainName: att(idOf(seed, 'AWS::ElasticLoadBalancingV2::LoadBalancer'), 'DNSName'),
        CustomOriginConfig: Match.objectLike({ OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'], OriginReadTimeout: 60 }),
      })],
    }));
  });

  test('E3: nothing is cached, and headers, cookies, query and every method pass', () => {
    seed.hasResourceProperties('AWS::CloudFront::Distribution', distribution({
      CacheBehaviors: Match.absent(),
      DefaultCacheBehavior: Match.objectLike({
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad', // AWS's CachingDisabled
        OriginRequestPolicyId: '216adef6-5c7f-47e4-b989-5492eafa07d3', // AWS's AllViewer
        AllowedMethods: Match.arrayWith(['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE']),
        ViewerProtocolPolicy: 'redirect-to-https',
      }),
    }));
  });

  test('E4: the web ACL comes in us-east-1 and is attached, without another distribution', () => {
    const { stack } = deploy({ waf: {} });
    const edge = usEast1Templates(stack)['project-oky-edge'];
    edge.hasResourceProperties('AWS::WAFv2::WebACL', { Scope: 'CLOUDFRONT' });
    const on = templateOf({ waf: {} });
    on.hasResourceProperties('AWS::CloudFront::Distribution', distribution({
      WebACLId: { 'Fn::GetStackOutput': { StackName: 'project-oky-edge', Region: 'us-east-1', OutputName: 'WebAclArn' } },
    }));
    expect(idOf(on, 'AWS::CloudFront::Distribution')).toBe(idOf(seed, 'AWS::CloudFront::Distribution'));
    seed.hasResourceProperties('AWS::CloudFront::Distribution', distribution({ WebACLId: Match.absent() }));
  });

  test('E5: two imported certificates, that of CloudFront in us-east-1 and that of the load balancer in its region', () => {
    seed.hasResourceProperties('AWS::CloudFront::Distribution', distribution({
      ViewerCertificate: Match.objectLike({ AcmCertificateArn: certificateArn('us-east-1'), MinimumProtocolVersion: 'TLSv1.2_2025' }),
    }));
    seed.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Certificates: [{ CertificateArn: certificateArn('eu-west-2') }] });
    seed.resourceCountIs('AWS::CertificateManager::Certificate', 0);
  });

  test('E5: or two that are made from a hosted zone, for both names, each in its region', () => {
    const { stack } = deploy(inZone);
    const certificate = {
      DomainName: 'api.okyapp.info',
      SubjectAlternativeNames: ['cms.okyapp.info'],
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: 'api.okyapp.info', HostedZoneId: 'Z0123456789' }, { DomainName: 'cms.okyapp.info', HostedZoneId: 'Z0123456789' }],
    };
    const { 'project-oky-edge': edge, ...others } = usEast1Templates(stack);
    edge.hasResourceProperties('AWS::CertificateManager::Certificate', certificate);
    expect(others).toEqual({});
    const main = templateOf(inZone);
    main.hasResourceProperties('AWS::CertificateManager::Certificate', certificate);
    main.hasResourceProperties('AWS::CloudFront::Distribution', distribution({
      ViewerCertificate: Match.objectLike({
        AcmCertificateArn: { 'Fn::GetStackOutput': { StackName: 'project-oky-edge', Region: 'us-east-1', OutputName: 'CertificateArn' } },
      }),
    }));
  });

  test('E6: what the DNS records point at is an output', () => {
    seed.hasOutput('OkyDnsTarget', { Value: att(idOf(seed, 'AWS::CloudFront::Distribution'), 'DomainName') });
    seed.hasOutput('OkyApiHost', { Value: 'api.okyapp.info' });
    seed.hasOutput('OkyCmsHost', { Value: 'cms.okyapp.info' });
    seed.resourceCountIs('AWS::Route53::RecordSet', 0);
  });

  test.each(['api', 'cms'])('E6: with a hosted zone, the alias records of %s are made for IPv4 and IPv6', service => {
    const main = templateOf(inZone);
    for (const Type of ['A', 'AAAA']) {
      main.hasResourceProperties('AWS::Route53::RecordSet', {
        Type,
        Name: `${service}.okyapp.info.`,
        HostedZoneId: 'Z0123456789',
        AliasTarget: { DNSName: att(idOf(main, 'AWS::CloudFront::Distribution'), 'DomainName') },
      });
    }
    main.resourceCountIs('AWS::Route53::RecordSet', 4);
  });
});

describe('the load balancer', () => {
  const targetGroup = (template: Template, service: 'Api' | 'Cms') => ref(idsOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').find(id => id.includes(service))!);

  test('L1: it is in the public subnets of two zones', () => {
    const publicSubnets = idsOf(seed, 'AWS::EC2::Subnet', { Tags: Match.arrayWith([{ Key: 'aws-cdk:subnet-type', Value: 'Public' }]) });
    seed.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'application', Scheme: 'internet-facing', Subnets: publicSubnets.map(ref) });
    expect(publicSubnets).toHaveLength(2);
    expect(new Set(publicSubnets.map(id => JSON.stringify(seed.findResources('AWS::EC2::Subnet')[id].Properties.AvailabilityZone))).size).toBe(2);
  });

  test.each([['Api', 'api', 10], ['Cms', 'cms', 20]] as const)('L2: requests of this distribution to the host of the %s go to it', (service, host, priority) => {
    const header = { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Origin-Verify', Values: [Match.anyValue()] } };
    seed.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Priority: priority,
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [`${host}.okyapp.info`] } }, header],
      Actions: [{ Type: 'forward', TargetGroupArn: targetGroup(seed, service) }],
    });
  });

  test('L2: the distribution sends what the rules ask for', () => {
    const sent = Object.values(seed.findResources('AWS::CloudFront::Distribution'))[0].Properties.DistributionConfig.Origins[0].OriginCustomHeaders;
    const rules = Object.values(seed.findResources('AWS::ElasticLoadBalancingV2::ListenerRule'));
    for (const rule of rules) {
      expect(sent).toEqual([{ HeaderName: 'X-Origin-Verify', HeaderValue: rule.Properties.Conditions.at(-1).HttpHeaderConfig.Values[0] }]);
    }
    expect(JSON.stringify(sent)).toContain('{{resolve:secretsmanager:');
  });

  test('L2: requests of this distribution to another host go to the API, after all other rules', () => {
    seed.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Priority: 50_000,
      Conditions: [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Origin-Verify', Values: [Match.anyValue()] } }],
      Actions: [{ Type: 'forward', TargetGroupArn: targetGroup(seed, 'Api') }],
    });
  });

  test('L2: anything else gets 403', () => {
    seed.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: Match.objectLike({ StatusCode: '403' }) }],
    });
    seed.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    seed.resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 3);
  });

  test('L2: or goes to the API, as in the deployment by hand, where the origin is not verified', () => {
    const open = templateOf({ edge: { verifyOrigin: false } });
    open.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroup(open, 'Api') }] });
    open.allResourcesProperties('AWS::ElasticLoadBalancingV2::ListenerRule', { Conditions: [Match.objectLike({ Field: 'host-header' })] });
    open.hasResourceProperties('AWS::CloudFront::Distribution', { DistributionConfig: { Origins: [Match.objectLike({ OriginCustomHeaders: Match.absent() })] } });
  });

  test('L3: its group has one ingress rule: HTTPS from the addresses of CloudFront', () => {
    const template = templateOf({ network: { cloudFrontPrefixListId: 'pl-12345678' } });
    expect(ingressTo(template, groupOf(template, '^Load balancer'))).toEqual([
      expect.objectContaining({ SourcePrefixListId: 'pl-12345678', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }),
    ]);
  });
});

describe('the containers', () => {
  const task = (service: string) => `project-oky-ecs-${service}-task`;

  test('C1: the cluster is project-oky-ecs-cluster, by namePrefix', () => {
    seed.hasResourceProperties('AWS::ECS::Cluster', { ClusterName: 'project-oky-ecs-cluster' });
    templateOf({ namePrefix: 'oky-kenya' }).hasResourceProperties('AWS::ECS::Cluster', { ClusterName: 'oky-kenya-ecs-cluster' });
  });

  test.each(['api', 'cms'])('C2: the task definition of the %s has its name', service => {
    seed.hasResourceProperties('AWS::ECS::TaskDefinition', { Family: task(service), RequiresCompatibilities: ['FARGATE'], NetworkMode: 'awsvpc' });
    templateOf({ namePrefix: 'oky-kenya' }).hasResourceProperties('AWS::ECS::TaskDefinition', { Family: `oky-kenya-ecs-${service}-task` });
  });

  test.each([['api', 'Private'], ['cms', 'Cms']])('C3: one task of the %s, in any private subnet of its group', (service, group) => {
    const subnets = idsOf(seed, 'AWS::EC2::Subnet', { Tags: Match.arrayWith([{ Key: 'aws-cdk:subnet-name', Value: group }]) });
    expect(subnets).toHaveLength(2);
    seed.hasResourceProperties('AWS::ECS::Service', {
      ServiceName: `${task(service)}-service`,
      DesiredCount: 1,
      NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'DISABLED', Subnets: subnets.map(ref) }) },
    });
  });

  test.each(['oky/api_en', 'oky/cms_en'])('C4: the repository %s has immutable tags and scans on push', name => {
    seed.hasResource('AWS::ECR::Repository', {
      Properties: { RepositoryName: name, ImageTagMutability: 'IMMUTABLE', ImageScanningConfiguration: { ScanOnPush: true } },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test.each([['api', 'oky/api_en'], ['cms', 'oky/cms_en']])('C4: the %s runs the tag of the image in its repository', (service, name) => {
    const repository = ref(idOf(seed, 'AWS::ECR::Repository', { RepositoryName: name }));
    seed.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Family: task(service),
      ContainerDefinitions: [Match.objectLike({ Image: { 'Fn::Join': ['', Match.arrayWith([repository, ':2025_05'])] } })],
    });
  });

  test.each(['api', 'cms'])('C5: task and execution role of the %s read its own environment file, and no other object', service => {
    const object = { 'Fn::Join': ['', [att(configBucket(), 'Arn'), `/project_oky_${service}_task_configuration.env`]] };
    for (const RoleName of [`${task(service)}-role`, `project-oky-ecs-${service}-execution-role`]) {
      const role = idOf(seed, 'AWS::IAM::Role', { RoleName });
      const statements = Object.values(seed.findResources('AWS::IAM::ManagedPolicy', { Properties: { Roles: [ref(role)] } }))
        .flatMap(policy => policy.Properties.PolicyDocument.Statement)
        .filter(statement => JSON.stringify(statement.Action).includes('s3:'));
      expect(statements).toEqual([
        { Action: 's3:GetObject', Effect: 'Allow', Resource: object },
        { Action: 's3:GetBucketLocation', Effect: 'Allow', Resource: att(configBucket(), 'Arn') },
      ]);
    }
  });

  test.each([['API', 3000], ['CMS', 5000]])('C6: the tasks of the %s take their port from the load balancer, and nothing else', (service, port) => {
    expect(ingressTo(seed, groupOf(seed, `^${service} tasks`))).toEqual([
      expect.objectContaining({ SourceSecurityGroupId: groupOf(seed, '^Load balancer'), IpProtocol: 'tcp', FromPort: port, ToPort: port }),
    ]);
  });

  test.each(['api', 'cms'])('C7: the %s reads its environment file from the bucket where one is named', service => {
    const value = { 'Fn::Join': ['', Match.arrayWith([ref(configBucket()), `/project_oky_${service}_task_configuration.env`])] };
    seed.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Family: task(service),
      ContainerDefinitions: [Match.objectLike({ EnvironmentFiles: [{ Type: 's3', Value: value }] })],
    });
  });

  test('C7: the bucket is there without a file too, and then no task needs one', () => {
    const plain = templateOf();
    plain.hasResourceProperties('AWS::S3::Bucket', { BucketEncryption: { ServerSideEncryptionConfiguration: [Match.objectLike({ BucketKeyEnabled: true })] } });
    plain.allResourcesProperties('AWS::ECS::TaskDefinition', { ContainerDefinitions: [Match.objectLike({ EnvironmentFiles: Match.absent() })] });
  });

  function configBucket(): string {
    return idOf(seed, 'AWS::S3::Bucket', { BucketEncryption: { ServerSideEncryptionConfiguration: [Match.objectLike({ BucketKeyEnabled: true })] } });
  }
});

describe('the database', () => {
  test('D1: Aurora PostgreSQL, Serverless v2, with a single writer in the first zone', () => {
    seed.hasResourceProperties('AWS::RDS::DBCluster', { Engine: 'aurora-postgresql', EngineVersion: '17', StorageEncrypted: true });
    seed.resourceCountIs('AWS::RDS::DBInstance', 1);
    const firstSubnet = Object.values(seed.findResources('AWS::EC2::Subnet', {
      Properties: { Tags: Match.arrayWith([{ Key: 'aws-cdk:subnet-name', Value: 'Private' }]) },
    }))[0];
    seed.hasResourceProperties('AWS::RDS::DBInstance', {
      DBInstanceClass: 'db.serverless', PubliclyAccessible: false, AvailabilityZone: firstSubnet.Properties.AvailabilityZone,
    });
  });

  test('D2: its subnet group covers both zones, privately', () => {
    const subnets = idsOf(seed, 'AWS::EC2::Subnet', { Tags: Match.arrayWith([{ Key: 'aws-cdk:subnet-name', Value: 'Private' }]) });
    seed.hasResourceProperties('AWS::RDS::DBSubnetGroup', { SubnetIds: subnets.map(ref) });
    expect(subnets).toHaveLength(2);
  });

  test('D3: 0 to 1 capacity units, paused after five minutes', () => {
    seed.hasResourceProperties('AWS::RDS::DBCluster', { ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 1, SecondsUntilAutoPause: 300 } });
  });

  test('D4: backed up, and kept for seven days', () => {
    seed.hasResourceProperties('AWS::RDS::DBCluster', { BackupRetentionPeriod: 7, DeletionProtection: true });
  });

  test('D5: its group takes PostgreSQL from the tasks of the API and the CMS, and nothing else', () => {
    const rules = ingressTo(seed, groupOf(seed, '^Database'));
    const { Port: port } = Object.values(seed.findResources('AWS::RDS::DBCluster'))[0].Properties;
    expect(rules).toHaveLength(2);
    for (const service of ['API', 'CMS']) {
      expect(rules).toContainEqual(expect.objectContaining({
        SourceSecurityGroupId: groupOf(seed, `^${service} tasks`), IpProtocol: 'tcp', FromPort: port, ToPort: port,
      }));
    }
  });

  test.each([
    ['high availability', { highAvailability: true }],
    ['a larger maximum', { database: { maxCapacity: 16 } }],
    ['provisioned instances', { database: { instanceType: ec2.InstanceType.of(ec2.InstanceClass.R6G, ec2.InstanceSize.LARGE) } }],
  ])('D6: it moves to %s as the same cluster with the same writer', (_, overrides) => {
    const moved = templateOf(overrides);
    expect(idOf(moved, 'AWS::RDS::DBCluster')).toBe(idOf(seed, 'AWS::RDS::DBCluster'));
    expect(idsOf(moved, 'AWS::RDS::DBInstance')).toContain(idOf(seed, 'AWS::RDS::DBInstance'));
    const createOnly = ['DatabaseName', 'DBSubnetGroupName', 'KmsKeyId', 'MasterUsername', 'SnapshotIdentifier', 'StorageEncrypted', 'Engine'];
    for (const property of createOnly) {
      const [before, after] = [seed, moved].map(template => Object.values(template.findResources('AWS::RDS::DBCluster'))[0].Properties[property]);
      expect(after).toEqual(before);
    }
  });
});

describe('the network', () => {
  test('N1: a VPC with public and private subnets, and no way from the private ones to the internet', () => {
    seed.resourceCountIs('AWS::EC2::VPC', 1);
    seed.resourceCountIs('AWS::EC2::NatGateway', 0);
    seed.allResourcesProperties('AWS::EC2::Route', { GatewayId: Match.anyValue(), DestinationCidrBlock: '0.0.0.0/0' });
    const publicTables = idsOf(seed, 'AWS::EC2::RouteTable', { Tags: Match.arrayWith([{ Key: 'Name', Value: Match.stringLikeRegexp('PublicSubnet') }]) });
    const routed = Object.values(seed.findResources('AWS::EC2::Route')).map(route => route.Properties.RouteTableId.Ref);
    expect(routed.sort()).toEqual(publicTables.sort());
  });

  test('N2: endpoints for S3, CloudWatch Logs, ECR and, as secrets are injected, Secrets Manager, in both zones', () => {
    const endpoints = Object.values(seed.findResources('AWS::EC2::VPCEndpoint')).map(endpoint => endpoint.Properties);
    const names = endpoints.map(({ ServiceName: name }) => typeof name === 'string' ? name : name['Fn::Join'][1].map((part: unknown) => typeof part === 'string' ? part : 'eu-west-2').join(''));
    expect(names.sort()).toEqual(['ecr.api', 'ecr.dkr', 'logs', 's3', 'secretsmanager'].map(service => `com.amazonaws.eu-west-2.${service}`));
    for (const endpoint of endpoints.filter(({ VpcEndpointType: type }) => type === 'Interface')) {
      expect(endpoint.SubnetIds).toHaveLength(2);
      expect(endpoint.PrivateDnsEnabled).toBe(true);
    }
  });

  test('N2: an endpoint for sessions comes with ECS Exec', () => {
    templateOf({ api: { enableExecuteCommand: true } }).hasResourceProperties('AWS::EC2::VPCEndpoint', { ServiceName: 'com.amazonaws.eu-west-2.ssmmessages' });
  });

  test('N3: one group for the interface endpoints takes HTTPS from the tasks of both services', () => {
    const group = groupOf(seed, '^Interface endpoints');
    const interfaces = Object.values(seed.findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Interface' } }));
    expect(interfaces.map(endpoint => endpoint.Properties.SecurityGroupIds)).toEqual(interfaces.map(() => [group]));
    const rules = ingressTo(seed, group);
    expect(rules).toHaveLength(2);
    for (const service of ['API', 'CMS']) {
      expect(rules).toContainEqual(expect.objectContaining({ SourceSecurityGroupId: groupOf(seed, `^${service} tasks`), FromPort: 443, ToPort: 443 }));
    }
  });
});

describe('what is observed', () => {
  test.each(['api', 'cms'])('O1: the log group of the %s is kept for a week', service => {
    const LogGroupName = `/ecs/project-oky-ecs-${service}-task`;
    seed.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName, RetentionInDays: 7, KmsKeyId: Match.anyValue() });
    seed.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({
        LogConfiguration: { LogDriver: 'awslogs', Options: Match.objectLike({ 'awslogs-group': ref(idOf(seed, 'AWS::Logs::LogGroup', { LogGroupName })) }) },
      })],
    });
  });

  test('O2: Container Insights are on, and their log group, made before the cluster, is kept for a day', () => {
    const LogGroupName = '/aws/ecs/containerinsights/project-oky-ecs-cluster/performance';
    seed.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName, RetentionInDays: 1 });
    seed.hasResource('AWS::ECS::Cluster', {
      Properties: { ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }] },
      DependsOn: [idOf(seed, 'AWS::Logs::LogGroup', { LogGroupName })],
    });
  });

  test('O3: the load balancer writes access logs to a bucket that lets it', () => {
    const attributes = Object.values(seed.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'))[0].Properties.LoadBalancerAttributes;
    const bucket = attributes.find(({ Key }: { Key: string }) => Key === 'access_logs.s3.bucket').Value;
    expect(attributes).toContainEqual({ Key: 'access_logs.s3.enabled', Value: 'true' });
    seed.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: bucket,
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([Match.objectLike({
          Effect: 'Allow',
          Action: 's3:PutObject',
          Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
          Resource: { 'Fn::Join': ['', [att(bucket.Ref, 'Arn'), '/load-balancer/AWSLogs/111122223333/*']] },
          // A condition on what the load balancer does not say would fail the first deployment.
          Condition: Match.absent(),
        })]),
      }),
    });
  });

  test('O3: CloudFront writes its own by choice, in us-east-1', () => {
    const watch = usEast1Templates(deploy({ edge: { accessLogs: true } }).stack)['project-oky-edge-watch'];
    watch.hasResourceProperties('AWS::Logs::DeliverySource', { LogType: 'ACCESS_LOGS' });
    watch.hasResourceProperties('AWS::Logs::DeliveryDestination', { DestinationResourceArn: att(idOf(watch, 'AWS::S3::Bucket'), 'Arn') });
    watch.resourceCountIs('AWS::Logs::Delivery', 1);
    expect(usEast1Templates(deploy().stack)).toEqual({});
  });
});

describe('what is observed, by choice', () => {
  const everything = { alarmEmail: 'ops@okyapp.info', slackWorkspaceId: 'T0123ABCD', slackChannelId: 'C0123ABCD' };
  const watched = templateOf({ monitoring: everything });
  const metrics = (template: Template) => new Set([...JSON.stringify(template.findResources('AWS::CloudWatch::Alarm')).matchAll(/"MetricName":"(\w+)"/g)].map(([, name]) => name));

  test.each(['CPUUtilization', 'MemoryUtilization', 'HTTPCode_ELB_5XX_Count', 'HTTPCode_Target_5XX_Count', 'TargetConnectionErrorCount', 'FreeableMemory'])(
    'O4: there is an alarm on %s', metric => {
      expect(metrics(watched)).toContain(metric);
      expect(metrics(seed)).not.toContain(metric);
    });

  test('O4: CPU is that of both services and of the database', () => {
    const alarms = watched.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmName: Match.stringLikeRegexp('-cpu$') } });
    expect(Object.values(alarms).map(({ Properties }) => Properties.AlarmName).sort()).toEqual(['project-oky-api-cpu', 'project-oky-cms-cpu', 'project-oky-database-cpu']);
  });

  test('O4: errors in the logs are counted, and alarm', () => {
    for (const [service, metric] of [['api', 'APIErrors'], ['cms', 'CMSErrors']]) {
      const log = idOf(watched, 'AWS::Logs::LogGroup', { LogGroupName: `/ecs/project-oky-ecs-${service}-task` });
      watched.hasResourceProperties('AWS::Logs::MetricFilter', { LogGroupName: ref(log), MetricTransformations: [Match.objectLike({ MetricName: metric })] });
      expect(metrics(watched)).toContain(metric);
    }
  });

  test('O4: alarms go to mail and Slack by a topic', () => {
    const topic = ref(idOf(watched, 'AWS::SNS::Topic'));
    watched.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [topic] });
    watched.hasResourceProperties('AWS::SNS::Subscription', { TopicArn: topic, Protocol: 'email', Endpoint: 'ops@okyapp.info' });
    const { stack } = deploy({ monitoring: everything });
    usEast1Templates(stack)['project-oky-edge-watch'].hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      SlackChannelId: 'C0123ABCD', SnsTopicArns: Match.arrayWith([{ 'Fn::GetStackOutput': Match.objectLike({ OutputName: 'OkyAlarmTopicArn' }) }]),
    });
  });

  test('O4: there is a dashboard', () => {
    watched.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    seed.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });
});

describe('scaling', () => {
  test('S1: more tasks, and bigger ones', () => {
    const bigger = templateOf({ api: { desiredCount: 3, cpu: 1024, memoryLimitMiB: 2048 } });
    bigger.hasResourceProperties('AWS::ECS::Service', { ServiceName: 'project-oky-ecs-api-task-service', DesiredCount: 3 });
    bigger.hasResourceProperties('AWS::ECS::TaskDefinition', { Family: 'project-oky-ecs-api-task', Cpu: '1024', Memory: '2048' });
  });

  test('S1: by CPU, memory and requests', () => {
    const scaled = templateOf({ scaling: { maxCapacity: 8, targetMemoryUtilizationPercent: 70, requestsPerTarget: 600 } });
    scaled.allResourcesProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 1, MaxCapacity: 8 });
    scaled.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 2);
    for (const [metric, target] of [['ECSServiceAverageCPUUtilization', 60], ['ECSServiceAverageMemoryUtilization', 70], ['ALBRequestCountPerTarget', 600]]) {
      const policies = idsOf(scaled, 'AWS::ApplicationAutoScaling::ScalingPolicy', {
        TargetTrackingScalingPolicyConfiguration: Match.objectLike({
          TargetValue: target, PredefinedMetricSpecification: Match.objectLike({ PredefinedMetricType: metric }),
        }),
      });
      expect(policies).toHaveLength(2);
    }
    scaled.allResourcesProperties('AWS::ECS::Service', { DesiredCount: Match.absent() });
  });

  test('S1: by a metric of one\'s own', () => {
    const { backend } = deploy({ scaling: {} });
    expect(backend.api.scalableTaskCount).toBeDefined();
    expect(deploy().backend.api.scalableTaskCount).toBeUndefined();
  });

  test('S2: with high availability two tasks of each service over the zones, and a reader in the second zone', () => {
    const available = templateOf({ highAvailability: true });
    available.allResourcesProperties('AWS::ECS::Service', { DesiredCount: 2, AvailabilityZoneRebalancing: 'ENABLED' });
    const zones = Object.values(available.findResources('AWS::RDS::DBInstance')).map(instance => JSON.stringify(instance.Properties.AvailabilityZone));
    expect(new Set(zones).size).toBe(2);
    expect(zones).toHaveLength(2);
  });
});

describe('operators', () => {
  const statementsOf = (description: string) => {
    const [policy] = Object.values(seed.findResources('AWS::IAM::ManagedPolicy', { Properties: { Description: Match.stringLikeRegexp(description) } }));
    return policy.Properties.PolicyDocument.Statement;
  };
  const repositories = () => ['oky/api_en', 'oky/cms_en'].map(RepositoryName => att(idOf(seed, 'AWS::ECR::Repository', { RepositoryName }), 'Arn'));
  const roles = (names: string[]) => names.map(RoleName => att(idOf(seed, 'AWS::IAM::Role', { RoleName }), 'Arn'));

  test('I1: the Docker Image Builder logs in to ECR and pushes to the two repositories', () => {
    const [login, push] = statementsOf('push images');
    expect([login, push]).toEqual([
      { Sid: 'AllowECRAuth', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
      {
        Sid: 'AllowECRImagePush',
        Effect: 'Allow',
        // BatchGetImage is the addition: today's Docker asks for the manifest before it pushes.
        Action: [
          'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage',
          'ecr:UploadLayerPart',
        ],
        Resource: repositories(),
      },
    ]);
  });

  test('I2: the Service Updater registers the two task definitions, updates the two services and passes their roles to ECS', () => {
    const [read, register, , update, pass] = statementsOf('release images');
    expect(read).toEqual({ Sid: 'AllowECSTaskDefinitionRead', Effect: 'Allow', Action: 'ecs:DescribeTaskDefinition', Resource: '*' });
    expect(register.Action).toBe('ecs:RegisterTaskDefinition');
    expect(JSON.stringify(register.Resource)).toMatch(/task-definition\/project-oky-ecs-api-task:\*.*task-definition\/project-oky-ecs-cms-task:\*/);
    expect(update.Action).toEqual(['ecs:DescribeServices', 'ecs:UpdateService']);
    expect(update.Resource).toHaveLength(2);
    expect(pass).toEqual({
      Sid: 'AllowPassRoleForECSTasks',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: roles(['project-oky-ecs-api-task-role', 'project-oky-ecs-api-execution-role', 'project-oky-ecs-cms-task-role', 'project-oky-ecs-cms-execution-role']),
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    });
  });
});

describe('qualities', () => {
  test('Q1: HTTPS up to the load balancer, HTTP from there to the tasks', () => {
    seed.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09' });
    seed.allResourcesProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { Protocol: 'HTTP', TargetType: 'ip' });
  });

  test('Q2: a wildcard resource is only where the actions know no other', () => {
    const statements = Object.values(seed.findResources('AWS::IAM::ManagedPolicy')).flatMap(policy => policy.Properties.PolicyDocument.Statement);
    const wildcards = statements.filter(({ Resource: resource }) => [resource].flat().includes('*')).map(({ Action: action }) => action);
    expect(wildcards.sort()).toEqual(['ecr:GetAuthorizationToken', 'ecr:GetAuthorizationToken', 'ecs:DescribeTaskDefinition']);
    expect(statements.filter(({ Action: action }) => JSON.stringify(action).includes('*'))).toEqual([]);
    seed.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('Q2: no role can be assumed but by a service', () => {
    seed.allResourcesProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({ Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: Match.anyValue() } }] }),
    });
  });
});
