import { z } from 'zod';
import type { CalendarDate } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, id, text } from '#kernel/input';

interface ValueRow {
  readonly dimension_id: string;
  readonly code: string;
  readonly name: string;
  readonly parent_id: string | null;
  readonly active: boolean;
  readonly valid_from: CalendarDate | null;
  readonly valid_to: CalendarDate | null;
}

/** Renames, moves, limits, retires or takes back a value of a dimension; its code stays. */
export const changeDimensionValue = command({
  name: 'changeDimensionValue',
  description:
    'Renames, moves, limits in time, retires or takes back a value of a dimension. Its code and the lines that carry ' +
    'it stay; what is left out stays as it is.',
  scope: 'transactions:write',
  input: z.object({
    dimensionValueId: id(),
    name: text(200).optional().meta({ description: 'How people call it.' }),
    parent: z
      .string()
      .max(50)
      .optional()
      .meta({ description: 'The code of the value it is a part of; empty for none.' }),
    active: z.boolean().optional().meta({ description: 'Whether new lines may carry it.' }),
    startsOn: date().optional().meta({ graphql: 'Date', description: 'The first day lines may carry it.' }),
    endsOn: date().optional().meta({ graphql: 'Date', description: 'The last day lines may carry it.' }),
  }),
  async run(transaction, { dimensionValueId, ...changes }) {
    const before = await transaction.require<ValueRow>(
      `There is no value ${dimensionValueId}`,
      `select dimension_id, code, name, parent_id, active, valid_from, valid_to
         from transactions.dimension_value where id = $1 for update`,
      [dimensionValueId],
    );
    const validFrom = changes.startsOn ?? before.valid_from;
    const validTo = changes.endsOn ?? before.valid_to;
    if (validFrom !== null && validTo !== null && validFrom > validTo) {
      throw new CrossfootError('FIELD_INVALID', 'It ends before it begins', { path: ['endsOn'] });
    }
    const parentId =
      changes.parent === undefined
        ? before.parent_id
        : await parentOf(transaction, { ...before, id: dimensionValueId, parent: changes.parent });
    await transaction.query(
      `update transactions.dimension_value
          set name = $2, parent_id = $3, active = $4, valid_from = $5, valid_to = $6 where id = $1`,
      [
        dimensionValueId,
        changes.name ?? before.name,
        parentId,
        changes.active ?? before.active,
        validFrom,
        validTo,
      ],
    );
    transaction.audit({ subjectType: 'DimensionValue', subjectId: dimensionValueId, before, after: changes });
    return { dimensionValueId };
  },
});

interface NewParent {
  readonly id: string;
  readonly dimension_id: string;
  readonly code: string;
  readonly parent: string;
}

/** The id of the new parent; throws DIMENSION_VALUE_UNKNOWN, and FIELD_INVALID for a value below itself. */
async function parentOf(transaction: Transaction, value: NewParent): Promise<string | null> {
  const path = ['parent'];
  if (value.parent.trim() === '') return null;
  // Two moves at once could make a circle that neither sees; the dimension's row makes them wait for each other.
  await transaction.query('select 1 from transactions.dimension where id = $1 for no key update', [
    value.dimension_id,
  ]);
  const parent = await transaction.maybe<{ id: string; circular: boolean }>(
    `with recursive line (id, parent_id) as (
       select id, parent_id from transactions.dimension_value where dimension_id = $1 and code = $2
       union select v.id, v.parent_id from transactions.dimension_value v join line on v.id = line.parent_id)
     select (select id from transactions.dimension_value where dimension_id = $1 and code = $2) as id,
            exists (select 1 from line where id = $3) as circular from line limit 1`,
    [value.dimension_id, value.parent.trim(), value.id],
  );
  if (!parent) {
    throw new CrossfootError('DIMENSION_VALUE_UNKNOWN', `There is no value ${value.parent}`, { path });
  }
  if (parent.circular) {
    throw new CrossfootError('FIELD_INVALID', `${value.parent} is ${value.code} or a part of it`, { path });
  }
  return parent.id;
}
