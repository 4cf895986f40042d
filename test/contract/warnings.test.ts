import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Annotations, DefaultStackSynthesizer, Duration, type Stack, Tags } from 'aws-cdk-lib/core';
import { OkyEgress, OkyEndpoints, OkyOriginAccess, type OkyServiceOptions } from '../../src';
import { ACCOUNT, deploy, type Overrides, REGION, type StackOptions, warnings } from '../helpers';

type Kind = 'isolated' | 'private';
const importVpc = (stack: Stack, ...kinds: Kind[]) => ec2.Vpc.fromVpcAttributes(stack, 'OwnVpc', {
  vpcId: 'vpc-11112222',
  availabilityZones: ['eu-west-2a', 'eu-west-2b'],
  publicSubnetIds: ['subnet-1a', 'subnet-1b'],
  publicSubnetRouteTableIds: ['rtb-1a', 'rtb-1b'],
  ...Object.fromEntries(kinds.flatMap(kind => [
    [`${kind}SubnetIds`, [`subnet-${kind}-a`, `subnet-${kind}-b`]],
    [`${kind}SubnetRouteTableIds`, [`rtb-${kind}-a`, `rtb-${kind}-b`]],
  ])),
});
/** Push messages work: a way out, and credentials in an image of one's own. */
const QUIET = {
  network: { egress: OkyEgress.natGateway() },
  cms: { environment: { GOOGLE_APPLICATION_CREDENTIALS: '/usr/src/app/firebase.json' } },
};

/** What brings the warning about, and nothing else. Consumers acknowledge by these ids: they don't change. */
const WARNINGS: Record<string, [Overrides, StackOptions?]> = {
  'noImage:api': [{ ...QUIET, api: { imageTag: undefined } }],
  'noImage:cms': [{ ...QUIET, cms: { ...QUIET.cms, imageTag: undefined } }],
  'sessions:api': [{ ...QUIET, api: { enableExecuteCommand: true } }],
  'sessions:cms': [{ ...QUIET, cms: { ...QUIET.cms, enableExecuteCommand: true } }],
  'databaseUnverified': [QUIET, { region: 'il-central-1' }],
  'noEgress': [{}],
  'noGoogleCredentials': [{ network: QUIET.network }],
  'githubIds': [{ ...QUIET, operators: { githubRepository: 'oky-kenya/deployment' } }],
  'neverPauses': [{ ...QUIET, database: { minCapacity: 0.5, autoPause: Duration.minutes(10) } }],
  'healthCheckWakesDatabase:api': [{ ...QUIET, api: { healthCheckPath: '/health' } }],
  'healthCheckWakesDatabase:cms': [{ ...QUIET, cms: { ...QUIET.cms, healthCheckPath: '/health' } }],
  'noDataApi': [{ ...QUIET, database: { dataApi: true } }, { region: 'ap-southeast-4' }],
  'snapshotMustStay': [{ ...QUIET, database: { snapshotIdentifier: 'before-migration' } }],
  'importedKeyPolicy': [stack => ({
    ...QUIET, encryptionKey: kms.Key.fromKeyArn(stack, 'OwnKey', `arn:aws:kms:${REGION}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`),
  })],
  'unheardAlarms': [{ ...QUIET, monitoring: {} }],
  'endpointsInOneZone': [{ ...QUIET, highAvailability: true, network: { ...QUIET.network, endpoints: OkyEndpoints.ONE_ZONE } }],
  'bootstrapQualifier': [{ ...QUIET, waf: {}, edge: { synthesizer: new DefaultStackSynthesizer({ qualifier: 'other' }) } }],
  'stackTags': [stack => {
    Tags.of(stack).add('team', 'oky');
    return { ...QUIET, network: { ...QUIET.network, originAccess: OkyOriginAccess.VPC_ORIGIN } };
  }],
  'routedSubnets': [stack => ({ network: { vpc: importVpc(stack, 'private') } })],
};

test.each(Object.entries(WARNINGS))('%s is said once, by that id', (id, [overrides, options]) => {
  expect(Object.keys(warnings(deploy(overrides, options).stack))).toEqual([`cdk-oky-backend:${id}`]);
});

