import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { id } from '#kernel/input';
import { giveUpMatch, restoreItems } from './give-up-match.ts';
import { lockBook } from '../lock-book.ts';
import { lockMatch } from './load-match.ts';
import { withdrawMatches } from './store-matches.ts';

/** Follows the reversal of a journal entry: its item is closed, its match or booking taken back. */
export const recordReversal = command({
  name: 'recordReversal',
  description:
    'Follows the reversal of a journal entry: its item is closed, its match or booking taken back.',
  scope: 'platform:internal',
  input: z.object({ journalEntryId: id(), bookId: id() }),
  async run(transaction, { journalEntryId, bookId }) {
    await lockBook(transaction, bookId);
    await closeItem(transaction, bookId, journalEntryId);
    const paid = await transaction.query<{ id: string }>(
      "select id from reconciliation.match where journal_entry_id = $1 and status = 'ACCEPTED'",
      [journalEntryId],
    );
    for (const { id: matchId } of paid) {
      const match = await lockMatch(transaction, matchId);
      await restoreItems(transaction, matchId);
      const reason = 'The ledger reversed the payment.';
      // Why it did is not known here: it says nothing about the matcher.
      await giveUpMatch(transaction, match, { status: 'UNDONE', reason, wrong: false });
      // No entry is named: the ledger has reversed it already.
      transaction.emit({ type: 'match.undone', subjectId: matchId, bookId, facts: {} });
    }
    await transaction.query(
      `update reconciliation.statement_line
          set status = 'UNMATCHED', booked_account_code = null, booked_memo = null, journal_entry_id = null,
              looked_at = null
        where journal_entry_id = $1 and status = 'BOOKED'`,
      [journalEntryId],
    );
    return { journalEntryId };
  },
});

async function closeItem(transaction: Transaction, bookId: string, journalEntryId: string): Promise<void> {
  const item = await transaction.maybe<{ id: string }>(
    'update reconciliation.open_item set open_minor = 0, reversed = true where journal_entry_id = $1 returning id',
    [journalEntryId],
  );
  if (!item) return;
  const standing = await transaction.query<{ id: string }>(
    `select m.id from reconciliation.match m join reconciliation.match_item i on i.match_id = m.id
      where i.open_item_id = $1 and m.status = 'SUGGESTED'`,
    [item.id],
  );
  await withdrawMatches(
    transaction,
    bookId,
    standing.map((match) => match.id),
  );
}
