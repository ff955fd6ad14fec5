import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { platformActor } from '#kernel/actor';
import { createLog } from '#kernel/log';
import { createEventReader } from '#kernel/relay';
import { localTokens } from '#kernel/tokens';
import { apiClient, type ApiClient } from '../../demo/api-client.ts';
import { subgraphs } from '../../commands/subgraphs.ts';
import { startGateway } from '../../gateway/server.ts';
import { inProcessSource } from '../../gateway/sources/in-process-source.ts';
import type { SubgraphSource } from '../../gateway/sources/subgraph-source.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** The whole graph in the process of the test: every subgraph and the gateway, on a database of their own. */
export interface WholeGraph {
  readonly url: string;
  readonly bench: Workbench;
  /** A client with the rights of the platform's administrator. */
  readonly admin: ApiClient;
  as(token: string): ApiClient;
  close(): Promise<void>;
}

/** Starts the whole graph; `around` may wrap the source of each subgraph. Close it after the test. */
export async function openWholeGraph(
  around: (source: SubgraphSource) => SubgraphSource = (source) => source,
): Promise<WholeGraph> {
  const bench = await openWorkbench(subgraphs);
  const log = createLog('error', 'gateway');
  const reader = await createEventReader(bench.database, log);
  const tokens = localTokens(inject('secret'));
  const gateway = await startGateway({
    config: { port: 0, host: '127.0.0.1', oidc: undefined, uploadLimitBytes: 16_777_216, allowedOrigins: [] },
    log,
    supergraphSdl: readFileSync(join(import.meta.dirname, '../../schema/supergraph.graphql'), 'utf8'),
    sources: Object.fromEntries(
      subgraphs.map(({ name }) => [name, around(inProcessSource(bench.running(name)))]),
    ),
    reader,
    files: bench.services.files,
    tokens,
    staticFolders: {},
  });
  const { token } = await tokens.issue(platformActor('tests'), 3600);
  return {
    url: gateway.url,
    bench,
    admin: apiClient(gateway.url, token),
    as: (held) => apiClient(gateway.url, held),
    async close() {
      await gateway.stop();
      await reader.stop();
      await bench.close();
    },
  };
}
