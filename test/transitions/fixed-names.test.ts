import { loadResourceModel } from '@aws-cdk/cloudformation-diff/lib/diff/util';
import { EXAMPLES, synthesise, templates } from '../../scripts/deployments/synthesis';
import { isObject, type Template, type Value } from '../../scripts/template/template';

/*
 * CloudFormation makes the new resource before it deletes the old one. A resource that has a fixed name, and a property of which a
 * change replaces it, then clashes with itself: "already exists", and the update is rolled back. The schemas of the resource types say
 * which properties these are.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 */

/** What a deployment's names begin with. */
const PREFIXES = ['project-oky', 'oky-example'];

/** Properties that can't be changed although their schema says that they can. */
const BEYOND_THE_SCHEMA: Record<string, string[]> = {
  // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2513
  'AWS::Logs::DeliverySource': ['ResourceArn', 'LogType'],
};

/** Why a resource with a fixed name may have such a property all the same, by its type and the property. */
const NEVER_REPLACED: Record<string, string> = {
  'AWS::ECS::Service Cluster': 'the cluster is replaced with namePrefix only, and then the service has another name',
  'AWS::ECS::TaskDefinition *': 'the family is no name of its own: each change is one more revision',
  'AWS::Logs::DeliveryDestination DeliveryDestinationType': 'it is the same in every deployment',
  'AWS::Logs::DeliveryDestination DestinationResourceArn': 'the bucket is kept and never replaced: nothing of it that can\'t be changed is set',
  'AWS::Logs::DeliveryDestination OutputFormat': 'it is the same in every deployment',
  'AWS::WAFv2::WebACL Scope': 'it is the same in every deployment',
};

interface FixedName {
  readonly path: string;
  readonly text: string;
}

/** All texts in a value that are names after the prefix. */
function fixedNames(value: Value, path: string): FixedName[] {
  if (Array.isArray(value)) {
    return value.flatMap(each => fixedNames(each, path));
  }
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, each]) => fixedNames(each, `${path}.${key}`));
  }
  // A reference that is part of a name makes it another one, where the resource is replaced.
  return typeof value === 'string' && PREFIXES.some(prefix => value.startsWith(prefix)) && /(?:^|\.)(?:\w*Name|Family)$/.test(path) ? [{ path, text: value }] : [];
}

/** The replacements that would clash, as `type property`. */
export function clashes(template: Template): string[] {
  return Object.values(template.Resources).flatMap(({ Type: type, Properties = {} }) => {
    const resource = loadResourceModel(type);
    const names = Object.entries(Properties).flatMap(([key, value]) => fixedNames(value, key));
    const replacing = Object.keys(Properties).filter(key => BEYOND_THE_SCHEMA[type]?.includes(key)
      || ['yes', 'maybe'].includes(String(resource?.properties[key]?.causesReplacement)));
    // A name that holds the value changes with it.
    const isInName = (value: Value) => typeof value === 'string' && names.some(({ text }) => text.includes(value));
    return names.length === 0 ? [] : replacing.filter(key => names.every(({ path }) => path !== key) && !isInName(Properties[key])).map(key => `${type} ${key}`);
  });
}

const excused = (clash: string) => clash in NEVER_REPLACED || `${clash.split(' ')[0]} *` in NEVER_REPLACED;
const found = Object.values(EXAMPLES).flatMap(({ overrides, options }) => templates(synthesise(overrides, options)).flatMap(clashes));

test('nothing that CloudFormation replaces has a fixed name', () => {
  expect([...new Set(found)].filter(clash => !excused(clash))).toEqual([]);
});

test('each exception is one', () => {
  const clashing = new Set(found.flatMap(clash => [clash, `${clash.split(' ')[0]} *`]));
  expect(Object.keys(NEVER_REPLACED).filter(exception => !clashing.has(exception))).toEqual([]);
});

describe('a fixed name is seen', () => {
  const one = (Type: string, Properties: Record<string, Value>) => clashes({ Resources: { One: { Type, Properties } } });

  test.each<[string, string, Record<string, Value>, string[]]>([
    ['a budget whose notifications replace it', 'AWS::Budgets::Budget',
      { Budget: { BudgetName: 'project-oky-monthly' }, NotificationsWithSubscribers: [] }, ['AWS::Budgets::Budget NotificationsWithSubscribers']],
    ['a source of logs of another distribution', 'AWS::Logs::DeliverySource',
      { Name: 'project-oky-cloudfront', ResourceArn: { Ref: 'Distribution' } }, ['AWS::Logs::DeliverySource ResourceArn']],
    ['a Slack channel of another workspace', 'AWS::Chatbot::SlackChannelConfiguration',
      { ConfigurationName: 'project-oky-alarms', SlackWorkspaceId: 'T0' }, ['AWS::Chatbot::SlackChannelConfiguration SlackWorkspaceId']],
    ['a bucket with a lock that it was made with', 'AWS::S3::Bucket', { BucketName: 'project-oky-config', ObjectLockEnabled: true }, ['AWS::S3::Bucket ObjectLockEnabled']],
    ['a Slack channel whose name holds its workspace', 'AWS::Chatbot::SlackChannelConfiguration', { ConfigurationName: 'project-oky-alarms-T0', SlackWorkspaceId: 'T0' }, []],
  ])('%s', (_, type, properties, expected) => {
    expect(one(type, properties)).toEqual(expected);
  });
});
