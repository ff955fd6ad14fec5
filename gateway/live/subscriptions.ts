import '../telemetry-off.ts';
import { executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import type { ExecutionResult } from 'graphql';
import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import { encodeCursor, type DomainEvent, type EventPosition } from '#kernel/events';
import type { Log } from '#kernel/log';
import type { EventReader } from '#kernel/relay';
import type { AdmittedOperation, OperationRequest } from '../admission.ts';
import { codedError, toClientError, type ClientError } from '../error-format.ts';
import type { FederatedGraph } from '../federated-graph.ts';
import { dataSource, withVisibleHoles } from '../gateway-interface.ts';
import type { Metrics } from '../metrics.ts';
import { sourceOf, type SubgraphSources } from '../subgraph-source.ts';
import { withTrace } from '../trace.ts';
import { isBehind, type EventFeed } from './event-feed.ts';
import { openEventStream, type EventStream } from './event-stream.ts';
import { eventService, subscriptionPreparer, type PreparedSubscription } from './prepare-subscription.ts';

/** One message of a subscription. */
export interface LiveResult {
  readonly data: ExecutionResult['data'];
  readonly errors?: readonly ClientError[];
  readonly extensions: { readonly traceId: string };
}

/** Who subscribes and over what. */
export interface Subscriber {
  /** With the trace id of the subscription. */
  readonly actor: Actor;
  readonly congested?: () => boolean;
}

/** Opens a subscription; throws coded errors for what cannot be subscribed to. */
export type Subscribe = (
  request: OperationRequest,
  admitted: AdmittedOperation,
  subscriber: Subscriber,
) => Promise<AsyncIterableIterator<LiveResult>>;

interface SubscriptionOptions {
  readonly graph: FederatedGraph;
  readonly sources: SubgraphSources;
  readonly reader: Pick<EventReader, 'read' | 'end'>;
  readonly feed: EventFeed;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Subscriptions over the federated graph: each event is rendered by its owner and completed by the other subgraphs. */
export function createSubscriptions(options: SubscriptionOptions): Subscribe {
  const { graph, sources, reader, feed, log, metrics } = options;
  const prepare = subscriptionPreparer(graph);
  const services = Object.fromEntries(
    Object.keys(sources).map((name) => [name, dataSource(sourceOf(sources, name), { log })]),
  );
  return async (request, admitted, subscriber) => {
    const prepared = prepare(request, admitted);
    const after = await startOf(prepared, reader);
    const stream = openEventStream({
      reader,
      feed,
      topic: { organisationId: subscriber.actor.organisationId, subject: prepared.subject },
      after,
      wants: prepared.wants,
      congested: subscriber.congested,
    });
    const render = (event: DomainEvent): Promise<ExecutionResult> =>
      renderEvent(prepared, {
        graph,
        log,
        actor: subscriber.actor,
        variables: request.variables ?? {},
        services: {
          ...services,
          [eventService]: dataSource(sourceOf(sources, prepared.owner), { log, event }),
        },
      });
    return results({ stream, render, after, metrics, log, traceId: subscriber.actor.traceId ?? '' });
  };
}

async function startOf(
  prepared: PreparedSubscription,
  reader: Pick<EventReader, 'end'>,
): Promise<EventPosition> {
  const end = await reader.end();
  if (prepared.after && isBehind(prepared.after, end)) {
    throw new CrossfootError('CURSOR_INVALID', 'This cursor lies behind every event there is');
  }
  return prepared.after ?? end;
}

interface RenderOptions {
  readonly graph: FederatedGraph;
  readonly actor: Actor;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly services: Readonly<Record<string, GraphQLDataSource>>;
  readonly log: Log;
}

type PlanRequest = Parameters<typeof executeQueryPlan>[2];

/** Runs the plan of a subscription for one event through Apollo's own executor. */
async function renderEvent(prepared: PreparedSubscription, options: RenderOptions): Promise<ExecutionResult> {
  // The executor reads these four of the many things Apollo Server would give.
  const request = {
    logger: options.log,
    request: { variables: { ...options.variables } },
    context: { actor: options.actor },
    metrics: {},
  } as unknown as PlanRequest;
  const result = await executeQueryPlan(
    prepared.plan,
    { ...options.services },
    request,
    prepared.operationContext,
    options.graph.supergraphSchema,
    options.graph.apiSchema,
  );
  return withVisibleHoles(result as ExecutionResult);
}

interface ResultOptions {
  readonly stream: EventStream;
  readonly render: (event: DomainEvent) => Promise<ExecutionResult>;
  readonly after: EventPosition;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly traceId: string;
}

/**
 * The messages of a subscription. It is no generator, because `return` of a generator that waits for an event would
 * itself wait for that event. A step without data ends it with the last cursor, so that no event is passed over.
 */
function results(options: ResultOptions): AsyncIterableIterator<LiveResult> {
  const { stream, render, metrics, traceId, log } = options;
  let last = options.after;
  let open = true;
  metrics.liveSubscriptions.inc();
  const finish = (reason: string): void => {
    if (!open) return;
    open = false;
    stream.end();
    metrics.liveSubscriptions.dec();
    metrics.subscriptionsEnded.inc({ reason });
  };
  const step = async (): Promise<IteratorResult<LiveResult, undefined>> => {
    const event = await stream.next();
    const result = event && (await render(event));
    if (!event || !result || !open) return { done: true, value: undefined };
    if (!hasData(result)) throw result.errors?.[0] ?? new Error('A subgraph gave no answer for an event');
    last = event.position;
    metrics.eventsDelivered.inc();
    return { done: false, value: shown(result, traceId) };
  };
  const stepOrFail = (): Promise<IteratorResult<LiveResult, undefined>> =>
    step().catch((error: unknown) => {
      const { message, extensions } = toClientError(error);
      if (extensions.code === 'INTERNAL') log.error({ err: error, traceId }, 'a subscription failed');
      finish(extensions.code);
      throw codedError(extensions.code, message, { ...extensions, lastCursor: encodeCursor(last) });
    });
  const iterator: AsyncIterableIterator<LiveResult> = {
    next: () => withTrace(traceId, stepOrFail),
    async return() {
      finish('client');
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

/** The only root field of a subscription is null when its event could not be rendered. */
function hasData(result: ExecutionResult): boolean {
  return Object.values(result.data ?? {}).some((value) => value !== null);
}

function shown(result: ExecutionResult, traceId: string): LiveResult {
  return {
    data: result.data,
    ...(result.errors ? { errors: result.errors.map(toClientError) } : {}),
    extensions: { traceId },
  };
}
