import { constants, type Stats } from 'node:fs';
import { link, lstat, mkdir, open, readdir, realpath, unlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { CrossfootError } from '#kernel/errors';
import type { FeedEntry, FeedFolder, FolderTarget, PutAway } from '#connectors/feed-ports';
import { isFinishedName, isPlainName, secondName } from './feed-names.ts';

const blockBytes = 128 * 1024;

/**
 * Opens a drop folder below `root/organisation`, and makes it where it is missing. Nothing outside is read or written:
 * names are plain names, links are not followed, and a folder that leads out by a link is refused.
 */
export async function openDropFolder(root: string, target: FolderTarget): Promise<FeedFolder> {
  const folder = await insideRoot(root, target);
  return {
    async list() {
      await stillInside(folder);
      const entries: FeedEntry[] = [];
      for (const found of await readdir(folder, { withFileTypes: true })) {
        if (!found.isFile() || !isFinishedName(found.name)) continue;
        const stats = await statOf(join(folder, found.name));
        if (stats?.isFile()) entries.push(entryOf(found.name, stats));
      }
      return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    async *read(name) {
      await stillInside(folder);
      yield* bytesOf(pathOf(folder, name));
    },
    async putAway(entry, how) {
      await stillInside(folder);
      await putAway(folder, entry, how);
    },
    close: () => Promise.resolve(),
  };
}

/** The folder as it really is; throws FEED_ADDRESS_REFUSED where its path leads out of the organisation's own. */
async function insideRoot(root: string, { organisationId, path }: FolderTarget): Promise<string> {
  const parts = path.split('/').filter((part) => part !== '');
  if (![organisationId, ...parts].every(isPlainName)) throw leadsOut(path);
  try {
    const own = join(root, organisationId);
    await mkdir(own, { recursive: true });
    const real = await realpath(own);
    let folder = real;
    for (const part of parts) {
      folder = join(folder, part);
      await mkdir(folder).catch(unlessThere);
      const there = await realpath(folder);
      if (there !== real && !there.startsWith(real + sep)) throw leadsOut(path);
    }
    return await realpath(folder);
  } catch (error) {
    throw asFeedError(error, `The drop folder ${path || '.'} cannot be opened`);
  }
}

/** Between two looks somebody may have put a link in the place of the folder. */
async function stillInside(folder: string): Promise<void> {
  const now = await realpath(folder).catch((error: unknown) => {
    throw asFeedError(error, 'The drop folder is gone');
  });
  if (now !== folder) throw leadsOut(folder);
}

function leadsOut(path: string): CrossfootError {
  return new CrossfootError(
    'FEED_ADDRESS_REFUSED',
    `The folder ${path.slice(0, 200)} leads out of the drop folders`,
  );
}

function pathOf(folder: string, name: string): string {
  if (!isPlainName(name)) throw leadsOut(name);
  return join(folder, name);
}

function entryOf(name: string, stats: Stats): FeedEntry {
  return { name, size: stats.size, modified: stats.mtime.toISOString() };
}

function statOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined);
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    throw asFeedError(error, 'The file cannot be read');
  });
  try {
    if (!(await file.stat()).isFile()) throw leadsOut(path);
    for (;;) {
      const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(blockBytes) });
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function putAway(folder: string, entry: FeedEntry, how: PutAway): Promise<void> {
  const path = pathOf(folder, entry.name);
  const stats = await statOf(path);
  // Gone, or another file of the same name that has yet to be read.
  if (!stats?.isFile() || JSON.stringify(entryOf(entry.name, stats)) !== JSON.stringify(entry)) return;
  try {
    if (how !== 'delete') await linkInto(folder, entry, how);
    await unlink(path);
  } catch (error) {
    throw asFeedError(error, `The file ${entry.name} cannot be put away`);
  }
}

/** A link first and the removal after it: whatever happens between, the file is there, and nothing is overwritten. */
async function linkInto(folder: string, entry: FeedEntry, how: 'done' | 'refused'): Promise<void> {
  const place = join(folder, how);
  await mkdir(place).catch(unlessThere);
  if ((await realpath(place)) !== place) throw leadsOut(how);
  const path = join(folder, entry.name);
  const mark = entry.modified.replace(/\D/g, '');
  for (const name of [entry.name, secondName(entry.name, mark)]) {
    const there = await statOf(join(place, name));
    if (there?.isFile() && (await lstat(path)).ino === there.ino) return;
    if (there === undefined) return link(path, join(place, name));
  }
  throw new CrossfootError('FEED_UNREACHABLE', `${how}/ has files named ${entry.name} already`);
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

function asFeedError(error: unknown, what: string): CrossfootError {
  if (error instanceof CrossfootError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return new CrossfootError('FEED_UNREACHABLE', `${what}: ${code ?? 'unknown reason'}`, { cause: error });
}
