import { Match, Template } from 'aws-cdk-lib/assertions';
import { EVERY_ALARM } from '../../scripts/deployments/matrix';
import { OkyEgress, type OkyMonitoringOptions } from '../../src';
import { documentsOf } from '../../src/private/documents';
import { deploy, type Overrides, templateOf, usEast1Templates } from '../helpers';

const WATCH = 'project-oky-edge-watch';
const edge = (overrides: Overrides) => usEast1Templates(deploy(overrides).stack)[WATCH];

interface Rule {
  readonly EventPattern: { readonly resources?: unknown[]; readonly detail: Record<string, unknown> };
  readonly Targets?: { readonly InputTransformer: { readonly InputTemplate: string; readonly InputPathsMap: Record<string, string> } }[];
}

function rulesOf(template: Template, source: string): Rule[] {
  return Object.values(template.findResources('AWS::Events::Rule', { Properties: { EventPattern: { source: [source] } } })).map(({ Properties }) => Properties as Rule);
}

function ruleOf(template: Template, detailType: string): Rule {
  const rules = Object.values(template.findResources('AWS::Events::Rule')).map(({ Properties }) => Properties as Rule & { EventPattern: { 'detail-type': string[] } });
  return rules.find(({ EventPattern }) => EventPattern['detail-type'].includes(detailType))!;
}

const textOf = ({ Targets }: Rule) => JSON.parse(Targets![0].InputTransformer.InputTemplate) as string;

describe('a task that stops', () => {
  const template = templateOf({ monitoring: {} });

  test('is counted, whatever its exit code, and not told one by one', () => {
    const { EventPattern, Targets } = ruleOf(template, 'ECS Task State Change');
    expect(EventPattern.detail).toEqual({
      clusterArn: [{ 'Fn::GetAtt': [expect.stringMatching(/^OkyCluster/), 'Arn'] }],
      lastStatus: ['STOPPED'],
      group: [{ prefix: 'service:' }],
      stopCode: ['EssentialContainerExited', 'TaskFailedToStart'],
    });
    expect(Targets).toBeUndefined();
  });

  test.each([['tasks-stopped', 'TaskStopped'], ['tasks-not-placed', 'ServiceImpaired']])('alarms once for a loop: %s', (name, rule) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `project-oky-${name}`,
      Namespace: 'AWS/Events',
      MetricName: 'TriggeredRules',
      Dimensions: [{ Name: 'RuleName', Value: { Ref: Match.stringLikeRegexp(`^OkyMonitoringEvents${rule}`) } }],
      Period: 900,
      EvaluationPeriods: 4,
      DatapointsToAlarm: 1,
      Threshold: 1,
    });
  });

  test('because there is no capacity, or because it can\'t start, is counted by the service\'s own events', () => {
    expect(ruleOf(template, 'ECS Service Action').EventPattern.detail).toMatchObject({
      eventName: ['SERVICE_TASK_PLACEMENT_FAILURE', 'SERVICE_TASK_CONFIGURATION_FAILURE', 'SERVICE_TASK_START_IMPAIRED'],
    });
  });
});

