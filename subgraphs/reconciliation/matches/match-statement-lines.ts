import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { matchBook } from './match-book.ts';
import { recordRun } from './matching-runs.ts';

/** Matches the open lines of a book: certain matches are accepted, others suggested, the rest become exceptions. */
export const matchStatementLines = command({
  name: 'matchStatementLines',
  description:
    'Matches the open lines of a book: certain matches are accepted, others suggested, the rest become exceptions.',
  scope: 'reconciliation:write',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    const step = await matchBook(transaction, bookId, { whole: true });
    await recordRun(transaction, bookId, step);
    const { accepted, suggested, exceptions } = step;
    return { accepted, suggested, exceptions };
  },
});
