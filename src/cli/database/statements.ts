/** A statement of SQL, or a command of psql, as it is in its file. */
export interface Statement {
  /** Its first word, in capitals; a backslash for a command of psql. */
  readonly kind: string;
  readonly text: string;
  /** The line that it begins in, from 1. */
  readonly line: number;
  /** Where it ends in the file. */
  readonly end: number;
}

/** What may hold a semicolon, or end a statement. */
const TOKEN = /--|\/\*|(?<![\w$])[eE]'|'|"|(?<![\w$])\$(?:[A-Za-z_]\w*)?\$|;|^\\.*$/gm;

/**
 * The statements of a file, one after the other.
 *
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export function* statementsOf(sql: string): Generator<Statement> {
  let [start, line, counted] = [0, 1, 0];
  const statement = (end: number): Statement => {
    const text = sql.slice(start, end);
    const bare = text.replace(/^(?:\s+|--.*\n?|\/\*[^]*?\*\/)+/, '');
    const begin = end - bare.length;
    for (; counted < begin; counted++) {
      line += sql.charCodeAt(counted) === 10 ? 1 : 0;
    }
    return { kind: bare.startsWith('\\') ? '\\' : (/^\w+/.exec(bare)?.[0] ?? '').toUpperCase(), text: bare, line, end };
  };
  TOKEN.lastIndex = 0;
  let position = 0;
  for (;;) {
    TOKEN.lastIndex = position;
    const token = TOKEN.exec(sql);
    if (!token) {
      break;
    }
    position = endOf(sql, token);
    const isEnd = token[0] === ';' && !isInFunction(sql.slice(start, position));
    if (isEnd || token[0].startsWith('\\')) {
      yield statement(position);
      start = position;
    }
  }
  const last = statement(sql.length);
  if (last.text.trim() !== '') {
    yield last;
  }
}

/** Where the text ends that a token begins. */
function endOf(sql: string, token: RegExpExecArray): number {
  const [text] = token;
  const after = token.index + text.length;
  const behind = (end: string) => {
    const found = sql.indexOf(end, after);
    return found < 0 ? sql.length : found + end.length;
  };
  if (text === '--') {
    return behind('\n');
  }
  if (text === '/*') {
    return endOfComment(sql, after);
  }
  if (/^e'$/i.test(text)) {
    let quote = sql.indexOf('\'', after);
    while (quote >= 0 && /(?<!\\)(?:\\\\)*\\$/.test(sql.slice(Math.max(after, quote - 32), quote))) {
      quote = sql.indexOf('\'', quote + 1);
    }
    return quote < 0 ? sql.length : quote + 1;
  }
  return text === ';' || text.startsWith('\\') ? after : behind(text);
}

/** Comments between slash and asterisk can hold others. */
function endOfComment(sql: string, after: number): number {
  let depth = 1;
  const mark = /\/\*|\*\//g;
  mark.lastIndex = after;
  for (let found = mark.exec(sql); found; found = mark.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) {
      return mark.lastIndex;
    }
  }
  return sql.length;
}

/** The body of a function in SQL has semicolons between BEGIN ATOMIC and END. */
function isInFunction(text: string): boolean {
  return /^\s*CREATE\b/i.test(text) && /\bBEGIN\s+ATOMIC\b/i.test(text) && !/\bEND\s*;$/i.test(text);
}
