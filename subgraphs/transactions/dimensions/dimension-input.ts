import { z } from 'zod';
import { CrossfootError } from '#kernel/errors';
import { text } from '#kernel/input';
import type { Dimensions, Fields } from './catalogue.ts';

const mostDimensions = 20;
const mostFields = 50;

/** Values of dimensions, for the input of a command; `dimensionsOf` makes a record of them. */
export const dimensionList = (description: string) =>
  z
    .array(
      z
        .object({
          dimension: text(40).meta({ description: 'The key of the dimension, for example costCentre.' }),
          value: text(200).meta({ description: 'The code of one of its values.' }),
        })
        .meta({ graphql: 'DimensionInput' }),
    )
    .max(mostDimensions)
    .meta({ description });

/** Values of custom fields, for the input of a command; `fieldsOf` makes a record of them. */
export const fieldList = (description: string) =>
  z
    .array(
      z
        .object({
          key: text(40).meta({ description: 'The key of the field.' }),
          value: text(500).meta({
            description: 'Its value as text: a decimal number, a day YYYY-MM-DD, a choice.',
          }),
        })
        .meta({ graphql: 'CustomFieldInput' }),
    )
    .max(mostFields)
    .meta({ description });

/** Changes of dimensions of something that has lines; `changedDimensions` applies them. */
export const dimensionChangeList = (description: string) =>
  z
    .array(
      z
        .object({
          dimension: text(40).meta({ description: 'The key of the dimension, for example costCentre.' }),
          value: text(200)
            .optional()
            .meta({ description: 'The code of one of its values; left out, it is taken away.' }),
          line: z
            .int()
            .min(1)
            .optional()
            .meta({ description: 'Which line, counted from 1; the whole when left out.' }),
        })
        .meta({ graphql: 'DimensionChangeInput' }),
    )
    .max(1000)
    .meta({ description });

/** One change of a dimension. */
export interface DimensionChange {
  readonly dimension: string;
  readonly value?: string | undefined;
}

/** The list as codes by dimension; throws FIELD_INVALID when one stands there twice. */
export function dimensionsOf(
  list: readonly { readonly dimension: string; readonly value: string }[] | undefined,
  path: readonly string[] = [],
): Dimensions {
  return recordOf(
    (list ?? []).map((one) => [one.dimension, one.value]),
    [...path, 'dimensions'],
  );
}

/** The list as values by field; throws FIELD_INVALID when one stands there twice. */
export function fieldsOf(
  list: readonly { readonly key: string; readonly value: string }[] | undefined,
): Fields {
  return recordOf(
    (list ?? []).map((one) => [one.key, one.value]),
    ['fields'],
  );
}

/** Dimensions after changes: each sets a value, or takes it away. */
export function changedDimensions(dimensions: Dimensions, changes: readonly DimensionChange[]): Dimensions {
  const changed = new Map(Object.entries(dimensions));
  for (const { dimension, value } of changes) {
    if (value === undefined) changed.delete(dimension);
    else changed.set(dimension, value);
  }
  return Object.fromEntries(changed);
}

function recordOf(
  entries: readonly (readonly [string, string])[],
  path: readonly string[],
): Record<string, string> {
  const record = Object.fromEntries(entries);
  if (Object.keys(record).length === entries.length) return record;
  const [twice] = entries.find(([key], index) => entries.findIndex(([other]) => other === key) !== index) ?? [
    '',
  ];
  throw new CrossfootError('FIELD_INVALID', `${twice} stands there twice`, { path: [...path, twice] });
}
