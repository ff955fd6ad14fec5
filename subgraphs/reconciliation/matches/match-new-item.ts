import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { matchBook } from './match-book.ts';
import { matchingJob } from './matching-job-name.ts';
import { recordRun } from './matching-runs.ts';

/** Up to so many open lines a new item is matched at once; beyond, many new items share one run of the job. */
const atOnceUpTo = 300;

/** Looks whether what the ledger has just posted is what open lines have waited for. */
export const matchNewItem = command({
  name: 'matchNewItem',
  description: 'Looks whether what the ledger has just posted is what open lines have waited for.',
  scope: 'platform:internal',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    const waiting = await transaction.query(
      `select 1 from reconciliation.statement_line
        where book_id = $1 and status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not held limit $2`,
      [bookId, atOnceUpTo + 1],
    );
    if (waiting.length === 0) return { matched: false };
    if (waiting.length <= atOnceUpTo)
      await recordRun(transaction, bookId, await matchBook(transaction, bookId, { whole: false }));
    else transaction.wake(matchingJob, { organisationId: transaction.organisationId, bookId });
    return { matched: true };
  },
});
