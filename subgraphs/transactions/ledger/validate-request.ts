import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { requireBook } from './require-book.ts';
import { validateBookJob } from './validate-jobs.ts';

/** Has a book looked over as a whole now instead of at night. */
export const requestValidation = command({
  name: 'requestValidation',
  description:
    'Has a book looked over as a whole, now instead of at night; what is found comes as validation findings.',
  scope: 'transactions:post',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    await requireBook(transaction, bookId);
    transaction.wake(validateBookJob, { organisationId: transaction.organisationId, bookId, sweep: 'yes' });
    transaction.audit({ subjectType: 'Book', subjectId: bookId, after: { validation: 'requested' } });
    return { bookId };
  },
});
