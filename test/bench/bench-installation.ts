import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import { folderFileStore } from '#kernel/files';
import { createLog } from '#kernel/log';
import { createPorts } from '#kernel/ports';
import { localVault } from '#kernel/secrets';
import type { Services } from '#kernel/services';
import { localTokens } from '#kernel/tokens';
import { accountingSystemsPort } from '../../connectors/accounting-systems.ts';
import { journalWritersPort } from '../../connectors/journal-writers.ts';
import { fileReaders } from '../../connectors/formats/file-readers.ts';
import { migrateAll, openDatabase } from '../../commands/installation.ts';

/** A fresh installation on an embedded PostgreSQL with default durability, in a folder of its own. */
export interface BenchInstallation {
  readonly config: Config;
  readonly database: Database;
  readonly services: Services;
  close(): Promise<void>;
}

/** Opens it, migrated and empty. */
export async function openBenchInstallation(): Promise<BenchInstallation> {
  const folder = mkdtempSync(join(tmpdir(), 'crossfoot-measured-'));
  // Run by root, the server works as another user, who must be able to enter the folder.
  chmodSync(folder, 0o711);
  const config = { ...readConfig({ CROSSFOOT_DATA: folder, LOG_LEVEL: 'error' }), databaseUrl: undefined };
  const opened = await openDatabase(config);
  await migrateAll(opened.database);
  return {
    config,
    database: opened.database,
    services: {
      log: createLog('error', 'bench'),
      files: folderFileStore(join(folder, 'files'), config.uploadLimitBytes),
      vault: localVault(config.secret),
      tokens: localTokens(config.signingSecrets),
      wake: () => Promise.resolve(),
      port: createPorts([...fileReaders, accountingSystemsPort, journalWritersPort]),
      dataFolder: folder,
    },
    async close() {
      await opened.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
