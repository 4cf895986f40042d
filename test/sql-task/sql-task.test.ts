import { spawn } from 'child_process';
import * as fs from 'fs';
import * as http from 'http';
import type { AddressInfo } from 'net';
import * as os from 'os';
import * as path from 'path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { SQL_SCRIPT } from '../../src/sql-task/sql-script';
import { deploy, messageOf, templateOf } from '../helpers';

const FAMILY = 'project-oky-ecs-sql-task';

function containerOf(template: Template): Record<string, unknown> {
  const [{ Properties }] = Object.values(template.findResources('AWS::ECS::TaskDefinition', { Properties: { Family: FAMILY } }));
  return Properties.ContainerDefinitions[0];
}

describe('the SQL task', () => {
  const template = templateOf({ database: { sqlTask: true } });

  test('is not there by default', () => {
    expect(templateOf().findResources('AWS::ECS::TaskDefinition', { Properties: { Family: FAMILY } })).toEqual({});
    expect(templateOf().findOutputs('OkySqlTaskDefinitionArn')).toEqual({});
  });

  test('runs our script in the image of the API, and can write nothing to its disk', () => {
    const container = containerOf(template);
    const [api] = Object.values(template.findResources('AWS::ECS::TaskDefinition', { Properties: { Family: 'project-oky-ecs-api-task' } }));
    expect(container).toMatchObject({ Name: 'sql', EntryPoint: ['node'], Command: ['-e', SQL_SCRIPT], ReadonlyRootFilesystem: true });
    expect(container.Image).toEqual(api.Properties.ContainerDefinitions[0].Image);
  });

  test('takes an image from elsewhere where the API does', () => {
    const found = containerOf(templateOf(stack => ({
      api: { image: ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, 'Own', 'own/api'), '1') },
      database: { sqlTask: true },
    })));
    expect(JSON.stringify(found.Image)).toContain('/own/api:1');
  });

  test('finds the database like the API, and logs in as the master user', () => {
    const names = (container: Record<string, unknown>) => (container.Environment as { Name: string }[]).map(({ Name }) => Name);
    expect(names(containerOf(template))).toEqual(expect.arrayContaining(['DATABASE_HOST', 'DATABASE_PORT', 'DATABASE_NAME', 'PGSSLMODE']));
    expect(containerOf(template).Secrets).toEqual(['username', 'password'].map(key => ({
      Name: `DATABASE_${key.toUpperCase()}`,
      ValueFrom: { 'Fn::Join': ['', [{ Ref: expect.stringMatching(/^OkyDatabaseSecretAttachment/) as string }, `:${key}::`]] },
    })));
  });

  test('knows the password of the role for the services where there is one', () => {
    const secrets = containerOf(templateOf({ database: { sqlTask: true, applicationUsername: 'oky' } })).Secrets as { Name: string }[];
    expect(secrets.map(({ Name }) => Name)).toEqual(['DATABASE_USERNAME', 'DATABASE_PASSWORD', 'APPLICATION_USERNAME', 'APPLICATION_PASSWORD']);
  });

  test('has no rights in AWS, and who builds images or updates services may not start it', () => {
    const [[role]] = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('OkySqlTaskTaskRole'));
    const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).filter(({ Properties }) => JSON.stringify(Properties.Roles ?? []).includes(role));
    expect(policies).toEqual([]);
    const operators = Object.entries(template.findResources('AWS::IAM::ManagedPolicy')).filter(([id]) => /^OkyOperators(ImageBuilder|ServiceUpdater)/.test(id));
    expect(operators).toHaveLength(2);
    expect(JSON.stringify(operators)).not.toMatch(/RunTask|OkySqlTask|ecs-sql-task/);
  });

  test('has an output, by which the command line finds it', () => {
    expect(template.findOutputs('OkySqlTaskDefinitionArn').OkySqlTaskDefinitionArn.Value).toEqual({ Ref: expect.stringMatching(/^OkySqlTask/) as string });
  });

  test('needs an image of the API', () => {
    expect(messageOf(() => deploy({ api: { imageTag: undefined }, database: { sqlTask: true } }))).toBe(
      'database.sqlTask can\'t be combined with no image of the API; the task runs in that image: push one and set api.imageTag, or leave database.sqlTask out until then');
    expect(() => deploy({ api: { imageTagParameter: '/oky' }, database: { sqlTask: true } })).not.toThrow();
  });

  test('may read what it needs to start', () => {
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^OkySqlTaskExecutionRole') }],
      PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt' })]) }),
    });
  });
});

interface Ending {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program to its end. */
function run(program: string, args: string[], env: Record<string, string>, cwd?: string): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { PATH: process.env.PATH, ...env } });
    let [output, errors] = ['', ''];
    child.stdout.on('data', part => { output += part; });
    child.stderr.on('data', part => { errors += part; });
    child.on('error', reject);
    child.on('close', code => resolve({ code, output, errors }));
  });
}

