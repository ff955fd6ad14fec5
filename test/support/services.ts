import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '#kernel/database';
import { folderFileStore } from '#kernel/files';
import type { Log } from '#kernel/log';
import { createPorts, type ProvidedPort } from '#kernel/ports';
import { localVault } from '#kernel/secrets';
import type { Services } from '#kernel/services';
import { localTokens } from '#kernel/tokens';
import { allConnectors } from '#connectors/all-connectors';

interface ServicesOptions {
  readonly database: Database;
  readonly log: Log;
  readonly wake: Services['wake'];
  /** Added to the real connectors, or in the place of one of them. */
  readonly ports: readonly ProvidedPort[];
}

/** The services of a test, with the real connectors and a data folder of their own, which `drop` removes. */
export function openTestServices({ database, log, wake, ports }: ServicesOptions): {
  readonly services: Services;
  readonly drop: () => void;
} {
  const dataFolder = mkdtempSync(join(tmpdir(), 'crossfoot-bench-'));
  return {
    services: {
      log,
      files: folderFileStore(join(dataFolder, 'files'), 16 * 1024 * 1024),
      vault: localVault(database.secret),
      tokens: localTokens(database.secret),
      wake,
      port: createPorts([
        ...allConnectors({
          referenceRatesUrl: undefined,
          bankFeeds: { dropRoot: join(dataFolder, 'feeds'), allowedHosts: ['127.0.0.1', 'localhost'] },
        }),
        ...ports,
      ]),
      dataFolder,
    },
    drop: () => rmSync(dataFolder, { recursive: true, force: true }),
  };
}
