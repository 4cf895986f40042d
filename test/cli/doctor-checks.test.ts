import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { App, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib/core';
import { OkyBackend, type OkyBackendProps, OkyEgress } from '../../src';
import { type Assembled, readAssembly } from '../../src/cli/doctor/assembly';
import { Aws, type Run } from '../../src/cli/doctor/aws';
import type { Check } from '../../src/cli/doctor/check';
import { guardDuty, rootUser } from '../../src/cli/doctor/checks/account';
import { certificateAuthorities } from '../../src/cli/doctor/checks/certificate-authorities';
import { copyRegions } from '../../src/cli/doctor/checks/credentials';
import { database } from '../../src/cli/doctor/checks/database';
import { databaseSupport } from '../../src/cli/doctor/checks/database-support';
import { hostRecords } from '../../src/cli/doctor/checks/domain-names';
import { githubSubject } from '../../src/cli/doctor/checks/github';
import { images } from '../../src/cli/doctor/checks/images';
import { keys } from '../../src/cli/doctor/checks/keys';
import { rules, vcpus } from '../../src/cli/doctor/checks/quotas';
import { serviceLinkedRoles } from '../../src/cli/doctor/checks/service-linked-roles';
import { bootstrap, states } from '../../src/cli/doctor/checks/stacks';
import { endpoints, vpcOrigin, zones } from '../../src/cli/doctor/checks/zones';
import { Deployment, type Live } from '../../src/cli/doctor/deployment';
import type { Dns } from '../../src/cli/doctor/dns';
import { diagnose } from '../../src/cli/doctor/run';
import { ACCOUNT, REGION, sampleCertificates } from '../helpers';

/** What a service says: an answer, or the code of an error. */
type Answers = Record<string, object | string>;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oky-doctor-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const NO_DNS: Dns = { nameServers: async () => [], aliases: async () => [], addresses: async () => [], authorities: async () => undefined };

interface Options {
  readonly envAgnostic?: boolean;
  readonly qualifier?: string;
}

function assembled(props: (stack: Stack) => Partial<OkyBackendProps> = () => ({}), options: Options = {}): Assembled {
  const synthesizer = () => new DefaultStackSynthesizer({ qualifier: options.qualifier });
  const context = { [`availability-zones:account=${ACCOUNT}:region=${REGION}`]: ['a', 'b', 'c'].map(letter => REGION + letter) };
  const app = new App({ outdir: fs.mkdtempSync(path.join(folder, 'app-')), context });
  const stack = new Stack(app, 'OkyBackend', { env: options.envAgnostic ? {} : { account: ACCOUNT, region: REGION }, synthesizer: synthesizer() });
  const given = props(stack);
  new OkyBackend(stack, 'Oky', {
    domainName: 'okyapp.info',
    ...sampleCertificates(stack),
    ...given,
    network: { cloudFrontPrefixListId: 'pl-93a247fa', ...given.network },
    edge: { synthesizer: synthesizer(), ...given.edge },
  });
  return readAssembly(app.synth().directory);
}

/** Answers by service and operation, and keeps the calls. A call that is not foreseen fails. */
function services(answers: Answers, calls: string[] = []): Aws {
  const run: Run = async ([service, operation, ...args]) => {
    calls.push([service, operation, ...args].join(' '));
    const answer = answers[`${service} ${operation}`] ?? 'Unforeseen';
    return typeof answer === 'string'
      ? { code: 254, stdout: '', stderr: `An error occurred (${answer}) when calling the Operation operation: ${answer}` }
      : { code: 0, stdout: JSON.stringify(answer), stderr: '' };
  };
  return new Aws(run);
}

async function findings(check: Check, app: Assembled, aws: Aws, { live, dns = NO_DNS }: { live?: Live; dns?: Dns } = {}) {
  const deployment = new Deployment(app, { account: ACCOUNT, region: REGION, partition: 'aws' }, new Map([[app.main, live]]));
  return check.run({ aws, dns, deployment });
}

const ZONES = { AvailabilityZones: ['c', 'a', 'b'].map(letter => ({ ZoneName: REGION + letter, ZoneId: `euw2-az${letter}`, State: 'available' })) };

describe('zones', () => {
  const services_ = (...lacking: string[]) => ({
    ServiceDetails: ['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager'].map(name => ({
      ServiceName: `com.amazonaws.${REGION}.${name}`,
      AvailabilityZones: ZONES.AvailabilityZones.map(({ ZoneName }) => ZoneName).filter(zone => name !== 'logs' || !lacking.includes(zone)),
    })),
  });

  test('that an app leaves open are the first ones of the region', async () => {
    const app = assembled(() => ({}), { envAgnostic: true });
    const lacks = async (zone: string) => findings(endpoints, app, services({
      'ec2 describe-availability-zones': ZONES, 'ec2 describe-vpc-endpoint-services': services_(`${REGION}${zone}`),
    }));
    expect(await lacks('a')).toMatchObject([{ id: 'endpoint-zone', what: `${REGION}a does not have com.amazonaws.${REGION}.logs` }]);
    expect(await lacks('b')).toMatchObject([{ id: 'endpoint-zone' }]);
    expect(await lacks('c')).toEqual([]);
    expect(await findings(zones, app, services({ 'ec2 describe-availability-zones': ZONES }))).toEqual([]);
  });

  test('of given subnets are asked for', async () => {
    const app = assembled(stack => ({
      network: {
        vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
          vpcId: 'vpc-1',
          availabilityZones: [`${REGION}a`, `${REGION}b`],
          vpcCidrBlock: '10.0.0.0/16',
          publicSubnetIds: ['subnet-1', 'subnet-2'],
          isolatedSubnetIds: ['subnet-3', 'subnet-4'],
          isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
          publicSubnetRouteTableIds: ['rtb-3', 'rtb-3'],
        }),
      },
    }));
    const calls: string[] = [];
    const aws = services({
      'ec2 describe-availability-zones': ZONES,
      'ec2 describe-vpc-endpoint-services': services_(`${REGION}b`),
      'ec2 describe-subnets': { Subnets: [{ AvailabilityZone: `${REGION}a` }, { AvailabilityZone: `${REGION}b` }] },
    }, calls);
    expect(await findings(endpoints, app, aws)).toMatchObject([{ id: 'endpoint-zone', what: expect.stringContaining(`${REGION}b does not have`) }]);
    expect(calls).toContain(`ec2 describe-subnets --subnet-ids subnet-3 subnet-4 --region ${REGION} --output json`);
  });

  test('are not asked for where there is no VPC origin', async () => {
    expect(await findings(vpcOrigin, assembled(), services({}))).toEqual([]);
  });

  test('of a prefix list that is another service\'s', async () => {
    const aws = services({
      'ec2 describe-managed-prefix-lists': { PrefixLists: [{ PrefixListName: 'com.amazonaws.eu-west-2.s3', MaxEntries: 70 }] },
      'service-quotas get-service-quota': { Quota: { Value: 60 } },
    });
    expect((await findings(rules, assembled(), aws)).map(({ id, what }) => [id, what.replace(/^Oky\w+/, 'group')])).toEqual([
      ['prefix-list', 'pl-93a247fa is com.amazonaws.eu-west-2.s3, not com.amazonaws.global.cloudfront.origin-facing'],
      ['quota-rules', 'group (ingress) counts as 70 rules, of 60 that a security group may have'],
    ]);
  });
});

