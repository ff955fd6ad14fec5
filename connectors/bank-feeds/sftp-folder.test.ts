import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CrossfootError } from '#kernel/errors';
import type { SftpTarget } from '#connectors/feed-ports';
import { sshdInstalled, startSftp, type TestSftp } from '../../test/support/sftp-server.ts';
import { addressGuard } from './address-guard.ts';
import { openSftpFolder } from './sftp-folder.ts';

const guard = addressGuard(['127.0.0.1']);

describe('against the server of OpenSSH', () => {
  let server: TestSftp;
  beforeAll(async () => {
    if (!sshdInstalled) return;
    server = await startSftp();
  });
  afterAll(() => server?.close());
  beforeEach((context) => context.skip(!sshdInstalled, 'sshd is not installed'));

  const target = (more: Partial<SftpTarget> = {}): SftpTarget => {
    const { host, port, user, folder: path, privateKey } = server;
    return { host, port, user, path, hostKey: server.hostKey(), credentials: { privateKey }, ...more };
  };
  const failure = (more: Partial<SftpTarget>, by = guard): Promise<CrossfootError> =>
    openSftpFolder(target(more), by).then(
      () => expect.unreachable('it was let in'),
      (error: CrossfootError) => error,
    );

  test('files are listed, read whole and put away', async () => {
    const large = Buffer.alloc(3_000_000, 'statement ');
    writeFileSync(join(server.folder, 'b.sta'), large);
    writeFileSync(join(server.folder, 'a b ü.sta'), 'one');
    writeFileSync(join(server.folder, '.hidden'), 'x');
    writeFileSync(join(server.folder, 'c.sta.filepart'), 'x');
    mkdirSync(join(server.folder, 'folder'));
    symlinkSync('/etc/passwd', join(server.folder, 'link.sta'));
    const folder = await openSftpFolder(target(), guard);
    const entries = await folder.list();
    expect(entries.map(({ name, size }) => [name, size])).toEqual([
      ['a b ü.sta', 3],
      ['b.sta', 3_000_000],
    ]);
    const chunks: Uint8Array[] = [];
    for await (const chunk of folder.read('b.sta')) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(large)).toBe(true);
    await folder.putAway(entries[1]!, 'done');
    await folder.putAway(entries[0]!, 'delete');
    // What is gone, or is another file by now, is left as it is.
    await folder.putAway(entries[0]!, 'delete');
    writeFileSync(join(server.folder, 'b.sta'), 'another');
    await folder.putAway(entries[1]!, 'delete');
    const [other] = await folder.list();
    await folder.putAway(other!, 'done');
    await folder.close();
    expect(readdirSync(join(server.folder, 'done'))).toHaveLength(2);
    expect(readFileSync(join(server.folder, 'done', 'b.sta')).equals(large)).toBe(true);
    expect(readdirSync(server.folder).toSorted()).toEqual([
      '.hidden',
      'c.sta.filepart',
      'done',
      'folder',
      'link.sta',
    ]);
  });

  test('a name with a path in it is not asked for', async () => {
    const folder = await openSftpFolder(target(), guard);
    await expect(buffer(folder.read('../config'))).rejects.toMatchObject({
      code: 'FEED_ADDRESS_REFUSED',
    });
    await folder.close();
  });

  test('a key that is not let in, a folder that is not there and a bad key say which it is', async () => {
    expect((await failure({ credentials: { privateKey: server.strangersKey } })).code).toBe(
      'FEED_ACCESS_REFUSED',
    );
    expect((await failure({ credentials: { privateKey: 'no key' } })).code).toBe('FEED_ACCESS_REFUSED');
    const folder = await openSftpFolder(target({ path: '/nowhere' }), guard);
    await expect(folder.list()).rejects.toMatchObject({ code: 'FEED_UNREACHABLE' });
    await folder.close();
  });

  test('an address that is not public is not reached unless the operator allows it', async () => {
    expect((await failure({}, addressGuard([]))).code).toBe('FEED_ADDRESS_REFUSED');
    expect((await failure({ host: 'localhost' }, addressGuard([]))).code).toBe('FEED_ADDRESS_REFUSED');
  });

  test('a server with another key is shown nothing', async () => {
    const pinned = server.hostKey();
    await server.changeKey();
    const error = await failure({ hostKey: pinned });
    expect(error).toMatchObject({ code: 'FEED_HOST_KEY_CHANGED' });
    expect(error.message).toContain(server.hostKey());
    const folder = await openSftpFolder(target(), guard);
    await folder.close();
  });

  test('a server that is not there is told as out of reach', async () => {
    await server.stop();
    expect((await failure({})).code).toBe('FEED_UNREACHABLE');
    await server.start();
  });
});
