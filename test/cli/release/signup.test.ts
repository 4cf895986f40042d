import { execFile } from 'child_process';
import * as http from 'http';
import type { AddressInfo } from 'net';
import { SCRIPT } from '../../../src/cli/release/signup';

interface Asked { readonly path: string; readonly body: Record<string, string>; readonly token?: string }

/** The routes of Oky's API that the script asks, in small. */
async function withApi(status: Record<string, number>, use: (url: string) => Promise<void>): Promise<Asked[]> {
  const asked: Asked[] = [];
  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', part => { text += part; }).on('end', () => {
      asked.push({ path: request.url!, body: JSON.parse(text) as Record<string, string>, token: request.headers.authorization });
      response.statusCode = status[request.url!] ?? 200;
      response.end(response.statusCode === 200 ? '{"appToken":"t"}' : '{"message":"column avatar does not exist"}');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.close();
  return asked;
}

async function run(args: string[], env: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, ['-e', SCRIPT, ...args], { env: { PATH: process.env.PATH, ...env } }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

describe('the check of signup', () => {
  test('signs up, logs in, and deletes the user again', async () => {
    const asked = await withApi({}, async url => {
      expect(await run([url])).toEqual({ code: 0, output: 'done: signup, login and deletion work\n' });
    });
    expect(asked.map(({ path }) => path)).toEqual(['/account/signup', '/account/login', '/account/delete']);
    const [{ body: signup }, { body: login }, { token }] = asked;
    expect(signup).toMatchObject({ name: expect.stringMatching(/^release-check-[0-9a-f]{32}$/) as string, gender: 'Female', country: 'AF' });
    expect(signup.preferredId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([login, token]).toEqual([{ name: signup.name, password: signup.password }, 'Bearer t']);
  });

  test('says what the API answers', async () => {
    await withApi({ '/account/signup': 500 }, async url => {
      expect(await run([url])).toEqual({ code: 1, output: 'failed, signup answers 500: {"message":"column avatar does not exist"}\n' });
    });
  });

  test('deletes the user after a failed login too', async () => {
    const asked = await withApi({ '/account/login': 401 }, async url => {
      expect((await run([url])).output).toMatch(/^failed, login answers 401/);
    });
    expect(asked.map(({ path }) => path)).toContain('/account/delete');
  });

  test('names a user that it could not delete', async () => {
    await withApi({ '/account/delete': 500 }, async url => {
      expect((await run([url])).output).toMatch(/^failed, deletion answers 500: .* \(delete the user with the id [0-9a-f-]{36}\)\n$/);
    });
  });

  const app = `require('http').createServer((request, response) => {
    response.end(request.url === '/' ? 'running' : '{"appToken":"t"}');
  }).listen(process.env.API_PORT)`;

  test('starts the app by its command, and ends it', async () => {
    expect(await run([process.execPath, '-e', app], { API_PORT: '41873' })).toEqual({ code: 0, output: 'done: signup, login and deletion work\n' });
    await expect(new Promise((resolve, reject) => http.get('http://127.0.0.1:41873/', resolve).on('error', reject))).rejects.toThrow('ECONNREFUSED');
  });

  test('says that the app ended', async () => {
    expect(await run([process.execPath, '-e', 'console.log("no database"); process.exit(3)'])).toEqual({ code: 1, output: 'no database\nfailed, the app ended with code 3 before it answered\n' });
  });

  test('is written in what Node.js 12 knows', () => {
    expect(SCRIPT).not.toMatch(/\bfetch\(|\?\.|\?\?|node:|\.at\(|replaceAll/);
  });
});
