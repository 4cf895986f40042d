import * as fs from 'fs';
import * as path from 'path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CfnParameter, Lazy, Stack } from 'aws-cdk-lib/core';
import { EVERY_ALARM } from '../../scripts/deployments/matrix';
import { alarmsOf, periodOf, runbookOf } from '../../scripts/docs/alarms';
import { OkyBackend, OkyEgress, OkyWafMode, type OkyMonitoringOptions } from '../../src';
import { mostConnections } from '../../src/monitoring/database-alarms';
import { ACCOUNT, usEast1Templates, deploy, makeStack, messageOf, type Overrides, type StackOptions, templateOf, validProps } from '../helpers';

const WATCH = 'project-oky-edge-watch';
const OWN_KEY = 'arn:aws:kms:eu-west-2:111122223333:key/11111111-2222-3333-4444-555555555555';
const namesOf = (overrides: Overrides) => alarmsOf(overrides).map(({ properties }) => properties.AlarmName);
const companion = (overrides: Overrides, options?: StackOptions) => usEast1Templates(deploy(overrides, options).stack)[WATCH];
const ownTopic = (region = 'eu-west-2') => (stack: Stack) => sns.Topic.fromTopicArn(stack, 'OwnTopic', `arn:aws:sns:${region}:${ACCOUNT}:own`);

