import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';

/** Which status of a connection may follow which. */
export const connectionTransitions = {
  ACTIVE: ['PAUSED', 'FAILING'],
  FAILING: ['ACTIVE', 'PAUSED'],
  PAUSED: ['ACTIVE'],
} as const satisfies Record<string, readonly string[]>;

/** One status of a connection. */
export type ConnectionStatus = keyof typeof connectionTransitions;

/** A connection as commands lock it. */
export interface ConnectionRow {
  readonly id: string;
  readonly book_id: string;
  readonly status: ConnectionStatus;
  readonly failures: number;
  /** Whether the pause after a failed push is over, by the clock of the database. */
  readonly due: boolean;
}

/** Locks a connection by its id; throws NOT_FOUND. */
export function lockConnection(transaction: Transaction, id: string): Promise<ConnectionRow> {
  return transaction.require<ConnectionRow>(
    `There is no connection ${id}`,
    `select id, book_id, status, failures, coalesce(next_attempt_at <= now(), true) as due
       from sync.connection where id = $1 for no key update`,
    [id],
  );
}

/** Moves a connection to another status and clears its failures; throws STATE_CONFLICT where that is not possible. */
export async function setConnectionStatus(
  transaction: Transaction,
  connection: ConnectionRow,
  to: Exclude<ConnectionStatus, 'FAILING'>,
): Promise<void> {
  const from = connection.status;
  if (!(connectionTransitions[from] as readonly string[]).includes(to)) {
    throw new CrossfootError('STATE_CONFLICT', `The connection is ${from} and cannot become ${to}`);
  }
  await transaction.query(
    'update sync.connection set status = $2, failures = 0, next_attempt_at = null where id = $1',
    [connection.id, to],
  );
  tellChange(transaction, connection, to);
}

/**
 * Notes that the target could not be reached: the connection is FAILING, unless somebody has paused it, and rests
 * 15 seconds, then twice as long each time, an hour at most.
 */
export async function noteFailure(transaction: Transaction, connection: ConnectionRow): Promise<void> {
  const to = connection.status === 'PAUSED' ? 'PAUSED' : 'FAILING';
  await transaction.query(
    `update sync.connection set status = $2, failures = failures + 1,
            next_attempt_at = now() + least(interval '1 hour', interval '15 seconds' * 2 ^ least(failures, 10))
      where id = $1`,
    [connection.id, to],
  );
  if (to !== connection.status) tellChange(transaction, connection, to);
}

function tellChange(transaction: Transaction, connection: ConnectionRow, to: ConnectionStatus): void {
  transaction.emit({
    type: 'connection.changed',
    subjectId: connection.id,
    bookId: connection.book_id,
    facts: {},
  });
  transaction.audit({
    subjectType: 'Connection',
    subjectId: connection.id,
    before: { status: connection.status },
    after: { status: to },
  });
}
