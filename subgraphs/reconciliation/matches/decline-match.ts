import { z } from 'zod';
import { command } from '#kernel/command';
import { id, text } from '#kernel/input';
import { giveUpMatch } from './give-up-match.ts';
import { lockMatch } from './load-match.ts';
import { resolveExceptionsOf } from '../raise-exceptions.ts';
import { advance, matchTransitions } from '../states.ts';

/** Declines a suggested match; the same lines and items are not suggested together again. */
export const declineMatch = command({
  name: 'declineMatch',
  description: 'Declines a suggested match; the same lines and items are not suggested together again.',
  scope: 'reconciliation:write',
  input: z.object({ matchId: id(), reason: text(1000).optional() }),
  async run(transaction, { matchId, reason }) {
    const match = await lockMatch(transaction, matchId);
    advance('A match', matchTransitions, { from: match.status, to: 'DECLINED' });
    await giveUpMatch(transaction, match, { status: 'DECLINED', reason });
    const { bookId, lineIds } = match;
    await resolveExceptionsOf(transaction, bookId, { lineIds, resolution: 'The match was declined.' });
    transaction.emit({ type: 'match.declined', subjectId: matchId, bookId, facts: {} });
    return { matchId };
  },
});
