import { z } from 'zod';
import { command } from '#kernel/command';
import { oneOf } from '#kernel/input';
import { changePeriod, periodInput, reasonInput } from './change-period.ts';

/** Closes days of a book for postings. */
export const lockPeriod = command({
  name: 'lockPeriod',
  description:
    'Closes days of a book for postings, or, softly, for all but entries made by hand and reversals.',
  scope: 'transactions:post',
  input: z.object({
    ...periodInput,
    status: oneOf('ClosedPeriodStatus', ['SOFT_CLOSED', 'LOCKED']).default('LOCKED'),
    reason: reasonInput(),
  }),
  run: (transaction, { status, reason, ...period }) => changePeriod(transaction, period, { status, reason }),
});
