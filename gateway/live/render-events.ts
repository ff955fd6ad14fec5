import '../telemetry-off.ts';
import { buildOperationContext, executeQueryPlan } from '@apollo/gateway';
import { operationFromDocument } from '@apollo/federation-internals';
import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import type { ExecutionResult } from 'graphql';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { DomainEvent } from '#kernel/events';
import type { Log } from '#kernel/log';
import type { FederatedGraph } from '../graph/federated-graph.ts';
import { dataSource, withVisibleHoles } from '../apollo/gateway-interface.ts';
import type { KnownOperation } from '../operations/admission.ts';
import { sourceOf, type SubgraphSources } from '../sources/subgraph-source.ts';

/** The name under which a plan reaches the subgraph that renders the event. */
const eventService = '$event';

/** What is needed to ask the subgraphs. */
export interface RendererOptions {
  readonly graph: FederatedGraph;
  readonly sources: SubgraphSources;
  readonly log: Log;
}

/** For whom, and with which variables of the operation, events are rendered. */
export interface Reader {
  readonly actor: Actor;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Answers what a subscription selects of each event, in their order. */
export type RenderEvents = (events: readonly DomainEvent[], reader: Reader) => Promise<ExecutionResult[]>;

type PlanRequest = Parameters<typeof executeQueryPlan>[2];

/** Plans a subscription: the owning subgraph renders an event, then the others add their fields. */
export function compileSubscription(known: KnownOperation, options: RendererOptions): RenderEvents {
  const { graph, sources, log } = options;
  const operationName = known.operation.name?.value;
  const made = graph.planner.buildQueryPlan(
    operationFromDocument(graph.apiSchema, known.document, { operationName }),
  ).node;
  if (made?.kind !== 'Subscription') {
    throw new CrossfootError('OPERATION_RESOLUTION_FAILURE', 'The operation is no subscription');
  }
  const primary: FetchNode = { ...made.primary, serviceName: eventService };
  const plan: QueryPlan = {
    kind: 'QueryPlan',
    node: { kind: 'Sequence', nodes: [primary, ...(made.rest ? [made.rest] : [])] },
  };
  const context = buildOperationContext({
    schema: graph.api,
    operationDocument: known.document,
    operationName,
  });
  const services = Object.fromEntries(
    Object.keys(sources).map((name) => [name, dataSource(sourceOf(sources, name), { log })]),
  );
  const owner = sourceOf(sources, made.primary.serviceName);
  const renderOne = async (event: DomainEvent, { actor, variables }: Reader): Promise<ExecutionResult> => {
    // The executor reads these four of the many things Apollo Server would give.
    const request = {
      logger: log,
      request: { variables: { ...variables } },
      context: { actor },
      metrics: {},
    } as unknown as PlanRequest;
    const asked = { ...services, [eventService]: dataSource(owner, { log, event }) };
    const result = await executeQueryPlan(
      plan,
      asked,
      request,
      context,
      graph.supergraphSchema,
      graph.apiSchema,
    );
    return withVisibleHoles(result as ExecutionResult);
  };
  return (events, reader) => Promise.all(events.map((event) => renderOne(event, reader)));
}
