/**
 * Writes all generated documents from the sources and templates of today: `npm run docs`. With names of files it writes only those. With
 * `--check` it writes nothing, prints the documents that are out of date, and fails if there is one.
 */
import * as fs from 'fs';
import * as path from 'path';
import { parseArgs } from 'util';
import { current, DOCUMENTS, generate, ROOT } from './documents';

async function main(): Promise<void> {
  // CloudFormation's validation of the templates takes seconds and changes no document.
  process.env.CDK_VALIDATION = 'false';
  const { values: { check }, positionals } = parseArgs({ allowPositionals: true, options: { check: { type: 'boolean', default: false } } });
  const unknown = positionals.filter(document => !DOCUMENTS.includes(document));
  if (unknown.length > 0) {
    throw new Error(`not a generated document: ${unknown.join(', ')}; these are: ${DOCUMENTS.join(', ')}`);
  }
  let outdated = 0;
  for (const document of positionals.length > 0 ? positionals : DOCUMENTS) {
    const text = await generate(document);
    const isCurrent = text === current(document);
    outdated += isCurrent ? 0 : 1;
    if (!isCurrent && !check) {
      fs.writeFileSync(path.join(ROOT, document), text);
    }
    console.log(`${document}: ${isCurrent ? 'up to date' : check ? 'out of date' : 'written'}`);
  }
  if (check && outdated > 0) {
    console.error(`${outdated} of the generated documents are out of date; write them with: npm run docs`);
    process.exitCode = 1;
  }
}

void main();
