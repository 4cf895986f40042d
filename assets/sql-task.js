// Run with `node -e` in the image of the API, whose Node.js is version 16 and whose driver, pg, is found from the working
// directory. It prints no data of the tables: what the SQL has to say, it says with RAISE NOTICE.
'use strict';
const https = require('https');
const { Client } = require('pg');
const { env } = process;

// Between parts of the file that are sent one after the other. What is sent at once is one transaction, unless it says BEGIN.
// @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
const SEPARATOR = '\n-- next part\n';

function download(url) {
  return new Promise((resolve, reject) => {
    https.get(url, response => {
      if (response.statusCode === 200) {
        resolve(response.setEncoding('utf8'));
      } else {
        reject(new Error('SQL_URL answers ' + response.statusCode + ': has it expired, or is the object not in the bucket?'));
      }
    }).on('error', reject);
  });
}

// The parts as they arrive: the file may be larger than the memory.
async function* partsOf(response) {
  let texts = [];
  let end = '';
  for await (const chunk of response) {
    const found = (end + chunk).split(SEPARATOR);
    while (found.length > 1) {
      yield texts.join('') + found.shift();
      texts = [];
    }
    // The beginning of a separator may be at the end of the chunk.
    end = found[0].slice(1 - SEPARATOR.length);
    texts.push(found[0].slice(0, found[0].length - end.length));
  }
  yield texts.join('') + end;
}

const lineBreaks = text => text.split('\n').length - 1;

async function main() {
  if (!/^https:/.test(env.SQL_URL || '')) {
    throw new Error('SQL_URL must be the presigned URL of a file with SQL, beginning with https:');
  }
  const response = await download(env.SQL_URL);
  const client = new Client({
    host: env.DATABASE_HOST,
    port: Number(env.DATABASE_PORT),
    database: env.DATABASE_NAME,
    user: env.DATABASE_USERNAME,
    password: env.DATABASE_PASSWORD,
    ...(env.DATABASE_AUTHORITY && { ssl: { ca: env.DATABASE_AUTHORITY } }),
  });
  client.on('notice', notice => console.log(notice.severity.toLowerCase() + ': ' + notice.message));
  await client.connect();
  const done = {};
  let line = 1;
  try {
    // Names for the SQL, so that no password has to be written into a file. Oky's SQL takes the schema to be on the search path.
    await client.query("SELECT set_config('oky.schema', $1, false), set_config('search_path', quote_ident($1) || ', public', false)", [env.DATABASE_SCHEMA]);
    await client.query("SELECT set_config('oky.application_username', $1, false), set_config('oky.application_password', $2, false)",
      [env.APPLICATION_USERNAME || '', env.APPLICATION_PASSWORD || '']);
    for await (const part of partsOf(response)) {
      try {
        [].concat(await client.query(part)).filter(result => result.command).forEach(({ command, rowCount }) => {
          const { statements, rows } = done[command] || { statements: 0, rows: 0 };
          done[command] = { statements: statements + 1, rows: rows + (rowCount || 0) };
        });
      } catch (error) {
        // Without its details, which can hold what was in the row. PostgreSQL counts characters, JavaScript halves of some.
        const before = error.position ? lineBreaks(Array.from(part).slice(0, error.position - 1).join('')) : 0;
        throw new Error(error.message + (error.position ? ' (at line ' : ' (in the part that begins at line ') + (line + before) + ')');
      }
      line += lineBreaks(part) + lineBreaks(SEPARATOR);
    }
  } finally {
    await client.end();
  }
  const kinds = Object.keys(done).map(command => done[command].statements + ' ' + command + (done[command].rows ? ' (' + done[command].rows + ' rows)' : ''));
  console.log('done: ' + (kinds.join(', ') || 'no statement'));
}

main().catch(error => {
  console.error('failed, nothing was changed unless the SQL says COMMIT: ' + error.message);
  // The rest of the file may still be on its way.
  process.exit(1);
});
