import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { lockRunning } from './feed-runs.ts';
import { readFeedFile, type FeedContent } from './read-feed-file.ts';
import { takeFile } from './take-file.ts';

const refusal = z.array(
  z.object({ code: z.string(), message: z.string(), remedy: z.string(), path: z.array(z.string()) }),
);

/** Takes a file that a run has fetched, or keeps why it is refused. */
export const takeFeedFile = command({
  name: 'takeFeedFile',
  description: 'Takes a file that a look into a feed has fetched, or keeps why it is refused.',
  scope: 'platform:internal',
  input: z.object({
    runId: id(),
    file: z.object({
      name: z.string(),
      size: z.int(),
      modified: z.string(),
      sha256: z.string().optional(),
      fileId: id().optional(),
    }),
    mark: z.object({ etag: z.string().optional(), lastModified: z.string().optional() }).optional(),
    refusal: refusal.optional(),
  }),
  async prepare({ file, refusal: refused }, context): Promise<FeedContent | undefined> {
    return refused || file.fileId === undefined ? undefined : readFeedFile(file.fileId, context);
  },
  async run(transaction, { runId, file, mark, refusal: refused = [] }, content) {
    const feed = await lockRunning(transaction, runId);
    const taken = await takeFile(
      transaction,
      { feed, file: { ...file, runId } },
      content ?? { refusal: refused },
    );
    if (mark) {
      await transaction.query('update reconciliation.bank_feed set mark = $2 where id = $1', [
        feed.id,
        JSON.stringify(mark),
      ]);
    }
    return taken;
  },
});
