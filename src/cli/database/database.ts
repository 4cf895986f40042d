import { readFileSync } from 'fs';
import * as path from 'path';
import { parseArgs } from 'util';
import { setAdministrator } from './administrator';
import { dumpScript } from './dump';
import { isEmpty, planSchema, schemaScript } from './schema';
import { readSchemaState } from './schema-state';
import { Script, type SqlFile } from './script';
import { readSqlFolder } from './sql-folder';
import { runSql, type Session } from './sql-task';
import { takeSnapshot } from '../deployed/snapshot';
import { UnusableCall } from '../doctor/assembly';
import { PACKAGE_ROOT } from '../package';
import { openSession, PLACE, PLACE_USAGE, withUsage } from '../session';
import { ProcessTerminal, type Terminal } from '../terminal';

const USAGE = `Usage: npx cdk-oky-backend database <action> [options]

Works in the database through the SQL task (database.sqlTask). Each action is done completely, or changes nothing.

  schema --sql <folder> [--baseline <file>]
                         make the tables, or bring them to those of the SQL files in the folder; --baseline names the last
                         file that the database, or initial-setup.sql, already has
  run <file> ...         run files with SQL, in this order
  import <dump>          load a dump of pg_dump --inserts --no-owner --no-privileges into a database without tables
  role                   make the role of the services, or give it its password and its rights again
  administrator [--username admin] [--language en]
                         make an administrator of the CMS, or set a lost password

${PLACE_USAGE}

Exit code: 0 if it is done, 1 if it failed, 2 if the call can't be answered.`;

const OPTIONS = {
  ...PLACE,
  sql: { type: 'string' },
  baseline: { type: 'string' },
  username: { type: 'string', default: 'admin' },
  language: { type: 'string', default: 'en' },
} as const;

type Values = { readonly sql?: string; readonly baseline?: string; readonly username: string; readonly language: string };

/** What each action does in the database. */
const ACTIONS: Record<string, (session: Session, files: readonly string[], values: Values, terminal: Terminal) => Promise<void>> = {
  schema: async (session, _, { sql, baseline }) => updateSchema(session, sql, baseline),
  run: async (session, files) => runFiles(session, files),
  import: async (session, files) => importDump(session, files),
  role: async session => {
    const script = new Script();
    script.add(readFileSync(path.join(PACKAGE_ROOT, 'assets', 'service-role.sql'), 'utf8'));
    (await runSql(session, script)).forEach(session.tell);
  },
  administrator: async (session, _, administrator, terminal) => setAdministrator(session, terminal, administrator),
};

/** The command `database`; gives the exit code. */
export async function database(args: readonly string[], terminal: Terminal = new ProcessTerminal(), open = openSession): Promise<number> {
  try {
    const call = { args: [...args], options: OPTIONS, allowPositionals: true } as const;
    const { values, positionals: [name, ...files] } = withUsage(USAGE, () => parseArgs(call));
    if (values.help) {
      terminal.print(USAGE);
      return 0;
    }
    if (name === undefined || !Object.hasOwn(ACTIONS, name)) {
      throw new UnusableCall(`the action must be one of ${Object.keys(ACTIONS).join(', ')}, got: ${name ?? 'none'}\n\n${USAGE}`);
    }
    const session = await open(values, line => terminal.print(line));
    await ACTIONS[name](session, files, values, terminal);
    return 0;
  } catch (error) {
    terminal.printError(`database: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof UnusableCall ? 2 : 1;
  } finally {
    terminal.close();
  }
}

/** Brings the tables to those of the folder, after a snapshot if there is anything to lose. */
export async function updateSchema(session: Session, sql: string | undefined, baseline: string | undefined): Promise<void> {
  if (sql === undefined) {
    throw new UnusableCall('--sql must be given: the folder sql/ in the checkout of Oky that the images are built from');
  }
  const folder = readSqlFolder(sql);
  session.tell('look which SQL files the database has');
  const state = await readSchemaState(session);
  const plan = planSchema(folder, state, baseline);
  if (isEmpty(plan)) {
    session.tell('the database has all of them');
    return;
  }
  const files = [...plan.initial ? [plan.initial] : [], ...plan.pending];
  if (state.tables > 0 && files.length > 0) {
    await takeSnapshot(session);
  }
  session.tell(files.length > 0 ? `run ${files.map(({ name }) => name).join(', ')}` : 'run nothing');
  await runSql(session, schemaScript(plan));
  session.tell(`the database has all SQL files up to ${folder.changes.at(-1)!.name}`);
}

async function runFiles(session: Session, files: readonly string[]): Promise<void> {
  if (files.length === 0) {
    throw new UnusableCall('run must be followed by the files to run, such as: run insert-content-en.sql');
  }
  const script = new Script();
  files.map(read).forEach(file => script.addFile(file));
  session.tell(`run ${files.join(', ')}`);
  (await runSql(session, script)).forEach(session.tell);
}

async function importDump(session: Session, files: readonly string[]): Promise<void> {
  if (files.length !== 1) {
    throw new UnusableCall(`import must be followed by one dump, got: ${files.join(' ') || 'none'}`);
  }
  const [dump] = files.map(read);
  session.tell('look what the database has');
  const script = dumpScript(dump, await readSchemaState(session));
  session.tell(`load ${dump.name}`);
  (await runSql(session, script)).forEach(session.tell);
}

function read(file: string): SqlFile {
  try {
    return { name: file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new UnusableCall(`${file} can't be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}
