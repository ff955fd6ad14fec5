import type { Config, SubgraphName } from '#kernel/config';
import { startObservability } from '#kernel/observability';
import { startSubgraph } from '#kernel/subgraph-runtime';
import type { Demo } from '../gateway/routes/pages.ts';
import { inProcessSource } from '../gateway/sources/in-process-source.ts';
import type { SubgraphSource } from '../gateway/sources/subgraph-source.ts';
import { usageStore } from '../gateway/usage/usage-store.ts';
import { openEnvironment } from './environment.ts';
import { serveGateway } from './gateway-parts.ts';
import { migrateAll, openDatabase } from './installation.ts';
import { inOrder, showEnvironment, startLog, type Started } from './started.ts';
import { subgraphs } from './subgraphs.ts';

/** The whole product in this process: database, every subgraph, gateway. */
export function startPlatform(config: Config, demo?: Demo): Promise<Started> {
  return inOrder(async (begun) => {
    const log = startLog(config, 'crossfoot');
    const observability = begun(await startObservability(config.observability, 'platform', log));
    const opened = begun(await openDatabase(config));
    await migrateAll(opened.database);
    const environment = begun(await openEnvironment(config, opened.database, log));
    showEnvironment(observability, environment);
    const sources: Partial<Record<SubgraphName, SubgraphSource>> = {};
    for (const subgraph of subgraphs) {
      const running = begun(await startSubgraph(subgraph, { ...environment, observability }));
      sources[subgraph.name] = inProcessSource(running);
    }
    const { reader } = environment;
    const usage = begun(usageStore(opened.database));
    return begun(await serveGateway(config, { log, observability, reader, usage, sources, demo })).url;
  });
}
