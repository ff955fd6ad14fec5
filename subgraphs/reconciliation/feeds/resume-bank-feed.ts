import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { lockFeed, setFeedStatus, wakePull } from './feed-status.ts';

/** Looks into a feed again, at once. */
export const resumeBankFeed = command({
  name: 'resumeBankFeed',
  description: 'Looks into a feed again, at once, or takes again what is sent to it.',
  scope: 'reconciliation:write',
  input: z.object({ bankFeedId: id() }),
  async run(transaction, { bankFeedId }) {
    const feed = await lockFeed(transaction, bankFeedId);
    if (feed.status === 'ACTIVE') return { bankFeedId };
    const pushed = feed.kind === 'PUSH';
    await setFeedStatus(transaction, feed, { to: 'ACTIVE', nextPullAt: pushed ? null : transaction.now });
    if (!pushed) wakePull(transaction, bankFeedId);
    return { bankFeedId };
  },
});
