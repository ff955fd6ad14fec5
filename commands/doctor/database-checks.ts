import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { sha256Hex } from '#kernel/canonical';
import { roleLogin, roleNames, roleUrl, type RoleName } from '#kernel/database';
import { kernelMigrations } from '#kernel/migrate';
import { gatewayMigrations } from '../../gateway/usage/usage-store.ts';
import { subgraphs } from '../subgraphs.ts';
import type { Check, Finding, Patient } from './check.ts';

const durable: Readonly<Record<string, readonly string[]>> = {
  fsync: ['on'],
  full_page_writes: ['on'],
  synchronous_commit: ['on', 'remote_apply'],
};

/** Whether the server keeps what it acknowledged, and whether everybody can sign in to it. */
export const databaseChecks: readonly Check[] = [
  {
    name: 'the server keeps what it acknowledges',
    remedy: 'Set fsync, full_page_writes and synchronous_commit to on, in the server and for every role.',
    examine: durability,
  },
  {
    name: 'the schema is that of this version',
    remedy: 'Run "node main.ts migrate" with the version that is to work with this database.',
    examine: schemaUpToDate,
  },
  {
    name: 'every role signs in with the password of this secret',
    remedy: 'Set CROSSFOOT_SECRET to that of the installation, then run "node main.ts migrate".',
    examine: signIns,
  },
];

async function durability({ query, database }: Patient): Promise<Finding> {
  const settings = await query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any ($1)',
    [Object.keys(durable)],
  );
  const problems = settings
    .filter(({ name, setting }) => !durable[name]?.includes(setting))
    .map(({ name, setting }) => `${name} is ${setting}`);
  // A role can have a setting of its own, which the owner's session does not show.
  for (const role of roleNames) {
    const found = await asRole(roleUrl(database, role), 'show synchronous_commit').catch(() => undefined);
    const value = found && Object.values(found)[0];
    if (typeof value === 'string' && !durable['synchronous_commit']?.includes(value)) {
      problems.push(`synchronous_commit is ${value} for ${roleLogin(role)}`);
    }
  }
  return { problems, seen: settings.map(({ name, setting }) => `${name} ${setting}`).join(', ') };
}

async function schemaUpToDate({ query }: Patient): Promise<Finding> {
  const applied = await query<{ name: string; hash: string }>('select name, hash from migrations.applied');
  const hashes = new Map(applied.map(({ name, hash }) => [name, hash]));
  const files = migrationFiles();
  const problems: string[] = [];
  for (const { name, sql } of files) {
    const hash = hashes.get(name);
    hashes.delete(name);
    if (hash === undefined) problems.push(`${name} was never applied`);
    else if (hash !== sha256Hex(sql)) problems.push(`${name} was changed after it was applied`);
  }
  problems.push(...[...hashes.keys()].map((name) => `${name} was applied by another version`));
  return { problems, seen: `${files.length} migrations` };
}

async function signIns({ database }: Patient): Promise<Finding> {
  const failures = await Promise.all(
    roleNames.map((role) =>
      asRole(roleUrl(database, role), 'select 1').then(
        () => undefined,
        (error: unknown) => explain(role, error),
      ),
    ),
  );
  return { problems: failures.filter((one) => one !== undefined), seen: `${roleNames.length} roles` };
}

function explain(role: RoleName, error: unknown): string {
  return `${roleLogin(role)}: ${error instanceof Error ? error.message : String(error)}`;
}

async function asRole(url: string, sql: string): Promise<object | undefined> {
  const client = new pg.Client({ connectionString: url, application_name: 'crossfoot_doctor' });
  try {
    await client.connect();
    return (await client.query<object>(sql)).rows[0];
  } finally {
    await client.end();
  }
}

/** The migrations of this version, in the order in which they are applied. */
export function migrationFiles(): { readonly name: string; readonly sql: string }[] {
  const sets = subgraphs.map(({ name, migrations }) => ({ schema: name, folder: migrations }));
  return [kernelMigrations, gatewayMigrations, ...sets].flatMap(({ schema, folder }) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.sql'))
      .toSorted()
      .map((file) => ({ name: `${schema}/${file}`, sql: readFileSync(join(folder, file), 'utf8') })),
  );
}
