import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { id, text } from '#kernel/input';
import { giveUpMatch, restoreItems } from './give-up-match.ts';
import { lockMatch } from './load-match.ts';
import { advance, matchTransitions } from '../states.ts';

/** Takes an accepted match back: its items are open again and the ledger reverses the payment. */
export const undoMatch = command({
  name: 'undoMatch',
  description: 'Takes an accepted match back: its items are open again and the ledger reverses the payment.',
  scope: 'reconciliation:write',
  input: z.object({ matchId: id(), reason: text(1000).optional() }),
  async run(transaction, { matchId, reason }) {
    await takeBack(transaction, matchId, reason);
    return { matchId };
  },
});

/** Undoes one match; throws NOT_FOUND and STATE_CONFLICT before anything is written. */
export async function takeBack(
  transaction: Transaction,
  matchId: string,
  reason: string | undefined,
): Promise<void> {
  const match = await lockMatch(transaction, matchId);
  advance('A match', matchTransitions, { from: match.status, to: 'UNDONE' });
  await restoreItems(transaction, matchId);
  await giveUpMatch(transaction, match, { status: 'UNDONE', reason });
  const { bookId, journalEntryId } = match;
  // Without an entry yet, the entry is named as soon as the ledger tells of it.
  transaction.emit({ type: 'match.undone', subjectId: matchId, bookId, facts: { journalEntryId } });
}
