import * as fs from 'fs';
import * as path from 'path';
import { compareSync } from 'bcryptjs';
import { database } from '../../../src/cli/database/database';
import { PACKAGE_ROOT } from '../../../src/cli/package';
import { DeployedAccount } from '../deployed-account';
import { emptyFolder, FakeTerminal } from '../helpers';

const folder = emptyFolder();
const file = (name: string, text: string) => {
  fs.writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
file('initial-setup.sql', 'CREATE TABLE a (b int);');
const [change] = [file('1695772800000-b.sql', 'SELECT 1;')];

/** Runs the command in the account; at a terminal where there are answers. */
async function run(account: DeployedAccount, args: string[], answers?: string[]) {
  const terminal = new FakeTerminal(answers);
  const code = await database(args, terminal, async () => account.session());
  return { code, errors: terminal.errors, printed: terminal.printed, terminal };
}

describe('the SQL of a command', () => {
  test('is uploaded, run by the SQL task in the network of the API, and deleted', async () => {
    const account = new DeployedAccount();
    expect((await run(account, ['run', file('content.sql', 'INSERT INTO a VALUES (1);')])).code).toBe(0);
    expect(account.changes).toEqual(['s3api put-object', 'ecs run-task', 's3api delete-object']);
    const put = account.calls.find(([, operation]) => operation === 'put-object')!;
    const [bucket, key, body] = ['bucket', 'key', 'body'].map(name => put[put.indexOf(`--${name}`) + 1]);
    expect([bucket, key]).toEqual(['config', expect.stringMatching(/^sql\/\d{4}-\d\d-\d\d-[0-9a-f]{16}\.sql$/)]);
    expect(fs.existsSync(body)).toBe(false);
    const task = account.calls.find(([, operation]) => operation === 'run-task')!;
    expect(task).toEqual(expect.arrayContaining(['--cluster', 'cluster', '--launch-type', 'FARGATE', '{"awsvpcConfiguration":{"subnets":["subnet-1"]}}',
      JSON.stringify({ containerOverrides: [{ name: 'sql', environment: [{ name: 'SQL_URL', value: `https://config/${key}?signed` }] }] })]));
    expect(account.sql[0].replaceAll('\n-- next part', '')).toBe('BEGIN;\n\nINSERT INTO a VALUES (1);\nCOMMIT;\n');
    expect(account.told.at(-1)).toBe('said');
  });

  test('is taken to the bucket for SQL where there is one', async () => {
    const account = new DeployedAccount();
    account.outputs.OkySqlBucketName = 'sql-bucket';
    await run(account, ['run', file('content.sql', 'SELECT 1;')]);
    expect(account.calls.find(([, operation]) => operation === 'put-object')).toContain('sql-bucket');
  });

  test.each([
    ['fails', { code: 1, lines: ['failed, nothing was changed unless the SQL says COMMIT: relation "a" does not exist (at line 5)'] }, 'relation "a" does not exist (at line 2 of FOLDER/content.sql)'],
    ['never starts', { reason: 'CannotPullContainerError: not found' }, 'the SQL task ended before it started: CannotPullContainerError: not found'],
    ['is killed', { code: 137, reason: 'OutOfMemoryError', lines: ['half'] }, 'the SQL task ended with code 137: OutOfMemoryError\n  half'],
  ])('is deleted too if the task %s, whose words are passed on', async (_, end, message) => {
    const account = new DeployedAccount();
    account.onSql = () => end;
    const { code, errors } = await run(account, ['run', file('content.sql', 'SELECT 1;\nSELECT * FROM a;')]);
    expect([code, errors.replace(folder, 'FOLDER')]).toEqual([1, `database: ${message}\n`]);
    expect(account.changes.at(-1)).toBe('s3api delete-object');
  });

  test('needs the SQL task', async () => {
    const account = new DeployedAccount();
    delete account.outputs.OkySqlTaskDefinitionArn;
    const { code, errors } = await run(account, ['run', file('content.sql', 'SELECT 1;')]);
    expect([code, errors]).toEqual([2, 'database: the stack OkyBackend has no output OkySqlTaskDefinitionArn: set database.sqlTask to true and deploy: SQL is run by that task\n']);
    expect(account.changes).toEqual([]);
  });
});

describe('database schema', () => {
  const args = ['schema', '--sql', folder];

  test('makes the tables of an empty database, without a snapshot', async () => {
    const account = new DeployedAccount();
    expect((await run(account, [...args, '--baseline', 'none'])).code).toBe(0);
    expect(account.changes).toEqual(['s3api put-object', 'ecs run-task', 's3api delete-object', 's3api put-object', 'ecs run-task', 's3api delete-object']);
    expect(account.told).toEqual(['look which SQL files the database has', 'run initial-setup.sql, 1695772800000-b.sql', 'the database has all SQL files up to 1695772800000-b.sql']);
  });

  test('takes a snapshot of a database with tables first, and waits for it', async () => {
    const account = new DeployedAccount();
    account.state = ['version 170004', 'tables 9', 'recorded'];
    expect((await run(account, args)).code).toBe(0);
    expect(account.changes.slice(3)).toEqual(['rds create-db-cluster-snapshot', 's3api put-object', 'ecs run-task', 's3api delete-object']);
    const snapshot = account.calls.find(([, operation]) => operation === 'create-db-cluster-snapshot')!;
    expect(snapshot.join(' ')).toMatch(/--db-cluster-identifier oky --db-cluster-snapshot-identifier oky-before-release-\d{8}t\d{6} /);
  });

  test('changes nothing if the snapshot fails', async () => {
    const account = new DeployedAccount();
    account.state = ['version 170004', 'tables 9', 'recorded'];
    account.snapshotStates = ['failed'];
    const { code, errors } = await run(account, args);
    expect([code, errors]).toEqual([1, expect.stringMatching(/^database: the snapshot oky-before-release-\w+ is failed: look at it in RDS, then run this again\. Nothing was changed\n$/)]);
    expect(account.sql).toEqual([]);
  });

  test('only looks if the database has all files', async () => {
    const account = new DeployedAccount();
    account.state = ['version 170004', 'tables 9', 'recorded', 'applied 17db4fd369edb9244b9f91d9aeed145c3d04ad8ba6e95d06247f07a63527d11a 1695772800000-b.sql'];
    expect((await run(account, args)).code).toBe(0);
    expect([account.sql, account.told.at(-1)]).toEqual([[], 'the database has all of them']);
  });
});

describe('database administrator', () => {
  const good = 'long enough password';

  test('asks twice, and sends nothing but the hash', async () => {
    const account = new DeployedAccount();
    const { code, terminal } = await run(account, ['administrator', '--username', 'amina', '--language', 'fr'], [good, good]);
    expect([code, terminal.left, terminal.prompts]).toEqual([0, 0, ['password of amina, 12 characters or more: ', 'the same again: ']]);
    const [, hash] = /VALUES \('amina', '([^']+)', 'fr', now\(\), 'superAdmin'\)/.exec(account.sql[0])!;
    expect([hash.slice(0, 7), compareSync(good, hash)]).toEqual(['$2b$10$', true]);
    expect(account.calls.flat().join(' ') + account.sql[0]).not.toContain(good);
  });

  test('leaves one row of the name, in which it sets the password', async () => {
    const account = new DeployedAccount();
    await run(account, ['administrator'], [good, good]);
    expect(account.sql[0]).toMatch(/DELETE FROM "user" WHERE username = 'admin' AND id <> first;\s+UPDATE "user" SET password = '\$2b\$10\$[^']+' WHERE id = first;/);
  });

  test.each([
    ['eleven chars', ['elevenchars'], 'the password has 11 characters, 12 is the least'],
    ['two that differ', [good, 'another password'], 'the two are not the same'],
    ['more than bcrypt reads', ['ä'.repeat(37)], 'the password has more than 72 bytes, the rest of which would not count'],
    ['one with the name in it', ['My-Admin-Password'], 'the password has the name in it'],
  ])('asks again after %s', async (_, answers, message) => {
    const account = new DeployedAccount();
    const { code, errors } = await run(account, ['administrator'], [...answers, good, good]);
    expect([code, errors, account.sql.length]).toEqual([0, `${message}: try again\n`, 1]);
  });

  test.each([
    ['--username', "a'b", '--username must match ^[\\w.@-]{1,64}$, got: a\'b; use one such as admin'],
    ['--language', 'e', '--language must match ^[A-Za-z-]{2,8}$, got: e; use one such as en'],
  ])('refuses %s %s', async (flag, value, message) => {
    const account = new DeployedAccount();
    expect(await run(account, ['administrator', flag, value], [])).toMatchObject({ code: 2, errors: `database: ${message}\n` });
    expect(account.sql).toEqual([]);
  });
});

