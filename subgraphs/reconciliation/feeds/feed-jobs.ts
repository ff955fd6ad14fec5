import type { Job } from '#kernel/subgraph';
import { pullJobName } from './feed-status.ts';
import { pullFeed } from './pull-feed.ts';

/** Woken for one feed when it is made, changed, or looked into by hand. */
const pull: Job = {
  name: pullJobName,
  concurrency: 4,
  async run({ organisationId, bankFeedId }, context) {
    if (organisationId && bankFeedId) await pullFeed(context, { organisationId, bankFeedId });
  },
};

/** Every minute: wakes the look into every feed whose hour has come, and finds what a crash has left. */
const sweep: Job = {
  name: 'reconciliation.feeds',
  schedule: '* * * * *',
  atStart: true,
  async run(_data, { pool, services }) {
    const due = await pool.query<{ organisation_id: string; bank_feed_id: string }>(
      'select organisation_id, bank_feed_id from reconciliation.due_bank_feeds()',
    );
    for (const { organisation_id: organisationId, bank_feed_id: bankFeedId } of due.rows) {
      await services.wake(pull.name, { organisationId, bankFeedId });
    }
  },
};

/** The background work of feeds. */
export const feedJobs: readonly Job[] = [pull, sweep];
