import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';

/** The database the operator gave; throws without one, because a part alone has no database of its own. */
export function givenDatabase(config: Config): Database {
  if (!config.databaseUrl) throw new Error('A subgraph or gateway of its own needs DATABASE_URL');
  return { ownerUrl: config.databaseUrl, secret: config.secret };
}
