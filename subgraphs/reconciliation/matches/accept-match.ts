import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { lockMatch } from './load-match.ts';
import { settleMatches } from './settle-matches.ts';
import { advance, matchTransitions } from '../states.ts';

/** Accepts a suggested match; the ledger posts the payment. */
export const acceptMatch = command({
  name: 'acceptMatch',
  description: 'Accepts a suggested match; the ledger posts the payment.',
  scope: 'reconciliation:write',
  input: z.object({ matchId: id() }),
  async run(transaction, { matchId }) {
    const match = await lockMatch(transaction, matchId);
    advance('A match', matchTransitions, { from: match.status, to: 'ACCEPTED' });
    await settleMatches(transaction, match.bookId, [matchId]);
    return { matchId };
  },
});
