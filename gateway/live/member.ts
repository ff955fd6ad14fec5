import type { Actor } from '#kernel/actor';
import type { EventPosition } from '#kernel/events';
import type { ClientError } from '../error-format.ts';
import type { MessageBatch } from './message-batch.ts';

/** Where the messages of one subscription go. What it is given is on its way in the order it was given. */
export interface Receiver {
  send(batch: MessageBatch): void;
  /** Bytes that wait because the client does not take them. */
  queuedBytes(): number;
  /** Calls back once, when what waits has been taken; never, when the connection ends before. */
  onDrain(taken: () => void): void;
  /** Nothing more comes; with an error the client is told why and from where to resume. */
  end(error: ClientError | undefined): void;
}

/** A subscriber within its group. */
export interface Member {
  /** The event for which a rendering is made sees the rights of one of the members. */
  readonly actor: Actor;
  readonly receiver: Receiver;
  /** It lacks nothing up to here. */
  place: EventPosition;
  /** The last message it was given, or where it began: from here it can resume. */
  cursor: EventPosition;
  /** It has left or was ended. */
  gone: boolean;
}
