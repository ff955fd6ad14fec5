import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { date, id, text } from '#kernel/input';
import { code } from './key.ts';
import { requireDimension, requireDimensionValue } from './load-dimension.ts';

/** Adds a value to a dimension. */
export const createDimensionValue = command({
  name: 'createDimensionValue',
  description: 'Adds a value to a dimension, such as a cost centre or a project.',
  scope: 'transactions:write',
  input: z.object({
    bookId: id(),
    dimension: text(40).meta({ description: 'The key of the dimension, for example costCentre.' }),
    code: code().meta({
      description: 'How lines and tags call it; unique in its dimension, and never changed.',
    }),
    name: text(200).meta({ description: 'How people call it.' }),
    parent: text(50).optional().meta({ description: 'The code of the value it is a part of.' }),
    startsOn: date().optional().meta({ graphql: 'Date', description: 'The first day lines may carry it.' }),
    endsOn: date().optional().meta({ graphql: 'Date', description: 'The last day lines may carry it.' }),
  }),
  async run(transaction, input) {
    const dimension = await requireDimension(transaction, input.bookId, input.dimension);
    const taken = await transaction.maybe(
      'select 1 from transactions.dimension_value where dimension_id = $1 and code = $2',
      [dimension.id, input.code],
    );
    if (taken) {
      const message = `${dimension.name} has a value ${input.code}`;
      throw new CrossfootError('ALREADY_EXISTS', message, { path: ['code'] });
    }
    if (input.startsOn !== undefined && input.endsOn !== undefined && input.startsOn > input.endsOn) {
      throw new CrossfootError('FIELD_INVALID', 'It ends before it begins', { path: ['endsOn'] });
    }
    const parent =
      input.parent === undefined
        ? undefined
        : await requireDimensionValue(transaction, dimension, { code: input.parent, path: 'parent' });
    const dimensionValueId = newId('dv');
    await transaction.insert('transactions.dimension_value', {
      id: dimensionValueId,
      book_id: input.bookId,
      dimension_id: dimension.id,
      code: input.code,
      name: input.name,
      parent_id: parent?.id ?? null,
      valid_from: input.startsOn ?? null,
      valid_to: input.endsOn ?? null,
      created_at: transaction.now,
    });
    transaction.audit({ subjectType: 'DimensionValue', subjectId: dimensionValueId, after: input });
    return { dimensionValueId };
  },
});
