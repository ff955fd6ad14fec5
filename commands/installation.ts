import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import { startEmbeddedPostgres } from '#kernel/embedded-postgres';
import { kernelMigrations, migrate } from '#kernel/migrate';
import { deriveKey, mac } from '#kernel/secrets';
import { gatewayMigrations } from '../gateway/usage/usage-store.ts';
import { subgraphs } from './subgraphs.ts';

/** The database of an installation, and how to end it when it is our own. */
export interface OpenDatabase {
  readonly database: Database;
  /** Whether its server ran before; whoever only looks in must then leave it running. */
  readonly found: boolean;
  stop(): Promise<void>;
}

/** Opens the database the operator gave, or the embedded one in the data folder; it may still want migrating. */
export async function openDatabase(config: Config): Promise<OpenDatabase> {
  const { secret } = config;
  if (config.databaseUrl) {
    return {
      database: { ownerUrl: config.databaseUrl, secret },
      found: true,
      stop: () => Promise.resolve(),
    };
  }
  mkdirSync(config.dataFolder, { recursive: true });
  const password = mac(deriveKey(secret, 'database-role'), 'owner');
  const server = await startEmbeddedPostgres({ folder: join(config.dataFolder, 'database'), password });
  const ownerUrl = await ensureDatabase(server.url, 'crossfoot');
  return { database: { ownerUrl, secret }, found: server.found, stop: () => server.stop() };
}

/** Brings the database up to date; answers the names of the migrations applied. */
export function migrateAll(database: Database): Promise<string[]> {
  const sets = subgraphs.map((subgraph) => ({ schema: subgraph.name, folder: subgraph.migrations }));
  return migrate(database, [kernelMigrations, gatewayMigrations, ...sets]);
}

async function ensureDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (!found.rowCount) await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}
