import { systemActor } from '#kernel/actor';
import { resultOf } from '#kernel/command-door';
import type { Job } from '#kernel/subgraph';
import { matchStatementLines } from './match-statement-lines.ts';

/** The name under which the job is woken. */
export const matchingJob = 'reconciliation.match';

/** Matches a book in the background; however often it is woken meanwhile, one further run follows. */
export const matching: Job = {
  name: matchingJob,
  async run({ organisationId, bookId }, { door }) {
    if (!organisationId || !bookId) return;
    const actor = systemActor('reconciliation', organisationId);
    resultOf(await door.run(matchStatementLines, { bookId }, { actor }));
  },
};
