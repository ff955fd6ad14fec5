import { Readable } from 'node:stream';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256Hex } from '#kernel/canonical';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

let platform: SmallPlatform;
let token: string;

beforeAll(async () => {
  platform = await startSmallPlatform();
  token = await platform.token();
});
afterAll(() => platform.stop());

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let sent = 0; sent < bytes.length; sent += 65_536) yield bytes.subarray(sent, sent + 65_536);
}

interface Stored {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
}
interface Refusal {
  readonly errors: readonly { message: string; extensions: { code: string } }[];
}

async function upload(
  content: string | Uint8Array | undefined,
  options: { name?: string; type?: string; token?: string } = {},
): Promise<{ status: number; body: Stored & Refusal }> {
  const name = options.name ?? 'statement.xml';
  const response = await fetch(`${platform.url}/files?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${options.token ?? token}`,
      ...(options.type === undefined ? {} : { 'content-type': options.type }),
    },
    body: content as BodyInit,
  });
  return { status: response.status, body: (await response.json()) as Stored & Refusal };
}

function download(id: string, bearer = token): Promise<Response> {
  return fetch(`${platform.url}/files/${id}`, { headers: { authorization: `Bearer ${bearer}` } });
}

test('a file comes back byte by byte, as an attachment of its type', async () => {
  const bytes = new Uint8Array(300_000).map((_, index) => (index * 7919) % 256);
  const { status, body } = await upload(bytes, { type: 'application/xml', name: 'Auszug "März".xml' });
  expect(status).toBe(201);
  expect(body).toEqual({
    id: `file_${sha256Hex(bytes)}`,
    name: 'Auszug "März".xml',
    mediaType: 'application/xml',
    size: 300_000,
    sha256: sha256Hex(bytes),
  });
  const answer = await download(body.id);
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/xml',
    'content-disposition': `attachment; filename="Auszug _M_rz_.xml"; filename*=UTF-8''Auszug%20%22M%C3%A4rz%22.xml`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
    'content-security-policy': "sandbox; default-src 'none'",
  });
});

test('JSON is kept as the bytes it came as', async () => {
  const text = '{ "a" : 1,  "a": 2 }';
  const { body } = await upload(text, { type: 'application/json', name: 'a.json' });
  expect(await (await download(body.id)).text()).toBe(text);
});

test('a file without a type is plain bytes', async () => {
  const { body } = await upload(new Uint8Array([1, 2]));
  expect(body.mediaType).toBe('application/octet-stream');
});

test('another organisation cannot see the file, not even that it exists', async () => {
  const { body } = await upload('ours alone');
  const theirs = await platform.token({ organisationId: 'org_2' });
  const answer = await download(body.id, theirs);
  const missing = await download(`file_${'0'.repeat(64)}`, theirs);
  expect([answer.status, missing.status]).toEqual([404, 404]);
  expect(((await answer.json()) as Refusal).errors[0]?.extensions.code).toBe('NOT_FOUND');
});

test.each(['..%2f..%2fetc%2fpasswd', 'file_xyz', `file_${'0'.repeat(63)}%00`])(
  'no file is %s',
  async (id) => {
    expect((await download(id)).status).toBe(404);
  },
);

test('a token for components uploads only where documents or statements are handed in', async () => {
  const tokenFor = (...commands: string[]) =>
    platform.token({ kind: 'embed', embed: { components: [], features: [], commands } });
  expect((await upload('x', { token: await tokenFor('submitDocument') })).status).toBe(201);
  expect((await upload('x', { token: await tokenFor('acceptMatch') })).status).toBe(403);
});

test('uploading needs a right to write, reading a right to read', async () => {
  const reader = await platform.token({ scopes: ['vendors:read'] });
  const refused = await upload('x', { token: reader });
  expect(refused).toMatchObject({ status: 403, body: { errors: [{ extensions: { code: 'FORBIDDEN' } }] } });
  const writer = await platform.token({ scopes: ['reconciliation:write'] });
  const { status, body } = await upload('written', { token: writer });
  expect(status).toBe(201);
  expect((await download(body.id, writer)).status).toBe(403);
  expect((await download(body.id, reader)).status).toBe(200);
});

test('nobody uploads or reads without a token', async () => {
  const refused = await fetch(`${platform.url}/files?name=x`, { method: 'POST', body: 'x' });
  expect(refused.status).toBe(401);
  expect((await fetch(`${platform.url}/files/file_${'0'.repeat(64)}`)).status).toBe(401);
});

test('a file above the limit is refused with 413, announced or not', async () => {
  const large = new Uint8Array(1024 * 1024 + 1);
  const announced = await upload(large);
  expect(announced).toMatchObject({
    status: 413,
    body: { errors: [{ extensions: { code: 'FILE_TOO_LARGE' } }] },
  });
  const { statusCode, body } = await request(`${platform.url}/files?name=large`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: Readable.from(pieces(large)),
  });
  expect(statusCode).toBe(413);
  expect(((await body.json()) as Refusal).errors[0]?.extensions.code).toBe('FILE_TOO_LARGE');
});

test.each([
  ['no body', undefined, 'a', 'FIELD_MISSING'],
  ['an empty body', '', 'a', 'FIELD_MISSING'],
  ['no name', 'x', '', 'FIELD_MISSING'],
  ['a name with a line break', 'x', 'a\r\nset-cookie: b', 'FIELD_INVALID'],
  ['a name without end', 'x', 'a'.repeat(256), 'FIELD_INVALID'],
])('%s is refused with 400', async (_what, content, name, code) => {
  const { status, body } = await upload(content, { name });
  expect(status).toBe(400);
  expect(body.errors[0]?.extensions.code).toBe(code);
});
