import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { id, text } from '#kernel/input';
import { requireKnownBook } from './require-known-book.ts';
import { key } from './key.ts';

/** Adds a dimension of the book's own, or takes a retired one back into use. */
export const createDimension = command({
  name: 'createDimension',
  description:
    'Adds a dimension beside cost centre, department, project and client; a retired one comes back into use.',
  scope: 'transactions:post',
  input: z.object({
    bookId: id(),
    key: key().meta({ description: 'How inputs and tags call it, such as region; it never changes.' }),
    name: text(100).meta({ description: 'How people call it.' }),
  }),
  async run(transaction, input) {
    await requireKnownBook(transaction, input.bookId);
    const known = await transaction.maybe<{ id: string; active: boolean }>(
      `select id, retired_at is null as active from transactions.dimension
        where book_id = $1 and key = $2 for no key update`,
      [input.bookId, input.key],
    );
    if (known?.active) {
      throw new CrossfootError('ALREADY_EXISTS', `The book has a dimension ${input.key}`, { path: ['key'] });
    }
    const dimensionId = known?.id ?? newId('dim');
    if (known) {
      await transaction.query(
        'update transactions.dimension set name = $2, retired_at = null where id = $1',
        [dimensionId, input.name],
      );
    } else {
      await transaction.insert('transactions.dimension', {
        id: dimensionId,
        book_id: input.bookId,
        key: input.key,
        name: input.name,
        created_at: transaction.now,
      });
    }
    transaction.audit({ subjectType: 'Dimension', subjectId: dimensionId, after: input });
    return { dimensionId };
  },
});
