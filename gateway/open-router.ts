import Fastify, { type FastifyInstance } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import type { Actor } from '#kernel/actor';
import type { Config } from '#kernel/config';
import type { Log } from '#kernel/log';
import { startApollo } from './apollo/apollo.ts';
import type { Authenticator } from './auth/authenticate.ts';
import { createExecutor } from './execution/executor.ts';
import { readSupergraph } from './graph/federated-graph.ts';
import { replaceableGraph, type LoadedGraph } from './graph/graph-in-force.ts';
import { subgraphUrls } from './graph/subgraph-urls.ts';
import { createMetrics } from './metrics.ts';
import { acceptedOperations, type AcceptedOperations } from './operations/accepted-operations.ts';
import { createAdmission, type Admit } from './operations/admission.ts';
import { warmAnswers, type AnswerWarm } from './operations/warm-answers.ts';
import { serveGraphql } from './routes/graphql.ts';
import { guardRequests } from './routes/request-guard.ts';
import { openSource, type OpenSource } from './sources/open-source.ts';
import type { SubgraphSource } from './sources/subgraph-source.ts';
import type { RunningGateway } from './server.ts';

/** A router of a graph that is not ours stands on the graph alone. */
export interface OpenRouterOptions {
  readonly config: Pick<Config, 'port' | 'host' | 'allowedOrigins'> & Partial<Pick<Config, 'planExecutor'>>;
  readonly log: Log;
  readonly supergraphSdl: string;
}

/** A running router whose graph can be replaced. */
export interface OpenRouter extends Omit<RunningGateway, 'offer'> {
  /** Serves another supergraph from now on; throws and keeps the present one when it cannot be read. */
  replace(supergraphSdl: string): void;
}

interface OpenGraph extends LoadedGraph {
  readonly sources: Readonly<Record<string, SubgraphSource>>;
  readonly admit: Admit;
  readonly accepted: AcceptedOperations;
  readonly answerWarm: AnswerWarm;
}

/** Serves any supergraph: subgraphs by plain HTTP at the URLs in it, nobody authenticated, errors as they come. */
export async function startOpenRouter(options: OpenRouterOptions): Promise<OpenRouter> {
  const { config, log } = options;
  const metrics = createMetrics();
  const pool = sourcePool();
  let served = loadOpenGraph(options.supergraphSdl, pool, log);
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
    admit: (request, sender) => served.admit(request, sender),
    answerWarm:
      config.planExecutor === 'apollo' ? undefined : (admitted, actor) => served.answerWarm(admitted, actor),
    metrics,
  });
  const stop = async (): Promise<void> => {
    await server.close();
    await apollo.stop();
    await pool.close();
  };
  const replace = (supergraphSdl: string): void => {
    served = loadOpenGraph(supergraphSdl, pool, log);
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

function loadOpenGraph(supergraphSdl: string, pool: SourcePool, log: Log): OpenGraph {
  const graph = readSupergraph(supergraphSdl);
  const sources = Object.fromEntries(
    [...subgraphUrls(supergraphSdl)].map(([name, url]) => [name, pool.of(name, url)]),
  );
  const executor = createExecutor({ graph, sources, log });
  const accepted = acceptedOperations();
  return {
    supergraphSdl,
    graph,
    executor,
    sources,
    accepted,
    admit: createAdmission(graph.api),
    answerWarm: warmAnswers({
      schema: graph.api,
      executor,
      accepted,
      present: (errors) => errors.map((error) => asItIs(error.toJSON())),
    }),
  };
}

function serveLiveness(server: FastifyInstance, graph: () => OpenGraph): void {
  server.get('/livez', () => ({ status: 'ok' }));
  server.get('/readyz', () => ({ status: 'ok', subgraphs: Object.keys(graph().sources) }));
}

interface SourcePool {
  of(name: string, url: string): SubgraphSource;
  close(): Promise<void>;
}

/** Keeps sources beyond a change of the graph: requests under way still need those of the one before. */
function sourcePool(): SourcePool {
  const sources = new Map<string, OpenSource>();
  return {
    of(name, url) {
      const key = `${name} ${url}`;
      const source = sources.get(key) ?? openSource({ name, url });
      sources.set(key, source);
      return source;
    },
    async close() {
      await Promise.all([...sources.values()].map((source) => source.close()));
    },
  };
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

/** The graph and its codes are somebody else's, so that their errors are shown as they are. */
function asItIs(error: GraphQLFormattedError): GraphQLFormattedError {
  const code = error.extensions?.['code'] ?? 'INTERNAL_SERVER_ERROR';
  return { ...error, extensions: { ...error.extensions, code } };
}
