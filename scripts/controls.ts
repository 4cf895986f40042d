import * as fs from 'fs';
import * as path from 'path';
import { CONTROLS } from './security-hub/controls';

/** The document that holds the table, and the marks that it stands between. */
export const DOCUMENT = path.join(__dirname, '..', 'docs', 'security.md');
const [BEGIN, END] = ['<!-- controls:begin -->', '<!-- controls:end -->'];

/** The controls with what the tests check of them. */
export function controlsTable(): string {
  const rows = CONTROLS.map(({ id, asks, met, because }) => `| ${id} | ${asks} | ${met} | ${because} |`);
  return ['| Control | Asks for | Met | How, or why not |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The document with a new table in it. */
export function withControls(document: string, table: string): string {
  const [before, after] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (before < 0 || after < before) {
    throw new Error(`${DOCUMENT} has no ${BEGIN} and ${END} for the table to stand between`);
  }
  return `${document.slice(0, before + BEGIN.length)}\n\n${table}\n\n${document.slice(after)}`;
}

if (require.main === module) {
  fs.writeFileSync(DOCUMENT, withControls(fs.readFileSync(DOCUMENT, 'utf8'), controlsTable()));
}
