import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

const block = 512;
const chunkBytes = 1024 * 1024;

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/**
 * Unpacks an archive as PostgreSQL writes it (POSIX ustar, regular files and folders) into a folder. The files are not
 * written through to the disk: a server that begins with a recovery does that for its whole folder. Throws for links,
 * which only tablespaces need, and for anything that would leave the folder.
 */
export async function extractTar(archive: string, folder: string): Promise<void> {
  const file = await open(archive, 'r');
  try {
    let position = 0;
    for (;;) {
      const header = Buffer.alloc(block);
      const { bytesRead } = await file.read(header, 0, block, position);
      if (bytesRead < block) throw new Error(`${archive} ends in the middle`);
      // Two blocks of zeros end an archive.
      if (header.every((byte) => byte === 0)) return;
      const entry = readHeader(header);
      position += block;
      await extractEntry(entry, { file, position, folder });
      position += Math.ceil(entry.size / block) * block;
    }
  } finally {
    await file.close();
  }
}

function readHeader(header: Buffer): Entry {
  const text = (from: number, length: number): string => {
    const field = header.subarray(from, from + length);
    const end = field.indexOf(0);
    return field.subarray(0, end < 0 ? length : end).toString('utf8');
  };
  const expected = Number.parseInt(text(148, 8).trim(), 8);
  const summed = Buffer.from(header).fill(' ', 148, 156);
  if (summed.reduce((sum, byte) => sum + byte, 0) !== expected) throw new Error('The archive is damaged');
  const prefix = text(345, 155);
  const name = text(0, 100);
  return { name: prefix ? `${prefix}/${name}` : name, type: text(156, 1) || '0', size: sizeOf(header) };
}

/** Octal digits, or for very large files a number in base 256 after a set first bit. */
function sizeOf(header: Buffer): number {
  const field = header.subarray(124, 136);
  const first = field[0] ?? 0;
  if ((first & 0x80) === 0)
    return Number.parseInt(field.toString('latin1').replaceAll('\0', ' ').trim() || '0', 8);
  return Number(BigInt(`0x${field.subarray(1).toString('hex')}`));
}

async function extractEntry(
  entry: Entry,
  from: { readonly file: FileHandle; readonly position: number; readonly folder: string },
): Promise<void> {
  const path = join(from.folder, entry.name);
  const inside = relative(from.folder, path);
  if (inside === '..' || inside.startsWith(`..${sep}`)) throw new Error(`The archive names ${entry.name}`);
  if (entry.type === '5') await mkdir(path, { recursive: true, mode: 0o700 });
  else if (entry.type === '0') await extractFile(path, entry.size, from);
  else throw new Error(`The archive holds ${entry.name}, which is neither a file nor a folder`);
}

async function extractFile(
  path: string,
  size: number,
  from: { readonly file: FileHandle; readonly position: number },
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const target = await open(path, 'wx', 0o600);
  try {
    const buffer = Buffer.alloc(Math.min(chunkBytes, size));
    for (let done = 0; done < size;) {
      const wanted = Math.min(buffer.length, size - done);
      const { bytesRead } = await from.file.read(buffer, 0, wanted, from.position + done);
      if (bytesRead === 0) throw new Error(`The archive ends inside ${path}`);
      await target.writeFile(buffer.subarray(0, bytesRead));
      done += bytesRead;
    }
  } finally {
    await target.close();
  }
}
