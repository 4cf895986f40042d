import { Match, Template } from 'aws-cdk-lib/assertions';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { App } from 'aws-cdk-lib/core';
import { deploy, templateOf, warnings } from '../helpers';

const NO_IMAGES = { api: { imageTag: undefined }, cms: { imageTag: undefined } };

type Resource = { Type: string; DependsOn?: string[]; DeletionPolicy?: string; UpdateReplacePolicy?: string; Properties?: Record<string, unknown> };

function resources(template: Template): Record<string, Resource> {
  return template.toJSON().Resources;
}

/** Everything that a resource waits for, directly or by way of others. */
function waitsFor(template: Template, id: string): Set<string> {
  const all = resources(template);
  const found = new Set<string>();
  const visit = (each: string) => {
    const references = [...JSON.stringify(all[each].Properties ?? {}).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].map(([, name]) => name);
    for (const next of [...references, ...all[each].DependsOn ?? []].filter(name => all[name] && !found.has(name))) {
      found.add(next);
      visit(next);
    }
  };
  visit(id);
  return found;
}

function typesThat(template: Template, id: string): string[] {
  return [...new Set([...waitsFor(template, id)].map(name => resources(template)[name].Type))];
}

describe('a first deployment without images', () => {
  test('makes everything, with services that have no task', () => {
    const [without, withImages] = [templateOf(NO_IMAGES), templateOf()];
    without.allResourcesProperties('AWS::ECS::Service', { DesiredCount: 0 });
    expect(Object.keys(resources(without))).toEqual(Object.keys(resources(withImages)));
  });

  test('registers no scalable target, which would lift the count to its minimum', () => {
    const template = templateOf({ ...NO_IMAGES, scaling: {}, highAvailability: true });
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
    template.allResourcesProperties('AWS::ECS::Service', { DesiredCount: 0 });
  });

  test('makes one service run while the other one waits', () => {
    const template = templateOf({ cms: { imageTag: undefined }, scaling: {} });
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 1);
    template.hasResourceProperties('AWS::ECS::Service', { ServiceName: 'project-oky-ecs-cms-task-service', DesiredCount: 0 });
    template.hasResourceProperties('AWS::ECS::Service', { ServiceName: 'project-oky-ecs-api-task-service', DesiredCount: Match.absent() });
  });

  test('says what to push, and where', () => {
    const found = warnings(deploy(NO_IMAGES).stack);
    for (const service of ['api', 'cms']) {
      expect(found[`cdk-oky-backend:noImage:${service}`]).toContain(`${service}.imageTag`);
      expect(found[`cdk-oky-backend:noImage:${service}`]).toContain('RepositoryUri');
    }
    expect(Object.keys(warnings(deploy().stack)).filter(id => id.includes('noImage'))).toEqual([]);
  });
});

describe('a service with an image', () => {
  test.each(['Api', 'Cms'])('%s waits for all that its first task needs', name => {
    const template = templateOf();
    const [service] = Object.keys(template.findResources('AWS::ECS::Service')).filter(id => id.includes(name));
    expect(typesThat(template, service)).toEqual(expect.arrayContaining([
      'AWS::RDS::DBInstance', 'AWS::EC2::VPCEndpoint', 'AWS::IAM::ManagedPolicy', 'AWS::ElasticLoadBalancingV2::ListenerRule', 'AWS::Logs::LogGroup',
      'AWS::SecretsManager::SecretTargetAttachment', 'AWS::EC2::SecurityGroupIngress',
    ]));
    const endpoints = Object.keys(template.findResources('AWS::EC2::VPCEndpoint'));
    expect(endpoints.filter(id => !waitsFor(template, service).has(id))).toEqual([]);
    const policies = Object.keys(template.findResources('AWS::IAM::ManagedPolicy')).filter(id => id.includes(`${name}ExecutionRole`));
    expect(policies.filter(id => !waitsFor(template, service).has(id))).toEqual([]);
  });

  test('is not waited for by the distribution, which can be made meanwhile', () => {
    const template = templateOf();
    const [distribution] = Object.keys(template.findResources('AWS::CloudFront::Distribution'));
    expect(typesThat(template, distribution)).not.toContain('AWS::ECS::Service');
    expect(typesThat(template, distribution)).not.toContain('AWS::RDS::DBCluster');
  });

  test('fails fast and rolls back where its tasks don\'t come up', () => {
    templateOf().allResourcesProperties('AWS::ECS::Service', {
      DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true }, MinimumHealthyPercent: 100, MaximumPercent: 200 },
      HealthCheckGracePeriodSeconds: 90,
    });
    templateOf().allResourcesProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '60' }]),
    });
  });

  test('starts without anything else configured: all that its container needs is there', () => {
    const template = templateOf();
    const [api, cms] = ['api', 'cms'].map(service => {
      const [found] = Object.values(template.findResources('AWS::ECS::TaskDefinition', { Properties: { Family: `project-oky-ecs-${service}-task` } }));
      const [container] = found.Properties.ContainerDefinitions as { Environment: { Name: string; Value: unknown }[]; Secrets: { Name: string }[] }[];
      const environment = Object.fromEntries(container.Environment.map(({ Name, Value }) => [Name, Value]));
      return { environment, secrets: container.Secrets.map(({ Name }) => Name) };
    });
    const shared = {
      NODE_ENV: 'production',
      DATABASE_TYPE: 'postgres',
      DATABASE_HOST: { 'Fn::GetAtt': [expect.stringMatching(/^OkyDatabaseCluster/), 'Endpoint.Address'] },
      DATABASE_PORT: '5433',
      DATABASE_NAME: 'periodtracker',
      DATABASE_SCHEMA: 'periodtracker',
      DATABASE_SYNCHRONIZE: 'false',
      DATABASE_LOGGING: 'false',
      PGSSLMODE: 'verify-full',
      NODE_EXTRA_CA_CERTS: '/tmp/database.pem',
      NODE_PATH: '/usr/src/app/dist',
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    };
    expect(api).toEqual({ environment: { ...shared, API_PORT: '3000' }, secrets: ['DATABASE_USERNAME', 'DATABASE_PASSWORD', 'APPLICATION_SECRET'] });
    expect(cms).toEqual({
      environment: { ...shared, NODE_OPTIONS: '--unhandled-rejections=warn' }, secrets: ['DATABASE_USERNAME', 'DATABASE_PASSWORD', 'PASSPORT_SECRET'],
    });
    template.hasResourceProperties('AWS::RDS::DBCluster', { Port: 5433 });
    template.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', { Parameters: { 'rds.force_ssl': '1' } });
  });
});

