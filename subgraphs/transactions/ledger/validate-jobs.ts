import type { Job } from '#kernel/subgraph';
import { validateBook } from './validate-pass.ts';

/** The name under which one book is looked over. */
export const validateBookJob = 'transactions.validate-book';

/** Looks one book over; woken by the two below, and by whoever asks for it. */
const validateOne: Job = {
  name: validateBookJob,
  async run({ organisationId, bookId, sweep }, context) {
    if (!organisationId || !bookId) return;
    const { opened } = await validateBook(context, { organisationId, bookId }, { sweep: sweep === 'yes' });
    if (opened > 0) {
      context.services.log.warn({ organisationId, bookId, opened }, 'the validation found the books to part');
    }
  },
};

const wakeBooks = async (context: Parameters<Job['run']>[1], sweep: boolean): Promise<void> => {
  const due = await context.pool.query<{ organisation_id: string; book_id: string }>(
    'select organisation_id, book_id from transactions.books_to_validate($1)',
    [sweep],
  );
  for (const { organisation_id: organisationId, book_id: bookId } of due.rows) {
    await context.services.wake(validateBookJob, { organisationId, bookId, sweep: sweep ? 'yes' : 'no' });
  }
};

/** Every minute: the books in which something happened. */
const validate: Job = {
  name: 'transactions.validate',
  schedule: '* * * * *',
  run: (_data, context) => wakeBooks(context, false),
};

/** Every night: everything once more. */
const sweep: Job = {
  name: 'transactions.validate-everything',
  schedule: '17 2 * * *',
  run: (_data, context) => wakeBooks(context, true),
};

/** The continuous validation. */
export const validationJobs: readonly Job[] = [validateOne, validate, sweep];
