import { parseArgs } from 'node:util';
import { type Answers, type Flag, FLAGS, QUESTIONS } from './questions';
import { invalid } from '../../private/validation';
import type { Terminal } from '../terminal';

/** The command line can't be understood, or something is missing from it. */
export class UsageError extends Error {}

export interface CommandLine {
  readonly given: Answers;
  readonly isHelp: boolean;
  /** Nothing is asked: what is not given is as by default. */
  readonly isSilent: boolean;
}

export function parse(args: readonly string[]): CommandLine {
  try {
    const { values: { help, yes, ...given } } = parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(FLAGS.map(flag => [flag, { type: 'string' as const }])),
        help: { type: 'boolean', short: 'h' },
        yes: { type: 'boolean', short: 'y' },
      },
    });
    return { given: given as Answers, isHelp: help === true, isSilent: yes === true };
  } catch (error) {
    throw new UsageError(`${messageOf(error)}\nAll options: npx cdk-oky-backend init --help`);
  }
}

/** What is not given is as by default. All that is wrong is named at once, or else all that is missing. */
export function withDefaults(given: Answers): Answers {
  const [answers, faults, missing]: [Answers, string[], string[]] = [{}, [], []];
  for (const flag of FLAGS) {
    const { otherwise, needed, example } = QUESTIONS[flag];
    const answer = given[flag] ?? otherwise?.(answers);
    const why = answer === undefined ? needed?.(answers) : undefined;
    const fault = answer === undefined ? undefined : faultOf(flag, answer, answers);
    if (why !== undefined) {
      missing.push(`--${flag} must be given: ${why}; add it, such as --${flag} ${example}`);
    } else if (fault !== undefined) {
      faults.push(fault);
    } else {
      answers[flag] = answer;
    }
  }
  if (faults.length > 0) {
    throw new UsageError(faults.join('\n'));
  }
  if (missing.length > 0) {
    throw new UsageError([...missing, 'Or run this in a terminal, without --yes: there it asks'].join('\n'));
  }
  return answers;
}

/** Asks for each thing that is not given, until it is answered well. */
export async function askFor(given: Answers, terminal: Terminal): Promise<Answers> {
  const answers: Answers = {};
  for (const flag of FLAGS) {
    const { isAsked, otherwise } = QUESTIONS[flag];
    const answer = given[flag] ?? (isAsked?.(answers) ?? true ? await askOne(flag, answers, terminal) : otherwise?.(answers));
    const fault = answer === undefined ? undefined : faultOf(flag, answer, answers);
    if (fault !== undefined) {
      throw new UsageError(fault);
    }
    answers[flag] = answer;
  }
  return answers;
}

async function askOne(flag: Flag, answers: Answers, terminal: Terminal): Promise<string | undefined> {
  const { text, example, choices, explanation, without, otherwise, needed } = QUESTIONS[flag];
  const usual = otherwise?.(answers);
  const meanings = Object.entries(choices?.(answers) ?? {});
  terminal.print(`\n${text}${usual === undefined ? ` (such as ${example}${without === undefined ? '' : `; empty: ${without}`})` : ''}`);
  if (explanation !== undefined) {
    terminal.print(explanation);
  }
  const widest = Math.max(...meanings.map(([name]) => name.length));
  meanings.forEach(([name, meaning], index) => terminal.print(`  ${index + 1}  ${name.padEnd(widest)}  ${meaning}`));
  for (;;) {
    const line = (await terminal.ask(usual === undefined ? '> ' : `[${usual}] > `)).trim();
    // A list can be answered by its numbers.
    const answer = meanings[Number(line) - 1]?.[0] ?? (line === '' ? usual : line);
    const fault = answer === undefined ? needed?.(answers) : faultOf(flag, answer, answers);
    if (fault === undefined) {
      return answer;
    }
    terminal.print(fault);
  }
}

function faultOf(flag: Flag, answer: string, answers: Answers): string | undefined {
  const { choices, check } = QUESTIONS[flag];
  const meanings = choices?.(answers);
  try {
    if (meanings && !Object.hasOwn(meanings, answer)) {
      throw invalid(`--${flag}`, `be one of ${Object.keys(meanings).join(', ')}`, answer, 'use one of them');
    }
    check?.(answer, answers);
    return undefined;
  } catch (error) {
    // The library names its prop, which is not always that of the flag.
    return messageOf(error).startsWith(`--${flag} `) ? messageOf(error) : `--${flag}: ${messageOf(error)}`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
