import { Script } from './script';
import { runSql, type Session } from './sql-task';

/** The table that records which files were applied. It is in the schema of the tables that the files change. */
export const RECORD = 'applied_sql_files';

/** What the database has. */
export interface SchemaState {
  /** As PostgreSQL counts versions: 170004 is 17.4. */
  readonly serverVersion: number;
  /** How many tables the schema has. */
  readonly tables: number;
  /** The checksum of each file that was applied; undefined if nothing was ever recorded. */
  readonly applied?: ReadonlyMap<string, string>;
}

const LOOK = `
DO $$
DECLARE
  place text := current_setting('oky.schema');
  file record;
BEGIN
  RAISE NOTICE 'version %', current_setting('server_version_num');
  RAISE NOTICE 'tables %', (SELECT count(*) FROM pg_tables WHERE schemaname = place AND tablename <> '${RECORD}');
  IF to_regclass(format('%I.${RECORD}', place)) IS NOT NULL THEN
    RAISE NOTICE 'recorded';
    FOR file IN EXECUTE format('SELECT name, sha256 FROM %I.${RECORD} ORDER BY name', place) LOOP
      RAISE NOTICE 'applied % %', file.sha256, file.name;
    END LOOP;
  END IF;
END $$;`;

/** Asks the database, through the SQL task: it has no other way in. */
export async function readSchemaState(session: Session): Promise<SchemaState> {
  const script = new Script();
  script.add(LOOK);
  const said = await runSql(session, script);
  const number = (name: string) => Number(said.flatMap(line => new RegExp(`^${name} (\\d+)$`).exec(line)?.[1] ?? []).at(0));
  const applied = said.flatMap(line => {
    const [, sha256, name] = /^applied (\w+) (.+)$/.exec(line) ?? [];
    return sha256 === undefined ? [] : [[name, sha256] as const];
  });
  return { serverVersion: number('version'), tables: number('tables'), ...(said.includes('recorded') ? { applied: new Map(applied) } : {}) };
}
