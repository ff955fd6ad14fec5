import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import { openDatabase } from './installation.ts';

/** The database of an installation that is there already, and whether this process had to start it. */
export interface ExistingDatabase {
  readonly database: Database;
  /** True when nothing else of the installation can be running: its own server stood still until now. */
  readonly atRest: boolean;
}

/** Whether there is a database to work with: the operator's, or one in the data folder. */
export function hasDatabase(config: Config): boolean {
  return config.databaseUrl !== undefined || existsSync(join(config.dataFolder, 'database', 'PG_VERSION'));
}

/**
 * Works with the database of an installation and leaves its server running or not, as it was found. Throws where there
 * is none: a look at a wrong folder must not make an empty installation there.
 */
export async function withExistingDatabase<T>(
  config: Config,
  work: (existing: ExistingDatabase) => Promise<T>,
): Promise<T> {
  if (!hasDatabase(config)) {
    throw new Error(
      `There is no database in ${config.dataFolder}. Set CROSSFOOT_DATA to the data folder of the installation, ` +
        'or DATABASE_URL to its server.',
    );
  }
  const opened = await openDatabase(config);
  try {
    return await work({ database: opened.database, atRest: !config.databaseUrl && !opened.found });
  } finally {
    if (!opened.found) await opened.stop();
  }
}
