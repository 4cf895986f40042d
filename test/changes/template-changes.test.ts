import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { loadResourceModel } from '@aws-cdk/cloudformation-diff/lib/diff/util';
import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack, Stage } from 'aws-cdk-lib/core';
import { OPTION_SETS, type OptionSet, templatesOf } from '../../scripts/deployments/option-sets';
import { OkyBackend, OkyOriginAccess, OkyTemplateChanges } from '../../src';
import { ACCOUNT, deploy, messageOf, type Overrides, REGION, validProps } from '../helpers';
import { ACCEPTED, type CfnResource, IDENTITY, impactOf, readable, STATEFUL } from '../transitions/impact';

const PRECIOUS = [...STATEFUL, ...IDENTITY];
const CLUSTER = 'OkyDatabaseClusterBE2AB219';

const deployments = new Map<Overrides, ReturnType<typeof templatesOf>>();

/** The main stack and its companions, synthesised once. */
function deployed(overrides: Overrides) {
  const found = deployments.get(overrides) ?? templatesOf(overrides);
  deployments.set(overrides, found);
  return found;
}

const oky = (overrides: Overrides) => ({ ...deployed(overrides).Oky });
const DEFAULTS = OPTION_SETS['the defaults'];
const one = (resource: CfnResource) => ({ Resources: { It: resource } });

/** What is said of an update; nothing where nothing is thrown. */
function complaints(before: object, after: object, expected?: string[]): string[] {
  try {
    OkyTemplateChanges.assertNothingStatefulReplaced({ ...before }, { ...after }, { expected });
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').filter(line => line.startsWith('- ')).map(line => line.slice(2));
  }
}

describe('an update that keeps everything', () => {
  const harmless: OptionSet[] = [
    'a first deployment without images', 'everything on', 'highAvailability', 'waf', 'an own key', 'provisioned instances', 'a pinned engine version', 'a NAT instance',
    'another port and health check', 'edge.accessLogs',
  ];

  test.each(harmless)('passes: %s', set => {
    expect(complaints(oky(DEFAULTS), oky(OPTION_SETS[set]))).toEqual([]);
  });

  test('passes where a reader, the secret of a header or a day of logs goes', () => {
    const everything = oky(OPTION_SETS['everything on']);
    const gone = Object.keys(everything.Resources).filter(id => /^Oky(DatabaseClusterReader|OriginSecretVersion|ClusterInsights)/.test(id));
    expect(gone).toHaveLength(4);
    const left = Object.fromEntries(Object.entries(everything.Resources).filter(([id]) => !gone.includes(id)));
    expect(complaints(everything, { Resources: left })).toEqual([]);
  });

  test('passes where only the form of a value is another one', () => {
    const cluster = (properties: object) => one({ Type: 'AWS::RDS::DBCluster', Properties: { ...properties } });
    expect(complaints(
      cluster({ KmsKeyId: { 'Fn::GetAtt': 'Key.Arn' }, StorageEncrypted: true, AvailabilityZones: [{ a: 1, b: 2 }] }),
      cluster({ KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] }, StorageEncrypted: 'true', AvailabilityZones: [{ b: '2', a: '1' }] }))).toEqual([]);
  });
});

describe('an update that loses something', () => {
  test('is refused with the resource, the property and what to do', () => {
    expect(messageOf(() => OkyTemplateChanges.assertNothingStatefulReplaced(oky(DEFAULTS), oky({ database: { databaseName: 'oky' } })))).toBe(
      'the update loses what can\'t be made again:\n'
      + `- ${CLUSTER} (AWS::RDS::DBCluster) would be made anew, as DatabaseName changes from "periodtracker" to "oky"\n`
      + 'Take back the change of the option that causes it. If it is meant, see to the data first, then name the logical ids in options.expected');
  });

  test('passes for what it is expected to lose, and only for that', () => {
    const [before, after] = [oky(DEFAULTS), oky({ database: { databaseName: 'oky' }, namePrefix: 'oky-kenya' })];
    const all = complaints(before, after);
    expect(all.length).toBeGreaterThan(4);
    expect(complaints(before, after, [CLUSTER])).toEqual(all.filter(complaint => !complaint.startsWith(CLUSTER)));
    expect(complaints(before, after, all.map(complaint => complaint.split(' ')[0]))).toEqual([]);
  });

  test.each([
    ['AWS::RDS::DBCluster', 'would be deleted'],
    ['AWS::S3::Bucket', 'would be left behind, without a stack'],
    ['AWS::ElasticLoadBalancingV2::TargetGroup', 'would be deleted'],
  ])('is refused where the logical id of a resource of type %s changes: %s', (type, how) => {
    const before = oky(DEFAULTS);
    const [id] = Object.keys(before.Resources).filter(each => before.Resources[each].Type === type);
    const after = { Resources: Object.fromEntries(Object.entries(before.Resources).map(([each, resource]) => [each === id ? 'Renamed' : each, resource])) };
    expect(complaints(before, after)).toEqual([`${id} (${type}) ${how}`]);
  });

  test('is refused where the type changes under a logical id', () => {
    expect(complaints(one({ Type: 'AWS::S3::Bucket' }), one({ Type: 'AWS::SNS::Topic' }))).toEqual(
      ['It (AWS::S3::Bucket) would be made anew, as a resource of type AWS::SNS::Topic']);
  });

  test('is refused where a secret is generated another way', () => {
    const secret = (PasswordLength: number) => one({ Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: { PasswordLength } } });
    expect(complaints(secret(64), secret(65))).toEqual(
      ['It (AWS::SecretsManager::Secret) would be made anew, as GenerateSecretString changes from {"PasswordLength":"64"} to {"PasswordLength":"65"}']);
  });
});

