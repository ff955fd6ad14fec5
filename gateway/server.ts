import Fastify, { type FastifyInstance } from 'fastify';
import type { Config } from '#kernel/config';
import type { EventReader } from '#kernel/relay';
import type { Tokens } from '#kernel/tokens';
import { answerOperation } from './apollo/apollo.ts';
import { createEdge } from './auth/edge.ts';
import { supergraphOffers, type OfferOutcome, type SupergraphOffer } from './graph/supergraph-offers.ts';
import { startLive } from './live/live.ts';
import { observeGateway, type ObserveOptions } from './observability/observe-gateway.ts';
import { createDrain } from './routes/drain.ts';
import { serveRoutes, type RouteOptions } from './routes/routes.ts';
import { serveOperations, type OperationsOptions } from './serve-operations.ts';
import type { SubgraphSources } from './sources/subgraph-source.ts';

/** What a gateway stands on; `main.ts` puts it together. */
export interface GatewayOptions
  extends
    OperationsOptions,
    Pick<RouteOptions, 'files' | 'staticFolders' | 'demo'>,
    Pick<ObserveOptions, 'observability'> {
  readonly config: OperationsOptions['config'] &
    Pick<Config, 'port' | 'host' | 'oidc' | 'uploadLimitBytes' | 'allowedOrigins'> &
    Partial<Pick<Config, 'rateLimit' | 'trustedProxies' | 'drainMilliseconds' | 'liveLimits'>>;
  /** One source for each subgraph of the supergraph; `access` among them, because it knows the API keys. */
  readonly sources: SubgraphSources;
  readonly reader: Pick<EventReader, 'read' | 'end' | 'onCommit'>;
  readonly tokens: Tokens;
}

/** A gateway at work. */
export interface RunningGateway {
  readonly url: string;
  /** Puts another supergraph in force, if it can be served. */
  offer(offer: SupergraphOffer): OfferOutcome;
  /** Says that it is not ready, closes sockets with 1001, lets requests under way end, and resolves when all is quiet. */
  stop(): Promise<void>;
}

/** Starts everything that faces outward. Throws when the supergraph cannot be read or the port is taken. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { config } = options;
  const seen = observeGateway(options);
  const { metrics } = seen;
  const { authenticator, gates, limiter } = createEdge(options);
  const operations = await serveOperations(options, { seen, gates });
  const { inForce, admit, apollo } = operations;
  const server = httpServer();
  const live = await startLive({
    ...options,
    ...inForce.current(),
    authenticator,
    admit,
    metrics,
    noticed: operations.noticed,
    tracing: seen.tracing,
    limits: config.liveLimits,
    execute: (admitted, actor) => answerOperation(apollo, admitted, actor),
  });
  const drain = createDrain(config.drainMilliseconds ?? 0);
  await serveRoutes(server, {
    ...options,
    ...operations,
    drain,
    authenticator,
    metrics,
    limiter,
    live: live.http,
    tracing: seen.tracing,
    recent: seen.recent,
    explain: seen.explainer(inForce.current),
    documented: () => inForce.current().graph,
  });
  live.serve(server.server);
  const offer = supergraphOffers({
    ...options,
    ...operations,
    running: live.operations,
    taken: ({ graph, sources: present }) => live.replan(graph, present),
    registry: metrics.registry,
  });
  const stop = async (): Promise<void> => {
    await drain.begin();
    await live.stop();
    await server.close();
    await operations.stop();
  };
  try {
    const url = await server.listen({ host: config.host, port: config.port });
    return { url, offer, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function httpServer(): FastifyInstance {
  return Fastify({
    requestTimeout: 120_000,
    http: { headersTimeout: 10_000 },
    // Sockets have their own farewell; a request under way is answered, an idle connection is not waited for.
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    bodyLimit: 64 * 1024,
  });
}
