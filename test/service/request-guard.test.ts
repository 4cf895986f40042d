import { createHmac } from 'crypto';
import * as http from 'http';
import * as net from 'net';
import { deflateSync, gzipSync } from 'zlib';
import { startApp, stopApps } from './running-apps';

// Answers with what it has read of the body, and with how many bytes of bodies it has held at most. `/held` waits for `/go`.
const APP = `
let held = 0, most = 0, waiting = [];
require('http').createServer((request, response) => {
  let size = 0;
  request.on('data', chunk => { size += chunk.length; });
  request.on('end', () => {
    held += size;
    most = Math.max(most, held);
    const answer = () => { held -= size; response.end(JSON.stringify({ size, most })); };
    request.url === '/held' ? waiting.push(answer) : answer();
    if (request.url === '/go') {
      waiting.splice(0).forEach(each => each());
    }
  });
}).listen(0, '127.0.0.1', function () { console.log('port ' + this.address().port); });`;

const SECRET = 'of-the-service';
const API = { APPLICATION_SECRET: SECRET, SECONDARY_APPLICATION_SECRET: 'former' };
const CMS = { PASSPORT_SECRET: SECRET };

afterEach(stopApps);

interface Answer {
  readonly status: number;
  readonly size?: number;
  readonly most?: number;
}

async function post(port: Promise<number>, headers: http.OutgoingHttpHeaders, body: Buffer | string, path = '/'): Promise<Answer> {
  const number = await port;
  return new Promise((resolve, reject) => {
    const length = headers['transfer-encoding'] ? {} : { 'content-length': Buffer.byteLength(body) };
    http.request({ host: '127.0.0.1', port: number, path, method: 'POST', agent: false, headers: { ...length, ...headers } }, response => {
      let text = '';
      response.on('data', data => { text += data; }).on('end', () => resolve({ status: response.statusCode!, ...(text && JSON.parse(text)) }));
    }).once('error', reject).end(body);
  });
}

const base64url = (content: Buffer | string) => Buffer.from(content).toString('base64url');

/** As jsonwebtoken 8 signs with a secret. */
function token(secret: string): string {
  const text = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url('{"id":"1","aud":"app"}')}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** As cookie-session 2 signs, by keygrip. */
function session(content: object, secret = SECRET): string {
  const value = Buffer.from(JSON.stringify(content)).toString('base64');
  return `i18n=en; session=${value}; session.sig=${createHmac('sha1', secret).update(`session=${value}`).digest('base64url')}`;
}

const EDITOR = { flash: {}, passport: { user: 1 } };
const KB = 1024;
const MB = 1024 * KB;
const ofSize = (size: number) => Buffer.alloc(size, 'x');