test('database role runs the file of the package', async () => {
  const account = new DeployedAccount();
  await run(account, ['role']);
  expect(account.sql[0]).toContain(fs.readFileSync(path.join(PACKAGE_ROOT, 'assets', 'service-role.sql'), 'utf8'));
});

test('database import loads a dump into an empty database', async () => {
  const account = new DeployedAccount();
  const dump = file('dump.sql', '-- Dumped from database version 15.4\nCREATE TABLE periodtracker.a (\n);\n');
  expect((await run(account, ['import', dump])).code).toBe(0);
  expect(account.sql[0]).toContain('CREATE TABLE periodtracker.a');
  account.state = ['version 170004', 'tables 9'];
  expect(await run(account, ['import', dump])).toMatchObject({ code: 1, errors: expect.stringContaining('the database has 9 tables already') as string });
});

describe('the command line of database', () => {
  test.each([
    ['no action', [], 'database: the action must be one of schema, run, import, role, administrator, got: none\n'],
    ['an unknown action', ['toString'], 'database: the action must be one of schema, run, import, role, administrator, got: toString\n'],
    ['an unknown option', ['run', '--file', 'a'], 'database: Unknown option \'--file\''],
    ['no folder', ['schema'], 'database: --sql must be given: the folder sql/ in the checkout of Oky that the images are built from\n'],
    ['no file', ['run'], 'database: run must be followed by the files to run, such as: run insert-content-en.sql\n'],
    ['a missing file', ['run', '/nowhere.sql'], 'database: /nowhere.sql can\'t be read: ENOENT\n'],
    ['two dumps', ['import', change, change], `database: import must be followed by one dump, got: ${change} ${change}\n`],
  ])('with %s is refused', async (_, args, message) => {
    const account = new DeployedAccount();
    const { code, errors } = await run(account, args);
    expect([code, errors.slice(0, message.length)]).toEqual([2, message]);
    expect(account.changes).toEqual([]);
  });

  test('has help', async () => {
    expect(await run(new DeployedAccount(), ['--help'])).toMatchObject({ code: 0, printed: expect.stringContaining('Usage: npx cdk-oky-backend database <action>') as string });
  });
});
