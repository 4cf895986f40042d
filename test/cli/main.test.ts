import { execFileSync } from 'child_process';
import * as path from 'path';
import { main } from '../../src/cli/main';
import { manifest } from '../../src/cli/package';

const ROOT = path.join(__dirname, '..', '..');

async function call(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const out = jest.spyOn(process.stdout, 'write').mockImplementation(text => { written.out += String(text); return true; });
  const err = jest.spyOn(process.stderr, 'write').mockImplementation(text => { written.err += String(text); return true; });
  const code = await main(args);
  out.mockRestore();
  err.mockRestore();
  return { code, ...written };
}

test.each(['--help', '-h'])('%s names every command', async flag => {
  const { code, out } = await call(flag);
  expect(code).toBe(0);
  expect(out).toMatch(/^ {2}init +start a deployment/m);
});

test('--version is that of the package', async () => {
  expect(await call('--version')).toEqual({ code: 0, out: `${manifest().version}\n`, err: '' });
});

test.each(['deploy', 'constructor', '--versoin'])('an unknown command, such as %s, is refused with the fix', async name => {
  expect(await call(name)).toEqual({ code: 2, out: '', err: expect.stringContaining(`there is no command '${name}'; use one of init`) });
});

test('no command is none', async () => {
  expect(await call()).toEqual({ code: 2, out: '', err: expect.stringMatching(/^a command is missing; use one of .*such as: npx cdk-oky-backend init\n$/) });
});

test('a command gets what follows its name', async () => {
  const { code, out } = await call('init', '--help');
  expect(code).toBe(0);
  expect(out).toContain('--hosted-zone-id');
});

test('it starts without aws-cdk-lib', () => {
  const script = "require('./src/cli/main.ts').main(['--help']); console.log(Object.keys(require.cache).filter(file => /aws-cdk-lib|constructs/.test(file)).length)";
  const out = execFileSync(process.execPath, ['--import', 'tsx', '--eval', script], { cwd: ROOT, encoding: 'utf8' });
  expect(out.trim().split('\n').at(-1)).toBe('0');
});
