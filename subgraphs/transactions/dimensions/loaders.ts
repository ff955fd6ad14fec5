import type { Context } from '#kernel/context';
import { byBatch, byId, byParent } from '#kernel/loaders';
import { CustomFieldEntity, DimensionEntity, DimensionValueEntity, type DimensionValue } from './entities.ts';

/** Dimensions by id. */
export const dimensionById = byId(DimensionEntity);
/** The dimensions of books, in the order in which they were made. */
export const dimensionsByBook = byParent(DimensionEntity, 'bookId', { id: 'asc' });
/** Values of dimensions by id. */
export const dimensionValueById = byId(DimensionValueEntity);
/** Custom fields by id. */
export const customFieldById = byId(CustomFieldEntity);
/** The custom fields of books, in the order in which they were made. */
export const customFieldsByBook = byParent(CustomFieldEntity, 'bookId', { id: 'asc' });

const valueByWord = byBatch<DimensionValue | null>(async (words, context) => {
  const wanted = words.map((word) => JSON.parse(word) as [string, string]);
  const em = await context.read();
  const found = await em.find(DimensionValueEntity, {
    dimensionId: { $in: [...new Set(wanted.map(([dimensionId]) => dimensionId))] },
    code: { $in: [...new Set(wanted.map(([, code]) => code))] },
  });
  const rows = new Map(found.map((row) => [JSON.stringify([row.dimensionId, row.code]), row]));
  return words.map((word) => rows.get(word) ?? null);
});

/** The value a code of a line means. */
export async function valueOfCode(
  context: Context,
  { bookId, dimension, code }: { readonly bookId: string; readonly dimension: string; readonly code: string },
): Promise<DimensionValue | null> {
  const dimensions = await dimensionsByBook(context).load(bookId);
  const found = dimensions.find((one) => one.key === dimension);
  return found ? valueByWord(context).load(JSON.stringify([found.id, code])) : null;
}
