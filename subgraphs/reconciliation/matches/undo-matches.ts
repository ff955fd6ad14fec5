import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id, text } from '#kernel/input';
import { lockBook } from '../lock-book.ts';
import { booksOf } from './accept-matches.ts';
import { takeBack } from './undo-match.ts';

/** Takes many accepted matches back; those that cannot be are told of, the rest goes on. */
export const undoMatches = command({
  name: 'undoMatches',
  description: 'Takes many accepted matches back; those that cannot be are told of, the rest goes on.',
  scope: 'reconciliation:write',
  input: z.object({ matchIds: z.array(id()).min(1).max(500), reason: text(1000).optional() }),
  async run(transaction, { matchIds, reason }) {
    const wanted = [...new Set(matchIds)];
    for (const bookId of await booksOf(transaction, wanted)) await lockBook(transaction, bookId);
    const undone: string[] = [];
    for (const matchId of wanted) {
      try {
        await takeBack(transaction, matchId, reason);
        undone.push(matchId);
      } catch (error) {
        // Thrown before anything of this match was written.
        if (!(error instanceof CrossfootError)) throw error;
        transaction.report({ ...error.toUserError(), path: ['matchIds', String(matchIds.indexOf(matchId))] });
      }
    }
    return { matchIds: undone };
  },
});
