import { comparePositions, laterPosition, type DomainEvent, type EventPosition } from '#kernel/events';
import { isBehind } from './event-feed.ts';
import type { EventStream } from './event-stream.ts';
import type { Member } from './member.ts';
import { messageBatch, type LiveMessage, type MessageBatch } from './message-batch.ts';

/** What of a line is kept for those who come back or lag behind. */
export interface HistoryLimits {
  readonly messages: number;
  /** Bytes of payload; asked whenever something is added, because it depends on how many groups there are. */
  readonly bytes: () => number;
}

/** The members of a group that stand at the same stretch of its events, and the messages they lately got. */
export interface Line {
  readonly members: ReadonlySet<Member>;
  /** Whether it has come to the present; otherwise it still catches up. */
  readonly live: boolean;
  /** Whoever stands here or behind it can join. */
  readonly floor: EventPosition;
  /** Its members lack nothing up to here. */
  readonly upTo: EventPosition;
  /** The next events to render; undefined when the line has ended. */
  next(): Promise<readonly DomainEvent[] | undefined>;
  /** Says that what `next` gave was handed out. */
  done(): void;
  /** Takes a member in; answers what it has missed of this line. */
  join(member: Member): MessageBatch | undefined;
  leave(member: Member): void;
  /** Keeps messages for those who join later. */
  keep(batch: MessageBatch): void;
  end(): void;
}

/** Makes the line over a stream that begins behind a position. */
export function openLine(stream: EventStream, after: EventPosition, limits: HistoryLimits): Line {
  const members = new Set<Member>();
  let history: LiveMessage[] = [];
  let bytes = 0;
  let floor = after;
  let delivered = after;
  /** The history as one batch, made when it is asked for; those who come back together share its bytes. */
  let replay: MessageBatch | undefined;

  const forgetOldest = (): void => {
    let drop = 0;
    for (const message of history) {
      if (history.length - drop <= limits.messages && bytes <= limits.bytes()) break;
      drop += 1;
      bytes -= message.payload.length;
      floor = message.position;
    }
    if (drop > 0) history = history.slice(drop);
  };
  return {
    members,
    get live() {
      return stream.live();
    },
    get floor() {
      return floor;
    },
    get upTo() {
      return laterPosition(delivered, stream.dealtWith());
    },
    next: () => stream.next(),
    done: () => stream.done(),
    join(member) {
      members.add(member);
      replay ??= messageBatch(history);
      return replay?.behind(member.place);
    },
    leave(member) {
      members.delete(member);
    },
    keep(batch) {
      replay = undefined;
      history.push(...batch.messages);
      for (const { payload } of batch.messages) bytes += payload.length;
      delivered = batch.last;
      forgetOldest();
    },
    end: () => stream.end(),
  };
}

/** Whether a line can go on for the members of another one: it has all they still need and is not behind them. */
export function continues(line: Line, other: Line): boolean {
  return !isBehind(line.floor, other.upTo) && comparePositions(line.upTo, other.upTo) >= 0;
}

/** Whether somebody who stands at a place can join: a line far in the past would make them wait. */
export function canJoin(line: Line, place: EventPosition): boolean {
  return !isBehind(line.floor, place) && (line.live || !isBehind(place, line.upTo));
}
