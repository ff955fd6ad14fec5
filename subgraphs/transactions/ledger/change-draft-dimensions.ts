import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import type { Dimensions, Fields } from '../dimensions/catalogue.ts';
import { changedDimensions, type DimensionChange } from '../dimensions/dimension-input.ts';
import { loadCatalogue, loadValues } from '../dimensions/load-catalogue.ts';
import {
  normaliseCustomFields,
  normaliseDimensions,
  type Normalised,
} from '../dimensions/normalise-dimensions.ts';
import type { StoredDraft } from './draft.ts';

/** A change of what a line belongs to, or without a line of what all lines belong to. */
export type LineChange = DimensionChange & { readonly line?: number | undefined };

/**
 * Writes what the lines of a draft belong to. Throws FIELD_INVALID for a line it does not have, DIMENSION_UNKNOWN,
 * DIMENSION_VALUE_UNKNOWN and DIMENSION_VALUE_INACTIVE.
 */
export async function changeDraftDimensions(
  transaction: Transaction,
  draft: StoredDraft,
  { changes, on }: { readonly changes: readonly LineChange[]; readonly on: CalendarDate },
): Promise<void> {
  const positions = new Set(draft.lines.map((line) => line.position));
  const beyond = changes.find(({ line }) => line !== undefined && !positions.has(line));
  if (beyond) {
    const message = `Draft ${draft.id} has no line ${beyond.line}`;
    throw new CrossfootError('FIELD_INVALID', message, { path: ['dimensions'] });
  }
  const known = await loadCatalogue(transaction, draft.bookId);
  const given = new Set(changes.flatMap(({ value }) => value ?? []));
  const catalogue = { ...known, values: await loadValues(transaction, known.dimensions, given) };
  const coded = changes.map((change): LineChange => {
    const { dimension, value } = change;
    if (value === undefined) return change;
    return {
      ...change,
      value: sound(normaliseDimensions({ [dimension]: value }, catalogue, { on }))[dimension],
    };
  });
  const changed = draft.lines.map(({ position, dimensions = {} }) => ({
    position,
    dimensions: changedDimensions(
      dimensions,
      coded.filter(({ line }) => line === undefined || line === position),
    ),
  }));
  await transaction.query(
    `update transactions.draft_line l set dimensions = c.dimensions
       from unnest($2::int[], $3::jsonb[]) as c (position, dimensions)
      where l.draft_id = $1 and l.position = c.position`,
    [
      draft.id,
      changed.map(({ position }) => position),
      changed.map(({ dimensions }: { dimensions: Dimensions }) => JSON.stringify(dimensions)),
    ],
  );
}

/** The custom fields of a draft after changes; throws CUSTOM_FIELD_UNKNOWN and FIELD_INVALID. */
export async function changedFields(
  transaction: Transaction,
  draft: StoredDraft,
  changes: Fields,
): Promise<Fields> {
  const { fields } = await loadCatalogue(transaction, draft.bookId);
  return { ...draft.fields, ...sound(normaliseCustomFields(changes, fields, {})) };
}

function sound<T>({ result, problems: [problem] }: Normalised<T>): T {
  if (problem) throw new CrossfootError(problem.code, problem.message, { path: problem.path });
  return result;
}
