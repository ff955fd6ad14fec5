import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import type { EventType } from '#kernel/events';

/** Where a document stands. */
export const documentStatuses = [
  'RECEIVED',
  'QUARANTINED',
  'DRAFTED',
  'POSTED',
  'REJECTED',
  'DUPLICATE',
] as const;

/** One state of a document. */
export type DocumentStatus = (typeof documentStatuses)[number];

/** The state machine of a document: from each state to which others. */
export const documentSteps: Readonly<Record<DocumentStatus, readonly DocumentStatus[]>> = {
  RECEIVED: ['DRAFTED', 'QUARANTINED', 'REJECTED'],
  QUARANTINED: ['RECEIVED', 'DUPLICATE', 'REJECTED'],
  DRAFTED: ['POSTED', 'REJECTED'],
  POSTED: [],
  REJECTED: [],
  DUPLICATE: [],
};

const events: Partial<Record<DocumentStatus, EventType>> = {
  QUARANTINED: 'document.quarantined',
  DRAFTED: 'document.drafted',
  POSTED: 'document.posted',
  REJECTED: 'document.rejected',
};

/**
 * Moves a document to another state and tells of it; a document that is there already stays and nothing is told.
 * Throws NOT_FOUND, and STATE_CONFLICT for a step the state machine does not have.
 */
export async function advanceDocument(
  transaction: Transaction,
  id: string,
  to: DocumentStatus,
): Promise<void> {
  const { status, book_id: bookId } = await transaction.require<{ status: DocumentStatus; book_id: string }>(
    `There is no document ${id}`,
    'select status, book_id from transactions.document where id = $1 for update',
    [id],
  );
  if (status === to) return;
  if (!documentSteps[status].includes(to)) {
    throw new CrossfootError('STATE_CONFLICT', `Document ${id} is ${status} and cannot become ${to}`, {
      path: ['documentId'],
    });
  }
  await transaction.query('update transactions.document set status = $2 where id = $1', [id, to]);
  const type = events[to];
  if (type) transaction.emit({ type, subjectId: id, bookId, facts: {} as never });
}
