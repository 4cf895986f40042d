import { execFileSync } from 'child_process';
import * as path from 'path';

/** What one run of a program took. */
export interface Sample {
  readonly seconds: number;
  /** Of all processors, and with what the program started and waited for. */
  readonly cpu: number;
  /** The most that it held, in MiB. */
  readonly memory: number;
}

export interface Program {
  readonly command: string[];
  readonly env?: Record<string, string>;
  /** @default - the root of the repository */
  readonly cwd?: string;
}

const ROOT = path.join(__dirname, '..');

/** What it prints is kept back, and part of the error if it fails. */
export function run({ command, env, cwd }: Program): Sample {
  const text = execFileSync(process.env.PYTHON ?? 'python3', [path.join(ROOT, 'benchmarks', 'measured.py'), ...command], {
    cwd: path.join(ROOT, cwd ?? ''), env: { ...process.env, ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(text) as Sample;
}

/**
 * Runs programs in turn, so that whatever else the machine does meets all of them, after one run of each that isn't counted.
 */
export function alternate<Name extends string>(programs: Record<Name, Program>, runs: number): Record<Name, Sample[]> {
  const names = Object.keys(programs) as Name[];
  const samples = Object.fromEntries(names.map(name => [name, [] as Sample[]])) as Record<Name, Sample[]>;
  names.forEach(name => run(programs[name]));
  for (let turn = 0; turn < runs; turn++) {
    names.forEach(name => samples[name].push(run(programs[name])));
  }
  return samples;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One figure of each run. */
export function pick(samples: Sample[], figure: keyof Sample): number[] {
  return samples.map(sample => sample[figure]);
}
