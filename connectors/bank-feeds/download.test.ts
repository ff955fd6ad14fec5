import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressGuard, isPublicAddress } from './address-guard.ts';
import { downloadFile } from './download.ts';

let server: Server;
let asked: IncomingMessage[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

const guard = addressGuard(['127.0.0.1', 'localhost']);
const url = (path: string, host = '127.0.0.1') =>
  `http://${host}:${(server.address() as AddressInfo).port}${path}`;

test('a file is fetched with its headers, and not again while it is the same', async () => {
  asked = [];
  answer = (request, response) => {
    if (request.headers['if-none-match'] === '"one"') response.writeHead(304).end();
    else {
      response.setHeader('etag', '"one"');
      response.setHeader('content-disposition', 'attachment; filename="today.xml"');
      response.end('content');
    }
  };
  const headers = [{ name: 'Authorization', value: 'Bearer abc' }];
  const first = await downloadFile({ url: url('/statements'), headers }, guard);
  expect(first).toMatchObject({ name: 'today.xml', mark: { etag: '"one"' } });
  expect((await buffer(first!.content)).toString()).toBe('content');
  expect(asked[0]?.headers.authorization).toBe('Bearer abc');
  expect(await downloadFile({ url: url('/statements'), headers, known: first!.mark }, guard)).toBeUndefined();
});

test('a name that the server gives is never a path', async () => {
  answer = (_request, response) => {
    response.setHeader('content-disposition', 'attachment; filename="../../etc/passwd"');
    response.end('x');
  };
  const file = await downloadFile({ url: url('/a/b.sta?day=1', 'localhost'), headers: [] }, guard);
  expect(file?.name).toBe('b.sta');
  await buffer(file!.content);
});

test('refusals, redirects and broken answers say what they are', async () => {
  const code = (target: string, by = guard) =>
    downloadFile({ url: target, headers: [] }, by).then(
      async (file) => (await buffer(file!.content), 'fetched'),
      (error: { code: string }) => error.code,
    );
  answer = (_request, response) => response.writeHead(401).end();
  expect(await code(url('/'))).toBe('FEED_ACCESS_REFUSED');
  answer = (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
  expect(await code(url('/'))).toBe('FEED_UNREACHABLE');
  answer = (_request, response) => response.socket?.destroy();
  expect(await code(url('/'))).toBe('FEED_UNREACHABLE');
  asked = [];
  for (const refused of [
    'ftp://bank.example/',
    'http://bank.example/',
    'https://user:word@bank.example/',
    'x',
  ]) {
    expect(await code(refused)).toBe('FEED_ADDRESS_REFUSED');
  }
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433']) {
    expect([host, await code(`https://${host}:1/`, addressGuard([]))]).toEqual([
      host,
      'FEED_ADDRESS_REFUSED',
    ]);
  }
  expect(asked).toEqual([]);
});

test('an answer that ends too early is no file', async () => {
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half');
    setImmediate(() => response.socket?.destroy());
  };
  const file = await downloadFile({ url: url('/half'), headers: [] }, guard);
  await expect(buffer(file!.content)).rejects.toMatchObject({ code: 'FEED_UNREACHABLE' });
});

test.each([
  ['8.8.8.8', true],
  ['2606:4700::1111', true],
  ['10.1.2.3', false],
  ['100.64.1.1', false],
  ['169.254.169.254', false],
  ['172.31.0.1', false],
  ['192.168.1.1', false],
  ['0.0.0.0', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::a00:1', false],
  ['fd00::1', false],
  ['fe80::1', false],
  ['2002:a00:1::', false],
  ['bank.example', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});
