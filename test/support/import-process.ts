import { createCommandDoor } from '#kernel/command-door';
import { createPool, type Database } from '#kernel/database';
import { folderFileStore } from '#kernel/files';
import { createLog } from '#kernel/log';
import { createPorts } from '#kernel/ports';
import { localVault } from '#kernel/secrets';
import { localTokens } from '#kernel/tokens';
import { fileReaders } from '#connectors/formats/file-readers';
import { stepImport } from '../../subgraphs/transactions/imports/run-import.ts';

/** What a process that only imports is started with. */
export interface ImportProcess {
  readonly database: Database;
  /** Where the file store keeps its files. */
  readonly files: string;
  readonly organisationId: string;
  readonly importId: string;
}

/** A process that works on one import to its end, to be killed in the middle of it; it prints its peak memory in bytes. */
const { database, files, ...key } = JSON.parse(process.argv[2] ?? '{}') as ImportProcess;
const pool = createPool(database, 'transactions', 4);
const services = {
  log: createLog('error', 'import'),
  files: folderFileStore(files, 2 ** 31),
  vault: localVault(database.secret),
  tokens: localTokens(['import']),
  wake: () => Promise.resolve(),
  port: createPorts(fileReaders),
  dataFolder: files,
};
const door = createCommandDoor({ pool, services, committed: () => undefined });
while (await stepImport({ services, door, pool }, key, Number.MAX_SAFE_INTEGER));
await pool.end();
process.stdout.write(`${process.resourceUsage().maxRSS * 1024}\n`);
