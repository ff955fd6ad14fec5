import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import { builtInDimensions } from './built-in-dimensions.ts';

/** Gives a new book the dimensions every book has. */
export async function installDimensions(transaction: Transaction, bookId: string): Promise<void> {
  await transaction.query(
    `insert into transactions.dimension (organisation_id, id, book_id, key, name, built_in, created_at)
     select $1, d.id, $2, d.key, d.name, true, $3 from unnest($4::text[], $5::text[], $6::text[]) as d (id, key, name)
     on conflict (book_id, key, organisation_id) do nothing`,
    [
      transaction.organisationId,
      bookId,
      transaction.now,
      builtInDimensions.map(() => newId('dim')),
      builtInDimensions.map((dimension) => dimension.key),
      builtInDimensions.map((dimension) => dimension.name),
    ],
  );
}
