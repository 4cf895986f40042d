import { spawnSync } from 'child_process';
import { X509Certificate } from 'crypto';
import * as fs from 'fs';
import * as http from 'http';
import * as path from 'path';
import { Stack } from 'aws-cdk-lib/core';
import { current } from '../../scripts/docs/documents';
import { databaseAuthority, SCRATCH, startCommand } from '../../src/service/start-command';
import { makeStack } from '../helpers';
import { startApp, stopApps } from './running-apps';

// What the images do, in small: it knows nothing of signals, and answers `/slow` after a second.
const APP = `
const server = require('http').createServer((request, response) => request.url === '/slow'
  ? setTimeout(() => response.end('slow'), 1000)
  : response.end(JSON.stringify([server.keepAliveTimeout, server.headersTimeout, process.pid])));
server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));`;

afterEach(stopApps);

function get(port: number, url: string, agent?: http.Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path: url, agent }, response => {
      let body = '';
      response.on('data', data => { body += data; }).on('end', () => resolve(body));
    }).once('error', reject);
  });
}

test('node takes the place of the shell, and keeps idle connections longer than the load balancer does', async () => {
  const { child, port } = startApp({ app: APP });
  const [keepAlive, headers, pid] = JSON.parse(await get(await port, '/'));
  expect(pid).toBe(child.pid);
  expect(keepAlive).toBeGreaterThan(60_000);
  expect(headers).toBeGreaterThan(keepAlive);
});

test('after SIGTERM requests under way are answered, late ones too, and it ends by itself', async () => {
  const { child, ended, port } = startApp({ app: APP });
  const agent = new http.Agent({ keepAlive: true });
  await get(await port, '/', agent); // leaves an idle connection behind, which must not keep it from ending
  const slow = get(await port, '/slow');
  await new Promise(resolve => setTimeout(resolve, 300));
  child.kill('SIGTERM');
  expect(await get(await port, '/slow')).toBe('slow');
  expect(await slow).toBe('slow');
  expect(await ended).toBe(0);
  agent.destroy();
}, 15_000);

test('a connection is said to close after an error, as the API closes it, and otherwise to stay', async () => {
  // As finalhandler does it, which the API gets to after each error that it has answered already.
  const { port } = startApp({
    app: `
require('http').createServer((request, response) => {
  response.statusCode = Number(request.url.slice(1));
  response.end('body');
  if (response.statusCode >= 400) {
    request.socket.destroy();
  }
}).listen(0, '127.0.0.1', function () { console.log('port ' + this.address().port); });`,
  });
  const said = async (status: number) => {
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      void port.then(number => http.get({ host: '127.0.0.1', port: number, path: `/${status}`, agent: new http.Agent({ keepAlive: true }) }, resolve).once('error', reject));
    });
    response.resume();
    return [response.statusCode, response.headers.connection];
  };
  for (const status of [200, 302, 304]) {
    expect(await said(status)).toEqual([status, 'keep-alive']);
  }
  for (const status of [400, 401, 404, 413, 500]) {
    expect(await said(status)).toEqual([status, 'close']);
  }
});

test('an answer that is under way at SIGTERM says that its connection closes, whatever it sets itself', async () => {
  const { child, port } = startApp({ app: APP.replace("setTimeout(() => response.end('slow'), 1000)", "setTimeout(() => response.writeHead(200, { 'x-own': '1' }).end('slow'), 1000)") });
  const slow = new Promise<http.IncomingMessage>((resolve, reject) => {
    void port.then(number => http.get({ host: '127.0.0.1', port: number, path: '/slow', agent: new http.Agent({ keepAlive: true }) }, resolve).once('error', reject));
  });
  await port;
  await new Promise(resolve => setTimeout(resolve, 300));
  child.kill('SIGTERM');
  const { headers } = await slow;
  expect([headers.connection, headers['x-own']]).toEqual(['close', '1']);
});

test.each([[0, 1], [3, 3]])('an app that ends with %d by itself ends with %d', async (code, seen) => {
  expect(await startApp({ app: `process.exit(${code})` }).ended).toBe(seen);
});

// As the branch `cms_crash_fix` of Oky does it, with an exit that does not wait for anything on top.
test.each([
  ['closes its server', "process.on('SIGTERM', () => server.close(() => console.log('closed')));", 0, 'closed'],
  ['exits at once', "process.on('SIGTERM', () => process.exit(3));", 3, ''],
])('an app that %s on SIGTERM itself still answers what comes later', async (_, handler, code, said) => {
  const { child, ended, port, output } = startApp({ app: `${APP}\n${handler}` });
  await get(await port, '/');
  child.kill('SIGTERM');
  for (let request = 0; request < 4; request++) {
    expect(await get(await port, '/slow')).toBe('slow');
  }
  expect(await ended).toBe(code);
  expect(output()).toContain(said);
}, 20_000);

