import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import type { CalendarDate } from '#kernel/calendar';
import { lockBook } from '../lock-book.ts';

/** A bank line as the commands that settle it by hand need it. */
export interface LockedLine {
  readonly id: string;
  readonly bookId: string;
  readonly bankAccountId: string;
  readonly statementId: string;
  readonly bookedOn: CalendarDate;
  readonly minor: bigint;
  readonly currency: string;
  readonly status: string;
}

/**
 * Loads lines of one book that are to be settled by hand and keeps everybody else from changing them. Throws NOT_FOUND,
 * LINE_ALREADY_MATCHED, and STATE_CONFLICT for lines that are held back.
 */
export async function lockOpenLines(
  transaction: Transaction,
  lineIds: readonly string[],
): Promise<LockedLine[]> {
  const [first = ''] = lineIds;
  const { book_id: bookId } = await transaction.require<{ book_id: string }>(
    `There is no statement line ${first}`,
    'select book_id from reconciliation.statement_line where id = $1',
    [first],
  );
  await lockBook(transaction, bookId);
  const rows = await transaction.query<{
    id: string;
    bank_account_id: string;
    statement_id: string;
    booked_on: CalendarDate;
    minor: bigint;
    currency: string;
    status: string;
    held: boolean;
  }>(
    `select id, bank_account_id, statement_id, booked_on, minor, currency, status, held
       from reconciliation.statement_line where id = any($1) and book_id = $2`,
    [lineIds, bookId],
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  return [...new Set(lineIds)].map((id) => {
    const row = found.get(id);
    if (!row) throw new CrossfootError('NOT_FOUND', `There is no statement line ${id} in book ${bookId}`);
    if (row.status === 'MATCHED' || row.status === 'BOOKED') {
      throw new CrossfootError(
        'LINE_ALREADY_MATCHED',
        `The line ${id} is ${row.status.toLowerCase()} already`,
      );
    }
    if (row.held) {
      throw new CrossfootError(
        'STATE_CONFLICT',
        `The line ${id} is held back with its statement; release it first`,
      );
    }
    return {
      id,
      bookId,
      bankAccountId: row.bank_account_id,
      statementId: row.statement_id,
      bookedOn: row.booked_on,
      minor: row.minor,
      currency: row.currency,
      status: row.status,
    };
  });
}
