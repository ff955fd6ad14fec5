import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { askOf } from './find-concerned.ts';
import { dueLines } from './load-open-book.ts';
import { matchBook } from './match-book.ts';
import { matchingJob } from './matching-job-name.ts';
import { recordRun } from './matching-runs.ts';

/** Up to so many lines are matched at once; more are a run in the background that people can follow. */
const atOnceUpTo = 2_000;

/** Matches the lines no run has looked at, and what they concern. */
export const matchDueLines = command({
  name: 'matchDueLines',
  description: 'Matches the lines no run has looked at, and what they concern.',
  scope: 'platform:internal',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    const due = await dueLines(askOf(transaction), bookId, atOnceUpTo + 1);
    if (due.length > atOnceUpTo) {
      transaction.wake(matchingJob, { organisationId: transaction.organisationId, bookId });
      return { looked: 0 };
    }
    const step = await matchBook(transaction, bookId, { whole: false });
    await recordRun(transaction, bookId, step);
    return { looked: step.looked };
  },
});
