import { z } from 'zod';
import { command } from '#kernel/command';
import { changePeriod, periodInput, reasonInput } from './change-period.ts';

/** Opens days of a book for postings again; days that were closed with a reason, locked ones with a right of its own. */
export const openPeriod = command({
  name: 'openPeriod',
  description:
    'Opens days of a book for postings again, closed ones with a reason; approved drafts that waited for it are posted.',
  scope: 'transactions:post',
  input: z.object({ ...periodInput, reason: reasonInput() }),
  run: (transaction, { reason, ...period }) => changePeriod(transaction, period, { status: 'OPEN', reason }),
});
