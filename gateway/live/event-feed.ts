import { comparePositions, type DomainEvent, type EventPosition } from '#kernel/events';
import type { Log } from '#kernel/log';
import type { EventReader } from '#kernel/relay';

const batchSize = 500;

/** Which events a listener gets: those of one organisation whose type begins with the subject. */
export interface FeedTopic {
  readonly organisationId: string;
  readonly subject: string;
}

/** The one reader of new events of a gateway. It reads each event once, however many subscribers it has. */
export interface EventFeed {
  /** Every event up to here has been handed out; those behind it will be. */
  position(): EventPosition;
  /** Hands the listener each event of the topic behind the present position, in order; answers how to stop. */
  listen(topic: FeedTopic, listener: (event: DomainEvent) => void): () => void;
  stop(): Promise<void>;
}

interface FeedOptions {
  readonly reader: Pick<EventReader, 'read' | 'end' | 'onCommit'>;
  readonly log: Log;
  /** Sees every event before the listeners do. */
  readonly noticed: (event: DomainEvent) => void;
}

/** Starts the feed at the present end of the events. */
export async function startEventFeed(options: FeedOptions): Promise<EventFeed> {
  const { reader, log } = options;
  const listeners = new Map<string, Set<(event: DomainEvent) => void>>();
  let position = await reader.end();
  let stopped = false;
  let wake: () => void = () => undefined;
  let pending = true;
  const stopListening = reader.onCommit(() => {
    pending = true;
    wake();
  });

  /** One that fails over an event keeps it from nobody else, and brings it to nobody twice. */
  const tell = (listener: (event: DomainEvent) => void, event: DomainEvent): void => {
    try {
      listener(event);
    } catch (error) {
      log.error({ err: error, event: event.type }, 'a listener failed over an event');
    }
  };
  const handOut = (event: DomainEvent): void => {
    tell(options.noticed, event);
    const interested = listeners.get(
      keyOf({ organisationId: event.organisationId, subject: subjectOf(event) }),
    );
    for (const listener of interested ?? []) tell(listener, event);
    position = event.position;
  };
  const readNew = async (): Promise<void> => {
    for (let full = true; full && !stopped;) {
      const batch = await reader.read(position, batchSize);
      for (const event of batch) handOut(event);
      full = batch.length === batchSize;
    }
  };
  const done = (async () => {
    while (!stopped) {
      if (!pending) await new Promise<void>((resolve) => (wake = resolve));
      pending = false;
      // What could not be read now is read at the next wake-up, which comes at least twice a second.
      if (!stopped) await readNew().catch((error: unknown) => log.warn({ err: error }, 'the feed waits'));
    }
  })();

  return {
    position: () => position,
    listen(topic, listener) {
      const key = keyOf(topic);
      const set = listeners.get(key) ?? new Set();
      listeners.set(key, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0 && listeners.get(key) === set) listeners.delete(key);
      };
    },
    async stop() {
      stopped = true;
      stopListening();
      wake();
      await done;
    },
  };
}

/** Whether the first position lies behind the second. */
export function isBehind(one: EventPosition, other: EventPosition): boolean {
  return comparePositions(one, other) > 0;
}

function subjectOf(event: DomainEvent): string {
  return event.type.slice(0, event.type.indexOf('.'));
}

function keyOf(topic: FeedTopic): string {
  return `${topic.organisationId} ${topic.subject}`;
}
