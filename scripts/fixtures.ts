/**
 * Keeps the templates of the reference deployments as those of a released version, which later ones are compared with:
 * `npx tsx scripts/fixtures.ts 0.1.0`, once, when that version is released.
 */
import * as fs from 'fs';
import * as path from 'path';
import { OPTION_SETS, templatesOf, type OptionSet } from './deployments/option-sets';

/** Where the templates are, in a folder for each version and a file for each stack. */
export const FIXTURES = path.join(__dirname, '..', 'test', 'fixtures', 'templates');

/** The deployments that are kept, by the beginnings of their files. */
export const REFERENCES: Record<string, OptionSet> = { 'default': 'the defaults', 'all-on': 'everything on' };

/** Today's templates by the names of their files. */
export function fixtures(): Record<string, string> {
  return Object.fromEntries(Object.entries(REFERENCES).flatMap(([name, set]) => Object.entries(templatesOf(OPTION_SETS[set]))
    .map(([stack, template]) => [`${name}.${stack}.json`, `${JSON.stringify(template, null, 2)}\n`])));
}

if (require.main === module) {
  const [version = ''] = process.argv.slice(2);
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(`give the version whose templates these are, such as 0.1.0, got: '${version}'`);
  }
  const folder = path.join(FIXTURES, version);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  Object.entries(fixtures()).forEach(([file, text]) => fs.writeFileSync(path.join(folder, file), text));
}
