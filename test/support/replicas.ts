import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { inject } from 'vitest';
import type pg from 'pg';
import { platformActor } from '#kernel/actor';
import { subgraphNames } from '#kernel/config';
import { freePort } from '#kernel/embedded-postgres';
import { localTokens } from '#kernel/tokens';
import { supergraphFileOfProject } from '../../commands/gateway-parts.ts';
import { apiClient, type ApiClient } from '../../demo/api-client.ts';
import { createTestDatabase } from './database.ts';
import { balanceLoad, type LoadBalancer } from './load-balancer.ts';
import { endProcess, startProcess, untilReady } from './processes.ts';

/** Several gateways over the same subgraphs behind one address, all of them real processes. */
export interface Replicas {
  /** The one address; which gateway answers is nobody's business. */
  readonly url: string;
  /** The gateways' own addresses. */
  readonly urls: readonly string[];
  /** The supergraph they follow; a copy of the project's, to be written to. */
  readonly supergraphFile: string;
  readonly balancer: LoadBalancer;
  readonly owner: pg.Pool;
  readonly admin: ApiClient;
  as(token: string): ApiClient;
  /** Ends one gateway and waits until it is gone; answers its exit code, null after a kill. */
  end(index: number, signal: NodeJS.Signals): Promise<number | null>;
  /** Starts a gateway that was ended, at its old address. */
  start(index: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts subgraphs once and gateways so many times; stop it after the stories. */
export async function startReplicas(
  count: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<Replicas> {
  const { database, owner, drop } = await createTestDatabase();
  const dataFolder = mkdtempSync(join(tmpdir(), 'crossfoot-replicas-'));
  const supergraphFile = join(dataFolder, 'supergraph.graphql');
  copyFileSync(supergraphFileOfProject, supergraphFile);
  const secret = inject('secret');
  const ports = await Promise.all(Array.from({ length: subgraphNames.length + count }, freePort));
  const gatewayPorts = ports.slice(subgraphNames.length);
  const environment = {
    ...process.env,
    DATABASE_URL: database.ownerUrl,
    CROSSFOOT_DATA: dataFolder,
    CROSSFOOT_SECRET: secret,
    CROSSFOOT_SUBGRAPHS: subgraphNames.map((name, at) => `${name}=http://127.0.0.1:${ports[at]}`).join(','),
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    ...settings,
  };
  const startGateway = (index: number): Promise<ChildProcess> =>
    startProcess(['gateway', '--supergraph', supergraphFile], {
      ...environment,
      PORT: String(gatewayPorts[index]),
    });
  const subgraphs = await Promise.all(
    subgraphNames.map((name, at) =>
      startProcess(['subgraph', name], { ...environment, PORT: String(ports[at]) }),
    ),
  );
  const gateways = await Promise.all(gatewayPorts.map((_port, index) => startGateway(index)));
  const urls = gatewayPorts.map((port) => `http://127.0.0.1:${port}`);
  await Promise.all(urls.map(untilReady));
  const balancer = await balanceLoad(urls);
  const platformToken = await localTokens(secret).issue(platformActor('tests'), 3600);
  return {
    url: balancer.url,
    urls,
    supergraphFile,
    balancer,
    owner,
    admin: apiClient(balancer.url, platformToken.token),
    as: (token) => apiClient(balancer.url, token),
    async end(index, signal) {
      const child = gateways[index];
      if (child) await endProcess(child, signal);
      return child?.exitCode ?? null;
    },
    async start(index) {
      gateways[index] = await startGateway(index);
      await untilReady(urls[index] ?? '');
    },
    async stop() {
      await balancer.stop();
      await Promise.all(gateways.map((one) => endProcess(one, 'SIGTERM')));
      await Promise.all(subgraphs.map((one) => endProcess(one, 'SIGTERM')));
      await drop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
