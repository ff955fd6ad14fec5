import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { lockFeed, setFeedStatus } from './feed-status.ts';

/** Stops looking into a feed, or taking what is sent to it. */
export const pauseBankFeed = command({
  name: 'pauseBankFeed',
  description: 'Stops looking into a feed, or taking what is sent to it; its files wait where they are.',
  scope: 'reconciliation:write',
  input: z.object({ bankFeedId: id() }),
  async run(transaction, { bankFeedId }) {
    const feed = await lockFeed(transaction, bankFeedId);
    if (feed.status !== 'PAUSED') await setFeedStatus(transaction, feed, { to: 'PAUSED', nextPullAt: null });
    return { bankFeedId };
  },
});
