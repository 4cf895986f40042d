import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Lazy } from 'aws-cdk-lib/core';
import type { OkyBackend } from '../../src';
import { deploy, messageOf, type Overrides } from '../helpers';

let folder: string;
beforeAll(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'environment-file-')); });
afterAll(() => fs.rmSync(folder, { recursive: true }));

function written(content: string | Buffer): string {
  const file = path.join(folder, 'service.env');
  fs.writeFileSync(file, content);
  return file;
}

const SERVICES = ['api', 'cms'] as const;
const messageFor = (service: typeof SERVICES[number], content: string | Buffer, options = {}) =>
  messageOf(() => deploy({ [service]: { environmentFileKey: 'own.env', environmentFile: written(content), ...options } }));

test.each([
  ['nothing', ''],
  ['comments and empty lines', '# one\n\n# "two" = \'three\'\n'],
  ['an origin, with a port', 'DELETE_ACCOUNT_URL=https://delete.example.org:8443\n'],
  ['an empty value, and no line feed at the end', 'USE_AVATAR_CUSTOMIZATION='],
])('a file may hold %s', (_, content) => {
  expect(() => deploy({ api: { environmentFileKey: 'own.env', environmentFile: written(content) } })).not.toThrow();
});

test.each([
  ['quotes', 'DELETE_ACCOUNT_URL="https://example.org"', 1, 'have a value without quotes or spaces around it', 'DELETE_ACCOUNT_URL', 'take them away: they become part of the value'],
  ['one quote', "DELETE_ACCOUNT_URL='", 1, 'have a value without quotes or spaces around it', 'DELETE_ACCOUNT_URL', 'take them away: they become part of the value'],
  ['a space at the end', 'DELETE_ACCOUNT_URL=a ', 1, 'have a value without quotes or spaces around it', 'DELETE_ACCOUNT_URL', 'take them away: they become part of the value'],
  ['a space before =', '# one\nDELETE_ACCOUNT_URL =a', 2, 'be VARIABLE=value', 'DELETE_ACCOUNT_URL ', 'write it so, without spaces or export before it'],
  ['export', 'export DELETE_ACCOUNT_URL=a', 1, 'be VARIABLE=value', 'export DELETE_ACCOUNT_URL', 'write it so, without spaces or export before it'],
  ['lines of a key, which are not shown', 'USE_AVATAR_CUSTOMIZATION=true\nMIIEvQIBADANBg', 2, 'be VARIABLE=value', '…', 'write it so, without spaces or export before it'],
  ['a variable twice', 'USE_AVATAR_CUSTOMIZATION=true\nUSE_AVATAR_CUSTOMIZATION=false', 2, 'not repeat a variable', 'USE_AVATAR_CUSTOMIZATION', 'keep one of the lines'],
  ['a value for development', 'NODE_ENV=development', 1, 'not set what the construct sets, which wins over the file', 'NODE_ENV', 'take the line out'],
  ['what the construct sets', 'DATABASE_HOST=localhost', 1, 'not set what the construct sets, which wins over the file', 'DATABASE_HOST', 'take the line out'],
  ['what the start command sets', 'NODE_EXTRA_CA_CERTS=/ca.pem', 1, 'not set what the construct sets, which wins over the file', 'NODE_EXTRA_CA_CERTS', 'take the line out'],
  ['the signing secret', 'APPLICATION_SECRET=hidden', 1, 'not set what the construct sets, which wins over the file', 'APPLICATION_SECRET', 'take the line out'],
  ['another secret', 'SECONDARY_APPLICATION_SECRET=hidden', 1, 'not hold a secret', 'SECONDARY_APPLICATION_SECRET', 'put it into Secrets Manager and give it in api.secrets'],
  ['a name that the image does not know', 'DELETE_ACOUNT_URL=a', 1, 'be one that the image reads', 'DELETE_ACOUNT_URL', 'give it in api.environment if the image is one that does'],
  ['a name for the other image', 'STORAGE_BUCKET=a', 1, 'be one that the image reads', 'STORAGE_BUCKET', 'give it in api.environment if the image is one that does'],
])('a file may not hold %s', (_, content, line, must, got, fix) => {
  const message = messageFor('api', content);
  expect(message).toBe(`api.environmentFile, line ${line}, must ${must}, got: '${got}'; ${fix}`);
  expect(message).not.toMatch(/hidden|MII/);
});

