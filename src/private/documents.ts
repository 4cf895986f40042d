import { readFileSync } from 'fs';
import * as path from 'path';

interface Manifest {
  readonly version: string;
  readonly repository: { readonly url: string };
}

let base: string | undefined;

/** The version of a checkout, which no release has. */
const UNRELEASED = '0.0.0';

/** The documents of a version of the library: a deployment follows the runbooks that its own version was released with. */
export function documentsOf({ version, repository }: Manifest): string {
  return `${repository.url}/blob/${version === UNRELEASED ? 'main' : `v${version}`}/docs`;
}

/** The address of a document of the installed version. */
export function documentUrl(page: string): string {
  base ??= documentsOf(JSON.parse(readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')) as Manifest);
  return `${base}/${page}`;
}
