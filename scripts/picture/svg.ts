import { createRequire } from 'module';
import type { instance as makeGraphviz } from '@viz-js/viz' with { 'resolution-mode': 'import' };
import type { Box, Frame, Picture } from './model';

// Its types know of its ES module only.
const { instance } = createRequire(__filename)('@viz-js/viz') as { readonly instance: typeof makeGraphviz };

const FONT = 'system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif';
const [TITLE, DETAIL, LABEL, MARGIN] = [15, 12.5, 12, 14];
/** A wide guess, as which font there is differs from reader to reader. */
const width = (text: string, size: number) => text.length * size * 0.6;

const COLORS: Record<Box['kind'], [light: string, dark: string]> = {
  people: ['#57606a', '#9da7b1'],
  edge: ['#8250df', '#bc8cff'],
  network: ['#0969da', '#58a6ff'],
  compute: ['#bc4c00', '#f0883e'],
  data: ['#1a7f37', '#3fb950'],
  security: ['#cf222e', '#ff7b72'],
};

const STYLE = `
  .paper { fill: #ffffff } .box { fill: #ffffff; stroke: #d0d7de } .frame { fill: #818b98; fill-opacity: .07; stroke: #afb8c1 }
  .title { fill: #1f2328 } .detail, .label, .place { fill: #59636e } .halo { stroke: #f1f2f4 } .place { stroke: #eceef0 }
  .way { stroke: #1f2328 } .quiet { stroke: #818b98 } .head { fill: #1f2328 } .quiethead { fill: #818b98 } .lock { fill: #59636e; stroke: #59636e }
${Object.entries(COLORS).map(([kind, [light]]) => `  .${kind} { fill: ${light} }`).join('\n')}
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } .box { fill: #161b22; stroke: #3d444d } .frame { stroke: #3d444d }
    .title { fill: #f0f6fc } .detail, .label, .place { fill: #9198a1 } .halo { stroke: #171b21 } .place { stroke: #1c2127 }
    .way { stroke: #d1d7e0 } .quiet { stroke: #656c76 } .head { fill: #d1d7e0 } .quiethead { fill: #656c76 } .lock { fill: #9198a1; stroke: #9198a1 }
${Object.entries(COLORS).map(([kind, [, dark]]) => `    .${kind} { fill: ${dark} }`).join('\n')}
  }
`;

interface Laid { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
interface Point { readonly x: number; readonly y: number }

/** What Graphviz says of where things are, in points from the lower left corner. */
interface Layout {
  readonly bb: string;
  readonly objects: { readonly name: string; readonly bb?: string; readonly pos?: string; readonly width?: string; readonly height?: string }[];
  readonly edges?: { readonly pos: string; readonly lp?: string }[];
}

function sizeOf({ title, details, isLocked }: Box): { readonly width: number; readonly height: number } {
  const text = Math.max(width(title, TITLE) * 1.05 + (isLocked ? 20 : 0), ...details.map(each => width(each, DETAIL)));
  return { width: Math.ceil(text) + 30, height: 34 + details.length * 17 + (details.length > 0 ? 4 : 0) };
}

const quoted = (text: string) => JSON.stringify(text);

function dotOf({ boxes, frames, arrows }: Picture): string {
  const node = (box: Box) => {
    const { width: w, height: h } = sizeOf(box);
    return `${quoted(box.id)} [width=${(w / 72).toFixed(4)}, height=${(h / 72).toFixed(4)}]`;
  };
  // A frame is as wide as its title, and leaves room for it.
  const cluster = (frame: Frame): string[] => [
    `subgraph ${quoted(`cluster_${frame.id}`)} { margin=16; fontsize=${LABEL + 5}; labeljust=l; label=${quoted(frame.title)};`,
    ...frames.filter(each => each.frame === frame.id).flatMap(cluster),
    ...boxes.filter(each => each.frame === frame.id).map(node),
    '}',
  ];
  return [
    'digraph { graph [rankdir=TB, nodesep=0.34, ranksep=0.4, newrank=true, fontname=Helvetica]; node [shape=box, fixedsize=true, label=""]',
    `edge [fontname=Helvetica, fontsize=${LABEL + 1.5}]`,
    ...frames.filter(({ frame }) => !frame).flatMap(cluster),
    ...boxes.filter(({ frame }) => !frame).map(node),
    ...arrows.map(({ from, to, label, isQuiet }) =>
      `${quoted(from)} -> ${quoted(to)} [weight=${isQuiet ? 1 : 4}${label ? `, label=${quoted(` ${label} `)}` : ''}]`),
    '}',
  ].join('\n');
}

/** The picture as an SVG that follows the reader's choice of light or dark. The same text for the same picture. */
export async function svgOf(picture: Picture): Promise<string> {
  const { boxes, frames, arrows } = picture;
  const graphviz = await instance();
  const { bb, objects, edges = [] } = JSON.parse(graphviz.renderString(dotOf(picture), { format: 'json', engine: 'dot' })) as Layout;
  const [, , right, top] = bb.split(',').map(Number);
  const at = (x: number, y: number): Point => ({ x: x + MARGIN, y: top - y + MARGIN });
  const places = new Map(objects.map(({ name, bb: corners, pos, width: w, height: h }): [string, Laid] => {
    if (corners) {
      const [x0, y0, x1, y1] = corners.split(',').map(Number);
      return [name.replace(/^cluster_/, ''), { ...at(x0, y1), width: x1 - x0, height: y1 - y0 }];
    }
    const [x, y] = pos!.split(',').map(Number);
    const [wide, high] = [Number(w) * 72, Number(h) * 72];
    return [name, { ...at(x - wide / 2, y + high / 2), width: wide, height: high }];
  }));
  const ways = edges.map(({ pos }) => {
    const [end, ...points] = pos.split(' ').map(point => point.replace(/^e,/, '').split(',').map(Number)).map(([x, y]) => at(x, y));
    return { points, end };
  });
  const [w, h] = [Math.ceil(right + 2 * MARGIN), Math.ceil(top + 2 * MARGIN + 34)];
  const bottom = h - 16;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" font-family='${FONT}'>`,
    '<title>What one OkyBackend makes</title>',
    `<style>${STYLE}</style>`,
    `<defs>${marker('head')}${marker('quiethead')}</defs>`,
    `<rect class="paper" width="${w}" height="${h}" rx="8"/>`,
    ...frames.map(frame => drawFrame(places.get(frame.id)!)),
    ...ways.map(({ points, end }, index) => drawWay(points, end, arrows[index].isQuiet ?? false)),
    ...frames.map(frame => drawTitle(frame, places.get(frame.id)!)),
    ...boxes.flatMap(box => drawBox(box, places.get(box.id)!)),
    ...edges.flatMap(({ lp }, index) => lp ? [drawLabel(arrows[index].label!, at(...lp.split(',').map(Number) as [number, number]))] : []),
    lock(22, bottom - 10),
    `<text class="label" x="40" y="${bottom}" font-size="${LABEL}">encrypted with the deployment's own key</text>`,
    `<path class="way" d="M318 ${bottom - 4}h34" fill="none" stroke-width="1.6" marker-end="url(#head)"/>`,
    `<text class="label" x="362" y="${bottom}" font-size="${LABEL}">the way of a request</text>`,
    `<path class="quiet" d="M508 ${bottom - 4}h34" fill="none" stroke-width="1.2" stroke-dasharray="4 3" marker-end="url(#quiethead)"/>`,
    `<text class="label" x="552" y="${bottom}" font-size="${LABEL}">what else it needs</text>`,
    '</svg>',
    '',
  ].join('\n');
}

