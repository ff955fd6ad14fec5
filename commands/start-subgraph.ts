import type { Config, SubgraphName } from '#kernel/config';
import { startObservability } from '#kernel/observability';
import { startSubgraph } from '#kernel/subgraph-runtime';
import { serveSubgraph } from '#kernel/subgraph-server';
import { openEnvironment } from './environment.ts';
import { givenDatabase } from './given-database.ts';
import { loadSubgraph } from './load-subgraph.ts';
import { inOrder, showEnvironment, startLog, type Started } from './started.ts';

/** One subgraph, served over the signed channel; the database is the operator's. */
export function startSubgraphProcess(config: Config, name: SubgraphName): Promise<Started> {
  return inOrder(async (begun) => {
    const subgraph = await loadSubgraph(name);
    const log = startLog(config, name);
    const observability = begun(await startObservability(config.observability, name, log));
    const environment = begun(await openEnvironment(config, givenDatabase(config), log));
    showEnvironment(observability, environment);
    const running = begun(await startSubgraph(subgraph, { ...environment, observability }));
    const { signingSecrets: secrets, host, port } = config;
    return begun(await serveSubgraph(running, { secrets, host, port, registry: observability.registry })).url;
  });
}
