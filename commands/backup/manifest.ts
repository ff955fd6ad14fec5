import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { canonicalJson } from '#kernel/canonical';
import { deriveKey, mac, sameText } from '#kernel/secrets';

/** The name of the manifest inside a backup; it is written last, so that a backup cut short has none. */
export const manifestName = 'manifest.json';
/** The name of the archive with the database. */
export const archiveName = 'database.tar';
/** The folder of a backup with everything of the data folder that is not the database. */
export const dataName = 'data';

/** One file of a backup. */
export interface BackedUpFile {
  /** Path inside the backup, with slashes. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** What a backup holds. */
export interface Manifest {
  readonly format: 'crossfoot-backup-1';
  readonly madeAt: string;
  readonly postgres: string;
  /** Where in the write-ahead log the copy begins and where it is consistent. */
  readonly startLsn: string;
  readonly endLsn: string;
  /** Whether the secret lies in the backup or comes from the settings. */
  readonly secret: 'in the backup' | 'in CROSSFOOT_SECRET';
  readonly files: readonly BackedUpFile[];
}

/** The manifest as it stands in the file: with a keyed hash by which the right secret and every change are told. */
export interface SealedManifest extends Manifest {
  readonly seal: string;
}

/** Seals a manifest with the secret of its installation. */
export function sealManifest(manifest: Manifest, secret: string): SealedManifest {
  return { ...manifest, seal: sealOf(manifest, secret) };
}

function sealOf(manifest: Manifest, secret: string): string {
  return mac(deriveKey(secret, 'backup'), canonicalJson(manifest));
}

/** Reads the manifest of a backup; throws an Error when there is none. */
export async function readManifest(folder: string): Promise<SealedManifest> {
  const text = await readFile(join(folder, manifestName), 'utf8').catch((cause: unknown) => {
    throw new Error(`${folder} holds no backup, or one that was cut short: it has no ${manifestName}`, {
      cause,
    });
  });
  const manifest = JSON.parse(text) as SealedManifest;
  if (manifest.format !== 'crossfoot-backup-1') {
    throw new Error(`${folder} holds a backup of another version (${String(manifest.format)})`);
  }
  return manifest;
}

/** Throws an Error that names the first difference between a backup and its manifest. */
export async function verifyBackup(folder: string, manifest: SealedManifest, secret: string): Promise<void> {
  const { seal, ...rest } = manifest;
  if (!sameText(seal, sealOf(rest, secret))) {
    throw new Error(
      'The manifest does not fit the secret: set CROSSFOOT_SECRET to that of the installation, ' +
        'or the manifest was changed after the backup was made',
    );
  }
  for (const { path, size, sha256 } of manifest.files) {
    const file = join(folder, path);
    if (relative(folder, file).startsWith('..'))
      throw new Error(`The manifest names ${path}, outside the backup`);
    const found = await stat(file).catch(() => undefined);
    if (!found) throw new Error(`The backup lacks ${path}`);
    if (found.size !== size) throw new Error(`${path} has ${found.size} bytes instead of ${size}`);
    if ((await hashOf(file)) !== sha256) throw new Error(`${path} was changed after the backup was made`);
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** Copies one file, written through to the disk; answers its size and hash as they were read. */
export async function copyDurably(source: string, target: string): Promise<Omit<BackedUpFile, 'path'>> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  const file = await open(target, 'wx', 0o600);
  let size = 0;
  try {
    for await (const chunk of createReadStream(source, { highWaterMark: 1024 * 1024 })) {
      const bytes = chunk as Uint8Array;
      hash.update(bytes);
      size += bytes.byteLength;
      await file.writeFile(bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { size, sha256: hash.digest('hex') };
}

/** All files below a folder, as paths relative to it, in order; those that are only on their way are left out. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('tmp_'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}

/** Throws an Error unless a folder is empty or does not exist yet. */
export async function requireEmpty(folder: string, advice: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (found.length > 0) throw new Error(`${folder} is not empty. ${advice}`);
}
