import { constants } from 'node:fs';
import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CrossfootError } from '#kernel/errors';
import { entryLine, renderBatch, type Declared } from './journal-text.ts';
import type { LedgerEntry } from '#connectors/ports';

/** Every batch stands between these two lines; one without its end was torn by a crash and was never acknowledged. */
export const beginMark = '; crossfoot begin\n';
const endMark = '; crossfoot end\n';

/** What a journal holds, and the state of the file for which that is true. */
interface Contents extends Declared {
  readonly ids: Set<string>;
  readonly size: number;
  readonly stamp: string;
}

/** The entries of one journal file; whoever calls holds its lock. */
export interface JournalFile {
  /** Appends the entries the file does not hold yet, on disk when this returns; answers the ids it held before. */
  append(entries: readonly LedgerEntry[]): Promise<ReadonlySet<string>>;
  /** The text of all batches that were acknowledged; none while there is no file. */
  read(): Promise<string>;
}

/** Opens a journal that is read once and then only when somebody else has changed it. */
export function journalFile(path: string): JournalFile {
  let known: Contents | undefined;
  return {
    async read() {
      const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return Buffer.alloc(0);
        throw error;
      });
      return bytes.toString('utf8', 0, endOfBatches(bytes));
    },
    async append(entries) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
      try {
        if (!known || known.stamp !== (await stampOf(file))) known = await recover(file, path);
        const contents = known;
        const held = new Set(entries.map((entry) => entry.id).filter((id) => contents.ids.has(id)));
        const missing = entries.filter((entry) => !held.has(entry.id));
        if (missing.length === 0) return held;
        // Forgotten until the write is known to be good: a failed write leaves the file in a state to be read anew.
        known = undefined;
        const batch = renderBatch(missing, contents);
        await write(file, contents.size, batch.text);
        if (contents.size === 0) await syncFolder(dirname(path));
        for (const entry of missing) contents.ids.add(entry.id);
        for (const account of batch.accounts) contents.accounts.add(account);
        for (const currency of batch.currencies) contents.currencies.add(currency);
        known = { ...contents, size: (await file.stat()).size, stamp: await stampOf(file) };
        return held;
      } finally {
        await file.close();
      }
    },
  };
}

async function write(file: FileHandle, at: number, text: string): Promise<void> {
  const bytes = Buffer.from(`${beginMark}${text}${endMark}`);
  try {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
    await file.sync();
  } catch (error) {
    // A full disk leaves half a batch; the next append would cut it off too, but readers need not see it till then.
    await file.truncate(at).catch(() => undefined);
    throw error;
  }
}

/** Reads the journal, cutting off a batch that was torn; throws SYNC_UNAVAILABLE when the end is not ours to cut. */
async function recover(file: FileHandle, path: string): Promise<Contents> {
  const bytes = await file.readFile();
  const end = endOfBatches(bytes);
  if (end < bytes.length) {
    if (!isTorn(bytes.subarray(end))) {
      throw new CrossfootError(
        'SYNC_UNAVAILABLE',
        `${path} was changed by hand after the last batch; move those lines into another file that includes this one`,
      );
    }
    await file.truncate(end);
    await file.sync();
  }
  const contents: Contents = {
    ids: new Set(),
    accounts: new Set(),
    currencies: new Set(),
    size: end,
    stamp: await stampOf(file),
  };
  for (const line of bytes.toString('utf8', 0, end).split('\n')) note(line, contents);
  return contents;
}

function note(line: string, contents: Contents): void {
  const id = entryLine.exec(line)?.[1];
  if (id !== undefined) contents.ids.add(id);
  else if (line.startsWith('account ')) contents.accounts.add(line.slice(8).trimEnd());
  else if (line.startsWith('commodity ')) contents.currencies.add(line.trimEnd().slice(-3));
}

/** Where the last complete batch ends. Zero bytes in it mean that the machine lost power before its data arrived. */
function endOfBatches(bytes: Buffer): number {
  const at = lastLine(bytes, endMark, bytes.length);
  if (at < 0) return 0;
  const begin = lastLine(bytes, beginMark, at);
  const zeros = begin >= 0 && bytes.subarray(begin, at).includes(0);
  return zeros ? begin : at + endMark.length;
}

/** Where the last line that is exactly this begins, before a place; -1 when there is none. */
function lastLine(bytes: Buffer, line: string, before: number): number {
  const found = bytes.subarray(0, before).lastIndexOf(`\n${line}`);
  if (found >= 0) return found + 1;
  return bytes.subarray(0, line.length).equals(Buffer.from(line)) ? 0 : -1;
}

/** Whether the end of the file is what a crash leaves of a batch of ours. */
function isTorn(tail: Buffer): boolean {
  if (tail.every((byte) => byte === 0)) return true;
  const start = tail.toString('latin1', 0, beginMark.length);
  return beginMark.startsWith(start);
}

async function stampOf(file: FileHandle): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
