import { CrossfootError } from '#kernel/errors';
import { laterPosition, type DomainEvent, type EventPosition } from '#kernel/events';
import type { EventReader } from '#kernel/relay';
import { isBehind, type EventFeed, type FeedTopic } from './event-feed.ts';

const batchSize = 200;

/** How many events may wait for one subscriber before it is ended. */
export const longestQueue = 1_000;

interface StreamOptions {
  readonly reader: Pick<EventReader, 'read'>;
  readonly feed: EventFeed;
  readonly topic: FeedTopic;
  /** Only events behind this position are given. */
  readonly after: EventPosition;
  /** Which events of the topic are wanted. */
  readonly wants: (event: DomainEvent) => boolean;
  /** Whether the subscriber's socket holds back more than it should. */
  readonly congested?: () => boolean;
}

/** The events of one subscriber, in order, each once. */
export interface EventStream {
  /** The next event; undefined after `end`. Throws SUBSCRIPTION_OVERFLOW when too much waits. */
  next(): Promise<DomainEvent | undefined>;
  end(): void;
}

/**
 * Catches up by own reads until it meets the feed, then lives on what the feed hands out. At the meeting it first takes
 * its place at the feed and then reads on to the place where the feed stood: below it no event can appear any more, and
 * everything behind it comes through the feed, so there is neither gap nor repetition.
 */
export function openEventStream(options: StreamOptions): EventStream {
  const { reader, feed, topic, wants } = options;
  let place = options.after;
  let ready: DomainEvent[] = [];
  let live: DomainEvent[] = [];
  let meeting: EventPosition | undefined;
  let caughtUp = false;
  let overflown = false;
  let ended = false;
  let leave: () => void = () => undefined;
  let wake: () => void = () => undefined;

  const arrived = (event: DomainEvent): void => {
    if (overflown || (meeting && !isBehind(event.position, meeting)) || !wants(event)) return;
    if (live.length >= longestQueue || options.congested?.()) {
      overflown = true;
      live = [];
      leave();
    } else {
      live.push(event);
    }
    wake();
  };
  const join = (): void => {
    // Own reads may have got further than the feed has.
    meeting = laterPosition(feed.position(), place);
    leave = feed.listen(topic, arrived);
  };
  /** One read of the past; joins the feed when it has come to the present end. */
  const catchUp = async (): Promise<void> => {
    const batch = await reader.read(place, batchSize, topic).catch((cause: unknown) => {
      throw new CrossfootError('UNAVAILABLE', 'Events cannot be read at the moment', { cause });
    });
    const last = batch.at(-1)?.position;
    if (last) place = last;
    const limit = meeting;
    const past = limit ? batch.filter((event) => !isBehind(event.position, limit)) : batch;
    ready.push(...past.filter(wants));
    const atEnd = batch.length < batchSize;
    if (limit) caughtUp = atEnd || past.length < batch.length;
    else if (atEnd && !ended) join();
  };

  return {
    async next() {
      for (;;) {
        if (ended) return undefined;
        const event = ready.shift() ?? (caughtUp ? live.shift() : undefined);
        if (event) return event;
        if (overflown) {
          throw new CrossfootError(
            'SUBSCRIPTION_OVERFLOW',
            `More than ${longestQueue} events wait for this subscriber, so it was ended`,
          );
        }
        if (!caughtUp) await catchUp();
        else if (live.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    end() {
      ended = true;
      leave();
      ready = [];
      live = [];
      wake();
    },
  };
}
