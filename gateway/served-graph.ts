import type { Log } from '#kernel/log';
import { createExecutor } from './execution/executor.ts';
import { readSupergraph } from './graph/federated-graph.ts';
import type { LoadedGraph } from './graph/graph-in-force.ts';
import type { WatchOperation } from './observability/operation-watch.ts';
import { acceptedOperations, type AcceptedOperations } from './operations/accepted-operations.ts';
import { createAdmission, type Admit, type Gate } from './operations/admission.ts';
import { errorsPresenter } from './operations/present-errors.ts';
import { createViewCheck } from './operations/view-check.ts';
import { warmAnswers, type AnswerWarm } from './operations/warm-answers.ts';
import type { Epochs } from './sources/epochs.ts';
import { withNodeSource } from './sources/node-source.ts';
import { sourceOf, type SubgraphSources } from './sources/subgraph-source.ts';

/** A supergraph with everything that was made for it; another supergraph gets another of these. */
export interface ServedGraph extends LoadedGraph {
  readonly sources: SubgraphSources;
  readonly admit: Admit;
  readonly accepted: AcceptedOperations;
  /** The short way to answers; missing where every operation is to go through Apollo's pipeline and executor. */
  readonly answerWarm: AnswerWarm | undefined;
}

interface ServedGraphOptions {
  readonly supergraphSdl: string;
  readonly sources: SubgraphSources;
  readonly epochs: Epochs;
  readonly gates?: readonly Gate[];
  /** Looks at each operation while it runs. */
  readonly watch?: WatchOperation | undefined;
  readonly log: Log;
  readonly config: {
    /** Whether equal reads under way at the same time are executed once; they are unless said otherwise. */
    readonly deduplication?: boolean;
    readonly planExecutor?: 'compiled' | 'apollo' | undefined;
  };
}

/** Prepares a supergraph for being served; throws when it cannot be read or names a subgraph that has no source. */
export function serveGraph(options: ServedGraphOptions): ServedGraph {
  const { supergraphSdl, epochs, gates = [], log, config, watch } = options;
  const graph = readSupergraph(supergraphSdl);
  const sources = withNodeSource(options.sources, supergraphSdl, graph.views);
  for (const name of graph.subgraphs) sourceOf(sources, name);
  const executor = createExecutor({ graph, sources, log });
  const accepted = acceptedOperations();
  const shared = (config.deduplication ?? true) ? epochs : undefined;
  const present = errorsPresenter(log);
  return {
    supergraphSdl,
    graph,
    sources,
    executor,
    admit: createAdmission(graph.api, { gates, inView: createViewCheck(graph.views) }),
    accepted,
    answerWarm:
      config.planExecutor === 'apollo'
        ? undefined
        : warmAnswers({ schema: graph.api, executor, accepted, present, epochs: shared, watch }),
  };
}
