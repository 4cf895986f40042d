import { CAPACITY_TABLES, CHOICES, choice, dayRows, limits, ROWS, step, stepRows } from '../../scripts/docs/capacity';
import { current } from '../../scripts/docs/documents';
import { replaceTables } from '../../scripts/docs/marked-tables';

const document = current('docs/capacity.md');

describe('docs/capacity.md has the results of the simulation; if not, run: npm run docs', () => {
  test('the limits and the choices', () => {
    const { deployments, choices } = CAPACITY_TABLES;
    expect(document).toBe(replaceTables(document, { deployments, choices }));
  });

  // Those up to 1,000 take half a minute: at night.
  const most = process.env.OKY_CASES ? 1000 : 100;

  test('the steps', () => {
    expect(stepRows(most).filter(row => !document.includes(row))).toEqual([]);
  });

  test('the days', () => {
    expect(dayRows(most === 100 ? 10 : most).filter(row => !document.includes(row))).toEqual([]);
  });
});

/** A load for a deployment, by what its first part to end can do. */
function limitOf(name: string): number {
  return Math.min(...Object.values(limits(ROWS.find(row => row.name === name)!.overrides)));
}

test.each(ROWS.slice(0, 3).map(row => [row.name, row] as const))('the limit of %s is one', (name, { overrides }) => {
  const limit = limitOf(name);
  const [below, above] = [step(overrides, limit * 0.6), step(overrides, limit * 1.5)];
  expect(below.lost).toBe(0);
  expect(above.lost).toBeGreaterThan(0.1);
});

test('of the choices for scaling, the defaults are the cheapest that answer within half a second', () => {
  const outcomes = CHOICES.map(each => {
    const { p95, tasks } = step(choice(each), 200);
    return { ...each, p95: p95.all, tasks: tasks.reduce((sum, { mean }) => sum + mean, 0) };
  });
  const defaults = outcomes.find(({ min, max, percent }) => min === 1 && max === 4 && percent === 60)!;
  const quick = outcomes.filter(({ p95 }) => p95 < 0.5);
  expect(quick).toContain(defaults);
  expect(Math.min(...quick.map(({ tasks }) => tasks))).toBe(defaults.tasks);
});
