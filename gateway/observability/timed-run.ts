import type { ExecutionResult } from 'graphql';
import type { RequestTimes } from '#kernel/request-watch';
import type { SubgraphSource, SubgraphSources } from '../sources/subgraph-source.ts';
import type { PlannedFetch } from './plan-view.ts';

/** One call of a subgraph as it was measured. */
export interface TimedFetch {
  /** The fetch of the plan; null where it belongs to none, such as when a plan was made anew. */
  readonly id: number | null;
  readonly subgraph: string;
  /** Milliseconds from the begin of the operation. */
  readonly startedAt: number;
  readonly milliseconds: number;
  /** How many entities it asked about; 0 for root fields. */
  readonly entities: number;
  readonly failed: boolean;
  /** What the subgraph says it took; null where it could not be asked or answered from what it knows. */
  readonly times: RequestTimes | null;
}

/** Sources for one run. */
export interface TimedSources {
  readonly sources: Readonly<Record<string, SubgraphSource>>;
  /** The calls so far, in the order in which they ended. */
  readonly fetches: readonly TimedFetch[];
  /** Sets the instant from which calls are counted to now, and answers it. */
  readonly begin: () => number;
}

/** Sources that measure every call of one run and ask the subgraphs for their own times. */
export function timedSources(sources: SubgraphSources, planned: readonly PlannedFetch[]): TimedSources {
  let begun = performance.now();
  const open = [...planned];
  const fetches: TimedFetch[] = [];
  const idOf = (subgraph: string, query: string): number | null => {
    const at = open.findIndex((one) => one.subgraph === subgraph && one.sent === query);
    const [found] = at < 0 ? [] : open.splice(at, 1);
    return found?.id ?? null;
  };
  const timed = (subgraph: string, source: SubgraphSource): SubgraphSource => ({
    ...source,
    async execute(request) {
      const startedAt = performance.now();
      const id = idOf(subgraph, request.query);
      const keys = request.variables?.['representations'];
      const tell = (result: ExecutionResult | undefined): void =>
        void fetches.push({
          id,
          subgraph,
          startedAt: startedAt - begun,
          milliseconds: performance.now() - startedAt,
          entities: Array.isArray(keys) ? keys.length : 0,
          failed: result === undefined || (result.errors?.length ?? 0) > 0,
          times: (result?.extensions?.['times'] as RequestTimes | undefined) ?? null,
        });
      try {
        const result = await source.execute({ ...request, timed: true });
        tell(result);
        return result;
      } catch (error) {
        tell(undefined);
        throw error;
      }
    },
  });
  return {
    fetches,
    begin: () => (begun = performance.now()),
    sources: Object.fromEntries(
      Object.entries(sources).flatMap(([name, source]) => (source ? [[name, timed(name, source)]] : [])),
    ),
  };
}
