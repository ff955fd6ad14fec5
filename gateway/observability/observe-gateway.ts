import { GraphQLError, type ExecutionResult } from 'graphql';
import type { Actor } from '#kernel/actor';
import type { ObservabilityConfig } from '#kernel/config';
import type { Log } from '#kernel/log';
import type { Observability } from '#kernel/observability';
import type { Tracing } from '#kernel/tracing';
import type { Observer } from '../execution/run.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import type { AdmittedOperation } from '../operations/admission.ts';
import type { SubgraphSources } from '../sources/subgraph-source.ts';
import { operationExplainer, type Explainer, type ExplainOperation } from './explain-operation.ts';
import { operationWatcher, type WatchOperation } from './operation-watch.ts';
import { recentOperations, type RecentOperations } from './recent-operations.ts';
import { measuredSources, tracedSources } from './subgraph-calls.ts';

/** Everything that looks at a gateway's work. */
export interface GatewayObservability {
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
  readonly watch: WatchOperation;
  readonly recent: RecentOperations;
  /** The sources with every call measured. */
  readonly sources: SubgraphSources;
  /** Sources as plans call them, whatever stands before the subgraphs, with spans where traces are recorded. */
  traced(sources: SubgraphSources): SubgraphSources;
  /** What explains operations of the graph in force. */
  explainer(current: () => Explainer): ExplainOperation;
}

/** What a gateway's work is looked at with. */
export interface ObserveOptions {
  /** Where it is recorded; figures of its own and no traces when left out. */
  readonly observability?: Observability | undefined;
  readonly config: { readonly observability?: ObservabilityConfig };
  readonly sources: SubgraphSources;
  readonly log: Log;
}

const rememberedOperations = 50;
const slowByDefault = 1_000;

/** Puts together what looks at a gateway's work. */
export function observeGateway({
  observability,
  config,
  sources,
  log,
}: ObserveOptions): GatewayObservability {
  const metrics = createMetrics(observability?.registry);
  const recent = recentOperations(rememberedOperations);
  const tracing = observability?.tracing;
  const slowMilliseconds = config.observability?.slowOperationMilliseconds ?? slowByDefault;
  return {
    metrics,
    tracing,
    recent,
    watch: operationWatcher({ log, tracing, recent, slowMilliseconds }),
    sources: measuredSources(sources, metrics.registry),
    explainer: (current) => operationExplainer(current, log),
    traced: (outer) => (tracing ? tracedSources(outer, tracing) : outer),
  };
}

/** What an operation is run with while it is looked at. */
export interface Watched {
  readonly actor: Actor;
  readonly observe?: Observer | undefined;
  /** Says that the plan was made just now, since an instant of `performance.now()`. */
  readonly planned?: ((since: number) => void) | undefined;
}

/** Runs an operation, and looks at it where it is known and somebody wants to. */
export async function runWatched(
  watch: WatchOperation | undefined,
  { admitted, actor }: { readonly admitted: AdmittedOperation | undefined; readonly actor: Actor },
  run: (watched: Watched) => Promise<ExecutionResult>,
): Promise<ExecutionResult> {
  if (!watch || !admitted) return run({ actor });
  const watching = watch(admitted, actor);
  try {
    const result = await run({ actor: watching.actor, observe: watching, planned: watching.planned });
    watching.end(result.errors);
    return result;
  } catch (error) {
    watching.end([new GraphQLError('It failed', { extensions: { code: 'INTERNAL' } })]);
    throw error;
  }
}
