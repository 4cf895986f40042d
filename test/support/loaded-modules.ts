import { execFileSync } from 'child_process';
import * as path from 'path';

const ROOT = path.join(__dirname, '..', '..');

/** The modules that a fresh process has loaded after this script, which can call `deploy`, in that order; their paths from the root of the repository. */
export function modulesLoadedBy(script: string): string[] {
  const told = 'process.stdout.write(JSON.stringify(Object.keys(require.cache)))';
  const output = execFileSync(process.execPath, ['--import', 'tsx', '--eval', `const { deploy } = require('./test/helpers.ts');\n${script};\n${told}`],
    { cwd: ROOT, encoding: 'utf8' });
  return (JSON.parse(output) as string[]).map(file => path.relative(ROOT, file).replaceAll(path.sep, '/'));
}
