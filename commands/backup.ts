import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { Config } from '#kernel/config';
import { stagingPrefix, takeBaseBackup } from './backup/base-backup.ts';
import {
  archiveName,
  copyDurably,
  dataName,
  filesBelow,
  manifestName,
  requireEmpty,
  sealManifest,
  type BackedUpFile,
  type SealedManifest,
} from './backup/manifest.ts';
import { withExistingDatabase } from './existing-database.ts';

/** Copies the embedded database, the files, the ledgers and the secret into an empty folder, while running or not. */
export async function backup(config: Config, target: string | undefined): Promise<void> {
  if (!target) throw new Error('Name the folder: node main.ts backup FOLDER');
  refuseOwnServer(config, 'Back it up');
  const folder = resolve(target);
  if (!relative(config.dataFolder, folder).startsWith(`..${sep}`)) {
    throw new Error(`${folder} lies in the data folder it is to hold; name a folder outside`);
  }
  await requireEmpty(folder, 'A backup needs a folder of its own.');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const manifest = await withExistingDatabase(config, ({ database }) =>
    copyInstallation(config, database.ownerUrl, folder),
  );
  const bytes = manifest.files.reduce((sum, file) => sum + file.size, 0);
  process.stdout.write(`backed up ${manifest.files.length} files, ${bytes} bytes, to ${folder}\n`);
  process.stdout.write(
    manifest.secret === 'in the backup'
      ? 'The secret is among them: whoever has this folder can read everything. Keep it as you keep the books.\n'
      : 'The secret is not among them: a restore needs the same CROSSFOOT_SECRET.\n',
  );
}

/** Throws for an installation on a server of the operator's, which has better tools of its own. */
export function refuseOwnServer(config: Config, what: string): void {
  if (!config.databaseUrl) return;
  throw new Error(
    `This installation uses a PostgreSQL server of your own (DATABASE_URL). ${what} with the server's own tools ` +
      `(pg_basebackup or pg_dump and pg_restore), and the data folder ${config.dataFolder} with your usual ones.`,
  );
}

/**
 * The database comes first: a file is stored before the row that names it, so every file of the copied rows is there
 * when the files are copied.
 */
async function copyInstallation(config: Config, ownerUrl: string, folder: string): Promise<SealedManifest> {
  const { dataFolder } = config;
  const database = await takeBaseBackup({ ownerUrl, dataFolder, archive: join(folder, archiveName) });
  const { postgres, startLsn, endLsn, size, sha256 } = database;
  const files: BackedUpFile[] = [{ path: archiveName, size, sha256 }];
  for (const path of await dataFiles(dataFolder)) {
    const copied = await copyDurably(join(dataFolder, path), join(folder, dataName, path));
    files.push({ path: [dataName, ...path.split(sep)].join('/'), ...copied });
  }
  const kept = await readFile(join(folder, dataName, 'secret'), 'utf8').catch(() => '');
  const manifest = sealManifest(
    {
      format: 'crossfoot-backup-1',
      madeAt: new Date().toISOString(),
      postgres,
      startLsn,
      endLsn,
      secret: kept.trim() === config.secret ? 'in the backup' : 'in CROSSFOOT_SECRET',
      files,
    },
    config.secret,
  );
  await writeManifest(folder, manifest);
  return manifest;
}

async function dataFiles(dataFolder: string): Promise<string[]> {
  const entries = await readdir(dataFolder, { withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries) {
    // The server's folder and log, and what it is just copying.
    if (entry.name.startsWith('database') || entry.name.startsWith(stagingPrefix)) continue;
    if (entry.isFile()) paths.push(entry.name);
    if (!entry.isDirectory()) continue;
    const below = await filesBelow(join(dataFolder, entry.name));
    paths.push(...below.map((path) => join(entry.name, path)));
  }
  return paths.toSorted();
}

async function writeManifest(folder: string, manifest: SealedManifest): Promise<void> {
  const temporary = join(folder, `${manifestName}.new`);
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, manifestName));
}
