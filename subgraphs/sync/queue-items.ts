import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';

/** A posted entry as far as the queue knows it. */
export interface QueuedEntry {
  readonly id: string;
  /** Its place in the order of posting. */
  readonly position: bigint;
}

/** The connection a queue belongs to. */
export interface QueueOwner {
  readonly id: string;
  readonly book_id: string;
}

/** Puts entries into the queue of a connection; those it knows already stay as they are. */
export async function queueItems(
  transaction: Transaction,
  connection: QueueOwner,
  entries: readonly QueuedEntry[],
): Promise<void> {
  const added = await transaction.query(
    `insert into sync.sync_item (organisation_id, id, connection_id, entry_id, position, status)
     select $1, item.id, $2, item.entry_id, item.position, 'PENDING'
       from unnest($3::text[], $4::text[], $5::bigint[]) as item(id, entry_id, position)
     on conflict (organisation_id, connection_id, entry_id) do nothing returning 1`,
    [
      transaction.organisationId,
      connection.id,
      entries.map(() => newId('si')),
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.position),
    ],
  );
  await queueRun(transaction, connection, added.length);
}

/**
 * Counts waiting items into the queued run of a connection, which is made when there is none. Whatever waits is either
 * in the queued run or in the running one.
 */
export async function queueRun(
  transaction: Transaction,
  connection: QueueOwner,
  items: number,
): Promise<void> {
  if (items === 0) return;
  const id = newId('run');
  const [run] = await transaction.query<{ id: string }>(
    `insert into sync.sync_run (organisation_id, id, connection_id, status, total) values ($1, $2, $3, 'QUEUED', $4)
     on conflict (organisation_id, connection_id) where status = 'QUEUED'
     do update set total = sync_run.total + excluded.total returning id`,
    [transaction.organisationId, id, connection.id, items],
  );
  if (run?.id !== id) return;
  transaction.emit({
    type: 'syncRun.queued',
    subjectId: id,
    bookId: connection.book_id,
    facts: { connectionId: connection.id },
  });
}

/** Wakes the drain of a connection after the commit. */
export function wakeDrain(transaction: Transaction, connectionId: string): void {
  transaction.wake('sync.drain', { organisationId: transaction.organisationId, connectionId });
}
