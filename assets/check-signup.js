// Signs up a user, logs in and deletes the user again, with a name that nobody has. `node -e … https://api.example.org` asks that
// API. `node -e … COMMAND ARGUMENT…` starts the API by this command first, and asks it there. Works from Node.js 12 on.
'use strict';
const { spawn } = require('child_process');
const { randomBytes } = require('crypto');

const [target, ...args] = process.argv.slice(1);
const isUrl = /^https?:/.test(target);
const base = isUrl ? target : 'http://127.0.0.1:' + (process.env.API_PORT || 3000);
const { request } = require(base.startsWith('https:') ? 'https' : 'http');
// The first request may wait for a database that resumes.
const TIMEOUT = 60000;

function send(method, path, body, token) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: 'Bearer ' + token }) };
    const sent = request(base + path, { method, headers, timeout: TIMEOUT }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', part => { text += part; }).on('end', () => resolve({ status: response.statusCode, text }));
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in a minute'))).on('error', reject).end(body && JSON.stringify(body));
  });
}

async function ask(what, path, body, token) {
  const { status, text } = await send('POST', path, body, token);
  if (status !== 200) {
    throw new Error(what + ' answers ' + status + ': ' + text.slice(0, 300));
  }
  return JSON.parse(text);
}

// Until the app answers, or has ended.
async function started(app) {
  let ended;
  app.on('exit', code => { ended = code; });
  for (let attempt = 0; attempt < 120; attempt++) {
    if (ended !== undefined) {
      throw new Error('the app ended with code ' + ended + ' before it answered');
    }
    const status = await send('GET', '/').then(answer => answer.status, () => undefined);
    if (status === 200) {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 500));
  }
  throw new Error('the app did not answer in a minute');
}

async function check() {
  const hex = randomBytes(16).toString('hex');
  const id = hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5').slice(0, 36);
  const user = { name: 'release-check-' + hex, password: hex };
  const { appToken } = await ask('signup', '/account/signup', {
    ...user, preferredId: id, dateOfBirth: '2000-01-01T00:00:00.000Z', gender: 'Female', location: 'Urban', country: 'AF', province: '0',
    secretQuestion: 'question', secretAnswer: hex, dateSignedUp: new Date().toISOString(),
  });
  const failures = [];
  await ask('login', '/account/login', user).catch(error => failures.push(error.message));
  await ask('deletion', '/account/delete', {}, appToken).catch(error => failures.push(error.message + ' (delete the user with the id ' + id + ')'));
  if (failures.length > 0) {
    throw new Error(failures.join('; '));
  }
}

async function main() {
  const app = isUrl ? undefined : spawn(target, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    if (app) {
      await started(app);
    }
    await check();
    console.log('done: signup, login and deletion work');
  } finally {
    if (app) {
      app.kill('SIGKILL');
    }
  }
}

main().catch(error => {
  console.error('failed, ' + error.message);
  process.exitCode = 1;
});
