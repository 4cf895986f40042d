import { type Statement, statementsOf } from './statements';

/** A file with SQL. */
export interface SqlFile {
  /** As it is called in messages. */
  readonly name: string;
  readonly text: string;
}

/** Between parts that the SQL task sends one after the other: assets/sql-task.js. */
const SEPARATOR = '\n-- next part\n';
/** Characters of a part, unless a statement is longer. */
const PART = 256 * 1024;

const ENDS_TRANSACTION = ['BEGIN', 'START', 'COMMIT', 'END', 'ROLLBACK', 'ABORT', 'PREPARE'];

/** SQL for the SQL task, all of it in one transaction. It knows which line came from which file. */
export class Script {
  private readonly parts: string[] = [];
  /** Where lines of a file begin, and lines of this library again. */
  private readonly origins: { readonly line: number; readonly file?: string; readonly fileLine: number }[] = [];
  private line = 1;

  constructor() {
    this.add('BEGIN;');
  }

  /** SQL of this library. */
  public add(sql: string): void {
    this.push(`${sql}\n`);
  }

  /** A file of the user, without what a transaction can't hold. */
  public addFile({ name, text }: SqlFile): void {
    let [start, end, fileLine] = [0, 0, 1];
    const flush = () => {
      const part = text.slice(start, end);
      this.origins.push({ line: this.line, file: name, fileLine });
      this.push(part);
      start = end;
      fileLine += lineBreaks(part);
    };
    for (const statement of statementsOf(text)) {
      requireRunnable(name, statement);
      if (end > start && statement.end - start > PART) {
        flush();
      }
      end = statement.end;
    }
    if (text.slice(start, end).trim() !== '') {
      flush();
    }
    // What comes next is not of this file.
    this.origins.push({ line: this.line, fileLine: 1 });
  }

  /** The SQL, to be run by the SQL task. */
  public get sql(): string {
    return [...this.parts, 'COMMIT;\n'].join(SEPARATOR);
  }

  /** The same message with the file and its line, in place of the line of all. */
  public locate(message: string): string {
    return message.replace(/\((at|in the part that begins at) line (\d+)\)/, (_, where: string, number: string) => {
      const origin = this.origins.filter(({ line }) => line <= Number(number)).at(-1);
      return origin?.file === undefined ? '' : `(${where} line ${Number(number) - origin.line + origin.fileLine} of ${origin.file})`;
    }).trimEnd();
  }

  private push(sql: string): void {
    this.parts.push(sql);
    this.line += lineBreaks(sql) + lineBreaks(SEPARATOR);
  }
}

function lineBreaks(text: string): number {
  return text.split('\n').length - 1;
}

function requireRunnable(name: string, { kind, text, line }: Statement): void {
  const refuse = (what: string, fix: string) => {
    throw new Error(`${name}, line ${line}, ${what}; ${fix}. Nothing was run`);
  };
  if (kind === '\\') {
    refuse(`has ${text.split(/\s/)[0]}, a command of psql`, 'remove the line');
  }
  if (kind === 'COPY' && /\bFROM\s+stdin\b/i.test(text)) {
    refuse('loads data with COPY', 'make the dump with pg_dump --inserts');
  }
  if (ENDS_TRANSACTION.includes(kind)) {
    refuse(`has ${kind}, but all of the file is one transaction already`, 'remove the statement');
  }
}
