import { Script } from './script';
import { runSql, type Session } from './sql-task';
import { UnusableCall } from '../doctor/assembly';
import type { Terminal } from '../terminal';

const MIN_LENGTH = 12;
/** bcrypt ignores what follows. @see https://en.wikipedia.org/wiki/Bcrypt#Maximum_password_length */
const MAX_BYTES = 72;
/** As in Oky's CMS. */
const ROUNDS = 10;

/** An administrator of the CMS. */
export interface Administrator {
  readonly username: string;
  readonly language: string;
}

/** Makes the administrator, or gives an existing one another password. Only the hash of the password leaves this machine. */
export async function setAdministrator(session: Session, terminal: Terminal, { username, language }: Administrator): Promise<void> {
  requireName('--username', username, /^[\w.@-]{1,64}$/, 'admin');
  requireName('--language', language, /^[A-Za-z-]{2,8}$/, 'en');
  const password = await askTwice(terminal, username);
  const { hash } = await import('bcryptjs');
  const script = new Script();
  script.add(administratorSql(username, language, await hash(password, ROUNDS)));
  const said = await runSql(session, script);
  terminal.print(said.at(-1) ?? 'done');
}

function requireName(flag: string, value: string, pattern: RegExp, example: string): void {
  if (!pattern.test(value)) {
    throw new UnusableCall(`${flag} must match ${pattern.source}, got: ${value}; use one such as ${example}`);
  }
}

async function askTwice(terminal: Terminal, username: string): Promise<string> {
  for (;;) {
    const password = await terminal.askSecret(`password of ${username}, ${MIN_LENGTH} characters or more: `);
    const fault = faultOf(password, username) ?? (await terminal.askSecret('the same again: ') === password ? undefined : 'the two are not the same');
    if (fault === undefined) {
      return password;
    }
    terminal.printError(`${fault}: try again`);
  }
}

function faultOf(password: string, username: string): string | undefined {
  if (password.length < MIN_LENGTH) {
    return `the password has ${password.length} characters, ${MIN_LENGTH} is the least`;
  }
  if (Buffer.byteLength(password) > MAX_BYTES) {
    return `the password has more than ${MAX_BYTES} bytes, the rest of which would not count`;
  }
  return password.toLowerCase().includes(username.toLowerCase()) ? 'the password has the name in it' : undefined;
}

/** Oky's table has no unique names: rows that an insert was repeated for are removed, but the first. */
const administratorSql = (username: string, language: string, hash: string) => `
DO $$
DECLARE
  first int;
BEGIN
  IF to_regclass('"user"') IS NULL THEN
    RAISE EXCEPTION 'the table of users does not exist: create the tables first';
  END IF;
  LOCK TABLE "user" IN SHARE ROW EXCLUSIVE MODE;
  SELECT min(id) INTO first FROM "user" WHERE username = '${username}';
  IF first IS NULL THEN
    INSERT INTO "user" (username, password, lang, date_created, type) VALUES ('${username}', '${hash}', '${language}', now(), 'superAdmin');
    RAISE NOTICE '${username} is an administrator of the CMS now';
  ELSE
    DELETE FROM "user" WHERE username = '${username}' AND id <> first;
    UPDATE "user" SET password = '${hash}' WHERE id = first;
    RAISE NOTICE '${username} has the new password';
  END IF;
END $$;`;
