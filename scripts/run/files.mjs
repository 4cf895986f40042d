/** What is out of date. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Whether each outcome exists and is newer than everything that it is made from. */
export function isCurrent(outcomes, sources) {
  return Math.min(...outcomes.map(oldest)) >= Math.max(...sources.map(newest));
}

function oldest(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** Of a file, or of a folder with its content. The folder's own time changes when a file is removed. */
function newest(path) {
  if (!existsSync(path)) {
    return 0;
  }
  const own = statSync(path);
  return own.isDirectory() ? Math.max(own.mtimeMs, ...readdirSync(path).map(name => newest(join(path, name)))) : own.mtimeMs;
}

/** A hash of the content of files. */
export function fingerprint(files) {
  const hash = createHash('sha256');
  files.forEach(file => hash.update(readFileSync(file)));
  return hash.digest('hex');
}
