import { systemActor } from '#kernel/actor';
import { resultOf } from '#kernel/command-door';
import type { Job } from '#kernel/subgraph';
import { matchingJob } from './matching-job-name.ts';
import { continueMatching, startMatching } from './matching-runs.ts';

/** Lines a step looks at at least, while there are so many; a run that needs more steps than these say ends. */
const leastOfStep = 1_000;

/** Matches a book in the background; however often it is woken meanwhile, one further run follows. */
export const matching: Job = {
  name: matchingJob,
  async run({ organisationId, bookId }, { door }) {
    if (!organisationId || !bookId) return;
    const actor = systemActor('reconciliation', organisationId);
    const { runId, due } = resultOf(await door.run(startMatching, { bookId }, { actor }));
    const most = Math.ceil(due / leastOfStep) + 5;
    for (let at = 1; at <= most; at += 1) {
      const last = at === most;
      if (resultOf(await door.run(continueMatching, { runId, last }, { actor })).finished) return;
    }
  },
};
