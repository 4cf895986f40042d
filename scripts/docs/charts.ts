/** The charts of docs/cost.md and docs/capacity.md, from the same figures as the tables. */
import * as echarts from 'echarts';
import { monthly, step } from './capacity';
import { profileEstimate } from './cost';
import { PROFILES } from '../../src/cli/init/profiles';
import { overridesOf } from '../deployments/profiles';
import type { Overrides } from '../deployments/sample';

/** Colours on light and on dark paper, in the order of the series. */
const SERIES: readonly [light: string, dark: string][] = [
  ['#0969da', '#58a6ff'], ['#bc4c00', '#f0883e'], ['#1a7f37', '#3fb950'], ['#8250df', '#bc8cff'], ['#cf222e', '#ff7b72'], ['#9a6700', '#d29922'], ['#57606a', '#9da7b1'],
];
const TEXT: [light: string, dark: string] = ['#1f2328', '#f0f6fc'];
const LINES: [light: string, dark: string] = ['#d0d7de', '#3d444d'];
const PAPER: [light: string, dark: string] = ['#ffffff', '#0d1117'];
const FONT = 'system-ui, -apple-system, Helvetica, Arial, sans-serif';

/** The text of a chart. It has the light colours; a style of its own replaces them on dark paper. */
function svgOf(title: string, height: number, option: echarts.EChartsOption): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 860, height });
  chart.setOption({
    animation: false,
    backgroundColor: PAPER[0],
    color: SERIES.map(([light]) => light),
    textStyle: { fontFamily: FONT, color: TEXT[0] },
    title: { text: title, left: 16, top: 12, textStyle: { fontSize: 15, color: TEXT[0] } },
    legend: { top: 42, left: 16, textStyle: { color: TEXT[0] }, itemWidth: 14, itemGap: 30 },
    ...option,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // Attributes lose against any style rule, so that the file needs one set of colours in it and no script.
  const rules = [...SERIES, TEXT, LINES, PAPER].flatMap(([light, dark]) => ['fill', 'stroke'].map(name => `[${name}="${light}"] { ${name}: ${dark} }`));
  const style = `<style>@media (prefers-color-scheme: dark) { ${rules.join(' ')} }</style>`;
  return `${svg.replace(/^(<svg[^>]*>)/, `$1\n<title>${title}</title>\n${style}`)}\n`;
}

const axis = (name: string) => ({
  name,
  nameLocation: 'middle' as const,
  nameGap: 32,
  nameTextStyle: { color: TEXT[0] },
  axisLabel: { color: TEXT[0] },
  axisLine: { lineStyle: { color: LINES[0] } },
  splitLine: { lineStyle: { color: LINES[0] } },
});

/** The parts of the bill, each with the lines of an estimate that belong to it. */
const PARTS: Record<string, RegExp> = {
  'tasks': /^tasks: /,
  'endpoints, NAT, addresses': /endpoint|NAT|address/,
  'load balancer': /^load balancer/,
  'database': /^database/,
  'firewall': /web ACL/,
  'monitoring': /Insights|alarm|dashboard|metric|health check/i,
  'other': /./,
};

function partOf(kind: string): string {
  return Object.entries(PARTS).find(([, lines]) => lines.test(kind))![0];
}

/** What a month of each profile costs, by the parts of the bill. */
export function profilesChart(): string {
  const names = Object.keys(PROFILES).reverse();
  const bills = names.map(name => profileEstimate(name).lines);
  return svgOf('What a month costs: USD in eu-west-2, with a million requests', 430, {
    grid: { left: 215, right: 40, top: 80, bottom: 56 },
    xAxis: { type: 'value', ...axis('USD a month') },
    yAxis: { type: 'category', data: names, axisLabel: { color: TEXT[0] }, axisLine: { lineStyle: { color: LINES[0] } } },
    series: Object.keys(PARTS).map(part => ({
      name: part,
      type: 'bar',
      stack: 'bill',
      data: bills.map(lines => Number(lines.filter(({ kind }) => partOf(kind) === part).reduce((sum, { usd }) => sum + usd, 0).toFixed(2))),
    })),
  });
}

/** Deployments of the capacity page: by name, as their lines are called. */
const LOADED: Record<string, Overrides> = {
  'small': overridesOf('small'),
  'highAvailability, scaling': { highAvailability: true, scaling: {} },
  'the same, 1 vCPU for the API, 2 ACU': {
    highAvailability: true, scaling: {}, api: { cpu: 1024, memoryLimitMiB: 2048 }, database: { maxCapacity: 2 },
  },
};
const RATES = [5, 10, 20, 50, 100];

/** What a month costs at a constant load. A deployment that the load is too much for has no point there. */
export function loadChart(): string {
  return svgOf('What a month costs under load: USD in eu-west-2', 400, {
    grid: { left: 72, right: 40, top: 80, bottom: 56 },
    xAxis: { type: 'log', min: 5, ...axis('requests a second') },
    yAxis: { type: 'value', scale: true, ...axis('USD a month'), nameGap: 44 },
    series: series((overrides, rate) => {
      const outcome = step(overrides, rate);
      return outcome.lost > 0.01 ? undefined : monthly(overrides, outcome, rate).usd;
    }),
  });
}

/** The 95th percentile of the response time after the load grew tenfold. */
export function responseChart(): string {
  return svgOf('The load grows tenfold: response time, 95 % of requests are faster', 400, {
    grid: { left: 72, right: 40, top: 80, bottom: 56 },
    xAxis: { type: 'log', min: 5, ...axis('requests a second, after a tenth of them for half an hour') },
    yAxis: { type: 'log', ...axis('seconds'), nameGap: 44 },
    series: series((overrides, rate) => step(overrides, rate).p95.all),
  });
}

/** The requests that wait longer than CloudFront does, after the load grew tenfold. */
export function lossChart(): string {
  return svgOf('The load grows tenfold: requests that are lost', 400, {
    grid: { left: 72, right: 40, top: 80, bottom: 56 },
    xAxis: { type: 'log', min: 5, ...axis('requests a second, after a tenth of them for half an hour') },
    yAxis: { type: 'value', min: 0, max: 100, ...axis('% of the requests'), nameGap: 44 },
    series: series((overrides, rate) => step(overrides, rate).lost * 100),
  });
}

function series(value: (overrides: Overrides, rate: number) => number | undefined): echarts.LineSeriesOption[] {
  return Object.entries(LOADED).map(([name, overrides]) => ({
    name,
    type: 'line',
    symbol: 'circle',
    symbolSize: 7,
    data: RATES.flatMap(rate => {
      const y = value(overrides, rate);
      return y === undefined ? [] : [[rate, Number(y.toPrecision(4))]];
    }),
  }));
}
