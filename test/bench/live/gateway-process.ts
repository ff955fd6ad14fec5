import { readConfig, type SubgraphName } from '#kernel/config';
import { createLog } from '#kernel/log';
import { startObservability } from '#kernel/observability';
import { startSubgraph } from '#kernel/subgraph-runtime';
import { openEnvironment } from '../../../commands/environment.ts';
import { serveGateway } from '../../../commands/gateway-parts.ts';
import { subgraphs } from '../../../commands/subgraphs.ts';
import { inProcessSource } from '../../../gateway/sources/in-process-source.ts';
import type { SubgraphSource } from '../../../gateway/sources/subgraph-source.ts';

// The product in one process, as `start` runs it, except that no subgraph reacts to events: what is measured is how
// they reach subscribers, not what else they cause.
const config = readConfig();
const log = createLog('error', 'bench');
const observability = await startObservability(config.observability, 'platform', log);
const database = { ownerUrl: config.databaseUrl ?? '', secret: config.secret };
const environment = await openEnvironment(config, database, log);
const sources: Partial<Record<SubgraphName, SubgraphSource>> = {};
for (const subgraph of subgraphs) {
  const silent = { ...subgraph, handlers: {}, jobs: [], background: undefined };
  sources[subgraph.name] = inProcessSource(await startSubgraph(silent, { ...environment, observability }));
}
const { reader } = environment;
const gateway = await serveGateway(config, { log, observability, reader, sources });
process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ rss: process.memoryUsage().rss });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: Number(new URL(gateway.url).port) });
