import type { SchemaState } from './schema-state';
import { Script, type SqlFile } from './script';
import { statementsOf } from './statements';

/** How to make a dump that the SQL task can load, for the end of messages. */
const PG_DUMP = 'pg_dump --inserts --no-owner --no-privileges';

/**
 * A dump of PostgreSQL, to be loaded into a database without tables: all of it and the counts of its rows, or nothing.
 *
 * @see https://www.postgresql.org/docs/current/app-pgdump.html
 */
export function dumpScript(dump: SqlFile, { serverVersion, tables }: SchemaState): Script {
  const refuse = (what: string, fix: string) => new Error(`${dump.name} ${what}; ${fix}. Nothing was run`);
  if (tables > 0) {
    throw refuse(`can't be loaded: the database has ${tables} tables already`, 'load a dump before you create tables, or drop the schema first if nothing in it is needed');
  }
  const [, from = ''] = /^-- Dumped from database version (\d+)/m.exec(dump.text.slice(0, 4096)) ?? [];
  if (from === '') {
    throw refuse('is not a dump in plain SQL', `make it with ${PG_DUMP}, without --format`);
  }
  const [, by = from] = /^-- Dumped by pg_dump version (\d+)/m.exec(dump.text.slice(0, 4096)) ?? [];
  const server = Math.floor(serverVersion / 10_000);
  const newest = Math.max(Number(from), Number(by));
  if (newest > server) {
    throw refuse(`is of PostgreSQL ${newest}, and the database is PostgreSQL ${server}`, Number(from) <= server
      ? `make it with pg_dump of version ${server}`
      : `set database.engineVersion to '${newest}' for a new deployment, where Aurora has that version`);
  }
  const { text, rows, schemas, sequences } = readDump(dump, refuse);
  if (rows.size === 0) {
    throw refuse('has no tables', `make it with ${PG_DUMP}, without --data-only, of the database that the services use`);
  }
  const script = new Script();
  // An empty schema would be in the way of the dump's own. One that holds anything is not dropped.
  schemas.forEach(schema => script.add(`DROP SCHEMA IF EXISTS ${schema} RESTRICT;`));
  script.addFile({ name: dump.name, text });
  script.add(checkRows(rows));
  script.add(AFTERWARDS);
  script.add(`DO $$ BEGIN RAISE NOTICE 'loaded ${rows.size} tables, ${[...rows.values()].reduce((sum, count) => sum + count, 0)} rows, ${sequences} sequences'; END $$;`);
  return script;
}

/** The dump without the commands of psql that newer versions begin and end with, and what is in it. */
function readDump(dump: SqlFile, refuse: (what: string, fix: string) => Error) {
  const rows = new Map<string, number>();
  const schemas: string[] = [];
  const psql: [number, number][] = [];
  let sequences = 0;
  for (const { kind, text, line, end } of statementsOf(dump.text)) {
    if (kind === '\\' && /^\\(un)?restrict\b/.test(text)) {
      psql.push([end - text.length, end]);
    } else if (kind === 'CREATE') {
      const [, table] = /^CREATE TABLE (\S+) \(/.exec(text) ?? [];
      const [, schema] = /^CREATE SCHEMA (\S+);/.exec(text) ?? [];
      if (table !== undefined) {
        rows.set(table, 0);
      }
      if (schema !== undefined) {
        schemas.push(schema);
      }
    } else if (kind === 'INSERT') {
      const [, table] = /^INSERT INTO (\S+) (?:\([^)]*\) )?(?:OVERRIDING SYSTEM VALUE )?VALUES \(/.exec(text) ?? [];
      if (table === undefined || !rows.has(table)) {
        throw refuse(`has an INSERT in line ${line} that is not of one row`, `make it with ${PG_DUMP}, without --rows-per-insert`);
      }
      rows.set(table, rows.get(table)! + 1);
    } else if (/^ALTER .*\bOWNER TO /.test(text) || ['GRANT', 'REVOKE'].includes(kind)) {
      throw refuse(`gives rights to roles in line ${line}, which Aurora does not have`, `make it with ${PG_DUMP}`);
    } else if (text.startsWith('SELECT pg_catalog.setval(')) {
      sequences += 1;
    }
  }
  const text = psql.reduceRight((rest, [start, end]) => rest.slice(0, start) + rest.slice(end), dump.text);
  return { text, rows, schemas, sequences };
}

/** A dump turns notices off. */
const checkRows = (rows: ReadonlyMap<string, number>) => `
SET client_min_messages = notice;
DO $$
DECLARE
  found bigint;
BEGIN
${[...rows].map(([table, count]) => `  SELECT count(*) INTO found FROM ${table};
  IF found <> ${count} THEN
    RAISE EXCEPTION '${table.replace(/'/g, '\'\'')} has % rows, the dump has ${count}', found;
  END IF;
  RAISE NOTICE '${table.replace(/'/g, '\'\'')}: ${count} rows';`).join('\n')}
END $$;`;

/** The services find their tables by the search path of the user that they log in as. */
const AFTERWARDS = `
DO $$
BEGIN
  EXECUTE format('ALTER ROLE CURRENT_USER SET search_path TO %I, public', current_setting('oky.schema'));
  IF NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_setting('oky.schema')) THEN
    RAISE EXCEPTION 'the dump has no table in the schema %, which the services use: set database.schema to that of the dump', current_setting('oky.schema');
  END IF;
END $$;`;