describe('the alarms', () => {
  const alarms = alarmsOf();

  test('are all there', () => {
    const service = ['cpu', 'memory', 'tasks', 'unhealthy', 'server-errors', 'connection-errors', 'response-time', 'logged-errors'];
    expect(alarms.map(({ region, properties }) => `${region} ${properties.AlarmName.replace(/^project-oky-/, '')}`).sort()).toEqual([
      ...service.map(name => `eu-west-2 api-${name}`),
      ...service.map(name => `eu-west-2 cms-${name}`),
      ...['cpu', 'memory', 'connections', 'capacity', 'never-pauses'].map(name => `eu-west-2 database-${name}`),
      ...['load-balancer-errors', 'certificate', 'tasks-stopped', 'tasks-not-placed'].map(name => `eu-west-2 ${name}`),
      ...['api-outside', 'cms-outside', 'silence', 'cloud-front-errors', 'cloud-front-refusals', 'firewall-blocks', 'edge-certificate'].map(name => `us-east-1 ${name}`),
    ].sort());
  });

  const runbookPage = fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'runbooks', 'incident.md'), 'utf8');
  const anchors = [...runbookPage.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-'));

  test.each(alarms.map(({ properties }) => [properties.AlarmName, properties] as const))('%s says what to do, and where it is written', (_, properties) => {
    const [text] = properties.AlarmDescription.split(' Runbook: ');
    expect(text).toMatch(/^[A-Z].*\. .*\.$/);
    expect(properties.AlarmDescription.length).toBeLessThanOrEqual(1024);
    const [page, anchor] = runbookOf(properties).split('#');
    expect(page).toBe('https://github.com/cdk-oky-backend/cdk-oky-backend/blob/main/docs/runbooks/incident.md');
    expect(anchors).toContain(anchor);
  });

  test('every section of the runbook is what an alarm or an event leads to', () => {
    const everything = { waf: {}, monitoring: EVERY_ALARM, database: { backupPlan: {} }, network: { egress: OkyEgress.natInstance() } };
    const assembly = JSON.stringify([templateOf(everything), companion(everything)].map(each => each.toJSON()));
    const linked = new Set([...assembly.matchAll(/incident\.md#([\w-]+)/g)].map(([, anchor]) => anchor));
    expect([...linked].sort()).toEqual([...anchors].sort());
  });

  test.each(alarms.map(({ properties }) => [properties.AlarmName, properties] as const))('%s notifies the topic when it begins and when it ends', (_, properties) => {
    expect(properties.AlarmActions).toHaveLength(1);
    expect(properties.OKActions).toEqual(properties.AlarmActions);
  });

  test('missing data are no alarm, but for what must always report, and keep that of an expired certificate', () => {
    const treatments = alarms.filter(({ properties }) => properties.TreatMissingData !== 'notBreaching')
      .map(({ properties }) => `${properties.AlarmName} ${properties.TreatMissingData}`);
    expect(treatments.sort()).toEqual([
      'project-oky-api-outside breaching', 'project-oky-api-tasks breaching', 'project-oky-certificate ignore', 'project-oky-cms-outside breaching',
      'project-oky-cms-tasks breaching', 'project-oky-edge-certificate ignore', 'project-oky-silence breaching',
    ]);
  });

  test('CloudWatch can evaluate them: no more than a day, or a week of hours', () => {
    for (const { properties } of alarms) {
      const period = periodOf(properties);
      expect(period * properties.EvaluationPeriods).toBeLessThanOrEqual(period >= 3600 ? 7 * 86_400 : 86_400);
    }
  });

  test('have no clash with those of another deployment in account and region', () => {
    const other = namesOf({ namePrefix: 'oky-kenya', waf: {}, monitoring: EVERY_ALARM });
    expect(other.filter(name => alarms.some(({ properties }) => properties.AlarmName === name))).toEqual([]);
    const stack = makeStack();
    for (const namePrefix of ['oky-kenya', 'oky-mongolia']) {
      const props = validProps(new Stack(stack, `${namePrefix}-props`, { env: { account: ACCOUNT, region: 'eu-west-2' } }));
      new OkyBackend(stack, namePrefix, { ...props, namePrefix, monitoring: {} });
    }
    const template = Template.fromStack(stack);
    for (const [type, name] of [['AWS::SNS::Topic', 'TopicName'], ['AWS::CloudWatch::Dashboard', 'DashboardName'], ['AWS::CloudWatch::Alarm', 'AlarmName']]) {
      const names = Object.values(template.findResources(type)).map(({ Properties }) => Properties[name]);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe('a service', () => {
  test('without an image is not missed', () => {
    const names = namesOf({ api: { imageTag: undefined }, monitoring: {} });
    expect(names).not.toContain('project-oky-api-tasks');
    expect(names).toContain('project-oky-cms-tasks');
  });

  test('that is meant to run no task is not missed', () => {
    expect(namesOf({ cms: { desiredCount: 0 }, monitoring: {} })).not.toContain('project-oky-cms-tasks');
  });

  test('that scales is missed where none runs', () => {
    expect(namesOf({ scaling: {}, monitoring: {} })).toContain('project-oky-api-tasks');
  });

  test('has its errors counted in its own log', () => {
    const template = templateOf({ monitoring: {} });
    for (const [group, metric] of [['OkyApiLog', 'APIErrors'], ['OkyCmsLog', 'CMSErrors']]) {
      template.hasResourceProperties('AWS::Logs::MetricFilter', {
        LogGroupName: { Ref: Match.stringLikeRegexp(`^${group}`) },
        FilterPattern: '?"Error" ?"UnhandledPromiseRejection" ?"error Command failed"',
        MetricTransformations: [{ MetricNamespace: 'Oky/project-oky', MetricName: metric, MetricValue: '1' }],
      });
    }
  });
});

describe('the database', () => {
  const threshold = (name: string, overrides: Overrides) =>
    alarmsOf(overrides).find(({ properties }) => properties.AlarmName === `project-oky-database-${name}`)?.properties.Threshold;
  const settings = (minCapacity: number, maxCapacity: number) => ({ minCapacity, maxCapacity }) as Parameters<typeof mostConnections>[0];

  // The table of the user guide, and its limits.
  test.each([[0, 1, 189], [0.5, 4, 823], [0.5, 8, 1669], [1, 16, 3360], [0.5, 16, 2000], [0, 256, 2000], [1, 32, 5000], [1, 256, 5000]])(
    'from %d to %d units takes %d connections', (min, max, connections) => {
      expect(mostConnections(settings(min, max))).toBe(connections);
    });

  test('alarms before its connections are used up', () => {
    expect(threshold('connections', { monitoring: {} })).toBe(151);
    expect(threshold('connections', { database: { maxCapacity: 8 }, monitoring: {} })).toBe(1335);
  });

  test('alarms at a twentieth of its memory', () => {
    expect(threshold('memory', { monitoring: {} })).toBe(Math.floor(2 * 1024 ** 3 / 20));
    expect(threshold('memory', { database: { maxCapacity: 8 }, monitoring: {} })).toBe(Math.floor(16 * 1024 ** 3 / 20));
  });

  test('is expected to pause only where it can', () => {
    expect(threshold('never-pauses', { monitoring: {} })).toBe(0.5);
    expect(threshold('never-pauses', { database: { minCapacity: 0.5 }, monitoring: {} })).toBeUndefined();
  });

  test('of provisioned instances has no capacity to watch', () => {
    const names = namesOf({ database: { instanceType: new ec2.InstanceType('r6g.large') }, monitoring: {} });
    expect(names.filter(name => name.startsWith('project-oky-database'))).toEqual(
      ['project-oky-database-cpu', 'project-oky-database-memory', 'project-oky-database-connections']);
  });

  test('of a capacity known at deployment only has the limits of the smallest', () => {
    const overrides = (stack: Stack) => ({ database: { maxCapacity: new CfnParameter(stack, 'Most', { type: 'Number', default: 4 }).valueAsNumber }, monitoring: {} });
    expect(threshold('connections', overrides)).toBe(151);
    expect(threshold('memory', overrides)).toBe(Math.floor(2 * 1024 ** 3 / 20));
  });
});

describe('the topic', () => {
  const all = { waf: {}, monitoring: EVERY_ALARM };
  const fromAccount = (principal: string) => Match.objectLike({
    Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: principal }, Condition: Match.objectLike({ StringEquals: { 'aws:SourceAccount': ACCOUNT } }),
  });
  const allowed = (template: Template) => Object.values(template.findResources('AWS::SNS::TopicPolicy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Effect: string; Principal: { Service: string } }[])
    .filter(({ Effect }) => Effect === 'Allow').map(({ Principal }) => Principal.Service);

  test('does not depend on the deployment\'s key: a key that is disabled must not silence the alarms about it', () => {
    const template = templateOf(all);
    template.hasResourceProperties('AWS::SNS::Topic', { TopicName: 'project-oky-alarms', KmsMasterKeyId: Match.absent() });
    expect(JSON.stringify(template.findResources('AWS::KMS::Key'))).not.toMatch(/cloudwatch|budgets/);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', { PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([fromAccount('cloudwatch.amazonaws.com')]) }) });
  });

  test('lets in who publishes to it, and nobody else', () => {
    expect(allowed(templateOf(all))).toEqual(['cloudwatch.amazonaws.com']);
    expect(allowed(companion(all))).toEqual(['cloudwatch.amazonaws.com', 'budgets.amazonaws.com']);
    expect(allowed(companion({ monitoring: {} }))).toEqual(['cloudwatch.amazonaws.com']);
    expect(allowed(templateOf(all, { region: 'us-east-1' }))).toEqual(['cloudwatch.amazonaws.com', 'budgets.amazonaws.com']);
  });

  test('refuses what is not encrypted on its way, in both regions', () => {
    for (const template of [templateOf(all), companion(all)]) {
      template.hasResourceProperties('AWS::SNS::TopicPolicy', {
        PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) }),
      });
    }
  });

  test('in us-east-1 itself is one, and hears CloudFront and the budget', () => {
    const { stack } = deploy(all, { region: 'us-east-1' });
    const template = Template.fromStack(stack);
    expect(usEast1Templates(stack)).toEqual({});
    template.resourceCountIs('AWS::SNS::Topic', 1);
    const [topic] = Object.keys(template.findResources('AWS::SNS::Topic'));
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: topic }] });
    template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', { SnsTopicArns: [{ Ref: topic }] });
    // One certificate serves both there.
    expect(Object.values(template.findResources('AWS::CloudWatch::Alarm', { Properties: { MetricName: 'DaysToExpiry' } }))).toHaveLength(1);
  });

  test('in us-east-1, beside the deployment, has the same subscribers', () => {
    for (const template of [templateOf(all), companion(all)]) {
      template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@okyapp.info' });
    }
    companion(all).hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      // Another workspace replaces it.
      ConfigurationName: Match.stringLikeRegexp('^project-oky-alarms-T'),
      SnsTopicArns: [{ 'Fn::GetStackOutput': { StackName: 'Oky', OutputName: 'OkyAlarmTopicArn', Region: 'eu-west-2' } }, { Ref: Match.stringLikeRegexp('^MonitoringTopic') }],
      GuardrailPolicies: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AWSDenyAll']] }],
    });
  });

  test('of one\'s own is used as it is, and the key\'s policy stays as it was', () => {
    const { stack, backend } = deploy(scope => ({ monitoring: { alarmTopic: ownTopic()(scope) } }));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SNS::Topic', 0);
    template.resourceCountIs('AWS::SNS::TopicPolicy', 0);
    expect(backend.alarmTopic!.topicArn).toBe('arn:aws:sns:eu-west-2:111122223333:own');
    expect(JSON.stringify(template.findResources('AWS::KMS::Key'))).not.toContain('cloudwatch');
  });

  test('of one\'s own under a key lets events be published with it', () => {
    const template = templateOf(stack => ({
      monitoring: { alarmTopic: sns.Topic.fromTopicAttributes(stack, 'Own', { topicArn: `arn:aws:sns:eu-west-2:${ACCOUNT}:own`, keyArn: OWN_KEY }) },
    }));
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: OWN_KEY })]) }),
    });
  });
});