describe('a message', () => {
  const template = templateOf({ monitoring: {}, database: { backupPlan: {} } });

  test('is sent for a deployment that failed', () => {
    const rule = ruleOf(template, 'ECS Deployment State Change');
    expect(rule.EventPattern.resources).toEqual([{ Ref: expect.stringMatching(/^OkyApiService/) }, { Ref: expect.stringMatching(/^OkyCmsService/) }]);
    expect(rule.EventPattern.detail).toEqual({ eventName: ['SERVICE_DEPLOYMENT_FAILED'] });
    expect(textOf(rule)).toMatch(/^Oky project-oky: a deployment of a service failed\. .* See why: https:.*#a-release-is-rolled-back$/);
  });

  test('is sent for high and critical findings in either repository', () => {
    expect(ruleOf(template, 'ECR Image Scan').EventPattern.detail).toEqual({
      'scan-status': ['COMPLETE'],
      'repository-name': [{ Ref: expect.stringMatching(/^OkyApiRepository/) }, { Ref: expect.stringMatching(/^OkyCmsRepository/) }],
      'finding-severity-counts': { $or: [{ CRITICAL: [{ numeric: ['>', 0] }] }, { HIGH: [{ numeric: ['>', 0] }] }] },
    });
  });

  test('is sent for what RDS tells of the cluster and its instances, but not when it pauses', () => {
    const { EventCategories, SourceArn } = ruleOf(template, 'RDS DB Cluster Event').EventPattern.detail as { EventCategories: string[]; SourceArn: unknown[] };
    expect(EventCategories).toEqual(expect.arrayContaining(['failure', 'failover', 'deletion', 'maintenance']));
    expect(EventCategories).not.toEqual(expect.arrayContaining(['notification']));
    expect(JSON.stringify(SourceArn)).toMatch(/:cluster:".*OkyDatabaseCluster.*:db:".*OkyDatabaseClusterWriter/);
  });

  test('is sent for a backup and a copy that fail, where there is a backup plan', () => {
    expect(ruleOf(template, 'Copy Job State Change').EventPattern.detail).toEqual({ state: ['ABORTED', 'EXPIRED', 'FAILED', 'PARTIAL'], resourceType: ['Aurora'] });
    expect(rulesOf(templateOf({ monitoring: {} }), 'aws.backup')).toEqual([]);
  });

  test('is sent when the key is disabled or scheduled for deletion', () => {
    expect(ruleOf(template, 'AWS API Call via CloudTrail').EventPattern.detail).toEqual({
      eventSource: ['kms.amazonaws.com'],
      eventName: ['DisableKey', 'ScheduleKeyDeletion'],
      resources: { ARN: [{ 'Fn::GetAtt': [expect.stringMatching(/^OkyEncryption/), 'Arn'] }] },
    });
  });

  test('is sent for AWS\'s incidents: regional services here, global ones in us-east-1, none twice', () => {
    const services = [template, edge({ monitoring: {} })].map(each => ruleOf(each, 'AWS Health Event').EventPattern.detail.service as string[]);
    expect(services[0]).toEqual(expect.arrayContaining(['RDS', 'ECS', 'KMS', 'NATGATEWAY']));
    expect(services[1]).toEqual(expect.arrayContaining(['CLOUDFRONT', 'ROUTE53', 'WAF']));
    expect(services[0].filter(name => services[1].includes(name))).toEqual([]);
  });

  test('is sent for a certificate that needs a person, in both regions', () => {
    for (const [each, region] of [[template, 'eu-west-2'], [edge({ monitoring: {} }), 'us-east-1']] as const) {
      expect(ruleOf(each, 'ACM Certificate Expired').EventPattern.resources).toEqual([expect.stringContaining(`:acm:${region}:`)]);
    }
  });

  test('is sent for unusual costs, from 10 USD on', () => {
    expect(ruleOf(edge({ monitoring: {} }), 'Anomaly Detected').EventPattern.detail).toEqual({ impact: { totalImpact: [{ numeric: ['>=', 10] }] } });
  });

  test('is a text for a mail, and of the form that Slack takes where Slack reads it', () => {
    const written = (monitoring: OkyMonitoringOptions) => ruleOf(templateOf({ monitoring }), 'ECR Image Scan').Targets![0].InputTransformer.InputTemplate;
    expect(JSON.parse(written({}))).toMatch(/^Oky project-oky: an image has flaws of high or critical severity\. The image </);
    expect(JSON.parse(written(EVERY_ALARM))).toMatchObject({ version: '1.0', source: 'custom', content: { textType: 'client-markdown', title: expect.stringMatching(/^Oky project-oky: /) } });
  });

  test('has no reason in AWS\'s words, whose quotes would break it', () => {
    for (const each of [template, edge({ monitoring: {} })]) {
      const paths = Object.values(each.findResources('AWS::Events::Rule'))
        .flatMap(({ Properties }) => Object.values(((Properties as Rule).Targets?.[0].InputTransformer.InputPathsMap) ?? {}));
      expect(paths.length).toBeGreaterThan(5);
      expect(paths.filter(path => /reason|message|description/i.test(path))).toEqual([]);
    }
  });

  test('is published with a role that can do nothing else', () => {
    const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy', { Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^OkyMonitoringEventsRole') }] } }));
    expect(policy.Properties.PolicyDocument.Statement.map(({ Action }: { Action: string }) => Action)).toEqual(['sns:Publish']);
  });
});

describe('the runbook that a message leads to', () => {
  const repository = { url: 'https://github.com/oky/backend' };

  test('is that of the installed version', () => {
    expect(documentsOf({ version: '1.4.0', repository })).toBe('https://github.com/oky/backend/blob/v1.4.0/docs');
  });

  test('is the newest one in a checkout, which has no version', () => {
    expect(documentsOf({ version: '0.0.0', repository })).toBe('https://github.com/oky/backend/blob/main/docs');
  });
});

describe('a NAT instance', () => {
  test('that does not work is told', () => {
    templateOf({ monitoring: {}, network: { egress: OkyEgress.natInstance() } }).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'project-oky-nat-instance',
      MetricName: 'StatusCheckFailed',
      TreatMissingData: 'breaching',
      Dimensions: [{ Name: 'InstanceId', Value: { Ref: Match.stringLikeRegexp('NatInstance') } }],
    });
  });
});
