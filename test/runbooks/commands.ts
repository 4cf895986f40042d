/** The commands of a document as a person gives them: its blocks are run, with stand-ins that write down what they are called with. */
import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const ROOT = path.join(__dirname, '..', '..');
/** The policies that a sentence before a block can name, by the outputs that have their ARNs. */
const POLICIES = /`Oky(ImageBuilder|ServiceUpdater)PolicyArn`/;

/** Whose credentials a document asks for. */
export type Role = 'administrator' | 'ImageBuilder' | 'ServiceUpdater';

/** A command, once bash has put the values of its variables in. A file that it is given stands there with its content. */
export interface Command {
  readonly role: Role;
  readonly program: string;
  readonly words: readonly string[];
}

interface Block {
  readonly role: Role;
  readonly code: string;
}

/** The paths of all documents with commands, from the root of the repository. */
export function documents(): string[] {
  const below = (folder: string) => fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(file => path.join(folder, file));
  const all = ['README.md', ...['docs', 'examples'].flatMap(below)];
  return all.filter(file => file.endsWith('.md') && !file.includes('node_modules')).sort();
}

/** The blocks of a document, each with the role that the paragraph before it names. */
export function blocksOf(document: string): Block[] {
  const text = fs.readFileSync(path.join(ROOT, document), 'utf8');
  return [...text.matchAll(/^```bash\n(.*?)^```/gms)].map(found => {
    const before = text.slice(0, found.index).trimEnd().split(/\n\n/).at(-1)!;
    return { role: (POLICIES.exec(before)?.[1] ?? 'administrator') as Role, code: found[1] };
  });
}

/** What the AWS command line prints. The first that fits; whatever has nothing here prints nothing. */
export interface Answer {
  readonly to: string;
  readonly prints: string;
}

/** Runs the document from its first block to its last. */
export function commandsOf(document: string, outputs: Record<string, string>, answers: readonly Answer[]): Command[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oky-runbook-'));
  const [{ code: shared }] = blocksOf('docs/runbooks/README.md');
  const known = [...Object.entries(outputs).map(([name, prints]) => ({ to: `*OutputKey==\\'${name}\\'*`, prints })), ...answers];
  const script = `
    note() {
      printf '%s\\037' "$role" "$@" >> "$CALLS"
      for word; do [[ $word != file://* ]] || { printf '%s\\037' "$(< "\${word#file://}")" >> "$CALLS"; }; done
      printf '\\036' >> "$CALLS"
    }
    aws() {
      note aws "$@"
      case "$*" in
        ${known.map(({ to, prints }) => `${to}) printf '%s\\n' ${quote(prints)} ;;`).join('\n')}
        *OutputKey*) echo "no output is known for: $*" >&2; return 1 ;;
      esac
    }
    docker() { note docker "$@"; }
    npx() { note npx "$@"; }
    ${shared}
    ${blocksOf(document).map(({ role, code }) => `role=${role}\n${code}`).join('\n')}`;
  try {
    const calls = path.join(folder, 'calls');
    execFileSync('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env: { PATH: process.env.PATH, CALLS: calls }, stdio: ['ignore', 'pipe', 'pipe'] });
    return fs.readFileSync(calls, 'utf8').split('\x1e').slice(0, -1).map(line => {
      const [role, program, ...words] = line.split('\x1f').slice(0, -1);
      return { role: role as Role, program, words };
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function quote(text: string): string {
  return `'${text.replace(/'/g, '\'\\\'\'')}'`;
}
