import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { lockBook } from '../lock-book.ts';
import { matchingJob } from './matching-job-name.ts';

/** Lets a line and an open item be suggested together again that a person had said do not belong together. */
export const withdrawDeclinedPair = command({
  name: 'withdrawDeclinedPair',
  description:
    'Lets a line and an open item be suggested together again that a person had said do not belong together.',
  scope: 'reconciliation:write',
  input: z.object({ declinedPairId: id() }),
  async run(transaction, { declinedPairId }) {
    const missing = `There is no declined pair ${declinedPairId}`;
    const [lineId = '', itemId = ''] = declinedPairId.split('.');
    const { book_id: bookId } = await transaction.require<{ book_id: string }>(
      missing,
      'select book_id from reconciliation.declined_pair where line_id = $1 and open_item_id = $2',
      [lineId, itemId],
    );
    await lockBook(transaction, bookId);
    await transaction.require(
      missing,
      'delete from reconciliation.declined_pair where line_id = $1 and open_item_id = $2 returning line_id',
      [lineId, itemId],
    );
    await transaction.query('update reconciliation.statement_line set looked_at = null where id = $1', [
      lineId,
    ]);
    transaction.wake(matchingJob, { organisationId: transaction.organisationId, bookId });
    transaction.audit({
      subjectType: 'StatementLine',
      subjectId: lineId,
      before: { declinedOpenItemId: itemId },
      after: {},
    });
    return { declinedPairId };
  },
});
