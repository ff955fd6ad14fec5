import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { postText } from './post-text.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function poolTo(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: Pool.Options = {},
): Promise<Pool> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, options);
  closing.push(
    () => pool.destroy(),
    () => new Promise((resolve) => server.close(resolve)),
  );
  return pool;
}

const post = { path: '/graphql', headers: { 'content-type': 'application/json' }, body: '{"größe":"€"}' };

test('what is posted arrives with its path, headers and bytes', async () => {
  const pool = await poolTo((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const body = Buffer.concat(chunks).toString();
      response.end(JSON.stringify({ method, url, type: headers['content-type'], body }));
    });
  });
  const { status, text } = await postText(pool, post);
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({
    method: 'POST',
    url: '/graphql',
    type: 'application/json',
    body: post.body,
  });
});

test('a character cut in two by the chunks of an answer stays whole', async () => {
  const bytes = Buffer.from('a€b');
  const pool = await poolTo((_request, response) => {
    response.write(bytes.subarray(0, 2));
    setImmediate(() => setImmediate(() => response.end(bytes.subarray(2))));
  });
  expect(await postText(pool, post)).toEqual({ status: 200, text: 'a€b' });
});

test('an answer of another status, and one without a body, are answers', async () => {
  const pool = await poolTo((_request, response) => response.writeHead(503).end());
  expect(await postText(pool, post)).toEqual({ status: 503, text: '' });
});

test('an answer that breaks off in the middle is an error', async () => {
  const pool = await poolTo((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  });
  await expect(postText(pool, post)).rejects.toThrow('other side closed');
});

test('an answer that does not come within the time of the pool is an error', async () => {
  const pool = await poolTo(() => undefined, { headersTimeout: 50 });
  await expect(postText(pool, post)).rejects.toThrow('Headers Timeout');
});

test('a header that cannot be sent is an error of this call, not of the process', async () => {
  const pool = await poolTo((_request, response) => response.end('{}'));
  await expect(postText(pool, { ...post, headers: { traceparent: 'a\nb' } })).rejects.toThrow(
    'invalid traceparent header',
  );
  expect((await postText(pool, post)).status).toBe(200);
});
