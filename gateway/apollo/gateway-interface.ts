import '../telemetry-off.ts';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { execute, Kind, type GraphQLError, type OperationDefinitionNode } from 'graphql';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';
import type { Log } from '#kernel/log';
import { codedError } from '../error-format.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { sourceOf, type SubgraphSource, type SubgraphSources } from '../sources/subgraph-source.ts';

interface GatewayOptions {
  readonly supergraphSdl: string;
  readonly sources: SubgraphSources;
  readonly log: Log;
}

/** What Apollo Server needs of a gateway. */
export type ServedGateway = Pick<ApolloGateway, 'load' | 'onSchemaLoadOrUpdate' | 'stop'>;

/**
 * Apollo's gateway over our sources. The stock executor hides in an extension that it had to null an answer whose
 * shape was wrong; in books a hidden hole is a fault, so these become errors.
 */
export function gatewayInterface(options: GatewayOptions): ServedGateway {
  const gateway = new ApolloGateway({
    supergraphSdl: options.supergraphSdl,
    buildService: ({ name }) => dataSource(sourceOf(options.sources, name), { log: options.log }),
    logger: options.log,
    // By default shown to whoever asks unless NODE_ENV is production.
    __exposeQueryPlanExperimental: false,
  });
  return {
    async load(loading) {
      const { schema, executor } = await gateway.load(loading);
      return {
        schema,
        async executor(request) {
          const { document, operation } = request;
          if (!asksOnlyOfSchema(operation)) return withVisibleHoles(await executor(request));
          // The planner lags behind in what a schema tells of itself: it knows no `isOneOf`.
          const { variables, operationName } = request.request;
          return execute({ schema, document, operationName, variableValues: variables });
        },
      };
    },
    onSchemaLoadOrUpdate: (listener) => gateway.onSchemaLoadOrUpdate(listener),
    stop: () => gateway.stop(),
  };
}

function asksOnlyOfSchema(operation: OperationDefinitionNode): boolean {
  return operation.selectionSet.selections.every(
    (node) => node.kind === Kind.FIELD && node.name.value.startsWith('__'),
  );
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

/** A source as Apollo's plan executor calls it, on behalf of the request's actor; `event` makes it render one event. */
export function dataSource(
  source: SubgraphSource,
  options: { readonly log: Log; readonly event?: DomainEvent },
): GraphQLDataSource {
  return {
    async process({ request, context }) {
      const { actor } = context as GatewayContext;
      try {
        const { query = '', variables, operationName } = request;
        const asked = { query, variables, operationName, actor };
        const { event } = options;
        const answer = event
          ? (await source.render({ ...asked, events: [event] }))[0]
          : await source.execute(asked);
        return answer as Awaited<ReturnType<GraphQLDataSource['process']>>;
      } catch (error) {
        options.log.error({ err: error, traceId: actor.traceId }, 'a subgraph could not be asked');
        const { code, message } =
          error instanceof CrossfootError
            ? error
            : { code: 'INTERNAL' as const, message: 'A subgraph failed' };
        return { errors: [codedError(code, message)] };
      }
    },
  };
}
