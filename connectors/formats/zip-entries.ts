import { pipeline, Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { CrossfootError } from '#kernel/errors';
import type { TableSource } from '#connectors/ports';

/** A file within a zip file. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
  readonly encrypted: boolean;
}

const endRecord = Buffer.from([0x50, 0x4b, 5, 6]);
const longestTail = 65_557;
const largestDirectory = 16 * 1024 * 1024;
const mostEntries = 10_000;
const unknown32 = 0xffffffff;
/** Deflate can pack a thousandfold; spreadsheets pack ten- to sixtyfold. */
const largestRatio = 400;
const freeOfRatio = 16 * 1024 * 1024;

/** The files of a zip file by name, as its directory at the end lists them. Throws FILE_UNREADABLE or FILE_TOO_LARGE. */
export async function zipEntries(source: TableSource): Promise<ReadonlyMap<string, ZipEntry>> {
  const tailFrom = Math.max(0, source.size - longestTail);
  const tail = await bytesOf(source, tailFrom, source.size);
  const at = tail.lastIndexOf(endRecord);
  if (at === -1 || at + 22 > tail.length) throw damaged('it has no directory; was it cut off?');
  let count = tail.readUInt16LE(at + 10);
  let size = tail.readUInt32LE(at + 12);
  let offset = tail.readUInt32LE(at + 16);
  // The locator of the 64-bit record stands directly before.
  if (at >= 20 && tail.readUInt32LE(at - 20) === 0x07064b50) {
    const wide = await bytesOf(
      source,
      Number(tail.readBigUInt64LE(at - 12)),
      Number(tail.readBigUInt64LE(at - 12)) + 56,
    );
    if (wide.length < 56 || wide.readUInt32LE(0) !== 0x06064b50) throw damaged('its directory is damaged');
    count = Number(wide.readBigUInt64LE(32));
    size = Number(wide.readBigUInt64LE(40));
    offset = Number(wide.readBigUInt64LE(48));
  }
  if (count > mostEntries || size > largestDirectory) {
    throw new CrossfootError('FILE_TOO_LARGE', `The zip file lists ${count} files, which no spreadsheet has`);
  }
  if (offset + size > source.size) throw damaged('its directory lies outside of it');
  return directory(await bytesOf(source, offset, offset + size));
}

function directory(bytes: Buffer): Map<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>();
  for (let at = 0; at + 46 <= bytes.length && bytes.readUInt32LE(at) === 0x02014b50;) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) =>
      bytes.readUInt16LE(at + place),
    );
    const nameEnd = at + 46 + (nameLength ?? 0);
    const name = bytes.toString('utf8', at + 46, nameEnd);
    const extra = bytes.subarray(nameEnd, nameEnd + (extraLength ?? 0));
    const sizes = wideSizes(extra, [
      bytes.readUInt32LE(at + 24),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 42),
    ]);
    if (entries.has(name)) throw damaged(`it has two files ${name}`);
    entries.set(name, {
      name,
      method: bytes.readUInt16LE(at + 10),
      encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      size: sizes[0] ?? 0,
      packed: sizes[1] ?? 0,
      offset: sizes[2] ?? 0,
    });
    at = nameEnd + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return entries;
}

/** Sizes and offset that do not fit stand in the extra field, in this order, each only when it does not fit. */
function wideSizes(extra: Buffer, narrow: readonly number[]): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    return narrow.map((value) => {
      if (value !== unknown32 || from + 8 > extra.length) return value;
      from += 8;
      return Number(extra.readBigUInt64LE(from - 8));
    });
  }
  return [...narrow];
}

/**
 * The unpacked bytes of a file as a stream. Throws FILE_UNREADABLE for what cannot be unpacked, and FILE_TOO_LARGE as
 * soon as it gives more bytes than the limit, or so many times its packed size that it was made to.
 */
export async function* unpacked(source: TableSource, entry: ZipEntry, limit: number): AsyncGenerator<Buffer> {
  if (entry.encrypted)
    throw new CrossfootError('FORMAT_UNSUPPORTED', 'The spreadsheet is protected by a password');
  if (entry.method !== 0 && entry.method !== 8)
    throw damaged(`${entry.name} is packed by a method nobody uses`);
  const header = await bytesOf(source, entry.offset, entry.offset + 30);
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50)
    throw damaged(`${entry.name} is not where it should be`);
  const from = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = source.bytes(from, from + entry.packed);
  let size = 0;
  try {
    for await (const part of entry.method === 0 ? packed : inflated(packed)) {
      size += part.length;
      if (size > limit || (size > freeOfRatio && size > entry.packed * largestRatio)) {
        const message = `${entry.name} of ${entry.packed} bytes unpacks to more than ${size} bytes`;
        throw new CrossfootError('FILE_TOO_LARGE', message);
      }
      yield Buffer.isBuffer(part) ? part : Buffer.from(part);
    }
  } catch (error) {
    if (error instanceof CrossfootError) throw error;
    throw new CrossfootError('FILE_UNREADABLE', `${entry.name} of the spreadsheet is damaged`, {
      cause: error,
    });
  }
}

function inflated(packed: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  const inflate = createInflateRaw({ chunkSize: 64 * 1024 });
  // Its failures come out of the stream that is read; a reader that stops early ends both.
  pipeline(Readable.from(packed, { objectMode: false }), inflate, () => undefined);
  return inflate as AsyncIterable<Buffer>;
}

async function bytesOf(source: TableSource, from: number, to: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source.bytes(from, Math.min(to, source.size))) parts.push(part);
  return Buffer.concat(parts);
}

function damaged(what: string): CrossfootError {
  return new CrossfootError('FILE_UNREADABLE', `The file is no whole zip file: ${what}`);
}
