import { CrossfootError } from '#kernel/errors';
import { decodeCursor, type EventPosition } from '#kernel/events';
import type { EventReader } from '#kernel/relay';
import { isBehind, type EventFeed } from './event-feed.ts';

/** The position of an `after` argument; undefined when it was left out. Throws CURSOR_INVALID. */
export function positionOf(cursor: unknown): EventPosition | undefined {
  if (cursor === undefined || cursor === null) return undefined;
  const position = typeof cursor === 'string' ? decodeCursor(cursor) : undefined;
  if (!position) throw new CrossfootError('CURSOR_INVALID', 'This is not a cursor of an event');
  return position;
}

interface StartOptions {
  readonly reader: Pick<EventReader, 'end'>;
  readonly feed: EventFeed;
}

/**
 * Says where subscriptions begin: at their cursor, or at the present end of the events. Throws CURSOR_INVALID for a
 * cursor behind that end, which nobody can have been given.
 */
export function startingPositions({ reader, feed }: StartOptions) {
  const end = sharedNext(() => reader.end());
  return async (after: EventPosition | undefined): Promise<EventPosition> => {
    if (!after) return end();
    // Where the feed has been nobody needs to ask; another gateway may be ahead of it.
    if (isBehind(after, feed.position()) && isBehind(after, await end())) {
      throw new CrossfootError('CURSOR_INVALID', 'This cursor lies behind every event there is');
    }
    return after;
  };
}

/** Whoever asks while an answer is under way shares the next one, because that one may be older than the question. */
function sharedNext<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let present: Promise<unknown> | undefined;
  let next: Promise<Answer> | undefined;
  const begin = (): Promise<Answer> => {
    next = undefined;
    const answer = ask();
    const settled = answer.then(
      () => undefined,
      () => undefined,
    );
    present = settled;
    void settled.then(() => {
      if (present === settled) present = undefined;
    });
    return answer;
  };
  return () => (present ? (next ??= present.then(begin)) : begin());
}
