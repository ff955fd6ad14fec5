import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';
import { lockBook } from '../lock-book.ts';
import { readPayoutFiles, type ReadPayouts } from './read-payout-files.ts';
import { storePayout } from './store-payout.ts';

/** Imports what payment providers say of their payouts; a report of a payout that is known completes it. */
export const importPayoutReport = command({
  name: 'importPayoutReport',
  description:
    'Imports what a payment provider (Stripe, Adyen, PayPal, Square, Shopify, Amazon) says of its payouts; the same report adds nothing, a later one completes them.',
  scope: 'reconciliation:write',
  input: z
    .object({
      bookId: id(),
      fileId: id().optional().meta({ description: 'The file, as the upload answered it.' }),
      fileIds: z
        .array(id())
        .max(50)
        .optional()
        .meta({ description: 'Several files at once, instead of one.' }),
    })
    .refine((input) => (input.fileId === undefined) !== (input.fileIds === undefined), {
      message: 'give either a fileId or fileIds',
    }),
  prepare: ({ fileId, fileIds }, context) => readPayoutFiles(fileIds ?? [fileId ?? ''], context),
  async run(transaction, { bookId }, read) {
    await lockBook(transaction, bookId);
    return importPayouts(transaction, bookId, read);
  },
});

/** Stores the payouts of reports that were read; the book is locked. What is wrong is reported, and the rest goes on. */
export async function importPayouts(
  transaction: Transaction,
  bookId: string,
  read: ReadPayouts,
): Promise<{ payoutIds: string[]; reported: number; alreadyKnown: number }> {
  for (const error of read.errors) transaction.report(error);
  const payoutIds = new Set<string>();
  const total = { reported: 0, alreadyKnown: 0 };
  for (const { payout, fileId } of read.payouts) {
    await transaction.query('savepoint payout');
    try {
      const stored = await storePayout(transaction, bookId, { payout, fileId });
      payoutIds.add(stored.payoutId);
      total.reported += stored.reported;
      total.alreadyKnown += payout.members.length - stored.reported;
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      await transaction.query('rollback to savepoint payout');
      transaction.report(error.toUserError());
    }
  }
  return { payoutIds: [...payoutIds], ...total };
}
