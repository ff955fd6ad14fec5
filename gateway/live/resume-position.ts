import { CrossfootError } from '#kernel/errors';
import { comparePositions, decodeCursor, type EventPosition } from '#kernel/events';
import type { EventReader } from '#kernel/relay';

/** The position of an `after` argument; undefined when it was left out. Throws CURSOR_INVALID. */
export function positionOf(cursor: unknown): EventPosition | undefined {
  if (cursor === undefined || cursor === null) return undefined;
  const position = typeof cursor === 'string' ? decodeCursor(cursor) : undefined;
  if (!position) throw new CrossfootError('CURSOR_INVALID', 'This is not a cursor of an event');
  return position;
}

/**
 * Where a subscription begins: at its cursor, or at the present end of the events. Throws CURSOR_INVALID for a cursor
 * behind that end, which nobody can have been given.
 */
export async function startingPosition(
  after: EventPosition | undefined,
  reader: Pick<EventReader, 'end'>,
): Promise<EventPosition> {
  const end = await reader.end();
  if (after && comparePositions(after, end) > 0) {
    throw new CrossfootError('CURSOR_INVALID', 'This cursor lies behind every event there is');
  }
  return after ?? end;
}