describe('the capacity of the database', () => {
  // At 1 it is at 100 % in ordinary use. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
  test.each([[undefined, false], [1, false], [1.5, true], [8, true]])('has an alarm at a maximum of %s: %s', (maxCapacity, expected) => {
    expect(namesOf({ database: { maxCapacity }, monitoring: {} }).includes('project-oky-database-capacity')).toBe(expected);
  });

  test('has an alarm where the maximum is known at deployment', () => {
    expect(namesOf({ database: { maxCapacity: Lazy.number({ produce: () => 4 }) }, monitoring: {} })).toContain('project-oky-database-capacity');
  });
});

describe('CloudFront and firewall', () => {
  test.each<[string, Overrides, boolean]>([
    ['without a firewall', { monitoring: {} }, false],
    ['with one', { waf: {}, monitoring: {} }, true],
    ['with one that only counts', { waf: { mode: OkyWafMode.COUNT }, monitoring: {} }, false],
    ['with an own web ACL', { waf: { webAclArn: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/own/11111111-2222-3333-4444-555555555555` }, monitoring: {} }, false],
  ])('%s', (_, overrides, blocks) => {
    expect(namesOf(overrides).includes('project-oky-firewall-blocks')).toBe(blocks);
    expect(namesOf(overrides)).toContain('project-oky-cloud-front-errors');
  });

  test('the metric of the firewall is that of its web ACL', () => {
    const templates = usEast1Templates(deploy({ waf: {}, monitoring: {} }).stack);
    templates['project-oky-edge'].hasResourceProperties('AWS::WAFv2::WebACL', { VisibilityConfig: Match.objectLike({ MetricName: 'project-oky-WebAcl' }) });
    templates[WATCH].hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'project-oky-firewall-blocks',
      Metrics: [Match.objectLike({ MetricStat: Match.objectLike({ Metric: Match.objectLike({ Dimensions: Match.arrayWith([{ Name: 'WebACL', Value: 'project-oky-WebAcl' }]) }) }) })],
    });
  });

  test('a certificate made in the hosted zone is watched from there', () => {
    const watch = companion(stack => ({
      hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789', zoneName: 'okyapp.info' }),
      certificate: undefined,
      edgeCertificate: undefined,
      monitoring: {},
    }));
    watch.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'project-oky-edge-certificate',
      Dimensions: [{ Name: 'CertificateArn', Value: { 'Fn::GetStackOutput': { StackName: 'project-oky-edge', OutputName: 'CertificateArn', Region: 'us-east-1' } } }],
    });
  });
});

describe('the dashboard', () => {
  interface Widget { readonly type: string; readonly properties: { readonly markdown?: string; readonly region?: unknown; readonly title?: string } }

  function widgets(overrides: Overrides, options?: StackOptions): Widget[] {
    const [{ Properties }] = Object.values(templateOf(overrides, options).findResources('AWS::CloudWatch::Dashboard'));
    // With a word in the place of each reference, of which the region of the stack is one.
    const body = (Properties.DashboardBody['Fn::Join'][1] as unknown[]).map(part => typeof part === 'string' ? part : 'reference').join('');
    return (JSON.parse(body) as { widgets: Widget[] }).widgets;
  }

  const headings = (found: Widget[]) => found.flatMap(({ properties }) => /^## (.*)$/m.exec(properties.markdown ?? '')?.[1] ?? []);

  test('follows the way of a request', () => {
    expect(headings(widgets({ waf: {}, monitoring: {} }))).toEqual(['CloudFront', 'Firewall', 'Load balancer', 'API', 'CMS', 'Database', 'Logs']);
    expect(headings(widgets({ monitoring: {} }))).toEqual(['CloudFront', 'Load balancer', 'API', 'CMS', 'Database', 'Logs']);
  });

  test('shows CloudFront and firewall as us-east-1 has them, and the rest as its own region', () => {
    const graphs = widgets({ waf: {}, monitoring: {} }).filter(({ type }) => type === 'metric');
    expect(graphs.map(({ properties }) => properties.region)).toEqual([...Array(3).fill('us-east-1'), ...Array(graphs.length - 3).fill('reference')]);
  });

  test('is left out by choice', () => {
    const { backend } = deploy({ monitoring: { dashboard: false } });
    expect(backend.dashboard).toBeUndefined();
    expect(backend.alarmTopic).toBeDefined();
  });
});

describe('the budget', () => {
  test('notifies of what is spent and of what is forecast', () => {
    const watch = companion({ monitoring: { monthlyBudgetUsd: 150.5 } });
    const [budget] = Object.values(watch.findResources('AWS::Budgets::Budget'));
    // Without a name, as other notifications replace it.
    expect(budget.Properties.Budget).toEqual({ BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 150.5, Unit: 'USD' } });
    interface Notified { readonly Notification: { readonly NotificationType: string; readonly Threshold: number }; readonly Subscribers: unknown[] }
    const notifications = budget.Properties.NotificationsWithSubscribers as Notified[];
    const when = notifications.map(({ Notification: { NotificationType, Threshold } }) => [NotificationType, Threshold]);
    expect(when).toEqual([['ACTUAL', 80], ['ACTUAL', 100], ['FORECASTED', 100]]);
    for (const { Subscribers } of notifications) {
      expect(Subscribers).toEqual([{ SubscriptionType: 'SNS', Address: { Ref: expect.stringMatching(/^MonitoringTopic/) } }]);
    }
    expect(budget.DependsOn).toContainEqual(expect.stringMatching(/^MonitoringTopicPolicy/));
  });
});

describe('off', () => {
  test('there is none of it', () => {
    const { stack, backend } = deploy();
    expect([backend.alarmTopic, backend.dashboard]).toEqual([undefined, undefined]);
    expect(usEast1Templates(stack)).toEqual({});
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toMatch(/AWS::(CloudWatch|SNS|Events|Budgets|Chatbot)::|cloudwatch\.amazonaws\.com/);
  });
});

describe('what is refused', () => {
  type Given = OkyMonitoringOptions | ((stack: Stack) => OkyMonitoringOptions);
  const message = (monitoring: Given, options?: StackOptions) => messageOf(() => deploy(stack => ({
    monitoring: typeof monitoring === 'function' ? monitoring(stack) : monitoring, network: { cloudFrontPrefixListId: 'pl-12345678' },
  }), options));

  test.each(['', 'ops', 'ops@', 'ops@localhost', '@okyapp.info', 'ops@okyapp.info, it@okyapp.info', 'Ops <ops@okyapp.info>'])('the address \'%s\'', alarmEmail => {
    expect(message({ alarmEmail })).toBe(`monitoring.alarmEmail must be one e-mail address, got: '${alarmEmail}'; use one such as 'ops@okyapp.info'`);
  });

  test('an address and a topic', () => {
    expect(message(stack => ({ alarmEmail: 'ops@okyapp.info', alarmTopic: ownTopic()(stack) }))).toBe(
      "monitoring.alarmEmail can't be combined with monitoring.alarmTopic; subscribe the address to that topic, or leave one of the two out");
  });

  test('a topic elsewhere, or one that keeps the order', () => {
    expect(message(stack => ({ alarmTopic: ownTopic('us-east-1')(stack) }))).toMatch(
      /^monitoring\.alarmTopic must be a standard topic in the region of the stack, .*, got: 'arn:aws:sns:us-east-1:111122223333:own'; /);
    expect(message(stack => ({ alarmTopic: sns.Topic.fromTopicArn(stack, 'Fifo', `arn:aws:sns:eu-west-2:${ACCOUNT}:own.fifo`) }))).toMatch(/^monitoring\.alarmTopic must be a standard topic/);
  });

  test('a workspace without a channel, and a channel without a workspace', () => {
    expect(message({ slackWorkspaceId: 'T0123' })).toBe(
      "monitoring.slackWorkspaceId can't be combined with no monitoring.slackChannelId; a channel is known by both: give the channel, or leave it out");
    expect(message({ slackChannelId: 'C0123' })).toBe(
      "monitoring.slackChannelId can't be combined with no monitoring.slackWorkspaceId; a channel is known by both: give the workspace, or leave it out");
  });

  test('a workspace of an enterprise is taken', () => {
    expect(() => deploy({ monitoring: { slackWorkspaceId: 'E0123', slackChannelId: 'G0123' } })).not.toThrow();
  });

  test.each([['slackWorkspaceId', 'C0123'], ['slackWorkspaceId', 'oky'], ['slackChannelId', 'T0123'], ['slackChannelId', '#alarms']])('%s \'%s\'', (prop, value) => {
    expect(message({ slackWorkspaceId: 'T0123', slackChannelId: 'C0123', [prop]: value })).toMatch(new RegExp(`^monitoring\\.${prop} must be the id of a Slack .*, got: '${value}'; find it`));
  });

  test.each([0, -1, NaN, Infinity])('a budget of %d', monthlyBudgetUsd => {
    expect(message({ monthlyBudgetUsd })).toBe(
      `monitoring.monthlyBudgetUsd must be above 0, got: ${monthlyBudgetUsd}; give the USD a month that the account may cost, such as 150`);
  });

  test('all of it in an env-agnostic stack', () => {
    expect(message({}, { envAgnostic: true })).toBe("monitoring can't be combined with an env-agnostic stack; its outputs can't be read from us-east-1: "
      + 'give it an env with account and region, or leave monitoring out');
  });

  test('a value that a stack in another region can\'t know, but for us-east-1 itself', () => {
    const address = (stack: Stack) => ({ alarmEmail: new CfnParameter(stack, 'Mail').valueAsString });
    expect(message(address)).toBe('monitoring.alarmEmail must be known at synthesis, as a stack in us-east-1 uses it too, got: a token; give the value, or one from the app\'s context');
    expect(() => deploy(stack => ({ monitoring: address(stack) }), { region: 'us-east-1' })).not.toThrow();
  });
});
