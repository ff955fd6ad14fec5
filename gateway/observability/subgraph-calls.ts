import type { Registry } from 'prom-client';
import type { ExecutionResult } from 'graphql';
import { CrossfootError } from '#kernel/errors';
import { quickHistogram } from '#kernel/quick-figures';
import type { SubgraphRequest } from '#kernel/subgraph-request';
import { failureCode, type Span, type Tracing } from '#kernel/tracing';
import type { SubgraphSource, SubgraphSources } from '../sources/subgraph-source.ts';

/** What a call of a subgraph asks for: root fields, fields of entities, or the rendering of events. */
type CallKind = 'root' | 'entities' | 'events';

/** `errors`: it answered with some; `failed`: it could not be asked. */
type Outcome = 'ok' | 'errors' | 'failed';

/** Measures every call that reaches a subgraph: `crossfoot_subgraph_fetch_seconds`, by subgraph, kind and outcome. */
export function measuredSources<Sources extends SubgraphSources>(
  sources: Sources,
  registry: Registry,
): Sources {
  const histogram = quickHistogram(registry, {
    name: 'crossfoot_subgraph_fetch_seconds',
    help: 'Time of a call of a subgraph, by kind (root, entities, events) and outcome (ok, errors, failed).',
    labels: ['subgraph', 'kind', 'outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  });
  return eachSource(sources, (source, subgraph) => {
    const known: Partial<Record<`${CallKind} ${Outcome}`, (seconds: number) => void>> = {};
    const observe = (kind: CallKind, outcome: Outcome, startedAt: number): void => {
      const series = (known[`${kind} ${outcome}`] ??= histogram.series({ subgraph, kind, outcome }));
      series((performance.now() - startedAt) / 1000);
    };
    const measured = <Result>(
      kind: CallKind,
      ask: () => Promise<Result>,
      hasErrors: (result: Result) => boolean,
    ): Promise<Result> => {
      const startedAt = performance.now();
      return ask().then(
        (result) => {
          observe(kind, hasErrors(result) ? 'errors' : 'ok', startedAt);
          return result;
        },
        (error: unknown) => {
          observe(kind, 'failed', startedAt);
          throw error;
        },
      );
    };
    return {
      execute: (request) => measured(kindOf(request), () => source.execute(request), failed),
      render: (request) =>
        measured(
          'events',
          () => source.render(request),
          (all) => all.some(failed),
        ),
      ready: () => source.ready(),
    };
  });
}

/** Records each call of a recorded trace, and carries its place to the subgraph. */
export function tracedSources<Sources extends SubgraphSources>(sources: Sources, tracing: Tracing): Sources {
  return eachSource(sources, (source, subgraph) => {
    const begin = (request: SubgraphRequest, facts: Readonly<Record<string, number>>): Span | undefined =>
      request.actor.spanId
        ? tracing.under(request.actor, `fetch ${subgraph}`, {
            kind: 'client',
            facts: {
              'crossfoot.subgraph': subgraph,
              'crossfoot.fetch.kind': 'events' in request ? 'events' : kindOf(request),
              'graphql.operation.name': request.operationName,
              ...facts,
            },
          })
        : undefined;
    return {
      async execute(request) {
        const span = begin(request, { 'crossfoot.entities': entitiesOf(request) });
        if (!span) return source.execute(request);
        return ended(span, source.execute(under(span, request)), (result) => [result]);
      },
      async render(request) {
        const span = begin(request, { 'crossfoot.events': request.events.length });
        if (!span) return source.render(request);
        return ended(span, source.render(under(span, request)), (results) => results);
      },
      ready: () => source.ready(),
    };
  });
}

async function ended<Result>(
  span: Span,
  asked: Promise<Result>,
  resultsOf: (result: Result) => readonly ExecutionResult[],
): Promise<Result> {
  try {
    const result = await asked;
    const error = resultsOf(result).find(failed)?.errors?.[0];
    if (error) span.fail(failureCode(error));
    return result;
  } catch (error) {
    span.fail(error instanceof CrossfootError ? error.code : 'INTERNAL');
    throw error;
  } finally {
    span.end();
  }
}

function under<Request extends SubgraphRequest>(span: Span, request: Request): Request {
  return { ...request, actor: { ...request.actor, spanId: span.spanId } };
}

function failed(result: ExecutionResult): boolean {
  return result.errors !== undefined && result.errors.length > 0;
}

/** The executor gives the keys of entities in this variable. */
function kindOf({ variables }: SubgraphRequest): CallKind {
  return variables && 'representations' in variables ? 'entities' : 'root';
}

function entitiesOf({ variables }: SubgraphRequest): number {
  const keys = variables?.['representations'];
  return Array.isArray(keys) ? keys.length : 0;
}

function eachSource<Sources extends SubgraphSources>(
  sources: Sources,
  wrap: (source: SubgraphSource, name: string) => SubgraphSource,
): Sources {
  return Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [name, source && wrap(source, name)]),
  ) as unknown as Sources;
}
