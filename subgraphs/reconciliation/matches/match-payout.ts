import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { lockBook } from '../lock-book.ts';
import { lockOpenLines } from './load-lines.ts';
import { loadMembers, loadOpenPayouts } from './load-payouts.ts';
import { payoutMatch } from './payout-match.ts';
import { settleMatches } from './settle-matches.ts';
import { withdrawMatches, withdrawMatchesOfLines } from './store-matches.ts';
import { loadProcessorAccounts, storePayoutMatch } from './store-payout-match.ts';
import { tiePayoutMembers } from './tie-payout-members.ts';

/** Settles a payout with the bank lines that a person says have brought it; what they differ by is booked as a difference. */
export const matchPayout = command({
  name: 'matchPayout',
  description:
    'Settles a payout with the bank lines that a person says have brought it; what they differ by is booked as a difference.',
  scope: 'reconciliation:write',
  input: z.object({ payoutId: id(), lineIds: z.array(id()).min(1).max(50) }),
  async run(transaction, { payoutId, lineIds }) {
    const { book_id: bookId } = await transaction.require<{ book_id: string }>(
      `There is no payout ${payoutId}`,
      'select book_id from reconciliation.payout where id = $1',
      [payoutId],
    );
    await lockBook(transaction, bookId);
    const [payout] = await loadOpenPayouts(transaction, bookId, payoutId);
    if (!payout) {
      throw new CrossfootError(
        'STATE_CONFLICT',
        'The payout is settled already, has failed, or pays nothing out',
      );
    }
    const lines = await lockOpenLines(transaction, lineIds);
    const [first] = lines;
    if (
      !first ||
      lines.some((line) => line.bankAccountId !== first.bankAccountId || line.bookId !== bookId)
    ) {
      const message = 'The lines are not of one bank account of the book of the payout';
      throw new CrossfootError('FIELD_INVALID', message, { path: ['lineIds'] });
    }
    await tiePayoutMembers(transaction, bookId, [payoutId]);
    const { members, open } = await loadMembers(transaction, [payoutId]);
    const standing = await transaction.query<{ id: string }>(
      "select id from reconciliation.match where payout_id = $1 and status = 'SUGGESTED'",
      [payoutId],
    );
    await withdrawMatches(
      transaction,
      bookId,
      standing.map((match) => match.id),
    );
    await withdrawMatchesOfLines(transaction, bookId, lineIds);
    const match = payoutMatch(payout, {
      members: members.get(payoutId) ?? [],
      open,
      lines: lines.map((line) => ({
        id: line.id,
        bankAccountId: line.bankAccountId,
        bookedOn: line.bookedOn,
        amount: { minor: line.minor, currency: line.currency },
        references: [],
        text: '',
      })),
    });
    const accounts = await loadProcessorAccounts(transaction, bookId);
    const matchId = await storePayoutMatch(transaction, bookId, { match, accounts });
    await settleMatches(transaction, bookId, [matchId]);
    return { matchId };
  },
});
