import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  execute,
  getVariableValues,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import { codedError } from '../error-format.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { GraphInForce, LoadedGraph } from '../graph/graph-in-force.ts';
import { runWatched } from '../observability/observe-gateway.ts';
import type { WatchOperation } from '../observability/operation-watch.ts';
import { asksOnlyOfSchema } from '../operations/introspection.ts';
import { schemaSeenBy } from '../operations/view-check.ts';

/** What Apollo Server needs of a gateway. */
export type ServedGateway = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];

type GatewayRequest = Parameters<NonNullable<Awaited<ReturnType<ServedGateway['load']>>['executor']>>[0];

/** Our own executor as Apollo Server's gateway; it follows the graph in force. */
export function compiledGateway(inForce: GraphInForce, watch?: WatchOperation): ServedGateway {
  const loadedOf = new WeakMap<GraphQLSchema, LoadedGraph>();
  return {
    async load() {
      return {
        // What was validated on one graph is answered by it, also when another one is in force by then.
        executor: (request) => answer(loadedOf.get(request.schema) ?? inForce.current(), request, watch),
      };
    },
    onSchemaLoadOrUpdate(listener) {
      const tell = (): void => {
        const loaded = inForce.current();
        const { graph, supergraphSdl } = loaded;
        loadedOf.set(graph.api, loaded);
        listener({ apiSchema: graph.api, coreSupergraphSdl: supergraphSdl });
      };
      tell();
      return inForce.onChange(tell);
    },
    async stop() {},
  };
}

async function answer(
  { graph, executor }: LoadedGraph,
  request: GatewayRequest,
  watch: WatchOperation | undefined,
): Promise<ExecutionResult<never, never>> {
  const { actor, admitted } = request.context as GatewayContext;
  // The operation that was admitted is the same, and it may have been compiled before.
  const { document, operation } = admitted && admitted.text === request.source ? admitted : request;
  const given = request.request.variables ?? {};
  const { coerced, errors } = getVariableValues(graph.api, operation.variableDefinitions ?? [], given, {
    maxErrors: 50,
  });
  if (errors) return { errors: errors.map(badInput) };
  if (asksOnlyOfSchema(operation)) {
    const operationName = operation.name?.value;
    const schema = schemaSeenBy(actor, graph.views) ?? graph.api;
    const result = execute({ schema, document, operationName, variableValues: given });
    return (await result) as ExecutionResult<never, never>;
  }
  const result = await runWatched(watch, { admitted, actor }, async ({ planned, ...seen }) => {
    const since = performance.now();
    const compiled = executor.compile(document, operation);
    planned?.(since);
    if (compiled.kind === 'subscription') {
      return { errors: [codedError('BAD_REQUEST', 'Subscriptions are not answered in one piece')] };
    }
    return compiled.execute({ variables: coerced, ...seen });
  });
  return result as ExecutionResult<never, never>;
}

function badInput(error: GraphQLError): GraphQLError {
  return codedError('BAD_USER_INPUT', error.message);
}
