import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { lockFeed, refusePushed, wakePull } from './feed-status.ts';

/** Looks into a feed now, whatever its schedule says; the look itself follows in the background. */
export const pullBankFeed = command({
  name: 'pullBankFeed',
  description:
    'Looks into a feed now, whatever its schedule or its pause after a failure says; the look itself follows in the background.',
  scope: 'reconciliation:write',
  input: z.object({ bankFeedId: id() }),
  async run(transaction, { bankFeedId }) {
    const feed = await lockFeed(transaction, bankFeedId);
    refusePushed(feed, 'nothing to look into');
    if (feed.status === 'PAUSED') {
      throw new CrossfootError('STATE_CONFLICT', `The feed ${feed.name} is paused; resume it first`);
    }
    await transaction.query('update reconciliation.bank_feed set next_pull_at = $2 where id = $1', [
      bankFeedId,
      transaction.now,
    ]);
    wakePull(transaction, bankFeedId);
    transaction.audit({ subjectType: 'BankFeed', subjectId: bankFeedId, after: { pulled: 'by hand' } });
    return { bankFeedId };
  },
});
