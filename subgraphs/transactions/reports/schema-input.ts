import type { InputRef } from '@pothos/core';
import { inputTypeOf } from '#kernel/graphql-input';
import type { Types } from '#kernel/graphql-types';
import { dimensionList, dimensionsOf } from '../dimensions/dimension-input.ts';
import { graph } from '../graph.ts';
import type { DimensionFilter } from './load-sums.ts';

const name = 'DimensionInput';

interface DimensionArg {
  readonly dimension: string;
  readonly value: string;
}

/** The value of a dimension, as arguments take it: the same input type as commands have. */
const DimensionInput = (graph.inputTypes.get(name) ??
  inputTypeOf(graph, name, {
    schema: dimensionList('').element,
    description: 'The value of a dimension.',
  })) as InputRef<DimensionArg>;
graph.inputTypes.set(name, DimensionInput);

/** The book and the dimensions: what every report takes. */
export function reportArgs(t: PothosSchemaTypes.QueryFieldBuilder<Types, object>) {
  return {
    bookId: t.arg.id({ required: true, description: 'The book.' }),
    dimensions: t.arg({
      type: [DimensionInput],
      description:
        'Only lines that have all of these; what stands against them is shown as a line of its own.',
    }),
  };
}

/** The filter of the arguments; throws FIELD_INVALID when a dimension stands there twice. */
export function filterOf(dimensions: readonly DimensionArg[] | null | undefined): DimensionFilter {
  return dimensionsOf(dimensions ?? undefined);
}
