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

/**
 * Where a subscription begins: at its cursor, or where the feed of this gateway stands, behind which lies everything
 * from now on. Throws CURSOR_INVALID for a cursor behind the end of the events, which nobody can have been given.
 */
export async function startingPosition(
  after: EventPosition | undefined,
  { reader, feed }: { readonly reader: Pick<EventReader, 'end'>; readonly feed: EventFeed },
): Promise<EventPosition> {
  if (!after) return feed.position();
  // Another gateway may be ahead of this one's feed.
  if (isBehind(after, feed.position()) && isBehind(after, await reader.end())) {
    throw new CrossfootError('CURSOR_INVALID', 'This cursor lies behind every event there is');
  }
  return after;
}
