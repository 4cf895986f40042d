/**
 * Measures what the library costs, and writes the tables of docs/performance.md: `npm run bench`. With `--quick` each program
 * runs three times, and the tables are shown only.
 */
import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { parseArgs } from 'util';
import * as ts from 'typescript';
import { alternate, median, pick, type Program, type Sample } from './harness';
import { cells, replaceTables } from '../scripts/docs/marked-tables';

const ROOT = path.join(__dirname, '..');
/** In the repository, so that compiled programs find the library by its name. */
const BUILD = path.join('.build', 'bench');
const EXAMPLE = path.join('examples', 'okyapp-info');
const PYTHON = path.join('.build', 'venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

const { values: { quick } } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const RUNS = quick ? 3 : 9;
/** Of what takes long. */
const FEWER_RUNS = quick ? 1 : 7;

const progress = (text: string) => console.log(`▶ ${text}`);
const built = (name: string) => path.join(BUILD, `${name}.js`);
const node = (name: string, ...args: string[]) => [process.execPath, built(name), ...args];

/** Compiled as a consumer would, without checking types. */
function compile(source: string, name: string): void {
  const { outputText } = ts.transpileModule(fs.readFileSync(path.join(ROOT, source), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  fs.writeFileSync(path.join(ROOT, built(name)), outputText);
}

/** What the command line of the CDK gives an app, with the built-in validation of templates or without. */
function environment(name: string, validates = false): Record<string, string> {
  return {
    CDK_OUTDIR: path.join(ROOT, BUILD, `${name}.out`),
    CDK_CONTEXT_JSON: fs.readFileSync(path.join(ROOT, EXAMPLE, 'cdk.context.json'), 'utf8'),
    CDK_VALIDATION: String(validates),
    // Otherwise each run would compile Python anew.
    PYTHONDONTWRITEBYTECODE: '',
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
    JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION: 'true',
    JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: 'true',
  };
}

function program(name: string, command: string[], more: Partial<Program> & { readonly validates?: boolean } = {}): Program {
  const { validates, cwd, env } = more;
  return { command, cwd, env: { ...environment(name, validates), ...env } };
}

const template = (name: string) => path.join(ROOT, BUILD, `${name}.out`, 'OkyappInfo.template.json');

function prepare(): void {
  fs.rmSync(path.join(ROOT, BUILD), { recursive: true, force: true });
  fs.mkdirSync(path.join(ROOT, BUILD), { recursive: true });
  compile(path.join(EXAMPLE, 'app.ts'), 'library');
  for (const name of ['hand-written', 'raw-resources', 'peers', 'deployments']) {
    compile(path.join('benchmarks', `${name}.ts`), name);
  }
  // The library with all that it loads, and that without the library.
  fs.writeFileSync(path.join(ROOT, built('import')), 'require(\'cdk-oky-backend\');\n');
  const loaded = execFileSync(process.execPath, ['-e', 'require(\'cdk-oky-backend\'); console.log(JSON.stringify(Object.keys(require.cache)))'], {
    cwd: ROOT, encoding: 'utf8',
  });
  const others = (JSON.parse(loaded) as string[]).filter(file => file.includes('node_modules'));
  fs.writeFileSync(path.join(ROOT, built('import-peers')), others.map(file => `require(${JSON.stringify(file)});\n`).join(''));
  execFileSync(process.execPath, [built('library')], { cwd: ROOT, env: { ...process.env, ...environment('library') } });
}

const two = (value: number) => value.toFixed(2);

/** How long a program takes: the median of its seconds, the least of them, and the median of the processors' time. */
function figures(samples: Sample[]): number[] {
  const seconds = pick(samples, 'seconds');
  return [median(seconds), Math.min(...seconds), median(pick(samples, 'cpu'))];
}

const HEAD = [cells('Program', 'Seconds', 'at least', 'of processors', 'MiB'), '|---|---:|---:|---:|---:|'];

function row(name: string, samples: Sample[]): string {
  const seconds = pick(samples, 'seconds');
  return cells(name, two(median(seconds)), two(Math.min(...seconds)), two(median(pick(samples, 'cpu'))), median(pick(samples, 'memory')).toFixed(0));
}

const ratios: string[] = [];

/** Two programs compared, or one with a sum of others. */
function compare(name: string, bound: string, a: Sample[], b: Sample[] | number[]): void {
  const others = typeof b[0] === 'number' ? b as number[] : figures(b as Sample[]);
  ratios.push(cells(name, bound, ...figures(a).map((figure, index) => two(figure / others[index]))));
}

function programs(): string {
  progress('the reference deployment, without validation');
  const raw = node('raw-resources', template('library'));
  const off = alternate({
    a: program('a', node('library')), b: program('b', node('hand-written')), c: program('c', raw), d: program('d', node('peers')),
  }, RUNS);
  compare('(a) to (b), hand-written', '≤ 1.05', off.a, off.b);
  compare('(a) to (c), the floor', '≤ 3.0', off.a, off.c);
  compare('(b) to (c)', '', off.b, off.c);
  compare('(a) to (d), the patterns', '< 1', off.a, off.d);
  progress('the same, with validation');
  const validated = { validates: true };
  const on = alternate({
    a: program('a', node('library'), validated), b: program('b', node('hand-written'), validated), c: program('c', raw, validated),
  }, FEWER_RUNS);
  compare('(a) to (b) with validation', '', on.a, on.b);
  compare('(a) to (c) with validation', '', on.a, on.c);
  progress('Python');
  const python = alternate({
    library: program('e', [PYTHON, path.join(EXAMPLE, 'python', 'app.py')]),
    handWritten: program('e', [PYTHON, path.join('benchmarks', 'hand_written.py')]),
    nothing: program('e', [PYTHON, '-c', 'from aws_cdk import App; App().synth()']),
    javascript: program('e', node('library')),
    javascriptNothing: program('e', [process.execPath, '-e', 'new (require("aws-cdk-lib/core").App)().synth()']),
  }, FEWER_RUNS);
  const [library, nothing, nothingInPython] = [python.javascript, python.javascriptNothing, python.nothing].map(figures);
  compare('(e) Python: the library to an empty app and the synthesis in JavaScript', '≤ 1.15', python.library,
    nothingInPython.map((figure, index) => figure + library[index] - nothing[index]));
  compare('Python: the library to hand-written', '', python.library, python.handWritten);
  compare('Python: an empty app to hand-written', '', python.nothing, python.handWritten);
  return [
    ...HEAD,
    row('(a) the library', off.a), row('(b) hand-written from L2 constructs', off.b), row('(c) raw resources, the floor', off.c),
    row('(d) the patterns of aws-cdk-lib', off.d),
    row('(a) with validation', on.a), row('(b) with validation', on.b), row('(c) with validation', on.c),
    row('(e) Python: the library', python.library), row('(e) Python: hand-written', python.handWritten), row('Python: an empty app', python.nothing),
    row('JavaScript: an empty app', python.javascriptNothing),
  ].join('\n');
}

function many(): string {
  progress('many deployments in an app');
  const samples = alternate({
    1: program('f', node('deployments', '1')), 10: program('f', node('deployments', '10')), 50: program('f', node('deployments', '50')),
  }, FEWER_RUNS);
  compare('(f) 50 deployments to 10', '≤ 5.5', samples[50], samples[10]);
  const rest = (count: 10 | 50) => (median(pick(samples[count], 'memory')) - median(pick(samples[1], 'memory'))) / (count - 1);
  return [
    ...HEAD, row('1 deployment', samples[1]), row('10 deployments', samples[10]), row('50 deployments', samples[50]), '',
    `Each deployment after the first takes ${rest(10).toFixed(1)} MiB where there are 10, and ${rest(50).toFixed(1)} where there are 50.`,
  ].join('\n');
}

function imports(): string {
  progress('importing');
  const samples = alternate({ library: program('g', node('import')), peers: program('g', node('import-peers')) }, 2 * RUNS);
  const milliseconds = (figure: 'seconds' | 'cpu', of: (values: number[]) => number) =>
    `${((of(pick(samples.library, figure)) - of(pick(samples.peers, figure))) * 1000).toFixed(0)} ms`;
  return [
    ...HEAD, row('the library, with what it loads', samples.library), row('what it loads, without the library', samples.peers), '',
    `The library itself: ${milliseconds('seconds', median)} by the medians, ${milliseconds('seconds', values => Math.min(...values))} by the least, `
    + `${milliseconds('cpu', median)} of the processors. The bound is 60 ms.`,
  ].join('\n');
}

function isInstalled(name: string): boolean {
  return fs.existsSync(path.join(ROOT, 'node_modules', name));
}

/** Whether this Node.js is at least of a version. */
function isNode(major: number, minor: number): boolean {
  const [here, minorHere] = process.versions.node.split('.').map(Number);
  return here > major || (here === major && minorHere >= minor);
}

function ways(): string {
  progress('ways to run an app');
  const inExample = { cwd: EXAMPLE };
  const app = (...args: string[]) => program('h', [process.execPath, ...args, 'app.ts'], inExample);
  const all: Record<string, Program> = {
    'compiled JavaScript: `node app.js`': program('h', node('library')),
    '`node --import tsx app.ts`': app('--import', 'tsx'),
    '`npx tsx app.ts`': program('h', [process.platform === 'win32' ? 'npx.cmd' : 'npx', 'tsx', 'app.ts'], inExample),
    ...isNode(22, 1) && { 'compiled, with `NODE_COMPILE_CACHE`': program('h', node('library'), { env: { NODE_COMPILE_CACHE: path.join(ROOT, BUILD, 'cache') } }) },
    ...isNode(22, 18) && { '`node app.ts`': app() },
    ...isInstalled('@swc-node/register') && { '`node --require @swc-node/register app.ts`': app('--require', '@swc-node/register') },
    ...isInstalled('ts-node') && {
      '`node --require ts-node/register/transpile-only app.ts`': app('--require', 'ts-node/register/transpile-only'),
      '`node --require ts-node/register app.ts`': app('--require', 'ts-node/register'),
    },
  };
  return [...HEAD, ...Object.entries(alternate(all, FEWER_RUNS)).map(([name, samples]) => row(name, samples))].join('\n');
}

function machine(): string {
  const version = (name: string) => (JSON.parse(fs.readFileSync(path.join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
  const python = execFileSync(PYTHON, ['--version'], { cwd: ROOT, encoding: 'utf8' }).trim();
  return [
    cells('', ''), '|---|---|',
    cells('Machine', `${os.cpus()[0].model.trim()}, ${os.availableParallelism()} processors, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.platform()} ${os.arch()}`),
    cells('Programs', `Node.js ${process.versions.node}, ${python}`),
    cells('Libraries', ['aws-cdk-lib', 'constructs', 'tsx'].map(name => `${name} ${version(name)}`).join(', ')),
    cells('Runs', `${RUNS} each, in turn, after one that is not counted; ${FEWER_RUNS} of those with validation, in Python, of many deployments and of ways to run an app`),
  ].join('\n');
}

prepare();
const tables = { programs: programs(), many: many(), imports: imports(), ways: ways(), machine: machine() };
const compared = [cells('Compared', 'Bound', 'Medians', 'Minima', 'Processors'), '|---|---|---:|---:|---:|', ...ratios].join('\n');
const measured: Record<string, string> = { 'bench-ratios': compared, ...Object.fromEntries(Object.entries(tables).map(([name, table]) => [`bench-${name}`, table])) };
console.log(`\n${Object.values(measured).join('\n\n')}`);
if (!quick) {
  const document = path.join(ROOT, 'docs', 'performance.md');
  fs.writeFileSync(document, replaceTables(fs.readFileSync(document, 'utf8'),
    Object.fromEntries(Object.entries(measured).map(([name, table]) => [name, () => table]))));
}
