import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { lockBook } from '../lock-book.ts';
import { lockFeed } from './feed-status.ts';
import { readFeedFile, type FeedContent } from './read-feed-file.ts';
import { takeAgain } from './take-file.ts';

/** Imports a refused file again from the copy that was kept, for example after its columns were named. */
export const retryBankFeedFile = command({
  name: 'retryBankFeedFile',
  description:
    'Imports a refused file again from the copy that was kept, for example after its account was opened or its columns were named.',
  scope: 'reconciliation:write',
  input: z.object({
    bankFeedFileId: id(),
    fileId: id().meta({ description: 'The kept copy, as `BankFeedFile.fileId` tells it.' }),
  }),
  prepare: ({ fileId }, context): Promise<FeedContent> => readFeedFile(fileId, context),
  async run(transaction, { bankFeedFileId, fileId }, content) {
    const file = await transaction.require<{ id: string; name: string; bank_feed_id: string; state: string }>(
      `There is no file ${bankFeedFileId} of a feed with the copy ${fileId}`,
      'select id, name, bank_feed_id, state from reconciliation.bank_feed_file where id = $1 and file_id = $2',
      [bankFeedFileId, fileId],
    );
    if (file.state !== 'REFUSED') {
      throw new CrossfootError(
        'STATE_CONFLICT',
        `The file is ${file.state}; only refused ones are tried again`,
      );
    }
    const feed = await lockFeed(transaction, file.bank_feed_id);
    await lockBook(transaction, feed.book_id);
    return takeAgain(transaction, { feed, file }, content);
  },
});
