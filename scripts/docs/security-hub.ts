import { CONTROLS } from '../security-hub/controls';

/** The controls with what the tests check of them. */
export function controlsTable(): string {
  const rows = CONTROLS.map(({ id, asks, met, because }) => `| ${id} | ${asks} | ${met} | ${because} |`);
  return ['| Control | Asks for | Met | How, or why not |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
