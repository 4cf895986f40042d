/** Tables by name. Each is between the marks `<!-- name:begin -->` and `<!-- name:end -->` of its document. */
export type Tables = Record<string, () => string>;

/** The document with new tables between its marks. */
export function replaceTables(document: string, tables: Tables): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const [before, after] = [text.indexOf(begin), text.indexOf(end)];
    if (before < 0 || after < before) {
      throw new Error(`the document must have the marks ${begin} and ${end}, in this order: add them where the table belongs`);
    }
    return `${text.slice(0, before + begin.length)}\n\n${table()}\n\n${text.slice(after)}`;
  }, document);
}

/** One row of a table. */
export function cells(...texts: string[]): string {
  return `| ${texts.join(' | ')} |`;
}
