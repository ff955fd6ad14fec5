import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';

/** What is kept about a stored file; the id is the hash of its content. */
export interface StoredFile {
  /** `file_` and the SHA-256 of the content in hexadecimal. */
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
}

/** Keeps files by content hash, apart for every organisation. */
export interface FileStore {
  /**
   * Stores a stream of bytes; the same bytes of one organisation are stored once and keep their first name.
   * Throws FILE_TOO_LARGE above the limit, after which nothing is left behind; what we write ourselves may have a
   * limit of its own.
   */
  put(
    organisationId: string,
    content: AsyncIterable<Uint8Array>,
    description: { name: string; mediaType: string; limitBytes?: number },
  ): Promise<StoredFile>;
  /** The description of a file; throws NOT_FOUND. */
  describe(organisationId: string, id: string): Promise<StoredFile>;
  /** The bytes of a file, checked against its hash; throws NOT_FOUND. */
  read(organisationId: string, id: string): Promise<Uint8Array>;
  /**
   * The bytes from `from` to before `to`, to the end when left out, as a stream: for files that do not fit into memory.
   * They are not checked against the hash, which only the whole file has. The stream throws NOT_FOUND.
   */
  stream(organisationId: string, id: string, range?: ByteRange): AsyncIterable<Uint8Array>;
}

/** A part of a file: from its byte `from`, zero unless said, to before its byte `to`, the end unless said. */
export interface ByteRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

const idPattern = /^file_[0-9a-f]{64}$/;
const organisationPattern = /^[a-z]+_[0-9a-z]+$/;

/** The file store in a folder of the machine. A file appears whole or not at all. */
export function folderFileStore(folder: string, limitBytes: number): FileStore {
  const pathOf = (organisationId: string, id: string) => {
    if (!idPattern.test(id) || !organisationPattern.test(organisationId)) {
      throw new CrossfootError('NOT_FOUND', `There is no file ${id.slice(0, 80)}`);
    }
    return join(folder, organisationId, id.slice(5, 7), id);
  };
  const describe = async (organisationId: string, id: string): Promise<StoredFile> => {
    try {
      return JSON.parse(await readFile(`${pathOf(organisationId, id)}.json`, 'utf8')) as StoredFile;
    } catch (cause) {
      if (cause instanceof CrossfootError) throw cause;
      throw new CrossfootError('NOT_FOUND', `There is no file ${id}`, { cause });
    }
  };
  return {
    describe,
    async put(organisationId, content, { limitBytes: ownLimitBytes = limitBytes, ...description }) {
      const target = { folder, limitBytes: ownLimitBytes };
      const { temporary, sha256, size } = await receive(content, target);
      const id = `file_${sha256}`;
      const path = pathOf(organisationId, id);
      await mkdir(dirname(path), { recursive: true });
      await rename(temporary, path);
      const known = await stat(`${path}.json`).catch(() => undefined);
      if (known) return describe(organisationId, id);
      const stored: StoredFile = { id, ...description, size, sha256 };
      await writeDurably(`${path}.json`, JSON.stringify(stored), join(folder, `${newId('tmp')}.json`));
      return stored;
    },
    async read(organisationId, id) {
      await describe(organisationId, id);
      const bytes = await readFile(pathOf(organisationId, id));
      if (createHash('sha256').update(bytes).digest('hex') !== id.slice(5)) {
        throw new Error(`File ${id} was changed on disk: its content no longer has its hash`);
      }
      return bytes;
    },
    async *stream(organisationId, id, { from = 0, to } = {}) {
      await describe(organisationId, id);
      if (to !== undefined && to <= from) return;
      const end = to === undefined ? undefined : to - 1;
      const path = pathOf(organisationId, id);
      yield* createReadStream(path, {
        start: from,
        end,
        highWaterMark: streamBlock,
      }) as AsyncIterable<Buffer>;
    },
  };
}

const streamBlock = 128 * 1024;

async function receive(
  content: AsyncIterable<Uint8Array>,
  target: { folder: string; limitBytes: number },
): Promise<{ temporary: string; sha256: string; size: number }> {
  await mkdir(target.folder, { recursive: true });
  const temporary = join(target.folder, newId('tmp'));
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(temporary, 'wx', 0o600);
  try {
    for await (const chunk of content) {
      size += chunk.byteLength;
      if (size > target.limitBytes) {
        throw new CrossfootError('FILE_TOO_LARGE', `The file is larger than ${target.limitBytes} bytes`);
      }
      hash.update(chunk);
      await file.write(chunk);
    }
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return { temporary, sha256: hash.digest('hex'), size };
}

async function writeDurably(path: string, text: string, temporary: string): Promise<void> {
  const file = await open(temporary, 'wx', 0o600);
  await file.writeFile(text);
  await file.sync();
  await file.close();
  await rename(temporary, path);
}