describe('a deployment that fails halfway', () => {
  const template = templateOf();
  const RETAINED = ['AWS::S3::Bucket', 'AWS::ECR::Repository', 'AWS::KMS::Key'];

  test('can be repeated: what is retained later is not by the deployment that was to make it', () => {
    const kept = Object.values(resources(template)).filter(({ DeletionPolicy: policy }) => policy && policy !== 'Delete');
    expect([...new Set(kept.map(({ DeletionPolicy: policy }) => policy))].sort()).toEqual(['RetainExceptOnCreate', 'Snapshot']);
    expect(kept.filter(({ DeletionPolicy: policy }) => policy === 'Snapshot').map(({ Type: type }) => type)).toEqual(['AWS::RDS::DBCluster']);
    for (const type of RETAINED) {
      template.allResources(type, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('keeps the secrets that would log users out or lock the services out, but for the header, which is made anew', () => {
    const secrets = Object.entries(template.findResources('AWS::SecretsManager::Secret')).map(([id, { DeletionPolicy: policy }]) => [id.replace(/[0-9A-F]{8}$/, ''), policy]);
    expect(Object.fromEntries(secrets)).toEqual({
      OkyDatabaseSecret: 'RetainExceptOnCreate',
      OkyApiSigningSecret: 'RetainExceptOnCreate',
      OkyCmsSigningSecret: 'RetainExceptOnCreate',
      OkyOriginSecretVersion1: 'Delete',
    });
  });

  test('leaves no log group whose name stands in the way', () => {
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });
});

describe('the outputs', () => {
  const NAMES = [
    'ApiHost', 'ApiRepositoryUri', 'ApiServiceName', 'ClusterName', 'CmsHost', 'CmsRepositoryUri', 'CmsServiceName', 'ConfigBucketName', 'DatabaseClusterArn',
    'DatabaseEndpoint', 'DatabaseSecretArn', 'DistributionId', 'DnsTarget', 'ImageBuilderPolicyArn', 'ServiceUpdaterPolicyArn',
  ];

  test('have names that commands can be written with', () => {
    expect(Object.keys(templateOf().toJSON().Outputs).sort()).toEqual(NAMES.map(name => `Oky${name}`));
  });

  test('name the environment files where there are any', () => {
    const template = templateOf({ api: { environmentFileKey: 'api.env' } });
    template.hasOutput('OkyApiEnvironmentFileKey', { Value: 'api.env' });
    expect(Object.keys(template.toJSON().Outputs)).not.toContain('OkyCmsEnvironmentFileKey');
  });

  test('say what each is for', () => {
    for (const { Description: description } of Object.values(templateOf().toJSON().Outputs) as { Description: string }[]) {
      expect(description).toMatch(/^[A-Z].{5,}/);
    }
  });
});

describe('the children of the construct', () => {
  test('are there to build on, as what they are', () => {
    const { backend, stack } = deploy({ scaling: {} });
    expect(backend.api.taskDefinition.defaultContainer!.containerName).toBe('api');
    expect(backend.cms.taskDefinition.defaultContainer!.containerName).toBe('cms');
    for (const child of [backend.vpc, backend.loadBalancer, backend.cluster, backend.distribution, backend.configBucket, backend.api.service,
      backend.api.repository,
      backend.api.targetGroup, backend.api.logGroup, backend.api.scalableTaskCount!, backend.database.cluster, backend.database.secret]) {
      expect(child.node.path).toContain('Oky/Oky/');
    }
    expect((stack.node.root as App).synth().stacks).toHaveLength(1);
  });

  test('take the grants of a consumer into the policy of the role', () => {
    const { backend, stack } = deploy();
    const role = backend.api.taskDefinition.taskRole as ecs.TaskDefinition['taskRole'];
    backend.configBucket.grantRead(role, 'more.json');
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^OkyApiTaskRole') }],
      PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['s3:GetObject*']) })]) }),
    });
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });
});
