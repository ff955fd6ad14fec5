import { subgraphNames, type Config, type SubgraphName } from '#kernel/config';
import { startObservability } from '#kernel/observability';
import { showReader } from '#kernel/process-figures';
import { createEventReader } from '#kernel/relay';
import { remoteSource } from '../gateway/sources/remote-source.ts';
import type { SubgraphSource } from '../gateway/sources/subgraph-source.ts';
import { usageStore } from '../gateway/usage/usage-store.ts';
import { serveGateway, supergraphFileOfProject } from './gateway-parts.ts';
import { givenDatabase } from './given-database.ts';
import { inOrder, startLog, type Started } from './started.ts';

/** The gateway alone, with its subgraphs in other processes. */
export function startGatewayProcess(
  config: Config,
  supergraphFile = supergraphFileOfProject,
): Promise<Started> {
  return inOrder(async (begun) => {
    const log = startLog(config, 'gateway');
    const observability = begun(await startObservability(config.observability, 'gateway', log));
    const reader = begun(await createEventReader(givenDatabase(config), log, config));
    showReader(observability.registry, reader);
    const sources: Partial<Record<SubgraphName, SubgraphSource>> = {};
    for (const name of subgraphNames) {
      const url = config.subgraphUrls[name];
      if (!url) throw new Error(`CROSSFOOT_SUBGRAPHS names no address for the subgraph ${name}`);
      const answerTimeoutMilliseconds = config.subgraphTimeouts[name];
      const source = remoteSource({ name, url, secrets: config.signingSecrets, answerTimeoutMilliseconds });
      begun({ stop: () => source.close() });
      sources[name] = source;
    }
    const usage = begun(usageStore(givenDatabase(config)));
    const parts = { log, observability, reader, usage, sources, supergraphFile };
    return begun(await serveGateway(config, parts)).url;
  });
}
