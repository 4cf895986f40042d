import { dumpScript } from '../../../src/cli/database/dump';

const HEAD = '--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\n-- Dumped from database version 15.4\n-- Dumped by pg_dump version 15.18 (Debian)\n\n';
const BODY = `SET client_encoding = 'UTF8';
CREATE SCHEMA periodtracker;
CREATE TABLE periodtracker.article (
    id uuid NOT NULL
);
CREATE TABLE periodtracker."user" (
    id integer NOT NULL
);
INSERT INTO periodtracker.article VALUES ('a;b');
INSERT INTO periodtracker.article VALUES ('c');
INSERT INTO periodtracker."user" (id) OVERRIDING SYSTEM VALUE VALUES (7);
SELECT pg_catalog.setval('periodtracker.user_id_seq', 7, true);
\\unrestrict abc
`;
const EMPTY = { serverVersion: 170004, tables: 0 };
const load = (text: string, state = EMPTY) => dumpScript({ name: 'dump.sql', text }, state);

function messageOf(text: string, state = EMPTY): string {
  try {
    load(text, state);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a dump', () => {
  const { sql } = load(HEAD + BODY);

  test('is loaded as it is, but for the commands of psql that it begins and ends with', () => {
    expect(sql).toContain("INSERT INTO periodtracker.article VALUES ('a;b');\nINSERT INTO periodtracker.article VALUES ('c');");
    expect(sql).not.toContain('restrict abc');
  });

  test('takes the place of an empty schema, and of no other', () => {
    expect(sql.indexOf('DROP SCHEMA IF EXISTS periodtracker RESTRICT;')).toBeLessThan(sql.indexOf('CREATE SCHEMA periodtracker;'));
    expect(sql).not.toContain('CASCADE');
  });

  test('is undone unless each table has the rows of the dump', () => {
    expect(sql.indexOf('SET client_min_messages = notice;')).toBeGreaterThan(sql.indexOf('SET client_encoding'));
    expect(sql).toContain("SELECT count(*) INTO found FROM periodtracker.article;\n  IF found <> 2 THEN\n    RAISE EXCEPTION 'periodtracker.article has % rows, the dump has 2', found;");
    expect(sql).toContain('SELECT count(*) INTO found FROM periodtracker."user";\n  IF found <> 1 THEN');
    expect(sql.indexOf('INTO found')).toBeLessThan(sql.lastIndexOf('COMMIT;'));
    expect(sql).toContain('loaded 2 tables, 3 rows, 1 sequences');
  });

  test.each([
    ['of a database with tables', HEAD + BODY, { serverVersion: 170004, tables: 12 },
      'dump.sql can\'t be loaded: the database has 12 tables already; load a dump before you create tables, or drop the schema first if nothing in it is needed. Nothing was run'],
    ['in another format', 'PGDMP', EMPTY, 'dump.sql is not a dump in plain SQL; make it with pg_dump --inserts --no-owner --no-privileges, without --format. Nothing was run'],
    ['of a later PostgreSQL', HEAD.replaceAll('15', '18') + BODY, EMPTY, 'dump.sql is of PostgreSQL 18, and the database is PostgreSQL 17; set database.engineVersion to \'18\' for a new '
      + 'deployment, where Aurora has that version. Nothing was run'],
    ['by a later pg_dump', HEAD.replace('pg_dump version 15', 'pg_dump version 18') + BODY, EMPTY,
      'dump.sql is of PostgreSQL 18, and the database is PostgreSQL 17; make it with pg_dump of version 17. Nothing was run'],
    ['without tables', `${HEAD}SET client_encoding = 'UTF8';\n`, EMPTY,
      'dump.sql has no tables; make it with pg_dump --inserts --no-owner --no-privileges, without --data-only, of the database that the services use. Nothing was run'],
    ['without --inserts', `${HEAD}CREATE TABLE a (\n);\nCOPY a (b) FROM stdin;\n1\n\\.\n`, EMPTY, 'dump.sql, line 12, loads data with COPY; make the dump with pg_dump --inserts. Nothing was run'],
    ['with many rows in a statement', `${HEAD}CREATE TABLE a (\n);\nINSERT INTO a VALUES\n\t(1),\n\t(2);\n`, EMPTY,
      'dump.sql has an INSERT in line 12 that is not of one row; make it with pg_dump --inserts --no-owner --no-privileges, without --rows-per-insert. Nothing was run'],
    ['with owners', `${HEAD}CREATE TABLE a (\n);\nALTER TABLE a OWNER TO oky;\n`, EMPTY,
      'dump.sql gives rights to roles in line 12, which Aurora does not have; make it with pg_dump --inserts --no-owner --no-privileges. Nothing was run'],
  ])('is refused %s', (_, text, state, message) => {
    expect(messageOf(text, state)).toBe(message);
  });
});
