/**
 * What the SQL task runs with `node -e` in the image of the API, whose Node.js is version 16 and whose driver, pg, it
 * finds from the working directory. Several statements sent at once are one transaction, unless they say BEGIN
 * themselves. It prints no data: what the SQL has to say, it says with RAISE NOTICE.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
export const SQL_SCRIPT = `
const https = require('https');
const { Client } = require('pg');
const env = process.env;

function download(url) {
  return new Promise((resolve, reject) => {
    https.get(url, response => {
      const parts = [];
      response.on('data', part => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) {
          resolve(Buffer.concat(parts).toString('utf8'));
        } else {
          reject(new Error('SQL_URL answers ' + response.statusCode + ': is it expired, and in the config bucket?'));
        }
      });
    }).on('error', reject);
  });
}

async function main() {
  if (!/^https:/.test(env.SQL_URL || '')) {
    throw new Error('SQL_URL must be the presigned URL of a file with SQL, beginning with https:');
  }
  const sql = await download(env.SQL_URL);
  const client = new Client({
    host: env.DATABASE_HOST,
    port: Number(env.DATABASE_PORT),
    database: env.DATABASE_NAME,
    user: env.DATABASE_USERNAME,
    password: env.DATABASE_PASSWORD,
    ...(env.DATABASE_AUTHORITY && { ssl: { ca: env.DATABASE_AUTHORITY } }),
  });
  client.on('notice', notice => console.log('notice: ' + notice.message));
  await client.connect();
  try {
    // For CREATE ROLE or ALTER ROLE: so no password has to be written into a file.
    await client.query("SELECT set_config('oky.application_username', $1, false), set_config('oky.application_password', $2, false)",
      [env.APPLICATION_USERNAME || '', env.APPLICATION_PASSWORD || '']);
    const results = [].concat(await client.query(sql));
    results.forEach((result, index) => console.log([index + 1, result.command, result.rowCount].filter(part => part != null).join(' ')));
    console.log('done: ' + results.length + ' statements');
  } finally {
    await client.end();
  }
}

main().catch(error => {
  // Without its details, which can hold what was in the row.
  console.error('failed, nothing was changed unless the SQL says COMMIT: ' + error.message + (error.position ? ' (at character ' + error.position + ')' : ''));
  process.exitCode = 1;
});
`;
