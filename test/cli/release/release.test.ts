import * as fs from 'fs';
import * as path from 'path';
import { release } from '../../../src/cli/release/release';
import { DeployedAccount } from '../deployed-account';
import { emptyFolder } from '../helpers';

const SQL = emptyFolder();
fs.writeFileSync(path.join(SQL, '1695772800000-b.sql'), 'SELECT 1;');
const APPLIED = ['version 170004', 'tables 9', 'recorded', 'applied 17db4fd369edb9244b9f91d9aeed145c3d04ad8ba6e95d06247f07a63527d11a 1695772800000-b.sql'];

async function run(account: DeployedAccount, args: string[], signup: () => string | undefined = () => undefined) {
  const hosts: string[] = [];
  const [log, error] = [jest.spyOn(console, 'log').mockImplementation(() => undefined), jest.spyOn(console, 'error').mockImplementation(() => undefined)];
  const code = await release(args, {
    openSession: async () => account.session(),
    checkSignup: async host => { hosts.push(host); return signup(); },
  });
  const errors = error.mock.calls.flat().join('\n');
  [log, error].forEach(spy => spy.mockRestore());
  return { code, errors, hosts };
}

const ARGS = ['--tag', '2026_04', '--sql', SQL];
const FORMER = { 'api-service': expect.stringMatching(/\/api:1$/) as string, 'cms-service': expect.stringMatching(/\/cms:1$/) as string };
const tags = ({ parameters }: DeployedAccount) => [...parameters.values()];

describe('a release', () => {
  test('runs new SQL files after a snapshot, tries the image, updates API and CMS, checks signup, and writes the parameters last', async () => {
    const account = new DeployedAccount();
    account.state = APPLIED.slice(0, 3);
    const { code, hosts } = await run(account, ARGS);
    expect([code, hosts]).toEqual([0, ['api.okyapp.info']]);
    const sql = ['s3api put-object', 'ecs run-task', 's3api delete-object'];
    expect(account.changes).toEqual([
      ...sql, 'rds create-db-cluster-snapshot', ...sql, 'ecs register-task-definition', 'ecs register-task-definition',
      'ecs run-task', 'ecs update-service', 'ecs update-service', 'ssm put-parameter', 'ssm put-parameter',
    ]);
    expect(account.runningRevision).toEqual({ 'api-service': expect.stringMatching(/\/api:2$/) as string, 'cms-service': expect.stringMatching(/\/cms:3$/) as string });
    expect(tags(account)).toEqual(['2026_04', '2026_04']);
    expect(account.told).toEqual([
      'look at the services and the images', 'look which SQL files the database has', expect.stringMatching(/^snapshot oky-before-release-/), 'run 1695772800000-b.sql',
      'the database has all SQL files up to 1695772800000-b.sql', 'try signup with the new image of the API', 'update the api', 'update the cms', 'check signup', '2026_04 is released',
    ]);
  });

  test('takes no snapshot without a new SQL file', async () => {
    const account = new DeployedAccount();
    account.state = APPLIED;
    expect((await run(account, ARGS)).code).toBe(0);
    expect(account.changes).not.toContain('rds create-db-cluster-snapshot');
    expect(account.sql).toEqual([]);
  });

  test('registers revisions that differ in the image alone, by its digest, with their tags', async () => {
    const account = new DeployedAccount();
    await run(account, ['--tag', '2026_04', '--keep-schema']);
    const inputs = account.calls.filter(([, operation]) => operation === 'register-task-definition').map(call => JSON.parse(call[call.indexOf('--cli-input-json') + 1]) as object);
    expect(inputs).toEqual(['api', 'cms'].map(name => ({
      family: name,
      cpu: '256',
      tags: [{ key: 'a', value: 'b' }],
      containerDefinitions: [{
        name,
        image: `111122223333.dkr.ecr.eu-west-2.amazonaws.com/project-oky/${name}@sha256:2026_04`,
        entryPoint: ['sh'],
        command: ['node', 'dist/index.js'],
        logConfiguration: { options: { 'awslogs-group': `/ecs/${name}`, 'awslogs-stream-prefix': name } },
      }],
    })));
  });

  test('tries the app by its own command, in a task that ECS takes', async () => {
    const account = new DeployedAccount();
    await run(account, ['--tag', '2026_04', '--keep-schema']);
    const call = account.calls.find(([, operation]) => operation === 'run-task')!;
    const overrides = call[call.indexOf('--overrides') + 1];
    const [{ name, command }] = (JSON.parse(overrides) as { containerOverrides: { name: string; command: string[] }[] }).containerOverrides;
    expect([name, command.slice(0, 2), command.slice(3)]).toEqual(['api', ['node', '-e'], ['node', 'dist/index.js']]);
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html
    expect(overrides.length).toBeLessThan(8192);
    expect(call[call.indexOf('--task-definition') + 1]).toMatch(/\/api:2$/);
  });

  test('goes back to a former image without any SQL', async () => {
    const account = new DeployedAccount();
    account.images['2025_05'] = account.images['2026_04'];
    expect((await run(account, ['--tag', '2025_05', '--keep-schema'])).code).toBe(0);
    expect(account.changes).not.toContain('s3api put-object');
  });
});

