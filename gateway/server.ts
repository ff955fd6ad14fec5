import Fastify from 'fastify';
import type { Config } from '#kernel/config';
import type { Log } from '#kernel/log';
import type { Observability } from '#kernel/observability';
import type { EventReader } from '#kernel/relay';
import type { Tokens } from '#kernel/tokens';
import type { Admit } from './operations/admission.ts';
import type { AnswerWarm } from './operations/warm-answers.ts';
import { answerOperation, startApollo } from './apollo/apollo.ts';
import { createAuthenticator } from './auth/authenticate.ts';
import { replaceableGraph } from './graph/graph-in-force.ts';
import { startLive } from './live/live.ts';
import { operationExplainer } from './observability/explain-operation.ts';
import { observeGateway } from './observability/observe-gateway.ts';
import { serveRoutes, type RouteOptions } from './routes/routes.ts';
import { createEpochs } from './sources/epochs.ts';
import { layerSources } from './sources/layers.ts';
import { serveGraph } from './served-graph.ts';
import { sourceOf, type SubgraphSources } from './sources/subgraph-source.ts';

/** What a gateway stands on; `main.ts` puts it together. */
export interface GatewayOptions extends Pick<RouteOptions, 'files' | 'staticFolders' | 'demo'> {
  readonly config: Pick<Config, 'port' | 'host' | 'oidc' | 'uploadLimitBytes' | 'allowedOrigins'> &
    Partial<Pick<Config, 'deduplication' | 'entityCacheBytes' | 'planExecutor' | 'observability'>>;
  readonly log: Log;
  /** Where the gateway's work is recorded; figures of its own and no traces when left out. */
  readonly observability?: Observability | undefined;
  readonly supergraphSdl: string;
  /** One source for each subgraph of the supergraph; `access` among them, because it knows the API keys. */
  readonly sources: SubgraphSources;
  readonly reader: Pick<EventReader, 'read' | 'end' | 'onCommit'>;
  readonly tokens: Tokens;
}

/** A gateway at work. */
export interface RunningGateway {
  readonly url: string;
  /** Closes sockets with 1001, lets requests under way end, and resolves when all is quiet. */
  stop(): Promise<void>;
}

/** Starts everything that faces outward. Throws when the supergraph cannot be read or the port is taken. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { config, tokens } = options;
  const epochs = createEpochs();
  const seen = observeGateway(options);
  const { metrics, watch } = seen;
  const layers = layerSources(seen.sources, { epochs, registry: metrics.registry, config });
  const { supergraphSdl } = options;
  const inForce = replaceableGraph(
    serveGraph({ ...options, supergraphSdl, sources: seen.traced(layers.sources), epochs, watch }),
  );
  const authenticator = createAuthenticator({
    access: sourceOf(options.sources, 'access'),
    tokens,
    oidc: config.oidc,
  });
  const admit: Admit = (request, sender) => inForce.current().admit(request, sender);
  const answerWarm: AnswerWarm = (admitted, actor) => inForce.current().answerWarm?.(admitted, actor);
  const apollo = await startApollo({
    ...options,
    ...inForce.current(),
    views: inForce.current().graph.views,
    planExecutor: config.planExecutor,
    inForce,
    watch,
    accepted: (known) => inForce.current().accepted.accept(known),
    metrics,
  });
  const server = Fastify({
    requestTimeout: 120_000,
    http: { headersTimeout: 10_000 },
    // Sockets have their own farewell; a request under way is answered, an idle connection is not waited for.
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    bodyLimit: 64 * 1024,
  });
  const live = await startLive({
    ...options,
    ...inForce.current(),
    authenticator,
    admit,
    metrics,
    noticed: layers.noticed,
    execute: (request, actor) => answerOperation(apollo, request, actor),
  });
  await serveRoutes(server, {
    ...options,
    apollo,
    authenticator,
    admit,
    answerWarm,
    metrics,
    live: live.http,
  });
  live.serve(server.server);
  const stop = async (): Promise<void> => {
    await live.stop();
    await server.close();
    await apollo.stop();
  };
  try {
    const url = await server.listen({ host: config.host, port: config.port });
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
