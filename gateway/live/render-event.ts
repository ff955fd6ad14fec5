import '../telemetry-off.ts';
import { executeQueryPlan } from '@apollo/gateway';
import type { ExecutionResult } from 'graphql';
import type { Actor } from '#kernel/actor';
import type { DomainEvent } from '#kernel/events';
import type { Log } from '#kernel/log';
import type { FederatedGraph } from '../graph/federated-graph.ts';
import { dataSource, withVisibleHoles } from '../apollo/gateway-interface.ts';
import { sourceOf, type SubgraphSources } from '../sources/subgraph-source.ts';
import { eventService, type PreparedSubscription } from './prepare-subscription.ts';

/** What is needed to ask the subgraphs. */
export interface RendererOptions {
  readonly graph: FederatedGraph;
  readonly sources: SubgraphSources;
  readonly log: Log;
}

/** For whom, and with which variables of the operation, an event is rendered. */
export interface Reader {
  readonly actor: Actor;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Answers what a subscription selects of one event. */
export type RenderEvent = (
  prepared: PreparedSubscription,
  event: DomainEvent,
  reader: Reader,
) => Promise<ExecutionResult>;

type PlanRequest = Parameters<typeof executeQueryPlan>[2];

/** Runs the plans of subscriptions through Apollo's own executor, with the event as one more service of the plan. */
export function eventRenderer({ graph, sources, log }: RendererOptions): RenderEvent {
  const services = Object.fromEntries(
    Object.keys(sources).map((name) => [name, dataSource(sourceOf(sources, name), { log })]),
  );
  return async (prepared, event, { actor, variables }) => {
    // The executor reads these four of the many things Apollo Server would give.
    const request = {
      logger: log,
      request: { variables: { ...variables } },
      context: { actor },
      metrics: {},
    } as unknown as PlanRequest;
    const result = await executeQueryPlan(
      prepared.plan,
      { ...services, [eventService]: dataSource(sourceOf(sources, prepared.owner), { log, event }) },
      request,
      prepared.operationContext,
      graph.supergraphSchema,
      graph.apiSchema,
    );
    return withVisibleHoles(result as ExecutionResult);
  };
}