describe('a release that fails', () => {
  test('in the SQL leaves the services as they are', async () => {
    const account = new DeployedAccount();
    account.state = APPLIED.slice(0, 3);
    account.onSql = () => ({ code: 1, lines: ['failed, nothing was changed unless the SQL says COMMIT: column "a" exists'] });
    expect(await run(account, ARGS)).toMatchObject({ code: 1, errors: 'release: column "a" exists' });
    expect([account.runningRevision, tags(account), account.changes.includes('ecs register-task-definition')]).toEqual([FORMER, ['2025_05', '2025_05'], false]);
  });

  test.each([
    ['--sql', ARGS, 'If a column or a table is missing, the SQL files are not those of the image: name the folder of its commit'],
    ['--keep-schema', ['--tag', '2026_04', '--keep-schema'], 'This image needs other tables than the database has: see "The way back" in docs/releases.md'],
  ])('in the trial reaches no user, with %s', async (_, args, advice) => {
    const account = new DeployedAccount();
    account.state = APPLIED;
    account.onTrial = () => ({ code: 1, lines: ['Application is now running.', 'failed, signup answers 500: column "avatar" does not exist'] });
    expect(await run(account, args)).toMatchObject({
      code: 1, errors: `release: signup does not work with 2026_04, so users still get the former images: signup answers 500: column "avatar" does not exist\n${advice}`,
    });
    expect([account.runningRevision, tags(account), account.changes.includes('ecs update-service')]).toEqual([FORMER, ['2025_05', '2025_05'], false]);
  });

  test('in the trial says what stopped the task', async () => {
    const account = new DeployedAccount();
    account.onTrial = () => ({ reason: 'CannotPullContainerError: not found' });
    expect((await run(account, ['--tag', '2026_04', '--keep-schema'])).errors).toContain('former images: CannotPullContainerError: not found');
  });

  test('at the CMS takes the API back too', async () => {
    const account = new DeployedAccount();
    let isFailing = true;
    account.rollout = service => {
      const isFailed = service === 'cms-service' && account.runningRevision[service].endsWith(':3') && isFailing;
      isFailing &&= !isFailed;
      return isFailed ? 'FAILED' : undefined;
    };
    expect(await run(account, ['--tag', '2026_04', '--keep-schema'])).toMatchObject({
      code: 1,
      errors: 'release: the cms did not start with the new image: ECS deployment circuit breaker: tasks failed to start; its log says why\n'
        + 'The services run the former images again. SQL files that were applied stay applied',
    });
    expect([account.runningRevision, tags(account)]).toEqual([FORMER, ['2025_05', '2025_05']]);
  });

  test('at the check of signup takes both services back', async () => {
    const account = new DeployedAccount();
    expect(await run(account, ['--tag', '2026_04', '--keep-schema'], () => 'signup answers 403: ')).toMatchObject({
      code: 1, errors: 'release: signup does not work at api.okyapp.info: signup answers 403: \nThe services run the former images again. SQL files that were applied stay applied',
    });
    expect([account.runningRevision, tags(account)]).toEqual([FORMER, ['2025_05', '2025_05']]);
  });

  test('on the way back says so', async () => {
    const account = new DeployedAccount();
    account.rollout = service => service === 'api-service' && account.calls.some(([, operation]) => operation === 'update-service') ? 'FAILED' : undefined;
    expect((await run(account, ['--tag', '2026_04', '--keep-schema'])).errors).toContain(
      '\nGoing back failed too: the api did not start with the new image: ECS deployment circuit breaker: tasks failed to start; its log says why. Look at the services now');
  });

  test('while another one is under way changes nothing', async () => {
    const account = new DeployedAccount();
    account.rollout = service => service === 'cms-service' ? 'IN_PROGRESS' : undefined;
    expect(await run(account, ARGS)).toMatchObject({ code: 1, errors: 'release: a deployment of the cms is under way: wait until it has ended, then run this again. Nothing was changed' });
    expect(account.changes).toEqual([]);
  });

  test.each([
    ['no such tag', '2026_05', undefined, 'there is no image project-oky/api:2026_05: push it first, or name a tag that is in the repository. Nothing was changed'],
    ['another processor', 'mac', { architecture: 'arm64', env: [] }, 'the image of the api, project-oky/api:mac, was built for arm64, and the task runs on amd64: '
      + 'build it again with docker build --platform linux/amd64 --target production, and push it with another tag. Nothing was changed'],
    ['the target development', 'dev', { architecture: 'amd64', env: ['NODE_ENV=development'] }, 'the image of the api, project-oky/api:dev, was built for development: '
      + 'build it again with docker build --platform linux/amd64 --target production, and push it with another tag. Nothing was changed'],
  ])('for %s changes nothing', async (_, tag, image, message) => {
    const account = new DeployedAccount();
    if (image) {
      account.images[tag] = image;
    }
    expect(await run(account, ['--tag', tag, '--sql', SQL])).toMatchObject({ code: 2, errors: `release: ${message}` });
    expect(account.changes).toEqual([]);
  });

  test('without a parameter for the tag says how to get one', async () => {
    const account = new DeployedAccount();
    delete account.outputs.OkyCmsImageTagParameter;
    expect(await run(account, ARGS)).toMatchObject({
      code: 2, errors: 'release: the stack OkyBackend has no output OkyCmsImageTagParameter: set cms.imageTagParameter and deploy: without it, the next deployment with CDK goes back to cms.imageTag',
    });
  });

  test.each([
    ['no tag', ['--sql', SQL], '--tag must be the tag of the images, such as 2026_04, got: none'],
    ['a tag that Docker does not take', ['--tag', '-a b', '--sql', SQL].map(word => word === '-a b' ? '.a' : word), '--tag must be the tag of the images, such as 2026_04, got: .a'],
    ['neither SQL nor the schema kept', ['--tag', '1'], 'give --sql with the SQL files of the release, or --keep-schema to run none, and not both'],
    ['both', ['--tag', '1', '--sql', SQL, '--keep-schema'], 'give --sql with the SQL files of the release, or --keep-schema to run none, and not both'],
    ['an unknown option', ['--tags', '1'], 'Unknown option \'--tags\''],
  ])('for %s', async (_, args, message) => {
    const { code, errors } = await run(new DeployedAccount(), args);
    expect([code, errors.slice(0, message.length + 9)]).toEqual([2, `release: ${message}`]);
  });

  test('has help', async () => {
    expect((await run(new DeployedAccount(), ['--help'])).code).toBe(0);
  });
});
