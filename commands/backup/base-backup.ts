import { chown, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { BackedUpFile } from './manifest.ts';
import { copyDurably } from './manifest.ts';

/** A physical copy of a database server. */
export interface BaseBackup extends Omit<BackedUpFile, 'path'> {
  readonly postgres: string;
  readonly startLsn: string;
  readonly endLsn: string;
}

/**
 * Takes a physical copy of a running server on this machine into one archive, with the write-ahead log it needs to
 * become consistent by itself. The server goes on working meanwhile. It writes the copy into a folder of its own user
 * inside the data folder, from where the archive is copied to its place.
 */
export async function takeBaseBackup(options: {
  readonly ownerUrl: string;
  readonly dataFolder: string;
  readonly archive: string;
}): Promise<BaseBackup> {
  const { dataFolder, archive } = options;
  const staging = await mkdtemp(join(dataFolder, stagingPrefix));
  const client = new pg.Client({
    connectionString: options.ownerUrl,
    replication: 'true',
  } as pg.ClientConfig);
  try {
    await ownedLike(staging, join(dataFolder, 'database'));
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    const answers = (await client.query(
      `BASE_BACKUP (LABEL 'crossfoot', TARGET 'server', TARGET_DETAIL ${pg.escapeLiteral(join(staging, 'copy'))}, ` +
        "CHECKPOINT 'fast', MANIFEST 'yes', WAL true, WAIT true)",
    )) as unknown as pg.QueryResult<{ recptr?: string }>[];
    const positions = answers.flatMap((answer) => answer.rows.flatMap((row) => row.recptr ?? []));
    const startLsn = positions[0] ?? '';
    const endLsn = positions.at(-1) ?? '';
    const copied = await copyDurably(join(staging, 'copy', 'base.tar'), archive);
    return { ...copied, postgres: rows[0]?.server_version ?? '', startLsn, endLsn };
  } finally {
    await client.end();
    await rm(staging, { recursive: true, force: true });
  }
}

/** How the folders are called in which a server leaves its copies for a moment. */
export const stagingPrefix = '.backup-';

/** Gives a folder to the owner of another; only needed, and only possible, when running as root. */
export async function ownedLike(folder: string, model: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(model);
  await chown(folder, uid, gid);
}
