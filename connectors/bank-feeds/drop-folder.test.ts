import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDropFolder } from './drop-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'crossfoot-drop-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const organisationId = 'org_0drop';
const open = (path = 'inbox') => openDropFolder(root, { organisationId, path });
const inside = (...names: string[]) => join(root, organisationId, ...names);
const refused = { code: 'FEED_ADDRESS_REFUSED' };

test('a folder is made where it is missing; parts, hidden files, links and folders are left out', async () => {
  const folder = await open('bank/inbox');
  writeFileSync(inside('bank', 'inbox', 'b.xml'), 'two');
  writeFileSync(inside('bank', 'inbox', 'a.xml'), 'one');
  for (const name of ['.a.xml', 'c.xml.tmp', 'd.xml~', 'e.PART'])
    writeFileSync(inside('bank', 'inbox', name), '');
  symlinkSync('/etc/passwd', inside('bank', 'inbox', 'link.xml'));
  mkdirSync(inside('bank', 'inbox', 'f.xml'));
  expect((await folder.list()).map(({ name, size }) => [name, size])).toEqual([
    ['a.xml', 3],
    ['b.xml', 3],
  ]);
  expect((await buffer(folder.read('b.xml'))).toString()).toBe('two');
});

test.each(['..', '../other', 'a/../../..', 'a\\..\\b', '.'])('the path %s is refused', async (path) => {
  await expect(open(path)).rejects.toMatchObject(refused);
});

test('no link leads out: not as folder, not as file, not put there later', async () => {
  mkdirSync(inside(), { recursive: true });
  symlinkSync('/etc', inside('etc'));
  await expect(open('etc')).rejects.toMatchObject(refused);
  await expect(open('etc/ssh')).rejects.toMatchObject(refused);
  mkdirSync(join(root, 'org_0other'));
  symlinkSync(join(root, 'org_0other'), inside('neighbour'));
  await expect(open('neighbour')).rejects.toMatchObject(refused);

  const folder = await open();
  symlinkSync('/etc/passwd', inside('inbox', 'link.xml'));
  await expect(buffer(folder.read('link.xml'))).rejects.toMatchObject({ code: 'FEED_UNREACHABLE' });
  await expect(buffer(folder.read('../../x'))).rejects.toMatchObject(refused);
  writeFileSync(inside('inbox', 'a.xml'), 'one');
  const [entry] = await folder.list();
  symlinkSync('/tmp', inside('inbox', 'done'));
  await expect(folder.putAway(entry!, 'done')).rejects.toMatchObject(refused);
  renameSync(inside('inbox'), inside('before'));
  symlinkSync('/etc', inside('inbox'));
  await expect(folder.list()).rejects.toMatchObject(refused);
  await expect(buffer(folder.read('passwd'))).rejects.toMatchObject(refused);
});

test('what is put away writes over nothing, and another file of the name stays', async () => {
  const folder = await open();
  writeFileSync(inside('inbox', 'a.xml'), 'one');
  const [first] = await folder.list();
  writeFileSync(inside('inbox', 'a.xml'), 'other');
  await folder.putAway(first!, 'done');
  await folder.putAway(first!, 'delete');
  expect(readdirSync(inside('inbox'))).toEqual(['a.xml']);
  const [second] = await folder.list();
  await folder.putAway(second!, 'done');
  await folder.putAway(second!, 'done');
  writeFileSync(inside('inbox', 'a.xml'), 'a third one');
  const [third] = await folder.list();
  await folder.putAway(third!, 'done');
  const done = readdirSync(inside('inbox', 'done')).map((name) =>
    readFileSync(inside('inbox', 'done', name), 'utf8'),
  );
  expect(done.toSorted()).toEqual(['a third one', 'other']);
});
