import { configSummary, subgraphNames, type Config, type SubgraphName } from '#kernel/config';
import { createLog, type Log } from '#kernel/log';
import { startObservability, type Observability } from '#kernel/observability';
import { showJobs, showReader } from '#kernel/process-figures';
import { createEventReader } from '#kernel/relay';
import { startSubgraph } from '#kernel/subgraph-runtime';
import { inProcessSource } from '../gateway/sources/in-process-source.ts';
import { remoteSource } from '../gateway/sources/remote-source.ts';
import type { Demo } from '../gateway/routes/pages.ts';
import type { SubgraphSource } from '../gateway/sources/subgraph-source.ts';
import { usageStore } from '../gateway/usage/usage-store.ts';
import { openEnvironment, type Environment } from './environment.ts';
import { serveGateway, supergraphFileOfProject } from './gateway-parts.ts';
import { givenDatabase, migrateAll, openDatabase } from './installation.ts';
import { subgraphs } from './subgraphs.ts';

/** Something that was started and can be stopped. */
export interface Started {
  readonly url: string;
  stop(): Promise<void>;
}

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

/** One subgraph, served over the signed channel; the database is the operator's. */
export function startSubgraphProcess(config: Config, name: SubgraphName): Promise<Started> {
  return inOrder(async (begun) => {
    const { serveSubgraph } = await import('#kernel/subgraph-server');
    const subgraph = subgraphs.find((one) => one.name === name);
    if (!subgraph) throw new Error(`There is no subgraph ${name}; there are ${subgraphNames.join(', ')}`);
    const log = startLog(config, name);
    const observability = begun(await startObservability(config.observability, name, log));
    const environment = begun(await openEnvironment(config, givenDatabase(config), log));
    showEnvironment(observability, environment);
    const running = begun(await startSubgraph(subgraph, { ...environment, observability }));
    const { signingSecrets: secrets, host, port } = config;
    return begun(await serveSubgraph(running, { secrets, host, port, registry: observability.registry })).url;
  });
}

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

function showEnvironment({ registry }: Observability, { reader, jobs }: Environment): void {
  showReader(registry, reader);
  showJobs(registry, jobs);
}

/** The log of a process; its first line says with which settings it runs, without their secrets. */
function startLog(config: Config, name: string): Log {
  const log = createLog(config.logLevel, name);
  log.info({ settings: configSummary(config) }, 'starting');
  return log;
}

interface Stoppable {
  stop(): Promise<void>;
}

/**
 * Starts parts one after another and stops them in the opposite order, at the end or when one of them cannot start,
 * so that a port that is taken leaves no server behind.
 */
async function inOrder(
  start: (begun: <Part extends Stoppable>(part: Part) => Part) => Promise<string>,
): Promise<Started> {
  const parts: Stoppable[] = [];
  const stop = async (): Promise<void> => {
    for (let part = parts.pop(); part; part = parts.pop()) await part.stop();
  };
  try {
    const url = await start((part) => {
      parts.push(part);
      return part;
    });
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
