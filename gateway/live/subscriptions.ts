import type { Actor } from '#kernel/actor';
import { lookUp } from '#kernel/observability';
import type { EventReader } from '#kernel/relay';
import type { Metrics } from '../metrics.ts';
import { groupSpans } from '../observability/live-spans.ts';
import type { KnownOperation } from '../operations/admission.ts';
import { rightsKeyOf, scopeKeyOf } from '../sources/scope-key.ts';
import type { EventFeed } from './event-feed.ts';
import { openEventStream } from './event-stream.ts';
import { createGroup, type LiveGroup } from './live-group.ts';
import { memberOf, reloaded, type Subscribe } from './live-subscription.ts';
import {
  subscriptionPreparer,
  type PlannedSubscription,
  type PreparedSubscription,
} from './prepare-subscription.ts';
import type { RendererOptions } from './render-events.ts';
import { renderMessages } from './render-messages.ts';
import { startingPositions } from './resume-position.ts';

const liveGroups = {
  name: 'crossfoot_live_groups',
  help: 'Groups of subscribers for whom each event is rendered once.',
  kind: 'gauge',
  labels: [],
} as const;

const historyMessages = 500;
const historyBytesOfAll = 64 * 1024 * 1024;
const historyBytesOfGroup = 1024 * 1024;

/** Subscriptions over the federated graph. */
export interface Subscriptions {
  readonly subscribe: Subscribe;
  /** What is subscribed to, each operation once. */
  operations(): Iterable<KnownOperation>;
  /** Goes on over another graph; what is no longer valid there ends with SUBSCRIPTION_SCHEMA_RELOAD. */
  replan(present: Pick<RendererOptions, 'graph' | 'executor'>): void;
}

/** What subscriptions stand on. */
export interface SubscriptionOptions extends RendererOptions {
  readonly reader: Pick<EventReader, 'read' | 'end'>;
  readonly feed: EventFeed;
  readonly metrics: Metrics;
  readonly tracing?: Parameters<typeof groupSpans>[0];
}

interface SharedGroup {
  readonly group: LiveGroup;
  readonly known: KnownOperation;
  planned: PlannedSubscription;
}

/** Subscriptions that share: whoever selects the same of the same events with the same rights is in one group. */
export function createSubscriptions(options: SubscriptionOptions): Subscriptions {
  const { feed, reader, metrics, log } = options;
  let preparer = subscriptionPreparer(options);
  const startAt = startingPositions({ reader, feed });
  const groups = new Map<string, SharedGroup>();
  lookUp(metrics.registry, liveGroups, (say) => say({}, groups.size));
  const history = {
    messages: historyMessages,
    bytes: () => Math.min(historyBytesOfGroup, historyBytesOfAll / groups.size),
  };

  const open = (key: string, known: KnownOperation, given: Opened): SharedGroup => {
    const { prepared, organisationId, actor: first } = given;
    const begin = groupSpans(options.tracing, known, first);
    const { wants, variables } = prepared;
    // The graph may have changed since the subscription was accepted.
    const planned = preparer.plan(known);
    const topic = { organisationId, subject: planned.subject };
    const group = createGroup({
      openStream: (after) => openEventStream({ reader, feed, topic, after, wants }),
      render: (events, actor) =>
        renderMessages(events, { render: shared.planned.render, variables, actor, log, begin }),
      history,
      delivered: (messages) => metrics.eventsDelivered.inc(messages),
      emptied() {
        if (groups.get(key) === shared) groups.delete(key);
      },
    });
    const shared: SharedGroup = { group, known, planned };
    groups.set(key, shared);
    return shared;
  };
  return {
    async subscribe(admitted, { actor, receiver }) {
      const prepared = withinBook(actor, preparer.prepare(admitted));
      const key = `${prepared.key} ${prepared.planned.personal ? scopeKeyOf(actor) : rightsKeyOf(actor)}`;
      const place = await startAt(prepared.after);
      const { organisationId } = actor;
      const groupOf = (): LiveGroup =>
        (groups.get(key) ?? open(key, admitted.known, { prepared, organisationId, actor })).group;
      return memberOf(groupOf, { actor, receiver, place, metrics });
    },
    operations: () => new Set([...groups.values()].map(({ known }) => known)),
    replan(present) {
      preparer = subscriptionPreparer({ ...options, ...present });
      for (const [key, shared] of groups) {
        try {
          const planned = preparer.plan(shared.known);
          // Who shared because nothing was personal must part.
          if (planned.personal && !shared.planned.personal)
            throw new Error('It selects what is personal now');
          shared.planned = planned;
        } catch (error) {
          groups.delete(key);
          shared.group.end(reloaded(error));
        }
      }
    },
  };
}

/** Who works in one book only is told of no event of another; the grant is part of the keys of groups. */
function withinBook({ embed }: Actor, prepared: PreparedSubscription): PreparedSubscription {
  if (embed?.bookId === undefined) return prepared;
  const { wants } = prepared;
  return { ...prepared, wants: (event) => event.bookId === embed.bookId && wants(event) };
}

interface Opened {
  readonly prepared: PreparedSubscription;
  /** Whoever opened the group. */
  readonly actor: Actor;
  readonly organisationId: string;
}
