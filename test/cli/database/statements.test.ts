import { statementsOf } from '../../../src/cli/database/statements';

const kinds = (sql: string) => [...statementsOf(sql)].map(({ kind, line }) => `${line} ${kind}`);

describe('the statements of a file', () => {
  test.each([
    ['each with its line', 'SELECT 1;\n\n-- why\ninsert into a values (1);\nUPDATE a SET b = 1', ['1 SELECT', '4 INSERT', '5 UPDATE']],
    ['a semicolon in a text', "SELECT 'a;b''c;';DELETE FROM a;", ['1 SELECT', '1 DELETE']],
    ['a backslash in a text, which is one character', "SELECT 'a\\';SELECT 2;", ['1 SELECT', '1 SELECT']],
    ['an escape in a text with E', "SELECT E'a\\';b\\\\';DELETE FROM a;", ['1 SELECT', '1 DELETE']],
    ['a semicolon in a name', 'SELECT "a;b" FROM c;DELETE FROM a;', ['1 SELECT', '1 DELETE']],
    ['semicolons between dollar signs', 'DO $$ BEGIN COMMIT; END $$;\nDO $a$ SELECT $$;$$; $a$;', ['1 DO', '2 DO']],
    ['a semicolon in a comment', 'SELECT 1 -- a;b\n/* c; /* d; */ e; */;DELETE FROM a;', ['1 SELECT', '2 DELETE']],
    ['comments alone', '-- nothing\n/* at all */\n', []],
    ['a function whose body is SQL', 'CREATE FUNCTION a() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;\nSELECT 3;', ['1 CREATE', '2 SELECT']],
    ['commands of psql', '\\restrict abc\nSELECT 1;\n\\connect other\n', ['1 \\', '2 SELECT', '3 \\']],
    ['a text that is not closed', "SELECT 'a; SELECT 2;", ['1 SELECT']],
  ])('are found: %s', (_, sql, expected) => {
    expect(kinds(sql)).toEqual(expected);
  });

  test('put together are the file', () => {
    const sql = "SELECT 'ü;';\r\n-- x\nINSERT INTO a VALUES (E'\\';');\n";
    let start = 0;
    const parts = [...statementsOf(sql)].map(({ end }) => { const part = sql.slice(start, end); start = end; return part; });
    expect(parts.join('') + sql.slice(start)).toBe(sql);
  });

  test('of ten megabytes take less than ten seconds', () => {
    const sql = `INSERT INTO a VALUES ('${'x'.repeat(1000)}');\n`.repeat(10_000);
    const start = Date.now();
    expect([...statementsOf(sql)]).toHaveLength(10_000);
    expect(Date.now() - start).toBeLessThan(10_000);
  });
});
