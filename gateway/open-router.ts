import Fastify, { type FastifyInstance } from 'fastify';
import type { Actor } from '#kernel/actor';
import type { Config } from '#kernel/config';
import type { Log } from '#kernel/log';
import { startApollo } from './apollo/apollo.ts';
import type { Authenticator } from './auth/authenticate.ts';
import { replaceableGraph } from './graph/graph-in-force.ts';
import { createMetrics } from './metrics.ts';
import { asItIs, loadOpenGraph, sourcePool, type OpenGraph, type Surroundings } from './open-graph.ts';
import { createPersistedOperations } from './operations/persisted.ts';
import { noRegisteredOperations } from './operations/registered-operations.ts';
import { serveGraphql } from './routes/graphql.ts';
import { guardRequests } from './routes/request-guard.ts';
import { createEpochs } from './sources/epochs.ts';
import type { RunningGateway } from './server.ts';

/** A router of a graph that is not ours stands on the graph alone. */
export interface OpenRouterOptions {
  readonly config: Pick<Config, 'port' | 'host' | 'allowedOrigins'> &
    Partial<Pick<Config, 'planExecutor' | 'deduplication'>>;
  readonly log: Log;
  readonly supergraphSdl: string;
}

/** A running router whose graph can be replaced. */
export interface OpenRouter extends Omit<RunningGateway, 'offer'> {
  /** Serves another supergraph from now on; throws and keeps the present one when it cannot be read. */
  readonly replace: (supergraphSdl: string) => void;
}

/** Serves any supergraph: subgraphs by plain HTTP at the URLs in it, nobody authenticated, errors as they come. */
export async function startOpenRouter(options: OpenRouterOptions): Promise<OpenRouter> {
  const { config, log } = options;
  const metrics = createMetrics();
  const share = config.deduplication ?? true;
  const surroundings: Surroundings = { pool: sourcePool(), log, epochs: createEpochs(), share };
  const resolveText = createPersistedOperations(noRegisteredOperations);
  let served = loadOpenGraph(options.supergraphSdl, surroundings);
  const inForce = replaceableGraph(served);
  const apollo = await startApollo({
    supergraphSdl: served.supergraphSdl,
    sources: served.sources,
    views: served.graph.views,
    log,
    metrics,
    planExecutor: config.planExecutor,
    inForce,
    formatError: asItIs,
    accepted: (known) => served.accepted.accept(known),
  });
  const server = Fastify({ requestTimeout: 120_000, forceCloseConnections: 'idle' });
  guardRequests(server, { log, allowedOrigins: config.allowedOrigins });
  serveLiveness(server, () => served);
  serveGraphql(server, {
    apollo,
    authenticator: nobodyIsAsked,
    admit: (request, sender) => served.admit(resolveText(request), sender),
    answerWarm:
      config.planExecutor === 'apollo' ? undefined : (admitted, actor) => served.answerWarm(admitted, actor),
    metrics,
  });
  const stop = async (): Promise<void> => {
    await server.close();
    await apollo.stop();
    await surroundings.pool.close();
  };
  const replace = (supergraphSdl: string): void => {
    served = loadOpenGraph(supergraphSdl, surroundings);
    inForce.replace(served);
  };
  try {
    const url = await server.listen({ host: config.host, port: config.port });
    return { url, replace, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serveLiveness(server: FastifyInstance, graph: () => OpenGraph): void {
  server.get('/livez', () => ({ status: 'ok' }));
  server.get('/readyz', () => ({ status: 'ok', subgraphs: Object.keys(graph().sources) }));
}

const anyone: Actor = {
  kind: 'member',
  id: 'anyone',
  name: 'anyone',
  organisationId: 'open',
  scopes: [],
  source: 'api',
};

const nobodyIsAsked: Authenticator = { authenticate: async () => anyone, noticed: () => undefined };
