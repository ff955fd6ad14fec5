import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';

/** Notes which journal entry the ledger made of a match or a booked line. */
export const recordPosting = command({
  name: 'recordPosting',
  description: 'Notes which journal entry the ledger made of a match or a booked line.',
  scope: 'platform:internal',
  input: z.object({
    journalEntryId: id(),
    bookId: id(),
    matchId: id().optional(),
    statementLineId: id().optional(),
  }),
  async run(transaction, { journalEntryId, bookId, matchId, statementLineId }) {
    if (statementLineId) {
      await transaction.query(
        "update reconciliation.statement_line set journal_entry_id = $2 where id = $1 and status = 'BOOKED'",
        [statementLineId, journalEntryId],
      );
    }
    const match = matchId
      ? await transaction.maybe<{ status: string }>(
          'update reconciliation.match set journal_entry_id = $2 where id = $1 returning status',
          [matchId, journalEntryId],
        )
      : undefined;
    // Whoever undid the match before the ledger had posted it could not say which entry to reverse.
    if (matchId && match?.status === 'UNDONE') {
      transaction.emit({ type: 'match.undone', subjectId: matchId, bookId, facts: { journalEntryId } });
    }
    return { journalEntryId };
  },
});
