import { chown, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '#kernel/config';
import { migrateAll, openDatabase } from './installation.ts';
import { refuseOwnServer } from './backup.ts';
import { extractTar } from './backup/extract-tar.ts';
import {
  archiveName,
  copyDurably,
  dataName,
  readManifest,
  requireEmpty,
  verifyBackup,
  type SealedManifest,
} from './backup/manifest.ts';
import { examine } from './doctor.ts';

/**
 * Puts a backup into an empty data folder: the backup is checked against its manifest before anything is written, the
 * database recovers to the end of the copy and is migrated, and the doctor looks at the result.
 */
export async function restore(config: Config, source: string | undefined): Promise<void> {
  if (!source) throw new Error('Name the folder: node main.ts restore FOLDER');
  refuseOwnServer(config, 'Restore it');
  const folder = resolve(source);
  await requireEmpty(
    config.dataFolder,
    'A restore never overwrites anything; set CROSSFOOT_DATA to an empty folder.',
  );
  const manifest = await readManifest(folder);
  await verifyBackup(folder, manifest, await secretOf(config, folder, manifest));
  say(`the backup of ${manifest.madeAt} is whole: ${manifest.files.length} files`);
  try {
    await restoreData(config, folder, manifest);
    await restoreDatabase(config, folder, manifest);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The restore failed: ${reason}. Empty ${config.dataFolder} before the next try.`, {
      cause,
    });
  }
  await examineRestored(config);
}

/** The secret this installation will have: the settings go before what lies in the data folder. */
async function secretOf(config: Config, folder: string, manifest: SealedManifest): Promise<string> {
  if (config.givenSecret) return config.givenSecret;
  if (manifest.secret === 'in the backup') {
    return (await readFile(join(folder, dataName, 'secret'), 'utf8')).trim();
  }
  throw new Error('The secret is not in the backup: set CROSSFOOT_SECRET to that of the installation.');
}

async function restoreData(config: Config, folder: string, manifest: SealedManifest): Promise<void> {
  await mkdir(config.dataFolder, { recursive: true });
  for (const { path } of manifest.files) {
    if (!path.startsWith(`${dataName}/`)) continue;
    await copyDurably(join(folder, path), join(config.dataFolder, path.slice(dataName.length + 1)));
  }
}

/** A first start makes the folder, for the user the server works as; its content then gives way to that of the backup. */
async function restoreDatabase(config: Config, folder: string, manifest: SealedManifest): Promise<void> {
  const fresh = await openDatabase(config);
  await fresh.stop();
  const database = join(config.dataFolder, 'database');
  const version = (await readFile(join(database, 'PG_VERSION'), 'utf8')).trim();
  if (!manifest.postgres.startsWith(`${version}.`)) {
    throw new Error(
      `the backup is of PostgreSQL ${manifest.postgres}, and this version brings PostgreSQL ${version}`,
    );
  }
  for (const name of await readdir(database)) await rm(join(database, name), { recursive: true });
  await extractTar(join(folder, archiveName), database);
  await giveTo(database);
}

/** Gives all below a folder to its owner; only needed, and only possible, when running as root. */
async function giveTo(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chown(join(entry.parentPath, entry.name), uid, gid);
  }
}

async function examineRestored(config: Config): Promise<void> {
  const opened = await openDatabase(config);
  try {
    const applied = await migrateAll(opened.database);
    if (applied.length > 0) say(`applied ${applied.join(', ')}`);
    const failed = await examine(config, { database: opened.database, atRest: true }, say);
    if (failed > 0) process.exitCode = 1;
    say(failed === 0 ? `restored to ${config.dataFolder}` : `restored, and ${failed} checks failed`);
  } finally {
    await opened.stop();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
