import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { sha256Hex } from '#kernel/canonical';
import { roleLogin, roleNames, rolePassword, type Database, type RoleName } from '#kernel/database';
import type { SubgraphName } from '#kernel/config';

/** A schema of the database and the folder with its numbered SQL files. */
export interface MigrationSet {
  readonly schema: 'kernel' | 'gateway' | SubgraphName;
  readonly folder: string;
}

/** The kernel's own migrations; they come before those of any subgraph. */
export const kernelMigrations: MigrationSet = {
  schema: 'kernel',
  folder: join(import.meta.dirname, 'migrations'),
};

/**
 * Brings a database up to date: roles, schemas, rights and every SQL file not yet applied, each in its transaction.
 * Safe to run from many processes at once; a file that changed after it was applied stops with an Error.
 * Answers the names of the files applied.
 */
export async function migrate(database: Database, sets: readonly MigrationSet[]): Promise<string[]> {
  const client = new pg.Client({
    connectionString: database.ownerUrl,
    application_name: 'crossfoot_migrate',
  });
  await client.connect();
  try {
    // Roles belong to the whole server, so the lock must too: databases of one server migrate one after another.
    await client.query("select pg_advisory_lock(hashtext('crossfoot.migrate'))");
    await ensureRoles(client, database);
    await client.query('create schema if not exists migrations');
    await client.query(
      'create table if not exists migrations.applied (name text primary key, hash text not null, applied_at timestamptz not null default now())',
    );
    const applied: string[] = [];
    for (const set of sets) applied.push(...(await applySet(client, set)));
    return applied;
  } finally {
    await client.end();
  }
}

async function applySet(client: pg.Client, set: MigrationSet): Promise<string[]> {
  const done = await client.query<{ name: string; hash: string }>(
    'select name, hash from migrations.applied',
  );
  const known = new Map(done.rows.map((row) => [row.name, row.hash]));
  const applied: string[] = [];
  for (const file of readdirSync(set.folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()) {
    const name = `${set.schema}/${file}`;
    const sql = readFileSync(join(set.folder, file), 'utf8');
    const hash = sha256Hex(sql);
    if (known.get(name) === hash) continue;
    if (known.has(name))
      throw new Error(`Migration ${name} was changed after it was applied; add a new file instead`);
    await applyFile(client, set.schema, { name, sql, hash });
    applied.push(name);
  }
  return applied;
}

async function applyFile(
  client: pg.Client,
  schema: MigrationSet['schema'],
  file: { name: string; sql: string; hash: string },
): Promise<void> {
  await client.query('begin');
  try {
    if (schema !== 'kernel') {
      await client.query(`create schema if not exists ${schema}`);
      await client.query(`grant usage on schema ${schema} to ${roleLogin(schema)}`);
      await client.query(
        `alter default privileges in schema ${schema} grant usage on sequences to ${roleLogin(schema)}`,
      );
    }
    await client.query(file.sql);
    await client.query('insert into migrations.applied (name, hash) values ($1, $2)', [file.name, file.hash]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new Error(
      `Migration ${file.name} failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}

async function ensureRoles(client: pg.Client, database: Database): Promise<void> {
  await ensureRole(client, 'crossfoot_subgraph', 'nologin');
  for (const role of roleNames) {
    const password = pg.escapeLiteral(rolePassword(database, role));
    await ensureRole(client, roleLogin(role), `login nosuperuser nobypassrls password ${password}`);
    if (isSubgraphRole(role)) await client.query(`grant crossfoot_subgraph to ${roleLogin(role)}`);
  }
  await client.query(`create schema if not exists jobs authorization ${roleLogin('jobs')}`);
}

function isSubgraphRole(role: RoleName): role is SubgraphName {
  return role !== 'relay' && role !== 'jobs' && role !== 'gateway';
}

async function ensureRole(client: pg.Client, name: string, attributes: string): Promise<void> {
  const found = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  await client.query(`${found.rowCount ? 'alter' : 'create'} role ${name} ${attributes}`);
}
