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

/** Makes the stream. */
export function openEventStream(options: StreamOptions): EventStream {
  return new CatchingUpStream(options);
}

/**
 * Catches up by own reads until it meets the feed, then lives on what the feed hands out. At the meeting it first takes
 * its place at the feed and then reads on to the place where the feed stood: below it no event can appear any more, and
 * everything behind it comes through the feed, so there is neither gap nor repetition. When its taker falls far behind
 * the feed, it goes back to own reads: what waits is in the outbox anyway.
 */
class CatchingUpStream implements EventStream {
  readonly #options: StreamOptions;
  /** Everything up to here was read or came from the feed. */
  #place: EventPosition;
  /** Where it stood before it gave what is not dealt with yet. */
  #before: EventPosition | undefined;
  #waiting: DomainEvent[] = [];
  /** Where own reads end and the feed begins, once it has a place there. */
  #meeting: EventPosition | undefined;
  #caughtUp = false;
  #ended = false;
  #leave: () => void = () => undefined;
  #wake: () => void = () => undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#place = options.after;
    // Whoever begins exactly where the feed stands has nothing to catch up with.
    if (comparePositions(this.#place, options.feed.position()) === 0) {
      this.#joinFeed();
      this.#caughtUp = true;
    }
  }

  async next(): Promise<readonly DomainEvent[] | undefined> {
    for (;;) {
      if (this.#ended) return undefined;
      if (!this.#caughtUp) {
        const past = await this.#catchUp();
        return this.#ended ? undefined : past;
      }
      if (this.#waiting.length > 0) return this.#takeWaiting();
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  done(): void {
    this.#before = undefined;
  }

  dealtWith(): EventPosition {
    if (this.#before) return this.#before;
    // Of what the feed has handed out, only what was wanted came here.
    const idle = this.#caughtUp && this.#waiting.length === 0;
    return idle ? laterPosition(this.#place, this.#options.feed.position()) : this.#place;
  }

  live(): boolean {
    return this.#caughtUp;
  }

  end(): void {
    this.#ended = true;
    this.#leaveFeed();
  }

  #joinFeed(): void {
    const { feed, topic } = this.#options;
    // Own reads may have got further than the feed has.
    this.#meeting = laterPosition(feed.position(), this.#place);
    this.#leave = feed.listen(topic, (event) => this.#arrived(event));
  }

  #leaveFeed(): void {
    this.#leave();
    this.#leave = () => undefined;
    this.#waiting = [];
    this.#meeting = undefined;
    this.#caughtUp = false;
    this.#wake();
  }

  #arrived(event: DomainEvent): void {
    const meeting = this.#meeting;
    if ((meeting && !isBehind(event.position, meeting)) || !this.#options.wants(event)) return;
    if (this.#waiting.length >= longestQueue) return this.#leaveFeed();
    this.#waiting.push(event);
    this.#wake();
  }

  /** One read of the past; joins the feed when it has come to the present end. */
  async #catchUp(): Promise<DomainEvent[]> {
    const { reader, topic, wants } = this.#options;
    const limit = this.#meeting;
    const batch = await reader.read(this.#place, readTogether, topic).catch((cause: unknown) => {
      throw new CrossfootError('UNAVAILABLE', 'Events cannot be read at the moment', { cause });
    });
    const past = limit ? batch.filter((event) => !isBehind(event.position, limit)) : batch;
    const atEnd = batch.length < readTogether || past.length < batch.length;
    this.#before = this.#place;
    this.#place = past.at(-1)?.position ?? this.#place;
    // While it read, the feed may have overrun the queue; then the meeting is off and what was read counts as usual.
    if (atEnd && limit && limit === this.#meeting) {
      this.#caughtUp = true;
      this.#place = limit;
    } else if (atEnd && !this.#meeting && !this.#ended) {
      this.#joinFeed();
    }
    return past.filter(wants);
  }

  #takeWaiting(): DomainEvent[] {
    const events = this.#waiting;
    this.#waiting = [];
    this.#before = this.#place;
    this.#place = events.at(-1)?.position ?? this.#place;
    return events;
  }
}
