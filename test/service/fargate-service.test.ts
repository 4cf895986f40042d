import { Template } from 'aws-cdk-lib/assertions';
import { deploy } from '../helpers';

// Loading it is what the service saves.
jest.mock('aws-cdk-lib/region-info', () => {
  throw new Error('the facts of all regions are loaded');
});

interface ServiceProperties {
  readonly DeploymentConfiguration: { readonly Alarms?: unknown };
}

function services(template: Template): ServiceProperties[] {
  return Object.values(template.findResources('AWS::ECS::Service')).map(({ Properties }) => Properties as ServiceProperties);
}

test('the services are made without the facts of all regions, and say nothing of alarms', () => {
  const { stack } = deploy();
  const found = services(Template.fromStack(stack));
  expect(found).toHaveLength(2);
  expect(found.map(({ DeploymentConfiguration }) => DeploymentConfiguration)).toEqual(found.map(() => ({
    DeploymentCircuitBreaker: { Enable: true, Rollback: true },
    MaximumPercent: 200,
    MinimumHealthyPercent: 100,
  })));
});

test('alarms that a consumer adds stop deployments', () => {
  const { stack, backend } = deploy();
  backend.api.service.enableDeploymentAlarms(['own-alarm']);
  const alarms = services(Template.fromStack(stack)).map(({ DeploymentConfiguration }) => DeploymentConfiguration.Alarms);
  expect(alarms).toContainEqual({ AlarmNames: ['own-alarm'], Enable: true, Rollback: true });
  expect(alarms).toContain(undefined);
});
