import * as fs from 'fs';
import * as path from 'path';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { type Deployment, impactOf } from './impact';
import { OPTION_SETS, optionsOf, templatesOf } from '../../scripts/deployments/option-sets';
import { type OkyDatabaseOptions, OkyOriginAccess } from '../../src';
import type { Overrides } from '../helpers';

const SOURCE = path.join(__dirname, '..', '..', 'src');

/** A change that AWS makes a replacement of, or that is one by its nature. */
interface Exception {
  readonly given: Overrides;
  /** What is lost by giving the option to a deployment with the defaults, without the hashes that ids end in. */
  readonly loses: string[];
  /** What is lost by taking it away again. */
  readonly losesBack: string[];
  /** Where the documentation is, if not at the option. */
  readonly at?: string;
  readonly says: RegExp;
}

const DATABASE = ['OkyDatabaseCluster is replaced', 'OkyDatabaseClusterWriter is replaced', 'OkyDatabaseLog is replaced'];
const TARGET_GROUPS = ['OkyApiTargetGroup is replaced', 'OkyCmsTargetGroup is replaced'];
const SUBNETS = ['Cms', 'Private', 'Public'].flatMap(group => [1, 2].map(zone => `OkyNetworkVpc${group}Subnet${zone}Subnet`));
const BEHIND_LOAD_BALANCER = ['OkyLoadBalancer is replaced', 'OkyLoadBalancerHttps is replaced'];
const NAMED = [
  'OkyApiLog is replaced', 'OkyApiRepository is replaced', 'OkyApiService is replaced', 'OkyCluster is replaced', 'OkyCmsLog is replaced', 'OkyCmsRepository is replaced',
  'OkyCmsService is replaced',
];
const symmetric = (loses: string[]) => ({ loses, losesBack: loses });

/** The whole list: nothing else may lose anything, by the test of the transitions. */
const EXCEPTIONS: Record<string, Exception> = {
  'namePrefix': {
    given: { namePrefix: 'oky-kenya' },
    ...symmetric(NAMED),
    says: /Can't be changed later/,
  },
  'configBucket': {
    given: stack => ({ configBucket: s3.Bucket.fromBucketName(stack, 'Own', 'own-bucket') }),
    loses: ['OkyConfiguration is left behind'],
    losesBack: [],
    says: /A change makes the services read their files there: copy them before/,
  },
  'api.repository': {
    given: stack => ({ api: { repository: ecr.Repository.fromRepositoryName(stack, 'Own', 'own/api') } }),
    loses: ['OkyApiRepository is left behind'],
    losesBack: [],
    says: /\bchange\b/i,
  },
  'api.repositoryName': {
    given: { api: { repositoryName: 'oky/api_en' } },
    ...symmetric(['OkyApiRepository is replaced']),
    says: /Can't be changed later: that would make another repository/,
  },
  'database.username': {
    given: { database: { username: 'oky' } },
    ...symmetric(['OkyDatabaseCluster is maybe replaced', 'OkyDatabaseSecret is generated anew']),
    says: /Fixed when the database is made/,
  },
  'database.databaseName': {
    given: { database: { databaseName: 'oky' } },
    ...symmetric(DATABASE),
    says: /Fixed when the database is made/,
  },
  'database.encryptionKey': {
    given: stack => ({ database: { encryptionKey: kms.Key.fromKeyArn(stack, 'Own', 'arn:aws:kms:eu-west-2:111122223333:key/11111111-2222-3333-4444-555555555555') } }),
    ...symmetric(DATABASE),
    says: /Fixed when the database is made: another one makes another database/,
  },
  'database.snapshotIdentifier': {
    given: { database: { snapshotIdentifier: 'before-the-move' } },
    ...symmetric(DATABASE),
    says: /Once set, it must stay: adding, changing or removing it on a running deployment makes another database/,
  },
  'network.cidr': {
    given: { network: { cidr: '172.20.0.0/20' } },
    ...symmetric([...TARGET_GROUPS, 'OkyNetworkVpc is replaced', ...SUBNETS.map(subnet => `${subnet} is replaced`)]),
    says: /Can't be changed later: that would make another VPC/,
  },
  'network.vpc': {
    given: stack => ({
      network: {
        vpc: ec2.Vpc.fromVpcAttributes(stack, 'OwnVpc', {
          vpcId: 'vpc-11112222',
          availabilityZones: ['eu-west-2a', 'eu-west-2b'],
          publicSubnetIds: ['subnet-1a', 'subnet-1b'],
          isolatedSubnetIds: ['subnet-2a', 'subnet-2b'],
          isolatedSubnetRouteTableIds: ['rtb-2a', 'rtb-2b'],
        }),
      },
    }),
    loses: [...TARGET_GROUPS, 'OkyNetworkVpc is destroyed', 'OkyNetworkVpcIGW is destroyed', ...SUBNETS.map(subnet => `${subnet} is destroyed`)],
    losesBack: TARGET_GROUPS,
    says: /A change from the VPC made here to an existing one moves everything, the database too/,
  },
  'network.originAccess': {
    given: { network: { originAccess: OkyOriginAccess.VPC_ORIGIN } },
    loses: [...BEHIND_LOAD_BALANCER, 'OkyApiTargetGroup is destroyed', 'OkyCmsTargetGroup is destroyed'],
    losesBack: [
      ...BEHIND_LOAD_BALANCER, 'OkyApiInternalTargetGroup is destroyed', 'OkyCmsInternalTargetGroup is destroyed', 'OkyDistributionOrigin1VpcOrigin is destroyed',
    ],
    at: 'OkyOriginAccess.VPC_ORIGIN',
    says: /A change from or to it makes another load balancer and other target groups/,
  },
};