describe('what the firewall can not read', () => {
  test.each<[string, http.OutgoingHttpHeaders, Buffer]>([
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync('{}')],
    ['gzip in upper case', { 'content-encoding': 'GZIP' }, gzipSync('{}')],
    ['deflate', { 'content-encoding': 'deflate' }, deflateSync('{}')],
    ['two encodings', { 'content-encoding': 'identity, gzip' }, gzipSync('{}')],
    ['utf-16', { 'content-type': 'application/json; charset=utf-16' }, Buffer.from('{}', 'utf16le')],
    ['utf-7 in quotation marks', { 'content-type': 'application/json; charset="utf-7"' }, Buffer.from('{}')],
    ['utf-16 with an escaped character', { 'content-type': 'application/json; charset="utf\\-16"' }, Buffer.from('{}')],
    ['utf-16 with a space', { 'content-type': 'application/json; charset =utf-16' }, Buffer.from('{}')],
    ['a second charset', { 'content-type': 'application/json; charset=utf-8; charset=utf-16' }, Buffer.from('{}')],
    ['utf-8 as the beginning of another name', { 'content-type': 'application/json; charset=utf-8le' }, Buffer.from('{}')],
  ])('as a body is refused: %s', async (_, headers, body) => {
    const { port } = startApp({ app: APP, env: API });
    expect(await post(port, headers, body)).toEqual({ status: 415 });
  });

  test.each<http.OutgoingHttpHeaders>([
    {},
    { 'content-encoding': 'identity' },
    { 'content-type': 'application/json' },
    { 'content-type': 'application/json;charset=UTF-8' },
    { 'content-type': 'application/json; charset="utf-8"; x=y' },
    { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    { 'content-type': 'multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW' },
  ])('is not %j', async headers => {
    const { port } = startApp({ app: APP, env: API });
    expect(await post(port, headers, '{}')).toMatchObject({ status: 200, size: 2 });
  });

  // Express 4 answers all of them as it answers /login: tried on the real apps.
  test.each(['/login\u00a0', '/login\t', '/login#', '/login#x', '/login\\', '/account\\login#', '/login\f', 'http://host/login'])('as a path is refused: %j', async path => {
    const { port } = startApp({ app: APP, env: CMS });
    const number = await port;
    const answer = await new Promise<string>(resolve => {
      const socket = net.connect(number, '127.0.0.1', () => socket.end(Buffer.from(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n`, 'latin1')));
      socket.once('data', data => resolve(String(data).split('\r\n')[0]));
    });
    expect(answer).toBe('HTTP/1.1 400 Bad Request');
  });

  test.each(['/', '/login?a=b&c[]=%20', '/account/info/Am%C3%ADna~!$\'()*,;:@', '/mobile/permanent-notification/1.0&en&3f'])('is not %s', async path => {
    const { port } = startApp({ app: APP, env: API });
    expect(await post(port, {}, '', path)).toMatchObject({ status: 200 });
  });
});

describe('a body', () => {
  test('of the API is up to 256 KB from anyone, and up to 1 MB with a token of either secret', async () => {
    const { port } = startApp({ app: APP, env: API });
    expect(await post(port, {}, ofSize(256 * KB))).toMatchObject({ status: 200, size: 256 * KB });
    expect(await post(port, {}, ofSize(256 * KB + 1))).toEqual({ status: 413 });
    for (const secret of Object.values(API)) {
      expect(await post(port, { authorization: `Bearer ${token(secret)}` }, ofSize(MB))).toMatchObject({ status: 200, size: MB });
      expect(await post(port, { authorization: token(secret) }, ofSize(MB + 1))).toEqual({ status: 413 });
    }
  });

  test.each([
    ['of another secret', `Bearer ${token('another')}`],
    ['of no secret', `Bearer ${token(SECRET).replace(/\.[^.]*$/, '.')}`],
    ['cut short', `Bearer ${token(SECRET).slice(0, -4)}`],
    ['that is none', 'Bearer x.y.z'],
  ])('with a token %s is one from anyone', async (_, authorization) => {
    const { port } = startApp({ app: APP, env: API });
    expect(await post(port, { authorization }, ofSize(MB))).toEqual({ status: 413 });
  });

  test('of the CMS is up to 8 KB from anyone, and without a limit from an editor', async () => {
    const { port } = startApp({ app: APP, env: CMS });
    expect(await post(port, {}, ofSize(8 * KB))).toMatchObject({ status: 200, size: 8 * KB });
    expect(await post(port, {}, ofSize(8 * KB + 1))).toEqual({ status: 413 });
    expect(await post(port, { cookie: session(EDITOR) }, ofSize(45 * MB))).toMatchObject({ status: 200, size: 45 * MB });
  });

  test.each([
    ['that the login page gives to everyone', session({ flash: {}, passport: {} })],
    ['without a user', session({ flash: { error: ['"user":1'] } })],
    ['signed with another secret', session(EDITOR, 'another')],
    ['without a signature', session(EDITOR).replace(/session\.sig=.*/, '')],
  ])('with a session %s is one from anyone', async (_, cookie) => {
    const { port } = startApp({ app: APP, env: CMS });
    expect(await post(port, { cookie }, ofSize(8 * KB + 1))).toEqual({ status: 413 });
  });

  test('whose length is not announced is refused as soon as it is too long', async () => {
    const { port } = startApp({ app: APP, env: CMS });
    const chunked = { 'transfer-encoding': 'chunked' };
    expect(await post(port, chunked, ofSize(8 * KB))).toMatchObject({ status: 200, size: 8 * KB });
    expect(await post(port, chunked, ofSize(MB))).toEqual({ status: 413 });
  });

  test('waits while 1 MB of others is with the app, and small ones go before large ones', async () => {
    const { port } = startApp({ app: APP, env: API });
    const first = Array.from({ length: 4 }, () => post(port, {}, ofSize(256 * KB), '/held'));
    await new Promise(resolve => setTimeout(resolve, 300));
    const order: string[] = [];
    const large = post(port, {}, ofSize(200 * KB)).then(answer => { order.push('large'); return answer; });
    await new Promise(resolve => setTimeout(resolve, 100));
    const small = post(port, {}, ofSize(1 * KB)).then(answer => { order.push('small'); return answer; });
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(order).toEqual([]);
    expect(await post(port, {}, '', '/go')).toMatchObject({ status: 200 });
    const answers = await Promise.all([...first, large, small]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(Math.max(...answers.map(({ most }) => most!))).toBe(MB);
    expect(order).toEqual(['small', 'large']);
  });

  test('of a slow sender holds up nobody', async () => {
    const { port } = startApp({ app: APP, env: API });
    const number = await port;
    const slow = Array.from({ length: 50 }, () => net.connect(number, '127.0.0.1', function (this: net.Socket) {
      this.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 262144\r\n\r\n');
      this.write(ofSize(200 * KB));
    }).on('error', () => undefined));
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(await post(port, {}, ofSize(256 * KB))).toMatchObject({ status: 200, most: 256 * KB });
    slow.forEach(socket => socket.destroy());
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(await post(port, {}, ofSize(256 * KB))).toMatchObject({ status: 200, most: 256 * KB });
  });

  test('that is the largest is dropped when 64 MB are waiting', async () => {
    const { port } = startApp({ app: APP, env: API });
    const number = await port;
    const answers: string[] = [];
    const slow = Array.from({ length: 260 }, (_, index) => net.connect(number, '127.0.0.1', function (this: net.Socket) {
      this.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 262144\r\n\r\n');
      this.write(ofSize((index === 7 ? 256 : 255) * KB - 1));
    }).on('error', () => undefined).on('data', data => answers.push(`${index} ${String(data).split('\r\n')[0]}`)));
    await new Promise(resolve => setTimeout(resolve, 1500));
    expect(answers).toContain('7 HTTP/1.1 503 Service Unavailable');
    expect(answers.length).toBeLessThan(10);
    expect(await post(port, {}, ofSize(1 * KB))).toMatchObject({ status: 200 });
    slow.forEach(socket => socket.destroy());
  });
});

test('cookies are Secure and SameSite, as far as the app does not say so itself', async () => {
  const { port } = startApp({
    app: `
require('http').createServer((request, response) => {
  response.setHeader('Set-Cookie', ['session=1; path=/; httponly', 'other=2; secure; SameSite=Lax']);
  response.end();
}).listen(0, '127.0.0.1', function () { console.log('port ' + this.address().port); });`,
    env: CMS,
  });
  const number = await port;
  const cookies = await new Promise<string[] | undefined>(resolve => {
    http.get({ host: '127.0.0.1', port: number, agent: false }, response => { response.resume(); resolve(response.headers['set-cookie']); });
  });
  expect(cookies).toEqual(['session=1; path=/; httponly; Secure; SameSite=Strict', 'other=2; secure; SameSite=Lax']);
});

test('at SIGTERM a body that is still coming is awaited', async () => {
  const { child, ended, port } = startApp({ app: APP, env: API });
  const number = await port;
  const answer = new Promise<string>(resolve => {
    const socket = net.connect(number, '127.0.0.1', () => {
      socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nab');
      setTimeout(() => child.kill('SIGTERM'), 100);
      setTimeout(() => socket.write('cd'), 6000);
    });
    socket.once('data', data => resolve(String(data).split('\r\n')[0]));
  });
  expect(await answer).toBe('HTTP/1.1 200 OK');
  expect(await ended).toBe(0);
}, 15_000);