test.each(Object.entries(WARNINGS))('%s can be acknowledged', (id, [overrides, options]) => {
  const { stack, backend } = deploy(overrides, options);
  Annotations.of(backend).acknowledgeWarning(`cdk-oky-backend:${id}`, 'we know');
  expect(warnings(stack)).toEqual({});
});

test.each<[string, Overrides]>([
  ['a deployment with egress, images and credentials', QUIET],
  ['an imported VPC with isolated and routed subnets', stack => ({ network: { vpc: importVpc(stack, 'isolated', 'private'), endpoints: OkyEndpoints.NONE } })],
  ['a VPC origin in a stack whose resources have tags, and not the stack', stack => {
    Tags.of(stack).add('team', 'oky', { excludeResourceTypes: ['aws:cdk:stack'] });
    return { ...QUIET, network: { ...QUIET.network, originAccess: OkyOriginAccess.VPC_ORIGIN } };
  }],
  ['the highly available one with everything on', { ...QUIET, highAvailability: true, scaling: {}, waf: {}, edge: { accessLogs: true }, monitoring: { alarmEmail: 'ops@okyapp.info' } }],
])('%s has none', (_, overrides) => {
  expect(warnings(deploy(overrides).stack)).toEqual({});
});

describe('noEgress', () => {
  test('is said of an imported VPC too, where the CMS has no routed subnets', () => {
    expect(warnings(deploy(stack => ({ network: { vpc: importVpc(stack, 'isolated') } })).stack)).toEqual({
      'cdk-oky-backend:noEgress': 'network.vpc has no routed private subnets, so the CMS has no way out: push messages and voice-over uploads, which need '
        + 'Google, fail, and it still reports a push message as sent; import the VPC with private subnets that are routed to a NAT if this deployment uses them',
    });
  });
});

describe('noGoogleCredentials', () => {
  const saying = (cms: OkyServiceOptions) => warnings(deploy({ network: { egress: OkyEgress.natInstance() }, cms }).stack);

  test('says what is missing', () => {
    expect(saying({})).toEqual({
      'cdk-oky-backend:noGoogleCredentials': 'network.egress gives the CMS a way out, but it has no credentials of Google: push messages and voice-over uploads '
        + 'fail, and it still reports a push message as sent; give cms.googleCredentials, or leave network.egress out',
    });
  });

  test('is not said where they are given', () => {
    const { stack } = deploy(own => ({
      network: { egress: OkyEgress.natInstance() }, cms: { googleCredentials: secretsmanager.Secret.fromSecretNameV2(own, 'Google', 'google') },
    }));
    expect(warnings(stack)).toEqual({});
  });

  test.each<[string, OkyServiceOptions]>([
    ['with a command of one\'s own', { command: [] }],
    ['with an environment file that is not checked', { environmentFileKey: 'cms.env' }],
  ])('nor %s, as they may be there', (_, cms) => {
    expect(saying(cms)).toEqual({});
  });

  test('nor without a way out, of which there is a warning', () => {
    expect(Object.keys(warnings(deploy({ network: { egress: OkyEgress.none() } }).stack))).toEqual(['cdk-oky-backend:noEgress']);
  });
});

describe('unheardAlarms', () => {
  const own = (stack: Stack) => sns.Topic.fromTopicArn(stack, 'Own', `arn:aws:sns:${stack.region}:${ACCOUNT}:own`);

  test('is said of CloudFront, which does not reach an own topic in another region', () => {
    const said = warnings(deploy(stack => ({ ...QUIET, monitoring: { alarmTopic: own(stack) } })).stack);
    expect(said['cdk-oky-backend:unheardAlarms']).toContain('monitoring.alarmTopic hears nothing of CloudFront');
  });

  test.each<[string, Overrides, StackOptions]>([
    ['with Slack', stack => ({ ...QUIET, monitoring: { alarmTopic: own(stack), slackWorkspaceId: 'T0', slackChannelId: 'C0' } }), {}],
    ['in us-east-1', stack => ({ ...QUIET, monitoring: { alarmTopic: own(stack) } }), { region: 'us-east-1' }],
  ])('is not said %s', (_, overrides, options) => {
    expect(warnings(deploy(overrides, options).stack)).toEqual({});
  });
});
