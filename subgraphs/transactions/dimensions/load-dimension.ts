import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';

/** A dimension as commands need it. */
export interface StoredDimension {
  readonly id: string;
  readonly book_id: string;
  readonly key: string;
  readonly name: string;
  readonly built_in: boolean;
  readonly active: boolean;
}

/** Loads and locks a dimension of a book by its key; throws DIMENSION_UNKNOWN, also for a retired one. */
export async function requireDimension(
  transaction: Transaction,
  bookId: string,
  key: string,
): Promise<StoredDimension> {
  const row = await transaction.maybe<StoredDimension>(
    `select id, book_id, key, name, built_in, retired_at is null as active
       from transactions.dimension where book_id = $1 and key = $2 for no key update`,
    [bookId, key],
  );
  if (row?.active) return row;
  const message = row ? `The dimension ${key} is retired` : `The book has no dimension ${key}`;
  throw new CrossfootError('DIMENSION_UNKNOWN', message, { path: ['dimension'] });
}

/** Finds a value of a dimension by its code; throws DIMENSION_VALUE_UNKNOWN. */
export async function requireDimensionValue(
  transaction: Transaction,
  dimension: StoredDimension,
  { code, path }: { readonly code: string; readonly path: string },
): Promise<{ readonly id: string; readonly active: boolean }> {
  const row = await transaction.maybe<{ id: string; active: boolean }>(
    'select id, active from transactions.dimension_value where dimension_id = $1 and code = $2',
    [dimension.id, code],
  );
  if (row) return row;
  throw new CrossfootError('DIMENSION_VALUE_UNKNOWN', `${dimension.name} has no value ${code}`, {
    path: [path],
  });
}
