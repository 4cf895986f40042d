import { Match, Template } from 'aws-cdk-lib/assertions';
import { GeoRestriction } from 'aws-cdk-lib/aws-cloudfront';
import { CfnParameter } from 'aws-cdk-lib/core';
import { OkyCostEstimate } from '../../src';
import { checkerRegions } from '../../src/monitoring/checker-regions';
import { deploy, messageOf, type Overrides, type StackOptions, usEast1Templates, warnings } from '../helpers';

function watch(overrides: Overrides, options?: StackOptions): Template {
  const { stack } = deploy(overrides, options);
  return usEast1Templates(stack)['project-oky-edge-watch'] ?? Template.fromStack(stack);
}

const checkedHosts = (overrides: Overrides, options?: StackOptions) => Object.values(watch(overrides, options).findResources('AWS::Route53::HealthCheck'))
  .map(({ Properties }) => Properties.HealthCheckConfig.FullyQualifiedDomainName as string);

describe('the checks from outside', () => {
  test('ask both hosts by HTTPS for what does not wake the database', () => {
    for (const host of ['api.okyapp.info', 'cms.okyapp.info']) {
      watch({ monitoring: {} }).hasResourceProperties('AWS::Route53::HealthCheck', {
        HealthCheckConfig: {
          Type: 'HTTPS',
          FullyQualifiedDomainName: host,
          Port: 443,
          ResourcePath: '/',
          EnableSNI: true,
          RequestInterval: 30,
          FailureThreshold: 2,
          Regions: ['eu-west-1', 'us-west-2', 'ap-southeast-1'],
        },
      });
    }
  });

  test('alarm within five minutes, in us-east-1, by a topic under no key', () => {
    const template = watch({ monitoring: {} });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'project-oky-api-outside',
      Namespace: 'AWS/Route53',
      MetricName: 'HealthCheckStatus',
      Dimensions: [{ Name: 'HealthCheckId', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('ApiOutsideCheck'), 'HealthCheckId'] } }],
      Statistic: 'Minimum',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
    template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.absent() });
    const [{ Properties: alarm }] = Object.values(template.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmName: 'project-oky-api-outside' } }));
    const [{ Properties: check }] = Object.values(template.findResources('AWS::Route53::HealthCheck'));
    const { FailureThreshold, RequestInterval } = check.HealthCheckConfig;
    // The checks that fail after the one that has just passed, a minute until the metric is there, and the alarm's periods.
    expect((FailureThreshold + 1) * RequestInterval + 60 + alarm.Period * alarm.EvaluationPeriods).toBeLessThanOrEqual(300);
  });

  test('are made in us-east-1 itself too', () => {
    expect(checkedHosts({ monitoring: {} }, { region: 'us-east-1' })).toEqual(['api.okyapp.info', 'cms.okyapp.info']);
  });

  test('ask for the path of the health check where the image has another one', () => {
    watch({ monitoring: {}, api: { healthCheckPath: '/health' } }).hasResourceProperties('AWS::Route53::HealthCheck', {
      HealthCheckConfig: Match.objectLike({ FullyQualifiedDomainName: 'api.okyapp.info', ResourcePath: '/health' }),
    });
  });

  test('leave out a service that runs no task', () => {
    expect(checkedHosts({ monitoring: {}, api: { imageTag: undefined } })).toEqual(['cms.okyapp.info']);
    expect(checkedHosts({ monitoring: {}, api: { desiredCount: 0 } })).toEqual(['cms.okyapp.info']);
  });

  test('leave out the CMS where the firewall answers to some addresses only', () => {
    expect(checkedHosts({ monitoring: {}, waf: { cmsAllowedCidrs: ['203.0.113.0/24'] } })).toEqual(['api.okyapp.info']);
  });

  test('are not there without monitoring', () => {
    expect(checkedHosts({ edge: { accessLogs: true } })).toEqual([]);
  });

  test('cost 2.75 USD a month each, and their alarms 0.10', () => {
    const { stack } = deploy({ monitoring: {} });
    const { lines } = OkyCostEstimate.fromStack(stack);
    expect(lines.find(({ kind }) => kind === 'health checks from outside')).toMatchObject({ quantity: 2, usd: 5.5 });
  });

  test('need hosts that us-east-1 can know', () => {
    expect(messageOf(() => deploy(stack => ({ monitoring: {}, domainName: new CfnParameter(stack, 'Domain').valueAsString })))).toMatch(
      /^domainName must not come from the stack itself, as it must be known in us-east-1 before/);
  });
});

