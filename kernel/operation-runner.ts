import { execute, GraphQLError, parse, validate, type DocumentNode, type ExecutionResult } from 'graphql';
import { CrossfootError } from '#kernel/errors';
import { graphqlError } from '#kernel/graphql';
import { openRequest } from '#kernel/request';
import type { RequestWatch } from '#kernel/request-watch';
import type { Services } from '#kernel/services';
import type { Subgraph } from '#kernel/subgraph';
import type { SubgraphRequest } from '#kernel/subgraph-request';
import { failureCode } from '#kernel/tracing';

/** Runs an operation once for each root value, side by side in one context; the results are in their order. */
export type RunOperation = (
  request: SubgraphRequest,
  roots: readonly unknown[],
) => Promise<ExecutionResult[]>;

interface RunnerOptions extends Omit<Parameters<typeof openRequest>[0], 'actor' | 'watch'> {
  /** Decides whether a request is looked at while it runs. */
  readonly watch: (request: SubgraphRequest) => RequestWatch | undefined;
}

/** Makes what answers the operations of a subgraph. */
export function operationRunner(subgraph: Subgraph, options: RunnerOptions): RunOperation {
  const { watch: watchFor, ...parts } = options;
  const documents = documentCache(subgraph);
  return async (request, roots) => {
    const document = documents(request.query);
    if ('errors' in document) return roots.map(() => document);
    const watch = watchFor(request);
    const open = openRequest({ ...parts, actor: request.actor, watch });
    const runOne = async (rootValue: unknown): Promise<ExecutionResult> => {
      const result = await execute({
        schema: subgraph.schema,
        document: document.parsed,
        rootValue,
        contextValue: open.context,
        variableValues: request.variables,
        operationName: request.operationName,
      });
      return result.errors
        ? { ...result, errors: result.errors.map((error) => present(error, parts.services)) }
        : result;
    };
    let results: ExecutionResult[] = [];
    try {
      results = await Promise.all(roots.map(runOne));
    } finally {
      await open.close();
      if (watch) results = withTimes(results, watch, request);
    }
    return results;
  };
}

/** Ends a watch, and tells its times where they were asked for. */
function withTimes(
  results: ExecutionResult[],
  watch: RequestWatch,
  request: SubgraphRequest,
): ExecutionResult[] {
  const failed = results.find((one) => one.errors)?.errors?.[0];
  const times = watch.end(failed && failureCode(failed));
  const [first, ...others] = results;
  return request.timed && first
    ? [{ ...first, extensions: { ...first.extensions, times } }, ...others]
    : results;
}

type Parsed = { readonly parsed: DocumentNode } | { readonly errors: readonly GraphQLError[] };

/** Parses and validates each operation text once; the gateway sends few distinct ones. */
function documentCache(subgraph: Subgraph): (query: string) => Parsed {
  const cache = new Map<string, Parsed>();
  return (query) => {
    const known = cache.get(query);
    if (known) return known;
    const made = prepare(subgraph, query);
    if (cache.size >= 2000) cache.delete(cache.keys().next().value ?? '');
    cache.set(query, made);
    return made;
  };
}

function prepare(subgraph: Subgraph, query: string): Parsed {
  try {
    const parsed = parse(query);
    const errors = validate(subgraph.schema, parsed);
    return errors.length > 0 ? { errors } : { parsed };
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}

/** What the caller may see of an error: typed ones as they are, ours as INTERNAL with the cause in the log. */
function present(error: GraphQLError, services: Services): GraphQLError {
  // An error with a path of its own, as ours have, counts as located and comes as it was thrown.
  const located = error instanceof GraphQLError;
  const cause = located ? error.originalError : (error as Error);
  if (cause instanceof GraphQLError || cause === undefined) return error;
  const shown =
    cause instanceof CrossfootError && cause.code !== 'INTERNAL'
      ? graphqlError(cause.code, cause.message)
      : graphqlError('INTERNAL', 'Something went wrong on our side');
  if (shown.extensions['code'] === 'INTERNAL')
    services.log.error({ err: cause, path: error.path }, 'a resolver failed');
  return new GraphQLError(shown.message, {
    ...(located ? { nodes: error.nodes, path: error.path } : {}),
    extensions: shown.extensions,
  });
}
