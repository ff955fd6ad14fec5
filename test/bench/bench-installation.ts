import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scopesOf, systemActor, roles, type Actor } from '#kernel/actor';
import type { CommandDoor } from '#kernel/command-door';
import { resultOf } from '#kernel/command-door';
import { readConfig, type Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import { folderFileStore } from '#kernel/files';
import { newId } from '#kernel/ids';
import { createLog } from '#kernel/log';
import { createPorts } from '#kernel/ports';
import { localVault } from '#kernel/secrets';
import type { Services } from '#kernel/services';
import { localTokens } from '#kernel/tokens';
import { fileReaders } from '../../connectors/formats/file-readers.ts';
import { accountingSystemsPort } from '../../connectors/accounting-systems.ts';
import { migrateAll, openDatabase } from '../../start.ts';
import { installChartOfAccounts } from '../../subgraphs/transactions/ledger/install-chart-of-accounts.ts';
import { receiveBook } from '../../subgraphs/transactions/intake/receive-book.ts';

/** A fresh installation on an embedded PostgreSQL with default durability, in a folder of its own. */
export interface BenchInstallation {
  readonly config: Config;
  readonly database: Database;
  readonly services: Services;
  close(): Promise<void>;
}

/** Opens it, migrated and empty. */
export async function openBenchInstallation(): Promise<BenchInstallation> {
  const folder = mkdtempSync(join(tmpdir(), 'crossfoot-bench-'));
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
      tokens: localTokens(config.secret),
      wake: () => Promise.resolve(),
      port: createPorts([...fileReaders, accountingSystemsPort]),
      dataFolder: folder,
    },
    async close() {
      await opened.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Somebody with every role, in an organisation of the bench. */
export const benchActor: Actor = {
  kind: 'member',
  id: 'mem_bench',
  memberId: 'mem_bench',
  name: 'Bench',
  organisationId: newId('org'),
  scopes: scopesOf(roles),
  source: 'api',
};

/** Opens a book with its chart of accounts, as the events of a new book would. */
export async function openBenchBook(door: CommandDoor): Promise<string> {
  const bookId = newId('bk');
  const actor = systemActor('transactions', benchActor.organisationId);
  const names = { name: bookId, legalName: 'Bench GmbH', country: 'DE' };
  resultOf(
    await door.run(
      receiveBook,
      { bookId, ...names, baseCurrency: 'EUR', fiscalYearStartMonth: 1 },
      { actor },
    ),
  );
  resultOf(await door.run(installChartOfAccounts, { bookId }, { actor }));
  return bookId;
}
