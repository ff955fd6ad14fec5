import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { money, sum } from '#kernel/money';
import { lockOpenLines } from './load-lines.ts';
import { settleMatches } from './settle-matches.ts';
import { sharePayment, type OpenAmount } from './share-payment.ts';
import { storeMatches, withdrawMatchesOfLines } from './store-matches.ts';

/** Matches lines with open items as a person chose them; the last item may be paid in part. */
export const matchManually = command({
  name: 'matchManually',
  description:
    'Matches lines with open items as a person chose them; the last item named may be paid in part.',
  scope: 'reconciliation:write',
  input: z.object({ lineIds: z.array(id()).min(1).max(500), openItemIds: z.array(id()).min(1).max(500) }),
  async run(transaction, { lineIds, openItemIds }) {
    const lines = await lockOpenLines(transaction, lineIds);
    const [first] = lines;
    if (!first) throw new CrossfootError('NOT_FOUND', 'There is no such line');
    const { bookId, bankAccountId, currency } = first;
    if (lines.some((line) => line.bankAccountId !== bankAccountId)) {
      throw new CrossfootError(
        'FIELD_INVALID',
        'The lines are of several bank accounts; match those of each apart',
        {
          path: ['lineIds'],
        },
      );
    }
    const paid = sum(
      currency,
      lines.map((line) => money(line.minor, line.currency)),
    );
    const items = sharePayment(paid, await openAmounts(transaction, bookId, openItemIds));
    await withdrawMatchesOfLines(transaction, bookId, lineIds);
    const [matchId = ''] = await storeMatches(transaction, bookId, [
      {
        bankAccountId,
        currency,
        lineIds: lines.map((line) => line.id),
        items,
        method: 'manual',
        confidence: 10_000,
        rawConfidence: 10_000,
        differenceSplits: [],
        automatic: false,
        evidence: [],
        rivals: [],
      },
    ]);
    await settleMatches(transaction, bookId, [matchId]);
    return { matchId };
  },
});

async function openAmounts(
  transaction: Transaction,
  bookId: string,
  openItemIds: readonly string[],
): Promise<OpenAmount[]> {
  const rows = await transaction.query<{ id: string; open_minor: bigint; currency: string }>(
    'select id, open_minor, currency from reconciliation.open_item where id = any($1) and book_id = $2',
    [openItemIds, bookId],
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  return [...new Set(openItemIds)].map((itemId) => {
    const row = found.get(itemId);
    if (!row) throw new CrossfootError('NOT_FOUND', `There is no open item ${itemId} in book ${bookId}`);
    if (row.open_minor === 0n)
      throw new CrossfootError('STATE_CONFLICT', `The item ${itemId} is not open any more`);
    return { id: itemId, open: money(row.open_minor, row.currency) };
  });
}
