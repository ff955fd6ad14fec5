import type { Config } from '#kernel/config';
import { migrateAll, openDatabase } from './installation.ts';

/** Brings the database up to date and says what was applied. */
export async function migrateInstallation(config: Config): Promise<void> {
  const opened = await openDatabase(config);
  try {
    const applied = await migrateAll(opened.database);
    process.stdout.write(
      applied.length > 0 ? `applied ${applied.join(', ')}\n` : 'the database is up to date\n',
    );
  } finally {
    if (!opened.found) await opened.stop();
  }
}
