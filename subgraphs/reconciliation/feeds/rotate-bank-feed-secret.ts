import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { newSecret, sealed } from './create-bank-feed.ts';
import { lockFeed, tellFeedChange } from './feed-status.ts';

/** Replaces what senders of a feed show; the old secret ends at once, the new one is shown once. */
export const rotateBankFeedSecret = command({
  name: 'rotateBankFeedSecret',
  description:
    'Replaces the secret of a feed to which files are sent; the old one ends at once, the new one is shown once.',
  scope: 'reconciliation:write',
  input: z.object({ bankFeedId: id() }),
  async run(transaction, { bankFeedId }) {
    const feed = await lockFeed(transaction, bankFeedId);
    if (feed.kind !== 'PUSH') {
      throw new CrossfootError('STATE_CONFLICT', `Nobody sends files to ${feed.name}: it has no secret`);
    }
    const secret = newSecret(transaction.organisationId, bankFeedId);
    const { sealed_credentials: text, credential_hint: hint } = sealed(transaction, bankFeedId, secret);
    await transaction.query(
      'update reconciliation.bank_feed set sealed_credentials = $2, credential_hint = $3 where id = $1',
      [bankFeedId, text, hint],
    );
    tellFeedChange(transaction, feed, { after: { secret: hint }, status: feed.status });
    return { bankFeedId, secret };
  },
  remember: ({ bankFeedId }) => ({ bankFeedId }),
});
