import { readFileSync } from 'node:fs';
import * as path from 'node:path';

/** Where the package is that this file belongs to. */
export const PACKAGE_ROOT = path.join(__dirname, '..', '..');

interface Manifest {
  readonly version: string;
  readonly repository: { readonly url: string };
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** What this package says of itself. */
export function manifest(): Manifest {
  return JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8')) as Manifest;
}