describe('under a geographic restriction', () => {
  test.each<[string, GeoRestriction | undefined, string[] | undefined]>([
    ['none', undefined, ['eu-west-1', 'us-west-2', 'ap-southeast-1']],
    ['a list of countries without checkers', GeoRestriction.allowlist('KE', 'UG'), undefined],
    ['a list with two of them', GeoRestriction.allowlist('KE', 'IE', 'SG'), undefined],
    ['a list with three of them', GeoRestriction.allowlist('KE', 'IE', 'SG', 'JP'), ['eu-west-1', 'ap-southeast-1', 'ap-northeast-1']],
    ['the United States alone, which have three', GeoRestriction.allowlist('US'), ['us-west-2', 'us-west-1', 'us-east-1']],
    ['a list of those that are shut out', GeoRestriction.denylist('IE'), ['us-west-2', 'ap-southeast-1', 'sa-east-1']],
  ])('the checkers are those that are answered: %s', (_, restriction, regions) => {
    expect(checkerRegions(restriction)).toEqual(regions);
  });

  const restricted = { monitoring: {}, edge: { geoRestriction: GeoRestriction.allowlist('KE') } };

  test('that shuts them out there are no checks, and a warning says what is heard instead', () => {
    expect(checkedHosts(restricted)).toEqual([]);
    expect(warnings(deploy(restricted).stack)['cdk-oky-backend:noOutsideChecks']).toMatch(
      /^edge\.geoRestriction blocks the health checkers of Route 53, .* allow three of the countries IE, US, SG, BR, JP, AU, or check/);
    expect(warnings(deploy({ ...restricted, monitoring: undefined }).stack)).not.toHaveProperty(['cdk-oky-backend:noOutsideChecks']);
  });

  test('silence is what is far below the usual number of requests', () => {
    watch(restricted).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'project-oky-silence',
      ComparisonOperator: 'LessThanLowerThreshold',
      EvaluationPeriods: 4,
      Threshold: Match.absent(),
      Metrics: Match.arrayWith([Match.objectLike({ Expression: Match.stringLikeRegexp('^ANOMALY_DETECTION_BAND\\(.*, 3\\)$') })]),
    });
    const prices = (overrides: Overrides) => OkyCostEstimate.fromStack(deploy(overrides).stack).lines.find(({ kind }) => kind === 'alarms')!.quantity;
    // The band counts as three metrics, and two alarms on checks are not there.
    expect(prices(restricted) - prices({ monitoring: {} })).toBe(0);
  });
});

describe('silence', () => {
  test('is no request at all, where the checks are some', () => {
    watch({ monitoring: {} }).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'project-oky-silence', ComparisonOperator: 'LessThanThreshold', Threshold: 1, EvaluationPeriods: 3, TreatMissingData: 'breaching',
    });
  });
});

describe('a release', () => {
  const serviceOf = (overrides: Overrides, name: string) => Object.values(Template.fromStack(deploy(overrides).stack)
    .findResources('AWS::ECS::Service', { Properties: { ServiceName: `project-oky-ecs-${name}-task-service` } }))[0];

  test.each(['api', 'cms'])('of the %s that answers with 5xx is rolled back by its alarm', name => {
    const { Properties, DependsOn } = serviceOf({ monitoring: {} }, name);
    expect(Properties.DeploymentConfiguration).toMatchObject({
      Alarms: { AlarmNames: [`project-oky-${name}-server-errors`], Enable: true, Rollback: true }, BakeTimeInMinutes: 10,
    });
    expect(DependsOn).toContainEqual(expect.stringMatching(/^OkyMonitoringAlarms\w+ServerErrors/));
  });

  test('of a service without an image waits for no alarm, and none does without monitoring', () => {
    for (const overrides of [{ monitoring: {}, api: { imageTag: undefined } }, {}]) {
      const configuration = serviceOf(overrides, 'api').Properties.DeploymentConfiguration;
      expect([configuration.Alarms, configuration.BakeTimeInMinutes]).toEqual([undefined, undefined]);
    }
  });
});
