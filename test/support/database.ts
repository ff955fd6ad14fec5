import pg from 'pg';
import { inject } from 'vitest';
import type { Database } from '#kernel/database';

let made = 0;

/** A fresh, migrated database of the test's own; `owner` runs SQL as the superuser. */
export async function createTestDatabase(): Promise<{
  database: Database;
  owner: pg.Pool;
  readonly drop: () => Promise<void>;
}> {
  const server = inject('serverUrl');
  const name = `test_${process.pid}_${Date.now()}_${(made += 1)}`;
  await withServer(server, (client) => client.query(`create database ${name} template crossfoot_template`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  const owner = new pg.Pool({ connectionString: url.toString(), max: 4 });
  // The server may end idle connections when the database is dropped.
  owner.on('error', () => undefined);
  return {
    database: { ownerUrl: url.toString(), secret: inject('secret') },
    owner,
    async drop() {
      await owner.end();
      await withServer(server, (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

/** Cloning a template needs it to itself, so clones of parallel test files wait for one another. */
async function withServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(hashtext('crossfoot.test.template'))");
    await work(client);
  } finally {
    await client.end();
  }
}
