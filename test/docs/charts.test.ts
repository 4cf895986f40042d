import { current, DOCUMENTS } from '../../scripts/docs/documents';

const CHARTS = DOCUMENTS.filter(document => document.endsWith('.svg'));
const TAG = /<\/?[\w:]+(?:\s+[\w:-]+=(?:"[^"<&]*"|'[^'<&]*'))*\s*\/?>/g;

test('there are charts, and the picture of the architecture', () => {
  expect(CHARTS).toEqual([
    'docs/architecture.svg', 'docs/charts/cost-by-load.svg', 'docs/charts/cost-by-profile.svg', 'docs/charts/losses.svg', 'docs/charts/response-time.svg',
  ]);
});

test.each(CHARTS)('%s is well-formed XML', document => {
  const texts = current(document).replace(/<style\s*>(?:[^<]*|<!\[CDATA\[.*?\]\]>\s*)<\/style>/gs, '').replace(/<\?xml[^>]*>/, '').replace(TAG, '');
  expect(texts).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;|#\d+;)/);
});

test.each(CHARTS.filter(document => document.startsWith('docs/charts/')))('%s has a colour on dark paper for each of its colours', document => {
  const svg = current(document);
  const [, style] = /<style>@media \(prefers-color-scheme: dark\) \{(.*?)\}<\/style>/s.exec(svg)!;
  // Not of what can't be seen: clips, outlines without a width, and the inside of a straight line.
  const seen = svg.replace(/<style>.*?<\/style>/s, '').replace(/<clipPath.*?<\/clipPath>/gs, '')
    .replace(/<[^>]* stroke-width="0"[^>]*>/g, '').replace(/(<path d="M\S+ \S+L\S+ \S+" [^>]*)fill="#000"/g, '$1');
  const colours = [...seen.matchAll(/(fill|stroke)="(#[0-9a-f]{3,6})"/g)].map(([, name, colour]) => `[${name}="${colour}"]`);
  expect([...new Set(colours)].filter(each => !style.includes(each))).toEqual([]);
});

test.each(CHARTS)('%s has a title for readers who do not see it', document => {
  expect(current(document)).toMatch(/<title>[^<]{10,}<\/title>/);
});
