import type { FetchNode } from '@apollo/query-planner';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { CrossfootError } from '#kernel/errors';
import type { SubgraphRequest } from '#kernel/subgraph-request';
import type { Log } from '#kernel/log';
import { codedError } from '../error-format.ts';
import type { SubgraphSource } from '../sources/subgraph-source.ts';
import type { FetchObservation, Run } from './run.ts';
import { renamedKeys } from './rewrites.ts';
import type { FetchPlace } from './subgraph-errors.ts';

/** What the steps of a plan are compiled against. */
export interface PlanEnvironment {
  readonly schema: GraphQLSchema;
  readonly sourceOf: (subgraph: string) => SubgraphSource;
  readonly log: Log;
  /** Names in the data of plans with those that the client gave. */
  readonly clientKeys: ReadonlyMap<string, string>;
}

/** What all fetches have in common: whom to ask what, and where the answer goes. */
export interface CompiledFetch extends FetchPlace {
  readonly source: SubgraphSource;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variableNames: readonly string[];
  readonly log: Log;
}

/** Compiles what all fetches have in common. */
export function compileFetch(
  node: FetchNode,
  path: readonly string[],
  environment: PlanEnvironment,
): CompiledFetch {
  const contextual = new Set((node.contextRewrites ?? []).map((one) => one.renameKeyTo));
  return {
    subgraph: node.serviceName,
    path,
    clientPath: path.map((key) => environment.clientKeys.get(key) ?? key),
    renamed: renamedKeys(node.outputRewrites, environment.clientKeys),
    source: environment.sourceOf(node.serviceName),
    query: node.operation,
    operationName: node.operationName,
    variableNames: (node.variableUsages ?? []).filter(
      (name) => name !== 'representations' && !contextual.has(name),
    ),
    log: environment.log,
  };
}

/** The variables that a fetch uses, of those the operation was given. */
export function usedVariables(fetch: CompiledFetch, run: Run): Record<string, unknown> {
  const used: Record<string, unknown> = {};
  for (const name of fetch.variableNames) {
    const value = Object.hasOwn(run.variables, name) ? run.variables[name] : undefined;
    if (value !== undefined) used[name] = value;
  }
  return used;
}

/** Asks the subgraph; what it throws becomes an error of its answer. Sees to it that the fetch is observed. */
export function ask<Result extends ExecutionResult | ExecutionResult[]>(
  fetch: CompiledFetch,
  run: Run,
  asked: {
    readonly variables: Record<string, unknown>;
    readonly kind: FetchObservation['kind'];
    readonly entities: number;
    readonly send: (request: SubgraphRequest) => Promise<Result>;
    readonly failure: (result: ExecutionResult) => Result;
  },
): Promise<Result> {
  const request: SubgraphRequest = {
    query: fetch.query,
    variables: asked.variables,
    operationName: fetch.operationName,
    actor: run.actor,
  };
  const { observe } = run;
  const startedAt = observe ? Date.now() : 0;
  const started = observe ? performance.now() : 0;
  const seen = (result: Result, failed: boolean): Result => {
    observe?.fetch({
      subgraph: fetch.subgraph,
      path: fetch.clientPath,
      kind: asked.kind,
      entities: asked.entities,
      startedAt,
      milliseconds: performance.now() - started,
      failed,
    });
    return result;
  };
  const sent = asked.send(request).catch((error: unknown) => asked.failure(failureOf(fetch, run, error)));
  return observe ? sent.then((result) => seen(result, hasErrors(result))) : sent;
}

function hasErrors(result: ExecutionResult | readonly ExecutionResult[]): boolean {
  const all = Array.isArray(result) ? (result as readonly ExecutionResult[]) : [result as ExecutionResult];
  return all.some((one) => one.errors !== undefined && one.errors.length > 0);
}

function failureOf(fetch: CompiledFetch, run: Run, error: unknown): ExecutionResult {
  fetch.log.error(
    { err: error, traceId: run.actor.traceId, subgraph: fetch.subgraph },
    'a subgraph could not be asked',
  );
  const { code, message } =
    error instanceof CrossfootError ? error : { code: 'INTERNAL' as const, message: 'A subgraph failed' };
  return { errors: [codedError(code, message)] };
}
