import * as fs from 'fs';
import * as path from 'path';
import { isEmpty, planSchema, schemaScript } from '../../../src/cli/database/schema';
import { readSqlFolder } from '../../../src/cli/database/sql-folder';
import { emptyFolder } from '../helpers';

const FILES = { 'initial-setup.sql': 'CREATE TABLE a (b int);', '1695772800000-b.sql': 'SELECT 1;', '1701781248594-c.sql': 'SELECT 2;' };

function folderOf(files: Record<string, string>) {
  const folder = emptyFolder();
  Object.entries(files).forEach(([name, text]) => fs.writeFileSync(path.join(folder, name), text));
  return folder;
}

function messageOf(run: () => unknown, folder: string): string {
  try {
    run();
    return 'none';
  } catch (error) {
    return (error as Error).message.replaceAll(folder, 'sql');
  }
}

const names = (files: readonly { name: string }[]) => files.map(({ name }) => name);

describe('the folder with SQL files', () => {
  test('is read in the order of the times, whatever their length, and without other files', () => {
    const { initial, changes } = readSqlFolder(folderOf({ ...FILES, '9999999999-early.sql': '', 'create-tables.sql': '', 'notes.md': '' }));
    expect([initial!.name, ...names(changes)]).toEqual(['initial-setup.sql', '9999999999-early.sql', '1695772800000-b.sql', '1701781248594-c.sql']);
  });

  test('has the same checksums with the line ends of Windows', () => {
    const checksums = (text: string) => readSqlFolder(folderOf({ '1695772800000-b.sql': text })).changes.map(({ sha256 }) => sha256);
    expect(checksums('SELECT 1;\r\nSELECT 2;\r\n')).toEqual(checksums('SELECT 1;\nSELECT 2;\n'));
    expect(checksums('SELECT 1;')).toEqual(['17db4fd369edb9244b9f91d9aeed145c3d04ad8ba6e95d06247f07a63527d11a']);
  });

  test.each([
    ['without such files', { 'initial-setup.sql': '' }, '--sql must be a folder with SQL files that begin with a time, such as 1774259288785-custom-avatar-update.sql; sql has none'],
    ['with two files of one time', { '1695772800000-b.sql': '', '1695772800000-c.sql': '' },
      'sql has two files of the time 1695772800000, so their order is not known: give one of them a later time in its name'],
  ])('is refused %s', (_, files, message) => {
    const folder = folderOf(files);
    expect(messageOf(() => readSqlFolder(folder), folder)).toBe(message);
  });

  test('is refused if it does not exist', () => {
    expect(messageOf(() => readSqlFolder('/nowhere'), '/nowhere')).toBe(
      '--sql must be the folder with the SQL files of Oky, got: sql (ENOENT); it is sql/ in a clone of Oky\'s repository');
  });
});

describe('what is run', () => {
  const place = folderOf(FILES);
  const folder = readSqlFolder(place);
  const [b, c] = folder.changes;
  const unrecorded = { serverVersion: 170004, tables: 9 };
  const recorded = (...files: { name: string; sha256: string }[]) => {
    const applied = new Map(files.map(({ name, sha256 }) => [name, sha256]));
    return { ...unrecorded, applied };
  };
  const empty = { serverVersion: 170004, tables: 0 };

  test('is what is not recorded', () => {
    const plan = planSchema(folder, recorded(b));
    expect([names(plan.pending), names(plan.adopted), plan.initial, plan.recorded, isEmpty(plan)]).toEqual([['1701781248594-c.sql'], [], undefined, 1, false]);
  });

  test('is nothing if all is recorded', () => {
    expect(isEmpty(planSchema(folder, recorded(b, c)))).toBe(true);
  });

  test('is a file with an earlier time too, which came later to the folder', () => {
    expect(names(planSchema(folder, recorded(c)).pending)).toEqual(['1695772800000-b.sql']);
  });

  test.each([['1695772800000-b.sql'], ['1695772800000-b']])('is what comes after the baseline %s', baseline => {
    const plan = planSchema(folder, unrecorded, baseline);
    expect([names(plan.adopted), names(plan.pending), plan.initial]).toEqual([['1695772800000-b.sql'], ['1701781248594-c.sql'], undefined]);
  });

  test('is all after the baseline none', () => {
    expect(names(planSchema(folder, unrecorded, 'none').pending)).toEqual(['1695772800000-b.sql', '1701781248594-c.sql']);
  });

  test('begins with the tables in an empty database', () => {
    const plan = planSchema(folder, empty, '1695772800000-b.sql');
    expect([plan.initial?.name, names(plan.adopted), names(plan.pending)]).toEqual(['initial-setup.sql', ['1695772800000-b.sql'], ['1701781248594-c.sql']]);
  });

  const known = 'sql has 1695772800000-b.sql, 1701781248594-c.sql';
  test.each([
    ['no baseline, with tables', unrecorded, undefined, `--baseline must name the last file that the database already has, or be 'none', and is not given; ${known}`],
    ['no baseline, without tables', empty, undefined, `--baseline must name the last file that initial-setup.sql already includes, or be 'none', and is not given; ${known}`],
    ['an unknown baseline', unrecorded, 'c', `--baseline must name the last file that the database already has, or be 'none', got: c; ${known}`],
    ['a baseline beside a record', recorded(b), 'none', '--baseline is for a database without a record of its SQL files, and this one has a record: leave it out'],
    ['a file that was changed', recorded({ ...b, sha256: 'other' }), undefined, '1695772800000-b.sql was changed after the database got it: a file is applied once, so the '
      + 'change would never arrive. Put the file back as it was, with git checkout, and write the change into a new file. Nothing was changed'],
    ['a file that is missing', recorded({ name: '1800000000000-d.sql', sha256: 'x' }), undefined, 'the database has 1800000000000-d.sql, which sql has not: it is an older checkout, or the file was removed. '
      + 'Check out the commit of the images, or put the file back. To go back to an older image, run release --keep-schema. Nothing was changed'],
  ])('is refused with %s', (_, state, baseline, message) => {
    expect(messageOf(() => planSchema(folder, state, baseline), place)).toBe(message);
  });

  test('is refused in an empty database without the file that makes the tables', () => {
    const other = folderOf({ '1695772800000-b.sql': '' });
    expect(messageOf(() => planSchema(readSqlFolder(other), empty, 'none'), other)).toBe(
      'the database has no tables, and sql has no initial-setup.sql that makes them: name the folder sql/ of Oky\'s repository');
  });

  test('is one transaction with the records, each after its file', () => {
    const parts = schemaScript(planSchema(folder, empty, '1695772800000-b.sql')).sql.split('\n-- next part\n');
    const at = (text: string) => parts.findIndex(part => part.includes(text));
    const order = [at('BEGIN;'), at('pg_try_advisory_xact_lock'), at('CREATE SCHEMA'), at('CREATE TABLE a'), at('CREATE TABLE IF NOT EXISTS applied_sql_files'),
      at(`'1695772800000-b.sql', '${b.sha256}'`), at('SELECT 2;'), at(`'1701781248594-c.sql', '${c.sha256}'`), at('COMMIT;')];
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(order).not.toContain(-1);
    expect(parts.join('\n')).not.toContain('SELECT 1;');
    expect(parts[at('pg_try_advisory_xact_lock')]).toContain('IF found <> 0 THEN');
  });
});