/** The script in a directory as it is in the image: the driver in a node_modules further up, here one that notes what it is asked. */
describe('the script of the SQL task', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sql-task-'));
  const directory = path.join(root, 'packages', 'api');
  const journal = path.join(root, 'journal');
  const server = http.createServer((request, response) => {
    response.statusCode = request.url === '/setup.sql?X-Amz-Signature=1' ? 200 : 403;
    response.end(response.statusCode === 200 ? 'CREATE TABLE "ö" (a int);\nSELECT 1;\n-- next part\nSELECT 2;' : 'denied');
  });

  beforeAll(async () => {
    fs.mkdirSync(path.join(root, 'node_modules', 'pg'), { recursive: true });
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(path.join(root, 'node_modules', 'pg', 'index.js'), `
      const note = entry => require('fs').appendFileSync(${JSON.stringify(journal)}, JSON.stringify(entry) + '\\n');
      exports.Client = class extends require('events') {
        constructor(options) { super(); note(['client', options]); }
        async connect() { note(['connect']); if (process.env.REFUSED) { throw new Error('password authentication failed'); } }
        async query(...query) {
          note(['query', ...query]);
          if (query.length > 1) { return { command: 'SELECT', rowCount: 1 }; }
          if (query[0].includes(process.env.FAILING)) { throw Object.assign(new Error('duplicate key'), { position: process.env.POSITION, detail: 'Key (name)=(Amina) already exists.' }); }
          this.emit('notice', { severity: 'NOTICE', message: 'hello' });
          return query[0] === 'SELECT 2;' ? { command: 'SELECT', rowCount: 2 } : [{ command: 'CREATE', rowCount: null }, { command: 'SELECT', rowCount: 1 }, { command: null, rowCount: null }];
        }
        async end() { note(['end']); }
      };`);
    // The script asks for nothing but HTTPS; the server here has no certificate.
    fs.writeFileSync(path.join(root, 'plain.js'), 'require("https").get = (url, then) => require("http").get(url.replace("https:", "http:"), then);');
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.close();
    fs.rmSync(root, { recursive: true });
  });

  async function runScript(env: Record<string, string> = {}) {
    fs.rmSync(journal, { force: true });
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/setup.sql?X-Amz-Signature=1`;
    const database = { FAILING: 'nothing', DATABASE_SCHEMA: 'oky', DATABASE_HOST: 'db', DATABASE_PORT: '5433', DATABASE_NAME: 'oky', DATABASE_USERNAME: 'master', DATABASE_PASSWORD: 'secret' };
    const result = await run(process.execPath, ['-r', path.join(root, 'plain.js'), '-e', SQL_SCRIPT], { SQL_URL: url, ...database, ...env }, directory);
    const entries = fs.existsSync(journal) ? fs.readFileSync(journal, 'utf8').trim().split('\n').map(line => JSON.parse(line) as unknown[]) : [];
    return { ...result, entries };
  }

  test('sends the parts of the file one after the other, and says what was done', async () => {
    const { code, output, errors, entries } = await runScript();
    expect({ code, output, errors }).toEqual({ code: 0, output: 'notice: hello\nnotice: hello\ndone: 1 CREATE, 2 SELECT (3 rows)\n', errors: '' });
    expect(entries).toEqual([
      ['client', { host: 'db', port: 5433, database: 'oky', user: 'master', password: 'secret' }],
      ['connect'],
      ['query', expect.stringContaining('oky.schema'), ['oky']],
      ['query', expect.stringContaining('set_config'), ['', '']],
      ['query', 'CREATE TABLE "ö" (a int);\nSELECT 1;'],
      ['query', 'SELECT 2;'],
      ['end'],
    ]);
  });

  test('tells the SQL the password of the role for the services, and nobody else', async () => {
    const { code, output, entries } = await runScript({ APPLICATION_USERNAME: 'oky', APPLICATION_PASSWORD: 'hidden' });
    expect([code, output]).toEqual([0, expect.not.stringContaining('hidden')]);
    expect(entries[3]).toEqual(['query',
      "SELECT set_config('oky.application_username', $1, false), set_config('oky.application_password', $2, false)", ['oky', 'hidden']]);
  });

  test.each([
    ['an error of the SQL with its line, without the data that it is about', { FAILING: 'SELECT 1', POSITION: '28' }, 'duplicate key (at line 2)'],
    ['an error that has no line', { FAILING: 'SELECT 2' }, 'duplicate key (in the part that begins at line 4)'],
    ['a password that is refused', { REFUSED: '1' }, 'password authentication failed'],
    ['no URL', { SQL_URL: '' }, 'SQL_URL must be the presigned URL of a file with SQL, beginning with https:'],
    ['a URL without TLS', { SQL_URL: 'http://example.org/setup.sql' }, 'SQL_URL must be the presigned URL of a file with SQL, beginning with https:'],
  ])('fails on %s', async (_, env, message) => {
    const { code, output, errors, entries } = await runScript(env);
    expect({ code, output: output.replace('notice: hello\n', ''), errors }).toEqual({ code: 1, output: '', errors: `failed, nothing was changed unless the SQL says COMMIT: ${message}\n` });
    expect(entries.length === 0 || 'REFUSED' in env || entries.at(-1)![0] === 'end').toBe(true);
  });

  test('fails on a URL that has expired', async () => {
    const { port } = server.address() as AddressInfo;
    const { code, errors, entries } = await runScript({ SQL_URL: `https://127.0.0.1:${port}/setup.sql?X-Amz-Signature=2` });
    expect([code, entries]).toEqual([1, []]);
    expect(errors).toContain('SQL_URL answers 403: has it expired, or is the object not in the bucket?');
  });

  test('is written in what Node.js 16 knows: no fetch', () => {
    expect(SQL_SCRIPT).not.toMatch(/\bfetch\(|\.at\(|structuredClone|node:/);
  });
});
