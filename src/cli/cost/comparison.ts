import { type Estimate, sum, tableText, usdText } from '../../cost/estimate';

interface Side {
  /** The stack, and the folder of its assembly. */
  readonly name: string;
  readonly estimate: Estimate;
}

/** What changes from one estimate to another, line by line. */
export function comparisonText(before: Side, after: Side): string {
  const kinds = [...new Set([...after.estimate.lines, ...before.estimate.lines].map(({ kind }) => kind))];
  const rows = kinds.map(kind => ({ kind, from: linesOf(before, kind), to: linesOf(after, kind) }))
    .map(({ kind, from, to }) => ({ kind, from: ends(from), to: ends(to) }))
    .filter(({ from, to }) => from.usd.toFixed(2) !== to.usd.toFixed(2) || from.usdAtMost.toFixed(2) !== to.usdAtMost.toFixed(2))
    .sort((a, b) => Math.abs(b.to.usd - b.from.usd) - Math.abs(a.to.usd - a.from.usd));
  const total = { kind: 'sum', from: ends(before.estimate.lines), to: ends(after.estimate.lines) };
  const notes = [...new Set([...after.estimate.notes, ...before.estimate.notes])];
  return [
    `What changes a month, in USD, from ${before.name} to ${after.name}:`,
    ...rows.length === 0 ? ['nothing'] : [],
    tableText([['', 'before', 'after', 'change'], ...[...rows, total].map(({ kind, from, to }) =>
      [kind, usdText(from.usd, from.usdAtMost), usdText(to.usd, to.usdAtMost), signed(to.usd - from.usd)])]),
    ...before.estimate.region === after.estimate.region ? []
      : [`note: the prices are those of ${before.estimate.region} before, and of ${after.estimate.region} after`],
    ...notes.map(each => `note: ${each}`),
    ...after.estimate.notPriced.map(each => `not priced: ${each}`),
    ...before.estimate.notPriced.filter(each => !after.estimate.notPriced.includes(each)).map(each => `not priced before: ${each}`),
  ].join('\n');
}

function linesOf({ estimate }: Side, kind: string) {
  return estimate.lines.filter(line => line.kind === kind);
}

function ends(lines: Estimate['lines']) {
  return { usd: sum(lines, 'usd'), usdAtMost: sum(lines, 'usdAtMost') };
}

function signed(usd: number): string {
  return `${usd < 0 ? '-' : '+'}${Math.abs(usd).toFixed(2)}`;
}
