import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, NestedStack } from 'aws-cdk-lib/core';
import { OkyEgress, type OkyBackendProps } from '../../src';
import { cost } from '../../src/cli/cost/cost';
import { deploy } from '../helpers';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oky-cost-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** A cloud assembly as `cdk synth` writes it. */
function assembly(name: string, overrides: Partial<OkyBackendProps>, region = 'eu-west-2', hasNested = false): string {
  const outdir = path.join(folder, name);
  const { stack } = deploy({ network: { cloudFrontPrefixListId: 'pl-93a247fa' }, ...overrides }, {
    region,
    context: {
      [`availability-zones:account=111122223333:region=${region}`]: [`${region}a`, `${region}b`],
      // As the CDK command line sets it.
      'aws:cdk:enable-asset-metadata': true,
    },
  });
  if (hasNested) {
    new Secret(new NestedStack(stack, 'Nested'), 'Secret');
  }
  const synthesised = (stack.node.root as App).synth();
  fs.cpSync(synthesised.directory, outdir, { recursive: true });
  return outdir;
}

const plain = assembly('plain', {});
const available = assembly('available', { highAvailability: true });
const african = assembly('african', {}, 'af-south-1');

async function call(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const spies = [
    jest.spyOn(console, 'log').mockImplementation((text: string) => void out.push(text)),
    jest.spyOn(console, 'error').mockImplementation((text: string) => void err.push(text)),
  ];
  const code = await cost(args);
  spies.forEach(spy => spy.mockRestore());
  return { code, out: out.join('\n'), err: err.join('\n') };
}

test('it prints the estimate of the deployment, with the prices of its region', async () => {
  const { code, out } = await call('--app', african);
  expect(code).toBe(0);
  expect(out).toMatch(/^An estimate for a month, from the list prices of af-south-1 in USD, without tax:\n/);
  expect(out).toMatch(/^interface endpoints +8 in a zone × 0\.01309 × 730 h +76\.45$/m);
});

test('the hours of the database and the requests count', async () => {
  const total = async (...args: string[]) => Number(/^sum .* ([\d.]+)(?: to [\d.]+)?$/m.exec((await call('--app', plain, ...args)).out)![1]);
  expect(await total('--database-hours', '0')).toBeLessThan(await total());
  expect(await total('--requests', '100')).toBeGreaterThan(await total());
});

test('--region is for apps that leave the region open, and wins', async () => {
  expect((await call('--app', plain, '--region', 'sa-east-1')).out).toContain('the list prices of sa-east-1');
});

test('--json prints what programs read', async () => {
  const { out } = await call('--app', plain, '--json');
  expect(JSON.parse(out)).toMatchObject({ region: 'eu-west-2', lines: expect.any(Array), notes: expect.any(Array), notPriced: [] });
});

test('nested stacks count', async () => {
  const nested = assembly('nested', {}, 'eu-west-2', true);
  expect((await call('--app', nested)).out).toMatch(/^secrets +5 secrets × 0\.4 +2\.00$/m);
});

describe('--against', () => {
  test('prints each line that changes, and the sum', async () => {
    const { code, out } = await call('--app', available, '--against', plain);
    expect(code).toBe(0);
    const [first, , ...rows] = out.split('\n');
    expect(first).toBe(`What changes a month, in USD, from Oky in ${plain} to Oky in ${available}:`);
    expect(rows.filter(row => !row.startsWith('note: ')).map(row => row.split(/ {2,}/)[0])).toEqual(['database', 'tasks: cms', 'tasks: api', 'sum']);
    expect(out).toMatch(/^database +17\.03 to 34\.07 +34\.07 to 68\.13 +\+17\.03$/m);
    expect(out).toMatch(/^tasks: api +10\.36 +20\.72 +\+10\.36$/m);
    expect(out).toMatch(/^sum .* \+39\.62$/m);
  });

  test('prints what a change saves', async () => {
    const small = assembly('small', { network: { cloudFrontPrefixListId: 'pl-93a247fa', egress: OkyEgress.publicIp() } });
    expect((await call('--app', small, '--against', plain)).out).toMatch(/^interface endpoints +64\.24 +0\.00 +-64\.24$/m);
  });

  test('says that nothing changes', async () => {
    expect((await call('--app', plain, '--against', plain)).out).toMatch(/:\nnothing\n/);
  });

  test('says so where the prices are those of two regions', async () => {
    expect((await call('--app', african, '--against', plain)).out).toContain('note: the prices are those of eu-west-2 before, and of af-south-1 after');
  });

  test('--json has both', async () => {
    expect(Object.keys(JSON.parse((await call('--app', available, '--against', plain, '--json')).out) as object)).toEqual(['before', 'after']);
  });
});

test.each([
  [['--app', path.join(folder, 'none')], /^cost: there is no cloud assembly in .*none: run npx cdk synth --quiet first, or name its folder with --app$/],
  [['--app', plain, '--against', path.join(folder, 'none')], /^cost: there is no cloud assembly in .*none/],
  [['--app', plain, '--database-hours', '25'], /^cost: --database-hours must be a number from 0 to 24, got: '25'; give one such as 8$/],
  [['--app', plain, '--requests', 'many'], /^cost: --requests must be a number of 0 or more, got: 'many'; give one such as 8$/],
  [['--app', plain, '--stack', 'Other'], /^cost: --stack must be one of the deployments/],
  [['--colour'], /^cost: Unknown option '--colour'/],
])('%j is refused with the fix', async (args, message) => {
  const { code, out, err } = await call(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});

test('--help explains how to see the cost of a change', async () => {
  const { code, out } = await call('--help');
  expect(code).toBe(0);
  expect(out).toContain('npx cdk-oky-backend cost --against before.out');
});