describe('the database', () => {
  const exact = { 'rds describe-db-engine-versions': { DBEngineVersions: [{ EngineVersion: '17.7' }] } };
  const offered = { 'rds describe-orderable-db-instance-options': { OrderableDBInstanceOptions: [{ AvailabilityZones: ['a', 'b'].map(letter => ({ Name: REGION + letter })) }] } };

  test('is looked at by its major version, whose default RDS takes', async () => {
    const calls: string[] = [];
    expect(await findings(database, assembled(), services({ ...exact, ...offered }, calls))).toEqual([]);
    expect(calls[0]).toMatch(/--engine-version 17 --default-only /);
    expect(calls[1]).toMatch(/--engine-version 17.7 --db-instance-class db.serverless /);
  });

  test.each([
    ['17.8', ['before-the-move is a snapshot of version 17.8, and version 17 is 17.7']],
    ['17.10', ['before-the-move is a snapshot of version 17.10, and version 17 is 17.7']],
    ['17.7', []],
    ['16.9', []],
    [undefined, []],
  ])('that is restored from a snapshot of version %s: %j', async (EngineVersion, expected) => {
    const app = assembled(() => ({ database: { snapshotIdentifier: 'before-the-move' } }));
    const found = await findings(database, app, services({
      ...exact,
      ...offered,
      'rds describe-db-cluster-snapshots': EngineVersion === undefined ? 'DBClusterSnapshotNotFoundFault'
        : { DBClusterSnapshots: [{ DBClusterSnapshotIdentifier: 'before-the-move', EngineVersion }] },
    }));
    expect(found.map(({ what }) => what)).toEqual(expected);
  });

  test('that is there is not looked at', async () => {
    const app = assembled();
    const [id] = Object.entries(app.main.template.Resources).find(([, { Type }]) => Type === 'AWS::RDS::DBCluster')!;
    expect(await findings(database, app, services({}), { live: { status: 'UPDATE_COMPLETE', resources: new Map([[id, 'x']]), outputs: new Map() } })).toEqual([]);
  });
});

