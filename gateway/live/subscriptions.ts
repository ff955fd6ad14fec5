import type { Actor } from '#kernel/actor';
import type { EventReader } from '#kernel/relay';
import type { AdmittedOperation, OperationRequest } from '../operations/admission.ts';
import type { Metrics } from '../metrics.ts';
import type { EventFeed } from './event-feed.ts';
import { openEventStream } from './event-stream.ts';
import { liveResults, type LiveResult } from './live-results.ts';
import { subscriptionPreparer } from './prepare-subscription.ts';
import { eventRenderer, type RendererOptions } from './render-event.ts';
import { startingPosition } from './resume-position.ts';

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

interface SubscriptionOptions extends RendererOptions {
  readonly reader: Pick<EventReader, 'read' | 'end'>;
  readonly feed: EventFeed;
  readonly metrics: Metrics;
}

/** Subscriptions over the federated graph: each event is rendered by its owner and completed by the other subgraphs. */
export function createSubscriptions(options: SubscriptionOptions): Subscribe {
  const { graph, reader, feed, log, metrics } = options;
  const prepare = subscriptionPreparer(graph);
  const render = eventRenderer(options);
  return async (request, admitted, { actor, congested }) => {
    const prepared = prepare(request, admitted);
    const after = await startingPosition(prepared.after, reader);
    const stream = openEventStream({
      reader,
      feed,
      topic: { organisationId: actor.organisationId, subject: prepared.subject },
      after,
      wants: prepared.wants,
      congested,
    });
    const variables = request.variables ?? {};
    return liveResults({
      stream,
      render: (event) => render(prepared, event, { actor, variables }),
      after,
      metrics,
      log,
      traceId: actor.traceId ?? '',
    });
  };
}
