import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import {
  changedDimensions,
  dimensionChangeList,
  fieldList,
  fieldsOf,
  type DimensionChange,
} from '../dimensions/dimension-input.ts';
import { analyse } from './analyse.ts';
import type { StoredDocument } from './load-document.ts';
import type { Corrections } from './normalise-corrections.ts';
import type { ExaminedRecord } from './receive-documents.ts';

/** What a person corrects of what a document belongs to; a part of the input of a command. */
export const analysisInput = {
  dimensions: dimensionChangeList('What it, or one of its lines, belongs to.').optional(),
  fields: fieldList("Values of the book's custom fields; those left out stay as they are.").optional(),
};

type LineChange = DimensionChange & { readonly line?: number | undefined };

/** Dimensions and custom fields of a document after the changes; throws FIELD_INVALID for a line it does not have. */
export function correctedAnalysis(
  stored: StoredDocument,
  changes: {
    readonly dimensions?: readonly LineChange[] | undefined;
    readonly fields?: readonly { readonly key: string; readonly value: string }[] | undefined;
  },
): Pick<Corrections, 'dimensions' | 'lineDimensions' | 'fields'> {
  const { dimensions, fields } = changes;
  return {
    ...correctedDimensions(stored, dimensions),
    ...(fields ? { fields: { ...stored.fields, ...fieldsOf(fields) } } : {}),
  };
}

function correctedDimensions(
  stored: StoredDocument,
  changes: readonly (DimensionChange & { readonly line?: number | undefined })[] = [],
): Pick<Corrections, 'dimensions' | 'lineDimensions'> {
  if (changes.length === 0) return {};
  const beyond = changes.find(({ line = 1 }) => line > stored.lines.length);
  if (beyond) {
    throw new CrossfootError('FIELD_INVALID', `The document has no line ${beyond.line}`, {
      path: ['dimensions'],
    });
  }
  const ofLine = (line: number | undefined) => changes.filter((change) => change.line === line);
  return {
    dimensions: changedDimensions(stored.dimensions ?? {}, ofLine(undefined)),
    lineDimensions: stored.lines.map((line, index) =>
      changedDimensions(line.dimensions ?? {}, ofLine(index + 1)),
    ),
  };
}

/** What the dimensions and custom fields of one corrected document mean in its book. */
export async function analyseCorrected(
  transaction: Transaction,
  bookId: string,
  record: ExaminedRecord,
): Promise<ExaminedRecord> {
  const [analysed] = await analyse(transaction, bookId, [record]);
  if (!analysed) throw new Error('A document was analysed and not answered');
  return analysed;
}
