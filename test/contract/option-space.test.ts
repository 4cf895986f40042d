import * as fs from 'fs';
import * as path from 'path';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { type App, Duration, type Stack, Token } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { OPTIONS } from '../../scripts/catalogue/catalogue';
import {
  OkyBackend, type OkyBackendProps, OkyDatabaseLogin, type OkyDatabaseOptions, OkyEgress, OkyEndpoints, type OkyMonitoringOptions,
  type OkyNetworkOptions, OkyOriginAccess, type OkyServiceOptions, OkyWafMode,
} from '../../src';
import { ACCOUNT, usEast1Templates, IMAGE_TAG, makeStack, REGION, validProps } from '../helpers';
import { findings } from '../nag/packs';
import { Validation } from '../proofs/validation';

/** Always the same deployments, so that what fails once fails again. */
const SEED = 20250501;

// ---- valid options, drawn as plain data so that a counterexample can be read, and made into props in a stack of their own

/** Where an option is given: both services have the same ones. A value of `scaling` for one service wins over the one for both. */
function placesOf(option: string): string[] {
  const place = option.replace(/^scaling\./, 'api.scaling.');
  return place.startsWith('api.') ? [place, place.replace(/^api/, 'cms')] : [place];
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Leasts and mosts that fit whichever comes from the deployment and whichever from the service. */
const scaling = fc.record({
  minCapacity: fc.integer({ min: 2, max: 5 }),
  maxCapacity: fc.integer({ min: 6, max: 1000 }),
  targetCpuUtilizationPercent: fc.integer({ min: 10, max: 100 }),
  targetMemoryUtilizationPercent: fc.integer({ min: 10, max: 100 }),
  requestsPerTarget: fc.integer({ min: 1, max: 1_000_000 }),
}, { requiredKeys: [] });

const size = fc.constantFrom(
  { cpu: 256, memoryLimitMiB: 512 }, { cpu: 256, memoryLimitMiB: 2048 }, { cpu: 512, memoryLimitMiB: 3072 }, { cpu: 1024, memoryLimitMiB: 8192 },
  { cpu: 2048, memoryLimitMiB: 5120 }, { cpu: 4096, memoryLimitMiB: 30720 }, { cpu: 8192, memoryLimitMiB: 20480 },
  { cpu: 16384, memoryLimitMiB: 122880 },
);

const service = (subdomains: string[]) => fc.record({
  subdomain: maybe(fc.constantFrom(...subdomains)),
  image: fc.constantFrom('by tag', 'by parameter', 'from elsewhere', 'none'),
  repository: fc.constantFrom('by default', 'named', 'given'),
  size: maybe(size),
  desiredCount: maybe(fc.integer({ min: 2, max: 1000 })),
  isArm: fc.boolean(),
  isSpot: fc.boolean(),
  hasSigningSecret: fc.boolean(),
  hasSecret: fc.boolean(),
  hasGoogleCredentials: fc.boolean(),
  command: maybe(fc.array(fc.string({ minLength: 1 }), { maxLength: 3 })),
  scaling: maybe(scaling),
});

const capacities = fc.tuple(fc.integer({ min: 0, max: 512 }), fc.integer({ min: 2, max: 512 }))
  .map(halves => halves.map(half => half / 2)).map(([one, other]) => ({ minCapacity: Math.min(one, other), maxCapacity: Math.max(one, other) }));

const database = fc.record({
  instance: fc.constantFrom(undefined, undefined, 't4g.medium', 'r7g.large'),
  capacities: maybe(capacities),
  pauseSeconds: maybe(fc.integer({ min: 300, max: 86400 })),
  hasKey: fc.boolean(),
  application: fc.constantFrom('none', 'named', 'logged in as'),
  backups: maybe(fc.record({ retention: maybe(fc.integer({ min: 1, max: 36500 })), copy: fc.boolean(), airGapped: fc.boolean() })),
  hasSqlTask: fc.boolean(),
});

const network = fc.record({
  vpc: fc.constantFrom('made', 'made', 'imported', 'imported without public subnets'),
  cidr: maybe(fc.constantFrom('10.1.0.0/16', '172.20.8.0/22', '192.168.4.0/23')),
  maxAzs: maybe(fc.constantFrom(2, 3)),
  egress: fc.constantFrom('by default', 'none', 'gateway', 'instance', 'publicIp'),
  endpoints: maybe(fc.constantFrom(OkyEndpoints.ALL_ZONES, OkyEndpoints.ONE_ZONE, OkyEndpoints.NONE)),
  originAccess: maybe(fc.constantFrom(OkyOriginAccess.PUBLIC_ALB, OkyOriginAccess.VPC_ORIGIN)),
  hasPrefixList: fc.boolean(),
});

const deployment = fc.record({
  where: fc.constantFrom('eu-west-2', 'eu-west-2', 'us-east-1', 'ap-southeast-7', 'anywhere'),
  domainName: fc.constantFrom('okyapp.info', 'oky.health.go.ke', 'a.io'),
  certificates: fc.constantFrom('given', 'made', 'one made'),
  hasConfigBucket: fc.boolean(),
  hasKey: fc.boolean(),
  api: service(['api', 'backend', 'api.v1']),
  cms: service(['cms', 'admin']),
  database,
  network,
  edge: fc.record({
    verifyOrigin: maybe(fc.boolean()),
    originSecretVersion: maybe(fc.integer({ min: 1, max: 50 })),
    accessLogs: fc.boolean(),
  }),
  waf: fc.oneof(
    fc.constant(undefined),
    fc.record({
      rateLimit: fc.integer({ min: 10, max: 2_000_000_000 }),
      loginRateLimit: fc.integer({ min: 10, max: 2_000_000_000 }),
      cmsAllowedCidrs: fc.subarray(['203.0.113.0/24', '198.51.100.7/32', '2001:db8::/32'], { minLength: 1 }),
      mode: fc.constantFrom(OkyWafMode.BLOCK, OkyWafMode.COUNT),
    }, { requiredKeys: [] }),
    fc.constant({ webAclArn: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/own/11111111-2222-3333-4444-555555555555` }),
  ),
  monitoring: fc.oneof(
    fc.constant(undefined),
    fc.record({
      heardBy: fc.constantFrom('nobody', 'mail', 'an own topic'),
      hasSlack: fc.boolean(),
      dashboard: maybe(fc.boolean()),
      monthlyBudgetUsd: maybe(fc.double({ min: 0.01, max: 1e6, noNaN: true })),
    }),
  ),
  highAvailability: fc.boolean(),
  scaling: maybe(scaling),
  operators: maybe(fc.record({
    githubRepository: fc.constant('oky-kenya/deployment'),
    githubBranch: fc.constantFrom('main', 'release/1.0'),
    ids: fc.constant({ githubOwnerId: '1234567', githubRepositoryId: '123456789' }),
  }, { requiredKeys: ['githubRepository'] }).map(({ ids, ...named }) => ({ ...named, ...ids }))),
  /** The options that go with any others, by their paths. */
  others: fc.record(Object.fromEntries(OPTIONS.flatMap(([option, { valid }]) =>
    valid ? placesOf(option).map(place => [place, valid]) : [])), { requiredKeys: [] }),
});

type Drawn<T> = T extends fc.Arbitrary<infer Value> ? Value : never;
type Deployment = Drawn<typeof deployment>;

function serviceProps(stack: Stack, name: 'api' | 'cms', drawn: Deployment): OkyServiceOptions {
  const { subdomain, image, repository, desiredCount, isArm, isSpot, command, scaling: own, size: given } = drawn[name];
  const { hasSigningSecret, hasSecret, hasGoogleCredentials } = drawn[name];
  const isScaled = drawn.scaling !== undefined || own !== undefined;
  const secret = (id: string) => secretsmanager.Secret.fromSecretNameV2(stack, `${name}${id}`, `own/${name}`);
  return {
    ...given,
    subdomain,
    command,
    scaling: own,
    imageTag: image === 'by tag' ? IMAGE_TAG : undefined,
    imageTagParameter: image === 'by parameter' ? '/oky/image-tag' : undefined,
    image: image === 'from elsewhere' ? ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, `${name}Image`, `example/${name}`), '1') : undefined,
    repositoryName: repository === 'named' ? `own/${name}_en` : undefined,
    repository: repository === 'given' ? ecr.Repository.fromRepositoryName(stack, `${name}Repository`, `own/${name}`) : undefined,
    desiredCount: isScaled ? undefined : desiredCount,
    cpuArchitecture: isArm ? ecs.CpuArchitecture.ARM64 : undefined,
    useSpot: isSpot && !drawn.highAvailability,
    signingSecret: hasSigningSecret ? secret('SigningSecret') : undefined,
    googleCredentials: name === 'cms' && hasGoogleCredentials && !command ? secret('Google') : undefined,
    secrets: hasSecret ? { SECRET_OF_ITS_OWN: ecs.Secret.fromSecretsManager(secret('Secret')) } : undefined,
  };
}

function databaseProps(stack: Stack, { api, database: drawn }: Deployment): OkyDatabaseOptions {
  const { instance, capacities: given, pauseSeconds, hasKey, application, backups } = drawn;
  const instances = instance === undefined
    ? { ...given, autoPause: pauseSeconds === undefined ? undefined : Duration.seconds(pauseSeconds) }
    : { instanceType: new ec2.InstanceType(instance) };
  return {
    ...instances,
    encryptionKey: hasKey ? importKey(stack, 'DatabaseKey') : undefined,
    applicationUsername: application === 'none' ? undefined : 'oky_services',
    login: application === 'logged in as' ? OkyDatabaseLogin.APPLICATION : undefined,
    sqlTask: drawn.hasSqlTask && api.image !== 'none',
    backupPlan: backups && {
      // An air-gapped vault keeps nothing for less than a week.
      retention: backups.retention === undefined ? undefined : Duration.days(backups.airGapped ? Math.max(7, backups.retention) : backups.retention),
      // Not in every region.
      airGappedVaultName: backups.airGapped && stack.region !== 'ap-southeast-7' ? 'oky-air-gapped' : undefined,
      copyToVaultArn: backups.copy ? `arn:aws:backup:eu-north-1:${ACCOUNT}:backup-vault:copies` : undefined,
    },
  };
}

function networkProps(stack: Stack, { where, network: drawn }: Deployment): OkyNetworkOptions {
  const isAnywhere = where === 'anywhere';
  const common = { originAccess: drawn.originAccess, cloudFrontPrefixListId: drawn.hasPrefixList || isAnywhere ? 'pl-12345678' : undefined };
  if (drawn.vpc === 'made') {
    const egress = {
      'by default': undefined,
      'none': OkyEgress.none(),
      'gateway': OkyEgress.natGateway(),
      'instance': OkyEgress.natInstance(),
      'publicIp': OkyEgress.publicIp(),
    }[drawn.egress];
    return {
      ...common,
      cidr: drawn.cidr,
      maxAzs: isAnywhere ? undefined : drawn.maxAzs,
      egress,
      endpoints: drawn.endpoints === OkyEndpoints.NONE ? undefined : drawn.endpoints,
    };
  }
  const isClosed = drawn.vpc !== 'imported';
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'OwnVpc', {
    vpcId: 'vpc-11112222',
    availabilityZones: ['a', 'b'],
    ...(!isClosed && { publicSubnetIds: ['subnet-1111aaaa', 'subnet-1111bbbb'], publicSubnetRouteTableIds: ['rtb-1111aaaa', 'rtb-1111bbbb'] }),
    isolatedSubnetIds: ['subnet-2222aaaa', 'subnet-2222bbbb'],
    isolatedSubnetRouteTableIds: ['rtb-2222aaaa', 'rtb-2222bbbb'],
  });
  const egress = !isClosed && drawn.egress === 'publicIp' ? OkyEgress.publicIp() : undefined;
  return { ...common, vpc, egress, endpoints: drawn.endpoints, originAccess: isClosed ? OkyOriginAccess.VPC_ORIGIN : drawn.originAccess };
}

function monitoringProps(stack: Stack, { where, monitoring }: Deployment): OkyMonitoringOptions | undefined {
  if (!monitoring || where === 'anywhere') {
    return undefined;
  }
  return {
    alarmEmail: monitoring.heardBy === 'mail' ? 'ops+oky@example.org' : undefined,
    alarmTopic: monitoring.heardBy === 'an own topic' ? sns.Topic.fromTopicArn(stack, 'OwnTopic', `arn:aws:sns:${where}:${ACCOUNT}:own`) : undefined,
    ...(monitoring.hasSlack && { slackWorkspaceId: 'T0123ABCD', slackChannelId: 'C0123ABCD' }),
    dashboard: monitoring.dashboard,
    monthlyBudgetUsd: monitoring.monthlyBudgetUsd,
  };
}

function importKey(stack: Stack, id: string): kms.IKey {
  return kms.Key.fromKeyArn(stack, id, `arn:aws:kms:${Token.isUnresolved(stack.region) ? REGION : stack.region}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`);
}

function makeProps(stack: Stack, drawn: Deployment): OkyBackendProps {
  const { domainName, certificates, edge } = drawn;
  const verifiesOrigin = edge.verifyOrigin !== false;
  const hostedZone = certificates === 'given' ? undefined
    : route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789', zoneName: domainName });
  const props = validProps(stack, {
    highAvailability: drawn.highAvailability,
    scaling: drawn.scaling,
    operators: drawn.operators,
    domainName,
    waf: drawn.waf,
    monitoring: monitoringProps(stack, drawn),
    hostedZone,
    ...(certificates !== 'given' && { edgeCertificate: undefined }),
    ...(certificates === 'made' && { certificate: undefined }),
    configBucket: drawn.hasConfigBucket ? s3.Bucket.fromBucketName(stack, 'OwnBucket', 'own-config') : undefined,
    encryptionKey: drawn.hasKey ? importKey(stack, 'OwnKey') : undefined,
    api: serviceProps(stack, 'api', drawn),
    cms: serviceProps(stack, 'cms', drawn),
    database: databaseProps(stack, drawn),
    network: networkProps(stack, drawn),
    edge: {
      verifyOrigin: edge.verifyOrigin,
      originSecretVersion: verifiesOrigin ? edge.originSecretVersion : undefined,
      accessLogs: edge.accessLogs && drawn.where !== 'anywhere',
    },
  });
  const all = Object.entries(drawn.others).reduce<Tree>((sum, [option, value]) => withValue(sum, option.split('.'), value), { ...props });
  return all as Tree & OkyBackendProps;
}

function stackFor({ where }: Deployment): Stack {
  return makeStack(where === 'anywhere' ? { envAgnostic: true } : { region: where });
}

/** The names of the stacks in us-east-1 that it takes. */
function expectedUsEast1Stacks({ where, certificates, waf, edge, monitoring, others }: Deployment): string[] {
  const prefix = String(others.namePrefix ?? 'project-oky');
  const makesEdge = certificates !== 'given' || (waf !== undefined && !('webAclArn' in waf));
  const makesWatch = (edge.accessLogs || monitoring !== undefined) && where !== 'anywhere';
  return where === 'us-east-1' ? [] : [...(makesEdge ? [`${prefix}-edge`] : []), ...(makesWatch ? [`${prefix}-edge-watch`] : [])];
}

/** More of them in the night: OKY_CASES=1000. */
const CASES = Number(process.env.OKY_CASES ?? 30);

/** Where the templates are kept for cfn-lint. */
const FOLDER = path.join(__dirname, '..', '..', '.build', 'option-space');
const validation = new Validation();

test('every valid choice of options makes a deployment, which the four packs find nothing in', () => {
  fs.rmSync(FOLDER, { recursive: true, force: true });
  fs.mkdirSync(FOLDER, { recursive: true });
  let cases = 0;
  fc.assert(fc.property(deployment, drawn => {
    const stack = stackFor(drawn);
    new OkyBackend(stack, 'Oky', makeProps(stack, drawn));
    const template = Template.fromStack(stack);
    const companions = usEast1Templates(stack);
    expect(Object.keys(companions).sort()).toEqual(expectedUsEast1Stacks(drawn));
    template.resourceCountIs('AWS::ECS::Service', 2);
    template.resourceCountIs('AWS::RDS::DBCluster', 1);
    template.resourceCountIs('AWS::CloudFront::Distribution', 1);
    // Scripts have these words in their code.
    const withoutScripts = (key: string, value: unknown) => ['EntryPoint', 'Command', 'UserData'].includes(key) ? undefined : value;
    const text = [template, ...Object.values(companions)].map(each => JSON.stringify(each.toJSON(), withoutScripts)).join();
    expect(text).not.toMatch(/Token\[|\[object |undefined|NaN/);
    expect(Annotations.fromStack(stack).findError('*', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([]);
    expect(findings(stack)).toEqual([]);
    validation.add((stack.node.root as App).synth());
    Object.entries({ main: template, ...companions }).forEach(([name, each]) => {
      fs.writeFileSync(path.join(FOLDER, `${cases}-${name}.template.json`), JSON.stringify(each.toJSON()));
    });
    cases += 1;
  }), { seed: SEED, numRuns: CASES, endOnFailure: true });
  expect(cases).toBe(CASES);
}, 300_000 + CASES * 10_000);

test('CDK\'s own CloudFormation validation finds nothing in them', () => {
  expect(validation.counts.templates).toBeGreaterThanOrEqual(CASES);
  expect(validation.findings()).toEqual([]);
}, 300_000 + CASES * 10_000);

// ---- one wrong value in an otherwise valid choice

/** Wrong values of each option, at each place that has the option. */
const WRONG: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(OPTIONS.flatMap(([option, { wrong }]) =>
  wrong ? placesOf(option).map(place => [place, wrong]) : []));

/** What would be a contradiction in itself together with the wrong value, and so be named instead of it. */
const ALTERNATIVES: Record<string, string[]> = {
  imageTag: ['image', 'imageTagParameter'],
  imageTagParameter: ['image', 'imageTag'],
  repositoryName: ['repository'],
  webAclArn: ['rateLimit', 'loginRateLimit', 'cmsAllowedCidrs', 'mode'],
};

type Tree = { readonly [prop: string]: unknown };

function withValue(props: Tree, [prop, ...rest]: string[], value: unknown): Tree {
  if (rest.length > 0) {
    return { ...props, [prop]: withValue((props[prop] ?? {}) as Tree, rest, value) };
  }
  const others = Object.entries(props).filter(([name]) => !ALTERNATIVES[prop]?.includes(name));
  return { ...Object.fromEntries(others), [prop]: value };
}

const wrongValue = fc.constantFrom(...Object.entries(WRONG)).chain(([prop, values]) => fc.tuple(fc.constant(prop), values));

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

function checkWrong(drawn: Deployment, prop: string, value: unknown): void {
  const stack = stackFor(drawn);
  const props = withValue({ ...makeProps(stack, drawn) }, prop.split('.'), value);
  const error = errorOf(() => new OkyBackend(stack, 'Oky', props as Tree & OkyBackendProps));
  // Of CDK's own errors none is a plain Error with this form.
  expect(error).toMatchObject({ name: 'Error', message: expect.stringMatching(/ (must .*, got: .*|can't be combined with .*|must not hold .*); .+$/s) });
  const { message } = error as Error;
  expect(message.slice(0, prop.length)).toBe(prop);
  expect(message[prop.length]).toMatch(/[ .]/);
}

test('one wrong value in any of them is refused by its name', () => {
  const property = fc.property(deployment, wrongValue, (drawn, [prop, value]) => checkWrong(drawn, prop, value));
  fc.assert(property, { seed: SEED, numRuns: Math.max(300, CASES) });
});

test.each(Object.keys(WRONG))('%s is refused by its name', prop => {
  fc.assert(fc.property(deployment, WRONG[prop], (drawn, value) => checkWrong(drawn, prop, value)), { seed: SEED, numRuns: 5 });
});
