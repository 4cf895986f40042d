import { Script } from '../../../src/cli/database/script';

function messageOf(text: string): string {
  try {
    new Script().addFile({ name: 'a.sql', text });
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a script', () => {
  test('is one transaction, with a part for each file', () => {
    const script = new Script();
    script.addFile({ name: 'a.sql', text: 'SELECT 1;\n' });
    script.add('SELECT 2;');
    expect(script.sql.split('\n-- next part\n')).toEqual(['BEGIN;\n', 'SELECT 1;', 'SELECT 2;\n', 'COMMIT;\n']);
  });

  test('cuts a long file between statements', () => {
    const insert = `INSERT INTO a VALUES ('${'x'.repeat(100_000)}');`;
    const long = `INSERT INTO a VALUES ('${'y'.repeat(300_000)}');`;
    const script = new Script();
    script.addFile({ name: 'a.sql', text: [insert, insert, insert, long, insert].join('\n') });
    expect(script.sql.split('\n-- next part\n').map(part => part.trim())).toEqual(['BEGIN;', `${insert}\n${insert}`, insert, long, insert, 'COMMIT;']);
  });

  test('knows the file and the line of what the SQL task says', () => {
    const script = new Script();
    script.add('SELECT 1;');
    script.addFile({ name: 'a.sql', text: 'SELECT 1;\nSELECT 2;\n' });
    script.addFile({ name: 'b.sql', text: `\n\nSELECT '${'x'.repeat(300_000)}';\nSELECT 3;` });
    const lines = script.sql.split('\n');
    const lineOf = (start: string) => lines.findIndex(line => line.startsWith(start)) + 1;
    expect(script.locate(`wrong (at line ${lineOf('SELECT 2')})`)).toBe('wrong (at line 2 of a.sql)');
    expect(script.locate(`wrong (at line ${lineOf('SELECT 3')})`)).toBe('wrong (at line 4 of b.sql)');
    expect(script.locate(`wrong (in the part that begins at line ${lineOf('SELECT 2') - 1})`)).toBe('wrong (in the part that begins at line 1 of a.sql)');
    expect(script.locate('wrong (at line 3)')).toBe('wrong');
    expect(script.locate('wrong')).toBe('wrong');
  });

  test.each([
    ['SELECT 1;\nCOPY a (b) FROM stdin;\n1\n\\.\n', 'a.sql, line 2, loads data with COPY; make the dump with pg_dump --inserts. Nothing was run'],
    ['\\connect other\n', 'a.sql, line 1, has \\connect, a command of psql; remove the line. Nothing was run'],
    ['SELECT 1;\n\nCOMMIT;', 'a.sql, line 3, has COMMIT, but all of the file is one transaction already; remove the statement. Nothing was run'],
    ['begin;', 'a.sql, line 1, has BEGIN, but all of the file is one transaction already; remove the statement. Nothing was run'],
    ['CREATE FUNCTION a() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;', 'accepted'],
    ['SAVEPOINT a; ROLLBACK TO a;', 'a.sql, line 1, has ROLLBACK, but all of the file is one transaction already; remove the statement. Nothing was run'],
  ])('with the file %j: %s', (text, message) => {
    expect(messageOf(text)).toBe(message);
  });
});
