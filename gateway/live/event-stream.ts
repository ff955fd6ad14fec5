import { CrossfootError } from '#kernel/errors';
import { comparePositions, laterPosition, type DomainEvent, type EventPosition } from '#kernel/events';
import type { EventReader } from '#kernel/relay';
import { isBehind, type EventFeed, type FeedTopic } from './event-feed.ts';

const readTogether = 200;

/** How many events may wait in memory before the stream lets go of the feed and reads on from the outbox. */
export const longestQueue = 1_000;

interface StreamOptions {
  readonly reader: Pick<EventReader, 'read'>;
  readonly feed: EventFeed;
  readonly topic: FeedTopic;
  /** Only events behind this position are given. */
  readonly after: EventPosition;
  /** Which events of the topic are wanted. */
  readonly wants: (event: DomainEvent) => boolean;
}

/** The wanted events of a topic behind a position, in order, each once. */
export interface EventStream {
  /**
   * What comes next, which may be nothing where nothing of the past was wanted; undefined after `end`. Throws
   * UNAVAILABLE when the outbox cannot be read.
   */
  next(): Promise<readonly DomainEvent[] | undefined>;
  /** Says that what `next` gave has been dealt with. */
  done(): void;
  /** Every wanted event up to here was given by `next` and dealt with. */
  dealtWith(): EventPosition;
  /** Whether it lives on the feed; otherwise it catches up. */
  live(): boolean;
  end(): void;
}

/**
 * Catches up by own reads until it meets the feed, then lives on what the feed hands out. At the meeting it first takes
 * its place at the feed and then reads on to the place where the feed stood: below it no event can appear any more, and
 * everything behind it comes through the feed, so there is neither gap nor repetition. When its taker falls far behind
 * the feed, it goes back to own reads: what waits is in the outbox anyway.
 */
export function openEventStream(options: StreamOptions): EventStream {
  const { reader, feed, topic, wants } = options;
  let place = options.after;
  /** Where it stood before it gave what is not dealt with yet. */
  let before: EventPosition | undefined;
  let waiting: DomainEvent[] = [];
  let meeting: EventPosition | undefined;
  let caughtUp = false;
  let ended = false;
  let leave: () => void = () => undefined;
  let wake: () => void = () => undefined;

  const leaveFeed = (): void => {
    leave();
    leave = () => undefined;
    waiting = [];
    meeting = undefined;
    caughtUp = false;
    wake();
  };
  const arrived = (event: DomainEvent): void => {
    if ((meeting && !isBehind(event.position, meeting)) || !wants(event)) return;
    if (waiting.length >= longestQueue) return leaveFeed();
    waiting.push(event);
    wake();
  };
  const joinFeed = (): void => {
    // Own reads may have got further than the feed has.
    meeting = laterPosition(feed.position(), place);
    leave = feed.listen(topic, arrived);
  };
  /** One read of the past; joins the feed when it has come to the present end. */
  const catchUp = async (): Promise<DomainEvent[]> => {
    const limit = meeting;
    const batch = await reader.read(place, readTogether, topic).catch((cause: unknown) => {
      throw new CrossfootError('UNAVAILABLE', 'Events cannot be read at the moment', { cause });
    });
    const past = limit ? batch.filter((event) => !isBehind(event.position, limit)) : batch;
    const atEnd = batch.length < readTogether || past.length < batch.length;
    // While it read, the feed may have overrun the queue; then the meeting is off and what was read counts as usual.
    const met = atEnd && limit !== undefined && limit === meeting;
    before = place;
    place = past.at(-1)?.position ?? place;
    if (met) {
      caughtUp = true;
      place = limit;
    } else if (atEnd && !meeting && !ended) {
      joinFeed();
    }
    return past.filter(wants);
  };
  const takeWaiting = (): DomainEvent[] => {
    const events = waiting;
    waiting = [];
    before = place;
    place = events.at(-1)?.position ?? place;
    return events;
  };

  // Whoever begins exactly where the feed stands has nothing to catch up with.
  if (comparePositions(place, feed.position()) === 0) {
    joinFeed();
    caughtUp = true;
  }
  return {
    async next() {
      for (;;) {
        if (ended) return undefined;
        if (!caughtUp) {
          const past = await catchUp();
          return ended ? undefined : past;
        }
        if (waiting.length > 0) return takeWaiting();
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    done() {
      before = undefined;
    },
    dealtWith() {
      if (before) return before;
      // Of what the feed has handed out, only what was wanted came here.
      return caughtUp && waiting.length === 0 ? laterPosition(place, feed.position()) : place;
    },
    live: () => caughtUp,
    end() {
      ended = true;
      leaveFeed();
    },
  };
}
