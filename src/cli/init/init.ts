import { askFor, parse, UsageError, withDefaults } from './answers';
import { valuesOf } from './app';
import { filesOf, requireFree, write } from './files';
import { type Flag, FLAGS, QUESTIONS } from './questions';
import { ProcessTerminal, type Terminal } from '../terminal';

const WIDEST = Math.max(...FLAGS.map(flag => flag.length));

const help = () => `Starts a deployment: writes a small app, its tests, its workflow and a README with the list of what to do.

Usage: npx cdk-oky-backend init [options]

In a terminal it asks for what is not given. It never overwrites a file.

${FLAGS.map(helpOn).join('\n')}
  --${'yes'.padEnd(WIDEST)}  ask nothing: what is not given is as by default
  --${'help'.padEnd(WIDEST)}  this text
`;

function helpOn(flag: Flag): string {
  const { text, example, choices, without, otherwise } = QUESTIONS[flag];
  const usual = otherwise?.({}) ?? without;
  const meanings = Object.entries(choices?.({}) ?? {}).map(([name, meaning]) => `\n${' '.repeat(WIDEST + 8)}${name}: ${meaning}`);
  return `  --${flag.padEnd(WIDEST)}  ${text} (such as ${example}${usual === undefined ? '' : `; otherwise: ${usual}`})${meanings.join('')}`;
}

/** Writes a new deployment; gives the exit code. */
export async function init(args: readonly string[], terminal: Terminal = new ProcessTerminal()): Promise<number> {
  try {
    const { given, isHelp, isSilent } = parse(args);
    if (isHelp) {
      terminal.print(help());
      return 0;
    }
    const answers = terminal.isInteractive && !isSilent ? await askFor(given, terminal) : withDefaults(given);
    const { language, folder } = answers as Required<typeof answers>;
    const values = valuesOf(answers);
    const files = filesOf(language, answers['github-repository'] !== undefined, values);
    requireFree(folder, language, Object.keys(files));
    write(folder, files);
    terminal.print(`\nWritten to ${folder}: ${Object.keys(files).join(', ')}\n\nNext, without an AWS account:\n\n${
      [...folder === '.' ? [] : [`cd ${/^[\w./-]+$/.test(folder) ? folder : `'${folder}'`}`], ...values.SET_UP.split('\n'), values.TEST, 'npx cdk synth --quiet'].map(line => `  ${line}`).join('\n')
    }\n\nThen README.md says what to do, step by step.`);
    return 0;
  } catch (error) {
    terminal.printError(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? 2 : 1;
  } finally {
    terminal.close();
  }
}
