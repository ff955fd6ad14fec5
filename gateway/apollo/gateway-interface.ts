import '../telemetry-off.ts';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { execute, type GraphQLError } from 'graphql';
import { CrossfootError } from '#kernel/errors';
import type { Log } from '#kernel/log';
import { codedError } from '../error-format.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { asksOnlyOfSchema } from '../operations/introspection.ts';
import type { GraphViews } from '../graph/view.ts';
import { schemaSeenBy } from '../operations/view-check.ts';
import { createExecutor } from '../execution/executor.ts';
import { readSupergraph } from '../graph/federated-graph.ts';
import { replaceableGraph, type GraphInForce } from '../graph/graph-in-force.ts';
import { sourceOf, type SubgraphSource, type SubgraphSources } from '../sources/subgraph-source.ts';
import { compiledGateway, type ServedGateway } from './compiled-gateway.ts';

/** What a gateway behind Apollo Server stands on. */
export interface GatewayOptions {
  readonly supergraphSdl: string;
  readonly sources: SubgraphSources;
  /** In which each caller's questions about the schema are answered. */
  readonly views: GraphViews;
  readonly log: Log;
  /** Which executor runs plans: ours, or Apollo's to compare with. */
  readonly planExecutor?: 'compiled' | 'apollo' | undefined;
  /** The graph to follow; left out, the supergraph is read once and kept. */
  readonly inForce?: GraphInForce | undefined;
  /** Looks at each operation while it runs. */
  readonly watch?: Parameters<typeof compiledGateway>[1];
}

/** The gateway as the configuration wants it. */
export function gatewayInterface(options: GatewayOptions): ServedGateway {
  if (options.planExecutor === 'apollo') return stockGateway(options);
  return compiledGateway(options.inForce ?? constantGraph(options), options.watch);
}

function constantGraph({ supergraphSdl, sources, log }: GatewayOptions): GraphInForce {
  const graph = readSupergraph(supergraphSdl);
  return replaceableGraph({ supergraphSdl, graph, executor: createExecutor({ graph, sources, log }) });
}

/**
 * Apollo's gateway over our sources. The stock executor hides in an extension that it had to null an answer whose
 * shape was wrong; in books a hidden hole is a fault, so these become errors.
 */
function stockGateway(options: GatewayOptions): ServedGateway {
  const { supergraphSdl, inForce } = options;
  const gateway = new ApolloGateway({
    async supergraphSdl({ update }) {
      const stop = inForce?.onChange((loaded) => update(loaded.supergraphSdl));
      return { supergraphSdl, cleanup: async () => stop?.() };
    },
    buildService: ({ name }) => dataSource(sourceOf(options.sources, name), { log: options.log }),
    logger: options.log,
    // By default shown to whoever asks unless NODE_ENV is production.
    __exposeQueryPlanExperimental: false,
  });
  return {
    async load(loading) {
      const { schema, executor } = await gateway.load(loading);
      return {
        async executor(request) {
          const { document, operation } = request;
          if (!asksOnlyOfSchema(operation)) return withVisibleHoles(await executor(request));
          // The planner lags behind in what a schema tells of itself: it knows no `isOneOf`.
          const { variables, operationName } = request.request;
          const seen = schemaSeenBy((request.context as GatewayContext).actor, options.views) ?? schema;
          return execute({ schema: seen, document, operationName, variableValues: variables });
        },
      };
    },
    onSchemaLoadOrUpdate: (listener) => gateway.onSchemaLoadOrUpdate(listener),
    stop: () => gateway.stop(),
  };
}

interface PlanResult {
  readonly errors?: readonly GraphQLError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Turns the nulls that the executor put for values of a wrong shape into errors. */
export function withVisibleHoles<Result extends PlanResult>(result: Result): Result {
  const { valueCompletion, ...extensions } = result.extensions ?? {};
  if (!Array.isArray(valueCompletion) || valueCompletion.length === 0) return result;
  const holes = valueCompletion as readonly GraphQLError[];
  return { ...result, extensions, errors: [...(result.errors ?? []), ...holes] };
}

/** A source as Apollo's plan executor calls it, on behalf of the request's actor. */
export function dataSource(source: SubgraphSource, { log }: { readonly log: Log }): GraphQLDataSource {
  return {
    async process({ request, context }) {
      const { actor } = context as GatewayContext;
      try {
        const { query = '', variables, operationName } = request;
        const answer = await source.execute({ query, variables, operationName, actor });
        return answer as Awaited<ReturnType<GraphQLDataSource['process']>>;
      } catch (error) {
        log.error({ err: error, traceId: actor.traceId }, 'a subgraph could not be asked');
        const { code, message } =
          error instanceof CrossfootError
            ? error
            : { code: 'INTERNAL' as const, message: 'A subgraph failed' };
        return { errors: [codedError(code, message)] };
      }
    },
  };
}
