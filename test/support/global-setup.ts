import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '#kernel/embedded-postgres';
import { startJobs } from '#kernel/jobs';
import { createLog } from '#kernel/log';
import { kernelMigrations, migrate } from '#kernel/migrate';
import { gatewayMigrations } from '../../gateway/usage/usage-store.ts';
import { subgraphs } from '../../commands/subgraphs.ts';

declare module 'vitest' {
  interface ProvidedContext {
    serverUrl: string;
    secret: string;
  }
}

/** One PostgreSQL for the whole run, with a migrated template that each test clones in milliseconds. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'crossfoot-test-'));
  // Run by root, the server works as another user, who must be able to enter the folder.
  chmodSync(folder, 0o711);
  const secret = 'a secret of the tests, long enough to be taken';
  const server = await startEmbeddedPostgres({
    folder: join(folder, 'database'),
    password: 'tests',
    fast: true,
  });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('create database crossfoot_template');
  await client.end();
  const template = new URL(server.url);
  template.pathname = '/crossfoot_template';
  const database = { ownerUrl: template.toString(), secret };
  await migrate(database, [
    kernelMigrations,
    gatewayMigrations,
    ...subgraphs.map((subgraph) => ({ schema: subgraph.name, folder: subgraph.migrations })),
  ]);
  const jobs = await startJobs(database, createLog('error', 'template'));
  await jobs.stop();
  project.provide('serverUrl', server.url);
  project.provide('secret', secret);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
