import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id, text } from '#kernel/input';
import { lockFeed } from './feed-status.ts';
import { readFeedFile } from './read-feed-file.ts';
import { takeFile } from './take-file.ts';

/** Takes a file that was sent to a feed; the same file again answers what it answered before. */
export const pushBankFeedFile = command({
  name: 'pushBankFeedFile',
  description:
    'Takes a file that was uploaded for a feed of the kind PUSH: a statement, a payout report or a payment status. The same file again answers what it answered before.',
  scope: 'reconciliation:write',
  input: z.object({
    bankFeedId: id(),
    fileId: id().meta({ description: 'The file, as the upload answered it.' }),
    name: text(255).meta({ description: 'Its name at the sender.' }),
  }),
  async prepare({ fileId }, context) {
    const stored = await context.services.files.describe(context.actor.organisationId, fileId);
    return { stored, content: await readFeedFile(fileId, context) };
  },
  async run(transaction, { bankFeedId, fileId, name }, { stored, content }) {
    const feed = await lockFeed(transaction, bankFeedId);
    if (feed.kind !== 'PUSH') {
      throw new CrossfootError(
        'STATE_CONFLICT',
        `${feed.name} fetches its files itself: nothing is sent to it`,
      );
    }
    if (feed.status === 'PAUSED') {
      throw new CrossfootError(
        'STATE_CONFLICT',
        `The feed ${feed.name} is paused; nothing is taken until it is resumed`,
      );
    }
    const { size, sha256 } = stored;
    const file = { name, size, modified: '', sha256, fileId };
    const taken = await takeFile(transaction, { feed, file }, content);
    await transaction.query(
      'update reconciliation.bank_feed set last_pull_at = $2, last_success_at = $2 where id = $1',
      [bankFeedId, transaction.now],
    );
    return taken;
  },
});