describe('images', () => {
  test('elsewhere than in ECR are not looked at', async () => {
    const app = assembled(() => ({ cms: { image: ContainerImage.fromRegistry('example/oky:1') }, network: { egress: OkyEgress.natGateway() } }));
    expect(await findings(images, app, services({}))).toEqual([]);
  });

  test('of another account are looked for there', async () => {
    const calls: string[] = [];
    const app = assembled(stack => ({
      api: { repository: Repository.fromRepositoryArn(stack, 'Images', 'arn:aws:ecr:eu-west-2:444455556666:repository/oky/api'), imageTag: '1' },
    }));
    expect(await findings(images, app, services({ 'ecr describe-images': {} }, calls))).toEqual([]);
    expect(calls).toEqual(['ecr describe-images --repository-name oky/api --image-ids imageTag=1 --registry-id 444455556666 --region eu-west-2 --output json']);
  });
});

describe('an imported key', () => {
  const app = assembled(stack => ({ encryptionKey: Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${REGION}:${ACCOUNT}:key/1`) }));
  const policy = (...Statement: object[]) => ({ 'kms get-key-policy': { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) } });
  const enabled = { 'kms describe-key': { KeyMetadata: { KeyState: 'Enabled' } } };

  test('that is to be deleted is kept', async () => {
    const [found] = await findings(keys, app, services({ 'kms describe-key': { KeyMetadata: { KeyState: 'PendingDeletion' } } }));
    expect(found).toMatchObject({ id: 'key', mend: expect.stringMatching(/^aws kms cancel-key-deletion --key-id arn:/), how: 'then turn it on again: aws kms enable-key' });
  });

  test('that signs is refused', async () => {
    const [found] = await findings(keys, app, services({ 'kms describe-key': { KeyMetadata: { KeyState: 'Enabled', KeySpec: 'RSA_2048' } } }));
    expect(found).toMatchObject({ id: 'key', what: expect.stringContaining('of the kind RSA_2048') });
  });

  test('needs logs, and the account itself; the command has the whole policy', async () => {
    const own = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/Administrator` }, Action: 'kms:*', Resource: '*' };
    const [found] = await findings(keys, app, services({ ...enabled, ...policy(own) }));
    expect(found.what).toBe(`the policy of arn:aws:kms:${REGION}:${ACCOUNT}:key/1 does not let arn:aws:iam::${ACCOUNT}:root and logs.${REGION}.amazonaws.com use it as the deployment needs`);
    const [, text] = /--policy '(.*)' --region/.exec(found.mend)!;
    const { Statement } = JSON.parse(text) as { readonly Statement: object[] };
    expect(Statement).toEqual([own, expect.objectContaining({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }),
      expect.objectContaining({ Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${REGION}:${ACCOUNT}:*` } } })]);
    expect(await findings(keys, app, services({ ...enabled, ...policy(...Statement) }))).toEqual([]);
  });

  test('is not looked for where none is given', async () => {
    expect(await findings(keys, assembled(), services({}))).toEqual([]);
  });
});

describe('the account', () => {
  const app = assembled();

  test('of an organisation may have a root user who can\'t log in', async () => {
    const summary = (SummaryMap: object) => services({ 'iam get-account-summary': { SummaryMap } });
    expect(await findings(rootUser, app, summary({ AccountMFAEnabled: 0, AccountPasswordPresent: 0, AccountAccessKeysPresent: 0 }))).toEqual([]);
    expect(await findings(rootUser, app, summary({ AccountMFAEnabled: 0 }))).toMatchObject([{ id: 'root-mfa' }]);
  });

  test('may have turned its detector off', async () => {
    const aws = services({ 'guardduty list-detectors': { DetectorIds: ['d1'] }, 'guardduty get-detector': { Status: 'DISABLED' } });
    expect(await findings(guardDuty, app, aws)).toMatchObject([{ mend: `aws guardduty update-detector --detector-id d1 --enable --region ${REGION}` }]);
  });

  test('is bootstrapped with the qualifier of the app', async () => {
    const found = await findings(bootstrap, assembled(() => ({ waf: {} }), { qualifier: 'oky' }), services({ 'ssm get-parameter': 'ParameterNotFound' }));
    expect(found.map(({ mend }) => mend).sort()).toEqual([
      `npx cdk bootstrap aws://${ACCOUNT}/eu-west-2 --qualifier oky`, `npx cdk bootstrap aws://${ACCOUNT}/us-east-1 --qualifier oky`,
    ]);
  });

  test.each(['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_IN_PROGRESS'])('may have a stack in the state %s', async status => {
    expect(await findings(states, app, services({}), { live: { status, resources: new Map(), outputs: new Map() } })).toEqual([]);
  });
});

describe('a new account', () => {
  test('has none of the roles that services work with; those of scaling are asked for where it is on', async () => {
    const roles = async (props: Partial<OkyBackendProps>) => (await findings(serviceLinkedRoles, assembled(() => props), services({ 'iam get-role': 'NoSuchEntity' })))
      .map(({ what, mend }) => [/role (\w+)/.exec(what)![1], mend.replace('aws iam create-service-linked-role --aws-service-name ', '')]);
    const always = [
      ['AWSServiceRoleForECS', 'ecs.amazonaws.com'], ['AWSServiceRoleForElasticLoadBalancing', 'elasticloadbalancing.amazonaws.com'],
      ['AWSServiceRoleForRDS', 'rds.amazonaws.com'],
    ];
    expect(await roles({})).toEqual(always);
    expect(await roles({ scaling: {}, api: { imageTag: '1' } }))
      .toEqual([...always, ['AWSServiceRoleForApplicationAutoScaling_ECSService', 'ecs.application-autoscaling.amazonaws.com']]);
  });

  test('needs no role whose resource is there already', async () => {
    const app = assembled();
    const live = { status: 'CREATE_COMPLETE', resources: new Map(Object.keys(app.main.template.Resources).map(id => [id, id])), outputs: new Map<string, string>() };
    expect(await findings(serviceLinkedRoles, app, services({}), { live })).toEqual([]);
  });

  test.each<[string, Partial<OkyBackendProps>, string[]]>([
    ['two tasks, each twice', {}, ['Fargate has 0 vCPUs in eu-west-2, and a deployment of all tasks takes 1']],
    ['as many tasks as scaling allows', { scaling: { maxCapacity: 8 }, api: { imageTag: '1', cpu: 1024, memoryLimitMiB: 2048 }, cms: { imageTag: '1' } },
      ['Fargate has 0 vCPUs in eu-west-2, and a deployment of all tasks takes 20']],
    ['NAT instances', { network: { egress: OkyEgress.natInstance() } },
      ['Fargate has 0 vCPUs in eu-west-2, and a deployment of all tasks takes 1', 'EC2 has 0 vCPUs in eu-west-2, and NAT instances take 2']],
  ])('may have no vCPUs left for %s', async (_, props, expected) => {
    const none = { 'service-quotas get-service-quota': { Quota: { Value: 0 } } };
    expect((await findings(vcpus, assembled(() => props), services(none))).map(({ what }) => what)).toEqual(expected);
    expect(await findings(vcpus, assembled(() => props), services({ 'service-quotas get-service-quota': { Quota: { Value: 20 } } }))).toEqual([]);
  });

  test('has turned on the region that backups are copied to', async () => {
    const app = assembled(() => ({ database: { backupPlan: { copyToVaultArn: `arn:aws:backup:af-south-1:${ACCOUNT}:backup-vault:copies` } } }));
    const regions = (OptInStatus: string) => services({ 'ec2 describe-regions': { Regions: [{ RegionName: 'af-south-1', OptInStatus }] } });
    expect(await findings(copyRegions, app, regions('not-opted-in')))
      .toMatchObject([{ id: 'region', what: 'af-south-1 is not-opted-in', mend: 'aws account enable-region --region-name af-south-1' }]);
    expect(await findings(copyRegions, app, regions('opted-in'))).toEqual([]);
    expect(await findings(copyRegions, assembled(), services({}))).toEqual([]);
  });
});

describe('CAA records', () => {
  const look = async (records: Record<string, string[]>, hostedZone = false) => findings(certificateAuthorities, assembled(stack => hostedZone
    ? { hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info' }), certificate: undefined, edgeCertificate: undefined }
    : {}), services({}), { dns: { ...NO_DNS, authorities: async name => records[name] } });

  test.each<[string, Record<string, string[]>]>([
    ['there are none', {}],
    ['Amazon is among them', { 'okyapp.info': ['letsencrypt.org', 'amazon.com'] }],
    ['they are about something else', { 'okyapp.info': [] }],
    ['those of the host allow it', { 'api.okyapp.info': ['amazonaws.com'], 'cms.okyapp.info': ['awstrust.com'], 'okyapp.info': ['letsencrypt.org'] }],
  ])('are in order where %s', async (_, records) => {
    expect(await look(records)).toEqual([]);
  });

  test('of the domain are told once, with the records of its zone', async () => {
    expect(await look({ 'okyapp.info': ['letsencrypt.org', 'nobody'] }, true)).toMatchObject([{
      id: 'certificate-authority',
      what: 'the CAA records of okyapp.info allow letsencrypt.org, nobody alone to issue certificates, for api.okyapp.info too',
      mend: 'aws route53 list-resource-record-sets --hosted-zone-id Z0123456789EXAMPLE01 --query "ResourceRecordSets[?Type==\'CAA\']" --region us-east-1',
    }]);
  });

  test('of one host are told of that host', async () => {
    expect(await look({ 'cms.okyapp.info': ['letsencrypt.org'] })).toMatchObject([{
      what: 'the CAA records of cms.okyapp.info allow letsencrypt.org alone to issue certificates, for cms.okyapp.info too',
      mend: 'aws route53 list-hosted-zones-by-name --dns-name cms.okyapp.info --max-items 1 --region us-east-1',
    }]);
  });
});

test.each<[string, Partial<OkyBackendProps>, string[]]>([
  ['no role', {}, []],
  ['the name alone', { operators: { githubRepository: 'a/b' } }, ["gh api repos/a/b --jq '.owner.id, .id'"]],
  ['the ids too', { operators: { githubRepository: 'a/b', githubOwnerId: '1', githubRepositoryId: '2' } }, []],
])('a role for GitHub: %s', async (_, props, mends) => {
  expect((await findings(githubSubject, assembled(() => props), services({}))).map(({ mend }) => mend)).toEqual(mends);
});

test('a host that leads to the distribution by its addresses is in order', async () => {
  const live = { status: 'CREATE_COMPLETE', resources: new Map<string, string>(), outputs: new Map([['OkyDnsTarget', 'd1.cloudfront.net']]) };
  const dns = (addresses: Record<string, string[]>): Dns => ({ ...NO_DNS, addresses: async name => addresses[name] ?? [] });
  const look = async (cms: string[]) => findings(hostRecords, assembled(), services({}),
    { live, dns: dns({ 'd1.cloudfront.net': ['192.0.2.1', '192.0.2.2'], 'api.okyapp.info': ['192.0.2.2'], 'cms.okyapp.info': cms }) });
  expect(await look(['192.0.2.1'])).toEqual([]);
  expect(await look(['192.0.2.9'])).toMatchObject([{ id: 'host-record', what: 'cms.okyapp.info leads to 192.0.2.9, not to d1.cloudfront.net' }]);
});

test('who may not see what is deployed is told so, and nothing is said that depends on it', async () => {
  const aws = services({
    'sts get-caller-identity': { Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/x` },
    'ec2 describe-regions': { Regions: [{ RegionName: REGION, OptInStatus: 'opt-in-not-required' }] },
    'cloudformation describe-stacks': 'AccessDenied',
  });
  const told: string[] = [];
  const { outcomes, stoppedAfter } = await diagnose({ assembled: assembled(), region: REGION, aws, dns: NO_DNS }, ({ check }) => told.push(check));
  expect([stoppedAfter, told]).toEqual(['what is deployed', ['credentials', 'region', 'what is deployed']]);
  expect(outcomes.at(-1)!.unseen!.permission).toBe('cloudformation:Operation');
});

describe('the support of the database', () => {
  const ends = (LifecycleSupportEndDate: string) => services({
    'rds describe-db-major-engine-versions': {
      DBMajorEngineVersions: [{
        SupportedEngineLifecycles: [
          { LifecycleSupportName: 'open-source-rds-extended-support', LifecycleSupportEndDate: '2033-02-28T00:00:00Z' },
          { LifecycleSupportName: 'open-source-rds-standard-support', LifecycleSupportEndDate },
        ],
      }],
    },
  });
  const inDays = (days: number) => new Date(Date.now() + days * 864e5).toISOString();

  test.each([['long away', 183, 0], ['within half a year', 181, 1], ['over', -1, 1]])('that is %s', async (_, days, count) => {
    expect(await findings(databaseSupport, assembled(), ends(inDays(days)))).toHaveLength(count);
  });

  test('that ends is said with its date, for the major version of a minor one', async () => {
    const calls: string[] = [];
    const app = assembled(() => ({ database: { engineVersion: '16.3' } }));
    const found = await findings(databaseSupport, app, services({
      'rds describe-db-major-engine-versions': {
        DBMajorEngineVersions: [{
          SupportedEngineLifecycles: [
            { LifecycleSupportName: 'open-source-rds-standard-support', LifecycleSupportEndDate: '2026-02-28T00:00:00Z' },
          ],
        }],
      },
    }, calls));
    expect(calls).toEqual([expect.stringContaining('--engine aurora-postgresql --major-engine-version 16 ')]);
    expect(found).toEqual([expect.objectContaining({ id: 'database-support', what: 'AWS ends the standard support of aurora-postgresql 16 on 2026-02-28' })]);
  });

  test('is nothing to say of where AWS does not tell it', async () => {
    expect(await findings(databaseSupport, assembled(), services({ 'rds describe-db-major-engine-versions': {} }))).toEqual([]);
  });
});