const round = (value: number) => Math.round(value * 10) / 10;
const escape = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function marker(id: string): string {
  return `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="${id}" d="M0 .8 7.2 4 0 7.2z"/></marker>`;
}

function drawFrame({ x, y, width: w, height: h }: Laid): string {
  return `<rect class="frame" x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}" rx="10"/>`;
}

/** Above the arrows that cross it. */
function drawTitle({ title }: Frame, { x, y }: Laid): string {
  return `<text class="place" x="${round(x + 14)}" y="${round(y + 22)}" font-size="${LABEL + 0.5}" font-weight="600" paint-order="stroke" stroke-width="4" `
    + `stroke-linejoin="round">${escape(title)}</text>`;
}

function drawBox({ title, details, kind, isLocked }: Box, { x, y, width: w, height: h }: Laid): string[] {
  return [
    `<rect class="box" x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}" rx="7"/>`,
    `<rect class="${kind}" x="${round(x)}" y="${round(y + 7)}" width="4" height="${round(h - 14)}" rx="2"/>`,
    `<text class="title" x="${round(x + 15)}" y="${round(y + 23)}" font-size="${TITLE}" font-weight="600">${escape(title)}</text>`,
    ...details.map((detail, index) =>
      `<text class="detail" x="${round(x + 15)}" y="${round(y + 42 + index * 17)}" font-size="${DETAIL}">${escape(detail)}</text>`),
    ...isLocked ? [lock(round(x + w - 20), round(y + 12))] : [],
  ];
}

function lock(x: number, y: number): string {
  return `<g class="lock" transform="translate(${round(x)} ${round(y)})"><rect y="4.5" width="10" height="7.5" rx="1.5"/><path d="M2.3 5V3a2.7 2.7 0 0 1 5.4 0v2" fill="none" stroke-width="1.5"/></g>`;
}

function drawWay(points: Point[], end: Point, isQuiet: boolean): string {
  const written = points.map(({ x, y }) => `${round(x)} ${round(y)}`);
  const look = isQuiet ? 'class="quiet" stroke-width="1.2" stroke-dasharray="4 3" marker-end="url(#quiethead)"' : 'class="way" stroke-width="1.6" marker-end="url(#head)"';
  return `<path ${look} fill="none" d="M${written[0]}C${written.slice(1).join(' ')}L${round(end.x)} ${round(end.y)}"/>`;
}

function drawLabel(text: string, { x, y }: Point): string {
  return `<text class="label halo" x="${round(x)}" y="${round(y + 4)}" font-size="${LABEL}" text-anchor="middle" paint-order="stroke" stroke-width="4" `
    + `stroke-linejoin="round">${escape(text)}</text>`;
}
