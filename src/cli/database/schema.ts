import { RECORD, type SchemaState } from './schema-state';
import { Script, type SqlFile } from './script';
import type { ChangeFile, SqlFolder } from './sql-folder';
import { UnusableCall } from '../doctor/assembly';

/** The value of `--baseline` for a database without any of the changes. */
const NOTHING = 'none';

/** What brings the tables of the database to those of the folder. */
export interface SchemaPlan {
  /** Makes all tables of an empty database. */
  readonly initial?: SqlFile;
  /** Changes that the database has, but that are not recorded. */
  readonly adopted: readonly ChangeFile[];
  /** Changes that are run, in this order. */
  readonly pending: readonly ChangeFile[];
  /** How many files are recorded now: another release may come between. */
  readonly recorded: number;
}

/** Compares the folder with what the database has. Throws what must be decided or repaired first; nothing was changed then. */
export function planSchema(folder: SqlFolder, state: SchemaState, baseline?: string): SchemaPlan {
  const { applied } = state;
  if (applied) {
    if (baseline !== undefined) {
      throw new UnusableCall('--baseline is for a database without a record of its SQL files, and this one has a record: leave it out');
    }
    requireSame(folder, applied);
    return { adopted: [], pending: folder.changes.filter(({ name }) => !applied.has(name)), recorded: applied.size };
  }
  const adopted = adoptedBy(folder, state, baseline);
  const pending = folder.changes.slice(adopted.length);
  if (state.tables > 0) {
    return { adopted, pending, recorded: 0 };
  }
  if (!folder.initial) {
    throw new UnusableCall(`the database has no tables, and ${folder.folder} has no initial-setup.sql that makes them: name the folder sql/ of Oky's repository`);
  }
  return { initial: folder.initial, adopted, pending, recorded: 0 };
}

/** Whether the plan changes anything. */
export function isEmpty({ initial, adopted, pending }: SchemaPlan): boolean {
  return !initial && adopted.length + pending.length === 0;
}

function requireSame({ folder, changes }: SqlFolder, applied: ReadonlyMap<string, string>): void {
  const missing = [...applied.keys()].filter(name => !changes.some(change => change.name === name));
  if (missing.length > 0) {
    throw new Error(`the database has ${missing.join(', ')}, which ${folder} has not: it is an older checkout, or the file was removed. `
      + 'Check out the commit of the images, or put the file back. To go back to an older image, run release --keep-schema. Nothing was changed');
  }
  const changed = changes.filter(({ name, sha256 }) => applied.has(name) && applied.get(name) !== sha256).map(({ name }) => name);
  if (changed.length > 0) {
    throw new Error(`${changed.join(', ')} was changed after the database got it: a file is applied once, so the change would never arrive. `
      + 'Put the file back as it was, with git checkout, and write the change into a new file. Nothing was changed');
  }
}

function adoptedBy({ folder, changes }: SqlFolder, { tables }: SchemaState, baseline: string | undefined): readonly ChangeFile[] {
  if (baseline === NOTHING) {
    return [];
  }
  const index = changes.findIndex(({ name }) => name === baseline || name.replace(/\.sql$/, '') === baseline);
  if (index < 0) {
    const has = tables > 0 ? 'that the database already has' : 'that initial-setup.sql already includes';
    throw new UnusableCall(`--baseline must name the last file ${has}, or be '${NOTHING}', ${baseline === undefined ? 'and is not given' : `got: ${baseline}`}; `
      + `${folder} has ${changes.map(({ name }) => name).join(', ')}`);
  }
  return changes.slice(0, index + 1);
}

/** All of the plan in one transaction: the database has each file and its record, or nothing is changed. */
export function schemaScript({ initial, adopted, pending, recorded }: SchemaPlan): Script {
  const script = new Script();
  script.add(begin(recorded));
  if (initial) {
    script.add(NEW_SCHEMA);
    script.addFile(initial);
  }
  script.add(newRecord(recorded));
  adopted.forEach(file => script.add(record(file)));
  for (const file of pending) {
    script.add(SEARCH_PATH);
    script.addFile(file);
    script.add(record(file));
  }
  return script;
}

const SEARCH_PATH = "SELECT set_config('search_path', quote_ident(current_setting('oky.schema')) || ', public', true);";

/** Users wait behind whoever waits for a lock on a table: rather fail, and be repeated. The lock of the release is gone with the transaction. */
const begin = (recorded: number) => `
SET LOCAL lock_timeout = '10s';
DO $$
DECLARE
  found bigint := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('cdk-oky-backend release')) THEN
    RAISE EXCEPTION 'another release changes the tables at this moment: wait until it has ended, then run this again';
  END IF;
  IF to_regclass(format('%I.${RECORD}', current_setting('oky.schema'))) IS NOT NULL THEN
    EXECUTE format('SELECT count(*) FROM %I.${RECORD}', current_setting('oky.schema')) INTO found;
  END IF;
  IF found <> ${recorded} THEN
    RAISE EXCEPTION 'another release has changed the tables meanwhile: run this again';
  END IF;
END $$;`;

/** The services find their tables by the search path of the user that they log in as. */
const NEW_SCHEMA = `
DO $$
BEGIN
  EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', current_setting('oky.schema'));
  EXECUTE format('ALTER ROLE CURRENT_USER SET search_path TO %I, public', current_setting('oky.schema'));
END $$;`;

/** The role of the services, which by default may write to each new table, has no business here. */
const newRecord = (recorded: number) => recorded > 0 ? '' : `
${SEARCH_PATH}
CREATE TABLE IF NOT EXISTS ${RECORD} (name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = current_setting('oky.application_username')) THEN
    EXECUTE format('REVOKE ALL ON ${RECORD} FROM %I', current_setting('oky.application_username'));
  END IF;
END $$;`;

/** A file may change the search path. */
const record = ({ name, sha256 }: ChangeFile) => `${SEARCH_PATH}\nINSERT INTO ${RECORD} (name, sha256) VALUES ('${name}', '${sha256}');`;
