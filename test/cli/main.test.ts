import { spawnSync } from 'child_process';
import * as path from 'path';
import { manifest } from '../../src/cli/package';

const ROOT = path.join(__dirname, '..', '..');
const LOADED = 'Object.keys(require.cache).filter(file => /node_modules.(aws-cdk-lib|constructs)/.test(file)).length';

/** In a process of its own, as its start is what is looked at. */
function call(...args: string[]): { code: number | null; out: string; err: string; modules: number } {
  const script = `require('./src/cli/main.ts').main(${JSON.stringify(args)}).then(code => { console.log(${LOADED}); process.exitCode = code; })`;
  const { status: code, stdout, stderr: err } = spawnSync(process.execPath, ['--import', 'tsx', '--eval', script], { cwd: ROOT, encoding: 'utf8' });
  const [, out, modules] = /^(.*?)(\d+)\n$/s.exec(stdout)!;
  return { code, out, err, modules: Number(modules) };
}

test('--help names every command, without aws-cdk-lib', () => {
  const { code, out, modules } = call('--help');
  expect({ code, modules }).toEqual({ code: 0, modules: 0 });
  expect(out).toMatch(/^ {2}init +start a deployment/m);
  expect(call('-h').out).toBe(out);
});

test('--version is that of the package', () => {
  expect(call('--version')).toEqual({ code: 0, out: `${manifest().version}\n`, err: '', modules: 0 });
});

test.each(['deploy', 'constructor', '--versoin'])('an unknown command, such as %s, is refused with the fix', name => {
  const { code, out, err } = call(name);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(new RegExp(`^there is no command '${name}'; use one of init.*, such as: npx cdk-oky-backend init\n$`));
});

test('no command is none', () => {
  const { code, err } = call();
  expect(code).toBe(2);
  expect(err).toMatch(/^a command is missing; use one of init.*, such as: npx cdk-oky-backend init\n$/);
});

test('a command gets what follows its name, and gives the exit code', () => {
  const { code, out, modules } = call('init', '--help');
  expect(code).toBe(0);
  expect(out).toContain('--hosted-zone-id');
  // What it checks its options with: shows that the count counts.
  expect(modules).toBeGreaterThan(0);
  expect(call('init', '--no-such-option').code).toBe(2);
});
