import type { ApolloServer } from '@apollo/server';
import type { Config } from '#kernel/config';
import type { DomainEvent } from '#kernel/events';
import type { Log } from '#kernel/log';
import { startApollo } from './apollo/apollo.ts';
import type { GatewayContext } from './gateway-context.ts';
import { replaceableGraph, type ReplaceableGraph } from './graph/graph-in-force.ts';
import type { observeGateway } from './observability/observe-gateway.ts';
import type { Admit, Gate } from './operations/admission.ts';
import { createOperationPolicy, type PolicyOptions } from './operations/operation-policy.ts';
import type { AnswerWarm } from './operations/warm-answers.ts';
import { serveGraph, type ServedGraph } from './served-graph.ts';
import { layerSources } from './sources/layers.ts';

/** What operations are answered from. */
export interface OperationsOptions extends Pick<PolicyOptions, 'registered' | 'usage'> {
  readonly config: Partial<
    Pick<Config, 'deduplication' | 'entityCacheBytes' | 'planExecutor' | 'observability' | 'safelist'>
  >;
  readonly log: Log;
  readonly supergraphSdl: string;
}

interface Parts {
  readonly seen: ReturnType<typeof observeGateway>;
  /** What looks at operations before those of the policy do. */
  readonly gates: readonly Gate[];
}

/** Everything that answers queries and mutations, whatever their transport. */
export interface ServedOperations {
  readonly inForce: ReplaceableGraph<ServedGraph>;
  /** Prepares another supergraph for being served here; throws when it cannot be. */
  readonly load: (supergraphSdl: string) => ServedGraph;
  readonly admit: Admit;
  readonly answerWarm: AnswerWarm;
  readonly apollo: ApolloServer<GatewayContext>;
  /** To be called with every event before subscribers see it. */
  readonly noticed: (event: DomainEvent) => void;
  stop(): Promise<void>;
}

/** Serves the operations of a graph that can be replaced. Throws when the supergraph cannot be read. */
export async function serveOperations(
  options: OperationsOptions,
  { seen, gates: first }: Parts,
): Promise<ServedOperations> {
  const { config } = options;
  const { metrics, watch } = seen;
  const layers = layerSources(seen.sources, { registry: metrics.registry, config });
  const { epochs } = layers;
  const policy = createOperationPolicy({
    ...options,
    registry: metrics.registry,
    schema: () => inForce.current().graph.api,
  });
  const sources = seen.traced(layers.sources);
  const gates = [...first, ...policy.gates];
  const load = (supergraphSdl: string): ServedGraph =>
    serveGraph({ ...options, gates, supergraphSdl, sources, epochs, watch });
  const inForce = replaceableGraph(load(options.supergraphSdl));
  const apollo = await startApollo({
    ...options,
    ...inForce.current(),
    views: inForce.current().graph.views,
    planExecutor: config.planExecutor,
    inForce,
    watch,
    accepted: (known) => inForce.current().accepted.accept(known),
    metrics,
  });
  return {
    inForce,
    load,
    admit: (request, sender) => inForce.current().admit(policy.resolveText(request), sender),
    answerWarm: (admitted, actor) => inForce.current().answerWarm?.(admitted, actor),
    apollo,
    noticed: layers.noticed,
    async stop() {
      await apollo.stop();
      await policy.stop();
    },
  };
}
