import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { lockRunning } from './feed-runs.ts';

/** Notes that files of a feed were moved or deleted where they came from. */
export const notePutAway = command({
  name: 'notePutAway',
  description: 'Notes that files of a feed were moved or deleted where they came from.',
  scope: 'platform:internal',
  input: z.object({ runId: id(), fileIds: z.array(id()).max(20_000) }),
  async run(transaction, { runId, fileIds }) {
    const feed = await lockRunning(transaction, runId);
    await transaction.query(
      'update reconciliation.bank_feed_file set put_away_at = $3 where bank_feed_id = $1 and id = any($2)',
      [feed.id, fileIds, transaction.now],
    );
    return {};
  },
});
