import { z } from 'zod';
import { command } from '#kernel/command';
import { changePeriod, periodInput } from './change-period.ts';

/** Opens days of a book for postings again. */
export const openPeriod = command({
  name: 'openPeriod',
  description: 'Opens days of a book for postings again; approved drafts that waited for it are posted.',
  scope: 'transactions:post',
  input: z.object(periodInput),
  run: (transaction, period) => changePeriod(transaction, period, 'OPEN'),
});
