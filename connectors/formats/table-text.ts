import { CrossfootError } from '#kernel/errors';
import { quote } from '#kernel/quote';
import type { TableSource } from '#connectors/ports';

/** How the bytes of a text file become text, one run of whole lines after another. */
export interface LineReading {
  readonly encoding: string;
  /** Bytes of one code unit: 2 for UTF-16, else 1. */
  readonly unit: 1 | 2;
  /** What ends a line: a line feed, in very old files a carriage return. */
  readonly lineEnd: '\n' | '\r';
  decode(bytes: Uint8Array): string;
  /** The place behind the last line end of the bytes; 0 when there is none. */
  lastLineEnd(bytes: Buffer): number;
}

/** How much of a file is looked at to find out what it is. */
export const headBytes = 256 * 1024;

/** The first bytes of a file. */
export async function headOf(source: TableSource): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source.bytes(0, Math.min(headBytes, source.size))) parts.push(part);
  return Buffer.concat(parts);
}

/** How a text file is read: as its sender says, else as its first bytes show. Throws FIELD_INVALID for an unknown encoding. */
export function lineReading(head: Buffer, encoding?: string): LineReading {
  const label = encoding ?? detected(head);
  const decoder = decoderOf(label);
  const unit = decoder.encoding.startsWith('utf-16') ? 2 : 1;
  const text = decoder.decode(head);
  const lineEnd = !text.includes('\n') && text.includes('\r') ? '\r' : '\n';
  const mark = Buffer.from([lineEnd.charCodeAt(0), 0]);
  const wide = decoder.encoding === 'utf-16be' ? Buffer.from([0, lineEnd.charCodeAt(0)]) : mark;
  return {
    encoding: decoder.encoding,
    unit,
    lineEnd,
    decode:
      decoder.encoding === 'utf-8' ? (bytes) => asBuffer(bytes).toString('utf8') : (b) => decoder.decode(b),
    lastLineEnd(bytes) {
      if (unit === 1) return bytes.lastIndexOf(lineEnd.charCodeAt(0)) + 1;
      for (let at = bytes.lastIndexOf(wide); at !== -1; at = at === 0 ? -1 : bytes.lastIndexOf(wide, at - 1))
        if (at % 2 === 0) return at + 2;
      return 0;
    },
  };
}

/** How many bytes the first characters of a decoded text took; exact when they end behind a line end. */
export function bytesBefore(reading: LineReading, bytes: Buffer, text: string): number {
  if (reading.unit === 2) return text.length * 2;
  let at = 0;
  for (let from = text.indexOf(reading.lineEnd); from !== -1; from = text.indexOf(reading.lineEnd, from + 1))
    at = bytes.indexOf(reading.lineEnd.charCodeAt(0), at) + 1;
  return at;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function decoderOf(label: string): TextDecoder {
  try {
    // The mark stays in the text: only the start of the file may drop it.
    return new TextDecoder(label, { ignoreBOM: true });
  } catch (cause) {
    throw new CrossfootError('FIELD_INVALID', `${quote(label)} is no encoding`, {
      path: ['encoding'],
      cause,
    });
  }
}

function detected(head: Buffer): string {
  const [first, second, third, fourth] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (second === 0 && fourth === 0 && first !== 0) return 'utf-16le';
  if (first === 0 && third === 0 && second !== 0) return 'utf-16be';
  return isUtf8(head) ? 'utf-8' : 'windows-1252';
}

/** The head may end within a character, which a stream of text forgives. */
function isUtf8(head: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