const ORIGIN = ['be the origin of the page, such as https://delete.example.org',
  'leave out the path and the slash at the end: the API compares it with the origin that the browser sends, in lower case'];
const SWITCH = ['be true or false', 'the API takes anything else for false'];
const ADDRESS = ['be an address that begins with https:// and ends with a slash',
  'the CMS puts the name of the file right behind it: https://firebasestorage.googleapis.com/v0/b/BUCKET/o/'];

test.each([
  ['api', 'DELETE_ACCOUNT_URL', 'https://delete.example.org/', ORIGIN],
  ['api', 'DELETE_ACCOUNT_URL', 'https://example.org/delete', ORIGIN],
  ['api', 'DELETE_ACCOUNT_URL', 'https://Delete.example.org', ORIGIN],
  ['api', 'DELETE_ACCOUNT_URL', 'https://delete.example.org:443', ORIGIN],
  ['api', 'DELETE_ACCOUNT_URL', 'http://delete.example.org', ORIGIN],
  ['api', 'DELETE_ACCOUNT_URL', 'delete.example.org', ORIGIN],
  ['api', 'USE_AVATAR_CUSTOMIZATION', 'yes', SWITCH],
  ['api', 'USE_AVATAR_CUSTOMIZATION', 'TRUE', SWITCH],
  ['cms', 'STORAGE_BASE_URL', 'https://storage.example.org/oky', ADDRESS],
  ['cms', 'STORAGE_BASE_URL', 'gs://oky/', ADDRESS],
] as const)('%s: %s may not be %s, in a file or in the environment', (service, variable, value, [must, fix]) => {
  expect(messageFor(service, `${variable}=${value}`)).toBe(`${service}.environmentFile, line 1, must ${must}, got: '${variable}'; ${fix}`);
  expect(messageOf(() => deploy({ [service]: { environment: { [variable]: value } } }))).toBe(`${service}.environment.${variable} must ${must}, got: '${value}'; ${fix}`);
});

test('the environment may hold what the apps can use, and tokens', () => {
  expect(() => deploy({
    api: { environment: { DELETE_ACCOUNT_URL: 'https://delete.example.org', USE_AVATAR_CUSTOMIZATION: Lazy.string({ produce: () => 'maybe' }) } },
    cms: { environment: { STORAGE_BASE_URL: 'https://firebasestorage.googleapis.com/v0/b/oky/o/' } },
  })).not.toThrow();
});

test.each<[string, string | Buffer, string]>([
  ['line ends of Windows', 'USE_AVATAR_CUSTOMIZATION=true\r\n', 'not have the line ends of Windows, which become part of each value'],
  ['one of them in a comment', '# one\r\nUSE_AVATAR_CUSTOMIZATION=true\n', 'not have the line ends of Windows, which become part of each value'],
  ['a byte-order mark', '\uFEFFUSE_AVATAR_CUSTOMIZATION=true\r\n', 'not begin with a byte-order mark, which becomes part of the first name'],
  ['what Windows calls Unicode', Buffer.from('\uFEFFUSE_AVATAR_CUSTOMIZATION=true', 'utf16le'), 'be text in UTF-8'],
  ['what is no text', Buffer.from([0x55, 0x3d, 0xff]), 'be text in UTF-8'],
])('a file may not be saved with %s', (_, content, must) => {
  expect(messageFor('api', content)).toBe(`api.environmentFile must ${must}, got: '${path.join(folder, 'service.env')}'; `
    + 'save it as UTF-8 without a byte-order mark, and with the line ends of Unix (LF)');
});

test('a file may be of any size, as ECS sets no limit', () => {
  expect(() => deploy({ api: { environmentFileKey: 'own.env', environmentFile: written(`# ${'a'.repeat(2 ** 20)}\nDELETE_ACCOUNT_URL=https://example.org\n`) } })).not.toThrow();
});

test('the CMS has its own names, and takes the credentials of Google as a secret', () => {
  expect(() => deploy({ cms: { environmentFileKey: 'own.env', environmentFile: written('STORAGE_BUCKET=a=b"c\nSTORAGE_BASE_URL=https://storage.example.org/o/\n') } })).not.toThrow();
  expect(messageFor('cms', 'PASSPORT_SECRET=hidden')).toMatch(/^cms\.environmentFile, line 1, must not set what the construct sets/);
  expect(messageFor('cms', 'GOOGLE_APPLICATION_CREDENTIALS=/usr/src/app/firebase.json')).toBe('cms.environmentFile, line 1, must not name a file, '
    + "which the image does not have, got: 'GOOGLE_APPLICATION_CREDENTIALS'; give the secret that holds it in cms.googleCredentials, "
    + 'or its path in cms.environment if the image is one that has it');
});

