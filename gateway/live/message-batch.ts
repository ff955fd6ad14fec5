import type { EventPosition } from '#kernel/events';
import { isBehind } from './event-feed.ts';

/** One rendered event. */
export interface LiveMessage {
  readonly position: EventPosition;
  /** The result as JSON in UTF-8, the same bytes for everybody who gets it. */
  readonly payload: Buffer;
}

/** Messages that go out together, in order; at least one. */
export interface MessageBatch {
  readonly messages: readonly LiveMessage[];
  readonly first: EventPosition;
  readonly last: EventPosition;
  /** What a transport makes of the batch, made once for all who share it. */
  shaped<Shape extends object>(key: string, make: (messages: readonly LiveMessage[]) => Shape): Shape;
  /** The part behind a position; undefined when nothing of it is. */
  behind(position: EventPosition): MessageBatch | undefined;
}

/** Makes a batch; undefined for no messages. */
export function messageBatch(messages: readonly LiveMessage[]): MessageBatch | undefined {
  const first = messages[0]?.position;
  const last = messages.at(-1)?.position;
  if (!first || !last) return undefined;
  const shapes = new Map<string, object>();
  let tail: { readonly from: number; readonly batch: MessageBatch | undefined } | undefined;
  const batch: MessageBatch = {
    messages,
    first,
    last,
    shaped<Shape extends object>(key: string, make: (messages: readonly LiveMessage[]) => Shape): Shape {
      const known = shapes.get(key) as Shape | undefined;
      if (known) return known;
      const made = make(messages);
      shapes.set(key, made);
      return made;
    },
    behind(position) {
      if (isBehind(first, position)) return batch;
      if (!isBehind(last, position)) return undefined;
      const from = messages.findIndex((message) => isBehind(message.position, position));
      // Many who come back at once were cut off at the same place.
      if (tail?.from !== from) tail = { from, batch: messageBatch(messages.slice(from)) };
      return tail.batch;
    },
  };
  return batch;
}
