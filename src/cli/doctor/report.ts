import type { Finding } from './findings';
import type { Diagnosis, Outcome, Unseen } from './run';

/** The parts of a diagnosis, as a program reads them too. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly notLookedAt: readonly Unseen[];
  /** The checks that found nothing. */
  readonly inOrder: readonly string[];
  readonly stoppedAfter?: string;
}

export function reportOf({ outcomes, stoppedAfter }: Diagnosis): Report {
  return {
    findings: outcomes.flatMap(({ findings }) => findings),
    notLookedAt: outcomes.flatMap(({ unseen }) => unseen ?? []),
    inOrder: outcomes.filter(({ findings, unseen }) => findings.length === 0 && !unseen).map(({ check }) => check),
    ...(stoppedAfter === undefined ? {} : { stoppedAfter }),
  };
}

/** The line of a check, when it has ended. */
export function progressLine({ check, findings, unseen }: Outcome): string {
  return unseen ? `? ${check}: could not look` : findings.length === 0 ? `✔ ${check}` : `✘ ${check}: ${findings.map(({ id }) => id).join(', ')}`;
}

/** For a person: each finding with what, why and the command, and then the sums. */
export function textOf({ findings, notLookedAt, inOrder, stoppedAfter }: Report): string {
  const blocks = [
    ...findings.map(({ id, what, why, how, mend }) => [`✘ ${id}: ${what}`, `  why:  ${why}`, ...(how === undefined ? [] : [`  how:  ${how}`]), `  mend: ${mend}`]),
    ...notLookedAt.map(({ check, reason, permission }) => [`? ${check}: could not look: ${permission === undefined ? reason : `it needs the permission ${permission}`}`]),
  ];
  const count = (number: number, one: string, more: string) => `${number} ${number === 1 ? one : more}`;
  const sums = `${count(findings.length, 'finding', 'findings')}, ${count(inOrder.length, 'check', 'checks')} in order, ${notLookedAt.length} could not look`;
  const rest = stoppedAfter === undefined ? [] : [`Nothing was looked at after "${stoppedAfter}": mend it, and call again.`];
  return [...blocks.map(lines => lines.join('\n')), [sums, ...rest].join('\n')].join('\n\n');
}