test('the API has no use for the credentials of Google', () => {
  expect(messageFor('api', 'GOOGLE_APPLICATION_CREDENTIALS=/usr/src/app/firebase.json')).toMatch(/^api\.environmentFile, line 1, must be one that the image reads/);
});

test('what is given beside the file may not be in it', () => {
  expect(messageFor('api', 'DELETE_ACCOUNT_URL=https://a.example', { environment: { DELETE_ACCOUNT_URL: 'https://b.example' } })).toMatch(/line 1, must not set what the construct sets/);
});

test.each(SERVICES)('%s.environmentFile must be there', service => {
  for (const environmentFile of [path.join(folder, 'missing.env'), folder]) {
    expect(messageOf(() => deploy({ [service]: { environmentFileKey: 'own.env', environmentFile } })))
      .toBe(`${service}.environmentFile must be the path of a file, got: '${environmentFile}'; give it from where the app is started, or leave it out`);
  }
});

test.each(SERVICES)('%s.environmentFile needs its key', service => {
  expect(messageOf(() => deploy({ [service]: { environmentFile: written('') } })))
    .toBe(`${service}.environmentFileKey must be given with ${service}.environmentFile, got: undefined; name the key that the file is uploaded to`);
});

describe('the variables that a container keeps', () => {
  const OF_ECS = [
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_DEFAULT_REGION', 'AWS_EXECUTION_ENV', 'AWS_REGION', 'ECS_AGENT_URI', 'ECS_CONTAINER_METADATA_URI',
    'ECS_CONTAINER_METADATA_URI_V4',
  ];
  const OF_THE_FILE = { api: ['DELETE_ACCOUNT_URL', 'USE_AVATAR_CUSTOMIZATION'], cms: ['STORAGE_BASE_URL', 'STORAGE_BUCKET'] };

  /** The names in the task definition, and those that its entry point keeps. */
  function namesOf(service: typeof SERVICES[number], overrides: Overrides = {}, change: (backend: OkyBackend) => void = () => undefined) {
    const { stack, backend } = deploy(overrides);
    change(backend);
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition', { Properties: { Family: `project-oky-ecs-${service}-task` } }));
    const [{ Environment, Secrets, EntryPoint }] = Properties.ContainerDefinitions;
    const kept = [...JSON.stringify(EntryPoint).matchAll(/\$\{(\w+)\+/g)].map(([, name]) => name).sort();
    return { given: [...Environment, ...Secrets].map(({ Name }: { Name: string }) => Name), kept };
  }

  test.each(SERVICES)('of the %s are those of its task definition, of its documented file, and of ECS: the list is closed', service => {
    const { given, kept } = namesOf(service);
    expect(kept).toEqual([...given, ...OF_THE_FILE[service], ...OF_ECS].sort());
    expect(given).toEqual(expect.arrayContaining(['PATH', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'PGSSLMODE']));
    // What the CMS sets wins over the file; the API sets none, and keeps none.
    expect(kept.includes('NODE_OPTIONS')).toBe(service === 'cms');
  });

  test('have those that a deployment adds, in its options or to the container', () => {
    const { kept } = namesOf('api', { api: { environment: { OF_OPTIONS: 'a' } } }, backend => {
      backend.api.taskDefinition.defaultContainer!.addEnvironment('ADDED_LATER', 'b');
      backend.api.taskDefinition.defaultContainer!.addSecret('SECRET_LATER', ecs.Secret.fromSecretsManager(backend.database.secret, 'username'));
      backend.api.taskDefinition.defaultContainer!.addEnvironment('no-name.of-a-shell', 'c');
    });
    expect(kept).toEqual(expect.arrayContaining(['OF_OPTIONS', 'ADDED_LATER', 'SECRET_LATER']));
    expect(kept.filter(name => name.includes('no-name'))).toEqual([]);
  });
});

test('api.environmentFile: a file that the task would not start with is refused', () => {
  expect(() => deploy({ api: { environmentFileKey: 'api.env' } })).not.toThrow();
  expect(() => deploy({ api: { environmentFileKey: 'api.env', environmentFile: __filename } })).toThrow(/^api\.environmentFile, line 1, must be VARIABLE=value/);
});
