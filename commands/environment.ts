import { join } from 'node:path';
import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import { folderFileStore } from '#kernel/files';
import { startJobs, type Jobs } from '#kernel/jobs';
import type { Log } from '#kernel/log';
import { createPorts } from '#kernel/ports';
import { createEventReader, type EventReader } from '#kernel/relay';
import { localVault } from '#kernel/secrets';
import type { Services } from '#kernel/services';
import { localTokens } from '#kernel/tokens';
import { allConnectors } from '#connectors/all-connectors';

/** What subgraphs stand on in one process. */
export interface Environment {
  readonly database: Database;
  readonly reader: EventReader;
  readonly jobs: Jobs;
  readonly services: Services;
  stop(): Promise<void>;
}

/** Opens what subgraphs stand on: the reader of events, the job engine, files, secrets and the connectors. */
export async function openEnvironment(config: Config, database: Database, log: Log): Promise<Environment> {
  const reader = await createEventReader(database, log, config);
  const jobs = await startJobs(database, log);
  const services: Services = {
    log,
    files: folderFileStore(join(config.dataFolder, 'files'), config.uploadLimitBytes),
    vault: localVault(config.secret),
    tokens: localTokens(config.signingSecrets),
    wake: jobs.wake,
    port: createPorts(allConnectors(config)),
    dataFolder: config.dataFolder,
  };
  return {
    database,
    reader,
    jobs,
    services,
    async stop() {
      await jobs.stop();
      await reader.stop();
    },
  };
}
