import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { endRun, lockRunning } from './feed-runs.ts';

/** Ends a look into a feed and plans the next one. */
export const finishFeedRun = command({
  name: 'finishFeedRun',
  description: 'Ends a look into a feed and plans the next one.',
  scope: 'platform:internal',
  input: z.object({
    runId: id(),
    found: z.int().min(0),
    problem: z
      .object({ code: z.string(), message: z.string(), remedy: z.string(), path: z.array(z.string()) })
      .optional(),
  }),
  async run(transaction, { runId, found, problem }) {
    const feed = await lockRunning(transaction, runId);
    return { again: await endRun(transaction, feed, { runId, found, problem }) };
  },
});
