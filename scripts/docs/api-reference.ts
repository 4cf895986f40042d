import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';

const ROOT = path.join(__dirname, '..', '..');

/** API.md, which jsii-docgen writes from the docstrings in `.jsii`: compile before. */
export function apiReference(): string {
  const file = path.join('.build', 'API.md');
  fs.mkdirSync(path.join(ROOT, '.build'), { recursive: true });
  execFileSync(process.execPath, [path.join('node_modules', 'jsii-docgen', 'bin', 'jsii-docgen'), '--output', file], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  return fs.readFileSync(path.join(ROOT, file), 'utf8');
}
