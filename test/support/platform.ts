import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type pg from 'pg';
import { platformActor } from '#kernel/actor';
import { subgraphNames } from '#kernel/config';
import { freePort } from '#kernel/embedded-postgres';
import { localTokens } from '#kernel/tokens';
import { apiClient, type ApiClient } from '../../demo/api-client.ts';
import { createTestDatabase } from './database.ts';
import { endProcess, startProcess, untilReady } from './processes.ts';

export { eventually } from './eventually.ts';

/** The two ways the product runs; every story is told in both. */
export const modes = ['one process', 'many processes'] as const;
export type Mode = (typeof modes)[number];

/** The product as somebody runs it: real processes on a database of their own. */
export interface Platform {
  readonly url: string;
  /** Where the subgraphs answer, in many processes. */
  readonly subgraphUrls: Readonly<Record<string, string>>;
  readonly dataFolder: string;
  readonly owner: pg.Pool;
  /** A client with the rights of the platform's administrator. */
  readonly admin: ApiClient;
  as(token: string): ApiClient;
  /** Kills every process with SIGKILL, as a power cut would, and starts them again. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the product in a mode, with the demo company when asked; stop it after the stories. */
export async function startTestPlatform(
  mode: Mode,
  options: { demo?: boolean; environment?: Readonly<Record<string, string>> } = {},
): Promise<Platform> {
  const { database, owner, drop } = await createTestDatabase();
  const dataFolder = mkdtempSync(join(tmpdir(), 'crossfoot-story-'));
  const secret = inject('secret');
  const ports = await Promise.all(Array.from({ length: subgraphNames.length + 1 }, freePort));
  const gatewayPort = ports.at(-1) ?? 0;
  const environment = {
    ...process.env,
    DATABASE_URL: database.ownerUrl,
    CROSSFOOT_DATA: dataFolder,
    CROSSFOOT_SECRET: secret,
    CROSSFOOT_SUBGRAPHS: subgraphNames
      .map((name, index) => `${name}=http://127.0.0.1:${ports[index]}`)
      .join(','),
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    ...options.environment,
  };
  const plan: { args: string[]; port: number }[] =
    mode === 'one process'
      ? [{ args: options.demo ? ['start'] : ['start', '--empty'], port: gatewayPort }]
      : [
          ...subgraphNames.map((name, index) => ({ args: ['subgraph', name], port: ports[index] ?? 0 })),
          { args: ['gateway'], port: gatewayPort },
        ];
  const startAll = () =>
    Promise.all(plan.map(({ args, port }) => startProcess(args, { ...environment, PORT: String(port) })));
  let processes = await startAll();
  const url = `http://127.0.0.1:${gatewayPort}`;
  await untilReady(url);
  const platformToken = await localTokens(secret).issue(platformActor('tests'), 3600);
  return {
    url,
    subgraphUrls: Object.fromEntries(
      subgraphNames.map((name, index) => [name, `http://127.0.0.1:${ports[index]}`]),
    ),
    dataFolder,
    owner,
    admin: apiClient(url, platformToken.token),
    as: (token) => apiClient(url, token),
    async killAndRestart() {
      await Promise.all(processes.map((one) => endProcess(one, 'SIGKILL')));
      processes = await startAll();
      await untilReady(url);
    },
    async stop() {
      await Promise.all(processes.map((one) => endProcess(one, 'SIGTERM')));
      await drop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