describe('what is no template', () => {
  test('is refused, on both sides', () => {
    const wrapped = { TemplateBody: oky(DEFAULTS) };
    expect(messageOf(() => OkyTemplateChanges.assertNothingStatefulReplaced(wrapped, oky(DEFAULTS)))).toBe(
      "before must be a CloudFormation template, with Resources, got: ['TemplateBody']; give the template itself, not what is around it");
    expect(messageOf(() => OkyTemplateChanges.assertNothingStatefulReplaced(oky(DEFAULTS), {}))).toMatch(/^after must be a CloudFormation template/);
  });
});

describe('a stack and its last template', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oky-'));
  const file = path.join(folder, 'last-template.json');
  afterAll(() => fs.rmSync(folder, { recursive: true }));
  beforeAll(() => fs.writeFileSync(file, JSON.stringify(Template.fromStack(deploy().stack).toJSON())));

  test('pass where nothing is lost', () => {
    expect(() => OkyTemplateChanges.assertStackKeepsState(deploy({ highAvailability: true }).stack, file)).not.toThrow();
  });

  test('fail where something is, unless it is expected', () => {
    const renamed = () => deploy({ api: { repositoryName: 'oky/api_en' } }).stack;
    expect(messageOf(() => OkyTemplateChanges.assertStackKeepsState(renamed(), file))).toContain(
      'RepositoryName changes from "project-oky/api" to "oky/api_en"');
    expect(() => OkyTemplateChanges.assertStackKeepsState(renamed(), file, { expected: ['OkyApiRepository3CE0D281'] })).not.toThrow();
  });

  test('are compared in a stage too', () => {
    const stage = new Stage(new App(), 'Live', { env: { account: ACCOUNT, region: REGION } });
    const stack = new Stack(stage, 'Oky');
    new OkyBackend(stack, 'Oky', validProps(stack, { namePrefix: 'oky-kenya' }));
    expect(messageOf(() => OkyTemplateChanges.assertStackKeepsState(stack, file))).toContain('ClusterName changes from "project-oky-ecs-cluster" to "oky-kenya-ecs-cluster"');
  });

  test.each(['not-there.json', 'no-json.json'])('say how to get the template where there is none: %s', name => {
    const missing = path.join(folder, name);
    if (name === 'no-json.json') {
      fs.writeFileSync(missing, 'Resources:\n');
    }
    expect(messageOf(() => OkyTemplateChanges.assertStackKeepsState(deploy().stack, missing))).toBe(
      `lastTemplate must be the path of a template in JSON, got: '${missing}'; `
      + `write it with: aws cloudformation get-template --stack-name Oky --query TemplateBody > ${missing}`);
  });
});

/** By AWS's database of resource types, as cloudformation-diff reads it. */
describe('what it knows of', () => {
  const changeImpact = (type: string, property: string) => fullDiff(one({ Type: type }), one({ Type: type, Properties: { [property]: 'a' } })).resources.get('It').changeImpact;

  function isFixed(type: string, property: string): boolean {
    const isAccepted = ACCEPTED.some(each => each.type === type && each.property === property);
    return ([ResourceImpact.WILL_REPLACE, ResourceImpact.MAY_REPLACE].includes(changeImpact(type, property)) && !isAccepted)
      || (type === 'AWS::SecretsManager::Secret' && property === 'GenerateSecretString');
  }

  test.each(PRECIOUS)('%s: the removal, and each property that another one is made for', type => {
    const properties = Object.keys(loadResourceModel(type)!.properties);
    const seen = properties.filter(property => complaints(one({ Type: type }), one({ Type: type, Properties: { [property]: 'a' } })).length > 0);
    expect(properties.length).toBeGreaterThan(0);
    expect(seen.sort()).toEqual(properties.filter(property => isFixed(type, property)).sort());
    expect(complaints(one({ Type: type }), { Resources: {} })).toEqual([`It (${type}) would be deleted`]);
  });

  test('nothing is made anew for what it refers to without that being seen', () => {
    const VPC_ORIGIN: Overrides = { network: { originAccess: OkyOriginAccess.VPC_ORIGIN } };
    const references = [OPTION_SETS['everything on'], VPC_ORIGIN].flatMap(overrides => Object.values(deployed(overrides))).flatMap(({ Resources }) =>
      Object.values(Resources).filter(({ Type }) => PRECIOUS.includes(Type)).flatMap(({ Type, Properties = {} }) => Object.keys(Properties)
        .filter(property => isFixed(Type, property))
        .flatMap(property => [...readable(Properties[property]).matchAll(/\$\{(\w+)/g)])
        .flatMap(([, id]) => Resources[id] ? [Resources[id].Type] : [])));
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter(type => !PRECIOUS.includes(type))).toEqual([]);
  });

  test.each<OptionSet>([
    'the defaults', 'waf', 'an own key', 'own signing secrets', 'provisioned instances', 'a pinned engine version', 'a NAT instance', 'edge.verifyOrigin false',
  ])('as the impact of the transitions has it: %s', set => {
    const [before, after] = [deployed(OPTION_SETS['everything on']), deployed(OPTION_SETS[set])];
    const { losses } = impactOf({ Oky: before.Oky }, { Oky: after.Oky });
    const expendable = /^Oky(DatabaseClusterReader|OriginSecretVersion)/;
    const isAccepted = (property: string) => ACCEPTED.some(each => each.property === property);
    const expected = losses.filter(({ id, how, properties }) => !expendable.test(id) && !(how === 'maybe replaced' && properties.every(isAccepted)));
    expect(complaints(before.Oky, after.Oky).map(complaint => complaint.split(' ')[0]).sort()).toEqual(expected.map(({ id }) => id).sort());
  });
});
