import { manifest } from './package';

/** Runs with what follows its name on the command line, and gives the exit code. */
export type Run = (args: readonly string[]) => Promise<number>;

interface Command {
  readonly summary: string;
  readonly load: () => Promise<Run>;
}

/** Each is loaded when it is called for: `--help` answers at once, also where aws-cdk-lib is not installed. */
const COMMANDS: Record<string, Command> = {
  init: { summary: 'start a deployment: write a small app with its tests, its workflow and a checklist', load: async () => (await import('./init/init.js')).init },
  release: { summary: 'release images: SQL files, a trial, both services, a check that signup works', load: async () => (await import('./release/release.js')).release },
  database: { summary: 'work in the database: tables, content, a dump, the first administrator', load: async () => (await import('./database/database.js')).database },
  doctor: { summary: 'look for what keeps a deployment from being made, or from working', load: async () => (await import('./doctor/doctor.js')).doctor },
  cost: { summary: 'estimate what a deployment costs a month, and what a change adds', load: async () => (await import('./cost/cost.js')).cost },
};

const HELP = `The Oky backend on AWS.

Usage: npx cdk-oky-backend <command>

${Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`).join('\n')}

  --help      this text; after a command, its options
  --version   the version of this package
`;

/** What is called without a command, and what is no command, must not look like something that worked. */
export async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h') {
    process.stdout.write(HELP);
    return 0;
  }
  if (name === '--version') {
    process.stdout.write(`${manifest().version}\n`);
    return 0;
  }
  if (name === undefined || !Object.hasOwn(COMMANDS, name)) {
    process.stderr.write(`${name === undefined ? 'a command is missing' : `there is no command '${name}'`}; `
      + `use one of ${Object.keys(COMMANDS).join(', ')}, such as: npx cdk-oky-backend init\n`);
    return 2;
  }
  const command = await COMMANDS[name].load();
  return command(args);
}

/** For bin/cdk-oky-backend. */
export function run(): void {
  main(process.argv.slice(2)).then(code => {
    process.exitCode = code;
  }, (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