test('a task with another command finds the files too, and its exit code is what it says', async () => {
  const job = "const pem = require('fs').readFileSync(process.argv[1], 'utf8'); console.log(pem.trim()); process.exit(pem === 'authority\\n' ? 0 : 4);";
  const { ended, output } = startApp({ app: APP, override: ['node', '-e', job, `${SCRATCH}/database.pem`] });
  expect([await ended, output()]).toEqual([0, 'authority\n']);
});

test('an image that was built for development says so', async () => {
  const { ended, output, folder } = startApp({});
  expect([await ended, output()]).toEqual([1,
    `${folder}/app.js does not exist: the image was not built for production; build it again with docker build --target production\n`]);
});

test('files are for the user of the container only, and credentials arrive as they are', async () => {
  const credentials = '{"private_key": "-----BEGIN\\nx $HOME `id` %s \'\\"\\n"}';
  const { port, folder } = startApp({ app: APP, env: { GOOGLE_CREDENTIALS: credentials } });
  await port;
  expect(fs.readFileSync(path.join(folder, 'google.json'), 'utf8')).toBe(credentials);
  for (const name of ['google.json', 'database.pem', 'preload.js', 'request-guard.js']) {
    expect(fs.statSync(path.join(folder, name)).mode.toString(8)).toBe('100600');
  }
});

test('without credentials there is neither file nor variable', () => {
  const { entryPoint, environment } = startCommand({ script: 'app.js', hasGoogleCredentials: false });
  expect(entryPoint([]).join('\n')).not.toMatch(/google/i);
  expect(environment).not.toHaveProperty('GOOGLE_APPLICATION_CREDENTIALS');
});

/** Outside facts, T3: what a person who may write to the bucket of the environment files can do. */
describe('an environment file', () => {
  const PWNED = "import{writeSync}from'fs';writeSync(1,'PWNED:'+process.env.APPLICATION_SECRET+'\\n')";
  /** As the file of an attacker: names that the task definition does not have. */
  const FILE = {
    'NODE_OPTIONS': `--no-warnings --import=data:text/javascript,${PWNED}`,
    'NODE_TLS_REJECT_UNAUTHORIZED': '0',
    'SECONDARY_APPLICATION_SECRET': 'known to the attacker',
    'LD_LIBRARY_PATH': '/nowhere',
    'OPENSSL_CONF': '/nowhere',
    'HTTPS_PROXY': 'https://attacker.example',
    'PGOPTIONS': '-c log_statement=all',
    'BASH_FUNC_env%%': '() { echo PWNED by a function; }',
    'BASH_FUNC_cat%%': '() { echo PWNED by a function; }',
    'BASH_FUNC_node%%': '() { echo PWNED by a function; }',
  };
  const env = { ...FILE, APPLICATION_SECRET: 'secret', DELETE_ACCOUNT_URL: 'https://okyapp.info', EMPTY: '', MULTI: 'two\nlines $HOME `id` "x"' };
  const variables = ['PATH', 'APPLICATION_SECRET', 'DELETE_ACCOUNT_URL', 'EMPTY', 'MULTI', 'NOT_SET'];
  const app = 'console.log(JSON.stringify(process.env));';

  test('runs code in Node.js where nothing keeps it out', () => {
    const { stdout } = spawnSync(process.execPath, ['-e', ''], { env, encoding: 'utf8' });
    expect(stdout).toBe('PWNED:secret\n');
  });

  test.each(['sh', 'bash'])('changes nothing of how the app starts, and sets only what the list has, with %s as shell', async shell => {
    const { ended, output, folder } = startApp({ app, env, variables, shell });
    await ended;
    expect(output()).not.toMatch(/PWNED/);
    const { PWD, ...seen } = JSON.parse(output()) as Record<string, string>;
    expect(seen).toEqual({
      PATH: process.env.PATH, APPLICATION_SECRET: 'secret', DELETE_ACCOUNT_URL: 'https://okyapp.info', EMPTY: '', MULTI: 'two\nlines $HOME `id` "x"',
    });
    expect(PWD).toBe(folder);
  });
});

describe('the root certificates of RDS', () => {
  const roots = JSON.parse(current('assets/rds-root-certificates.json')) as Record<string, string>;

  test.each(Object.entries(roots))('of %s is one that signs others, for 25 years more', (region, pem) => {
    const root = new X509Certificate(pem);
    expect([root.ca, root.checkIssued(root), root.subject.includes(`CN=Amazon RDS ${region} Root CA RSA2048 G1`)]).toEqual([true, true, true]);
    expect(new Date(root.validTo).getFullYear()).toBeGreaterThan(2050);
  });

  test('are found by the stack\'s region, where it is known', () => {
    expect(databaseAuthority(makeStack({ region: 'af-south-1' }))).toBe(roots['af-south-1']);
    expect(databaseAuthority(makeStack({ region: 'xx-north-1' }))).toBeUndefined();
    expect(databaseAuthority(new Stack())).toBeUndefined();
  });
});
