import { z } from 'zod';
import { calendarDate } from '#kernel/calendar';
import { command } from '#kernel/command';
import { money } from '#kernel/money';
import { postEntries } from '../../subgraphs/transactions/ledger/post-entry.ts';

/** Posts many entries as reactions to events do: in one command, through the one way into the journal. */
export const postBatch = command({
  name: 'postBatch',
  description: 'Posts many two-line entries at once.',
  scope: 'transactions:post',
  input: z.object({ bookId: z.string(), entries: z.int(), vendorIds: z.array(z.string()).default([]) }),
  async run(transaction, { bookId, entries, vendorIds }) {
    const amount = money(12_345n, 'EUR');
    const posted = await postEntries(
      transaction,
      Array.from({ length: entries }, (_, index) => ({
        bookId,
        kind: 'MANUAL' as const,
        postedOn: calendarDate('2026-03-31'),
        description: `Entry ${index}`,
        vendorId: vendorIds.length > 0 ? vendorIds[index % vendorIds.length] : undefined,
        lines: [
          { accountCode: '1000', side: 'DEBIT' as const, money: amount },
          { accountCode: '3000', side: 'CREDIT' as const, money: amount },
        ],
      })),
    );
    return { posted: posted.length };
  },
});