/** The interface of the props and those of the options in it, by their names. */
const DECLARATIONS = Object.fromEntries(fs.readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .flatMap(file => [...fs.readFileSync(path.join(SOURCE, file), 'utf8').matchAll(/^export (?:interface|enum) (\w+) \{\n(.*?)\n\}/gms)])
  .map(([, name, body]) => [name, body]));

function members(declaration: string): Record<string, { type: string; documentation: string }> {
  const found = DECLARATIONS[declaration].matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\n {2}(?:readonly )?(\w+)(?:\??: | = )([^\n]*)[;,]$/gms);
  return Object.fromEntries([...found].map(([, text, name, type]) => [name, { type, documentation: text.replace(/\n\s*\*/g, ' ').replace(/\s+/g, ' ') }]));
}

const PROPS = members('OkyBackendProps');

/** The documentation of an option by its path, or of a value of an enumeration. */
function documentationOf(option: string): string {
  const [group, name] = option.split('.');
  return name === undefined ? PROPS[group].documentation : members(PROPS[group]?.type ?? group)[name].documentation;
}

/** Both services have the same options. */
const likeApi = (option: string) => option.replace(/^cms\b/, 'api');

/** Every option, those of a group by path. */
function everyOption(): string[] {
  return Object.entries(PROPS).filter(([name]) => name !== 'cms').flatMap(([name, { type }]) =>
    /^Oky\w+Options$/.test(type) ? Object.keys(members(type)).map(option => `${name}.${option}`) : [name]);
}

/** What a set of options gives. */
function givenBy(overrides: Overrides): string[] {
  return Object.entries(optionsOf(overrides)).flatMap(([name, value]) =>
    /^Oky\w+Options$/.test(PROPS[name].type) ? Object.keys(value as object).map(option => likeApi(`${name}.${option}`)) : [name]);
}

const DEFAULTS: Overrides = {};
const deployments = new Map<Overrides, Deployment>();

/** Synthesised once. */
function deployed(overrides: Overrides): Deployment {
  const found = deployments.get(overrides) ?? templatesOf(overrides);
  deployments.set(overrides, found);
  return found;
}

function lost(from: Overrides, to: Overrides): string[] {
  const { losses, clashes } = impactOf(deployed(from), deployed(to));
  return [...losses.map(({ id, how }) => `${id.replace(/[0-9A-F]{8}$/, '')} is ${how}`), ...clashes].sort();
}

describe('an unavoidable replacement', () => {
  test.each(Object.entries(EXCEPTIONS))('%s: what giving it loses', (_, { given, loses }) => {
    expect(lost(DEFAULTS, given)).toEqual([...loses].sort());
  });

  test.each(Object.entries(EXCEPTIONS))('%s: what taking it away loses', (_, { given, losesBack }) => {
    expect(lost(given, DEFAULTS)).toEqual([...losesBack].sort());
  });

  test.each(Object.entries(EXCEPTIONS))('%s: its documentation says so', (option, { at, says }) => {
    expect(documentationOf(at ?? option)).toMatch(says);
  });
});

test('every option is in a set of the transitions, or an exception', () => {
  const looked = new Set([...Object.values(OPTION_SETS).flatMap(givenBy), ...Object.keys(EXCEPTIONS)]);
  expect(everyOption().filter(option => !looked.has(option))).toEqual([]);
});

test('a named resource that stays behind when its option changes stands in the way of going back: these do', () => {
  const found = Object.entries(EXCEPTIONS).filter(([, { given }]) => impactOf(deployed(DEFAULTS), deployed(given)).leftovers.length > 0);
  expect(found.map(([option]) => option)).toEqual(['namePrefix', 'api.repository', 'api.repositoryName']);
});

test('a major upgrade of the engine keeps the database', () => {
  expect(lost({ database: { engineVersion: '16' } }, { database: { engineVersion: '17' } })).toEqual([]);
});

describe('what an option of the database leaves behind', () => {
  const given = (database: OkyDatabaseOptions): Overrides => ({ database });

  test.each([
    ['database.passwordVersion', { passwordVersion: 2 }, { passwordVersion: 3 }, ['OkyDatabaseSecret2 is left behind'], /The retired secret stays behind, without a stack/],
    ['database.applicationUsername', { applicationUsername: 'oky' }, {}, ['OkyDatabaseApplicationSecret is left behind'], /without it the secret stays behind/],
    [
      'database.applicationUsername', { applicationUsername: 'oky' }, { applicationUsername: 'oky_services' }, ['OkyDatabaseApplicationSecret is generated anew'],
      /A change generates another password in the same secret/,
    ],
    [
      'database.backupPlan', { backupPlan: { airGappedVaultName: 'oky-air-gapped' } }, { backupPlan: {} }, ['OkyDatabaseBackupAirGapped is left behind'],
      /it leaves its vaults behind, with their snapshots/,
    ],
    ['database.backupPlan', { backupPlan: {} }, {}, ['OkyDatabaseBackupVault is left behind'], /it leaves its vaults behind, with their snapshots/],
  ])('%s: %j to %j', (option, from, to, loses, says) => {
    expect(lost(given(from), given(to))).toEqual(loses);
    expect(documentationOf(option)).toMatch(says);
  });
});
