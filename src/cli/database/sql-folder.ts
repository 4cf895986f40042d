import { createHash } from 'crypto';
import { readdirSync, readFileSync } from 'fs';
import * as path from 'path';
import type { SqlFile } from './script';
import { UnusableCall } from '../doctor/assembly';

/** The file that makes all tables of an empty database, as Oky names it. */
const INITIAL = 'initial-setup.sql';
/** Files that change the tables of an existing database begin with the time of the change. */
const CHANGE = /^(\d{10,17})-[\w.-]+\.sql$/;

/** A file that changes the tables. */
export interface ChangeFile extends SqlFile {
  readonly sha256: string;
}

/** The SQL files of a checkout of Oky. */
export interface SqlFolder {
  readonly folder: string;
  readonly initial?: SqlFile;
  /** In the order in which they are run. */
  readonly changes: readonly ChangeFile[];
}

export function readSqlFolder(folder: string): SqlFolder {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new UnusableCall(`--sql must be the folder with the SQL files of Oky, got: ${folder} (${(error as NodeJS.ErrnoException).code}); it is sql/ in a clone of Oky's repository`);
  }
  const changes = names.flatMap(name => {
    const [, time] = CHANGE.exec(name) ?? [];
    return time === undefined ? [] : [{ time: BigInt(time), ...readFile(folder, name) }];
  }).sort((one, other) => Number(one.time - other.time));
  if (changes.length === 0) {
    throw new UnusableCall(`--sql must be a folder with SQL files that begin with a time, such as 1774259288785-custom-avatar-update.sql; ${folder} has none`);
  }
  const [twice] = changes.filter(({ time }, index) => changes[index + 1]?.time === time);
  if (twice) {
    throw new UnusableCall(`${folder} has two files of the time ${twice.time}, so their order is not known: give one of them a later time in its name`);
  }
  return { folder, initial: names.includes(INITIAL) ? readFile(folder, INITIAL) : undefined, changes };
}

function readFile(folder: string, name: string): ChangeFile {
  // As git has it, whatever it makes of line ends on this machine.
  const text = readFileSync(path.join(folder, name), 'utf8').replace(/\r\n/g, '\n');
  return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
}
