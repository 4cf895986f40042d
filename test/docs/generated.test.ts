import { current, DOCUMENTS, generate } from '../../scripts/docs/documents';
import { replaceTables } from '../../scripts/docs/marked-tables';

/** `npm test` checks API.md after it compiled the sources. test/docs/capacity.test.ts checks all rows of docs/capacity.md that take less than half a minute. */
const ELSEWHERE = ['API.md', 'docs/capacity.md'];

describe('a generated document is up to date; if not, run: npm run docs', () => {
  test.each(DOCUMENTS.filter(document => !ELSEWHERE.includes(document)))('%s', async document => {
    expect(current(document)).toBe(await generate(document));
  });
});

describe('a table between marks', () => {
  test('is replaced, and the text around it stays', () => {
    const document = 'before\n<!-- a:begin -->\n\nold\n\n<!-- a:end -->\nafter\n';
    expect(replaceTables(document, { a: () => 'new' })).toBe(document.replace('old', 'new'));
  });

  test.each(['', '<!-- a:begin -->', '<!-- a:end --> <!-- a:begin -->'])('needs both marks, in order: %s', document => {
    expect(() => replaceTables(document, { a: () => 'new' })).toThrow('the document must have the marks <!-- a:begin --> and <!-- a:end -->');
  });
});
