import { Template } from 'aws-cdk-lib/assertions';
import { deploy } from '../helpers';
import { modulesLoadedBy } from '../support/loaded-modules';

interface ServiceProperties {
  readonly DeploymentConfiguration: { readonly Alarms?: unknown };
}

function services(template: Template): ServiceProperties[] {
  return Object.values(template.findResources('AWS::ECS::Service')).map(({ Properties }) => Properties as ServiceProperties);
}

test('the services are made without the facts of all regions, whose loading is what is saved', () => {
  const facts = (script: string) => modulesLoadedBy(script).filter(file => file.includes('region-info'));
  expect(facts('deploy()')).toEqual([]);
  expect(facts('require("aws-cdk-lib/region-info").RegionInfo.regions')).not.toEqual([]);
});

test('the services say nothing of alarms', () => {
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
