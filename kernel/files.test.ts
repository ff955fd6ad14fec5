import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderFileStore } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'crossfoot-files-'));
const store = folderFileStore(folder, 1000);
const description = { name: 'invoice.xml', mediaType: 'application/xml' };

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

test('a file is kept under the hash of its content and comes back whole', async () => {
  const stored = await store.put('org_1', chunks('one ', 'two'), description);
  expect(stored).toMatchObject({ ...description, size: 7 });
  expect(Buffer.from(await store.read('org_1', stored.id)).toString()).toBe('one two');
});

test('the same bytes are one file, which keeps its first name', async () => {
  const first = await store.put('org_1', chunks('same'), description);
  const second = await store.put('org_1', chunks('sa', 'me'), { ...description, name: 'copy.xml' });
  expect(second).toEqual(first);
});

test('another organisation does not have it', async () => {
  const stored = await store.put('org_1', chunks('mine'), description);
  await expect(store.read('org_2', stored.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a file above the limit is refused and leaves nothing behind', async () => {
  const before = readdirSync(folder, { recursive: true }).length;
  await expect(
    store.put('org_1', chunks('x'.repeat(600), 'x'.repeat(600)), description),
  ).rejects.toMatchObject({
    code: 'FILE_TOO_LARGE',
  });
  expect(readdirSync(folder, { recursive: true })).toHaveLength(before);
});

test('an upload that breaks off leaves nothing behind', async () => {
  const before = readdirSync(folder, { recursive: true }).length;
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    throw new Error('the line went dead');
  };
  await expect(store.put('org_1', broken(), description)).rejects.toThrow('went dead');
  expect(readdirSync(folder, { recursive: true })).toHaveLength(before);
});

test.each(['file_../../etc/passwd', 'file_zz', '', `file_${'a'.repeat(64)}/../x`])(
  'the id %s names no file',
  async (id) => {
    await expect(store.read('org_1', id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(store.read('../org_1', id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  },
);

test('bytes changed on disk are noticed', async () => {
  const stored = await store.put('org_1', chunks('honest'), description);
  writeFileSync(join(folder, 'org_1', stored.sha256.slice(0, 2), stored.id), 'forged');
  await expect(store.read('org_1', stored.id)).rejects.toThrow('changed on disk');
});
