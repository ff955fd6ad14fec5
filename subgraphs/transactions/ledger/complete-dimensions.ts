import type { Transaction } from '#kernel/command';
import { CrossfootError, type ErrorCode, type UserError } from '#kernel/errors';
import type { Catalogue } from '../dimensions/catalogue.ts';
import { loadCatalogue, loadValues } from '../dimensions/load-catalogue.ts';
import { normaliseCustomFields, normaliseDimensions } from '../dimensions/normalise-dimensions.ts';
import type { EntryKind, NewEntry, NewLine } from './entry.ts';

/** What the accounts and the book of an entry ask for. */
export interface Asked {
  /** The dimensions that a line needs, by the places of entry and line, each with the code that stands in for none. */
  dimensions(place: number, index: number): Readonly<Record<string, string | null>>;
  /** Whether the book of the entry at this place has custom fields that entries must have. */
  fields(place: number): boolean;
}

/** Kinds a person makes, so that a person can be asked for fields. */
const askedForFields: readonly EntryKind[] = ['DOCUMENT', 'MANUAL'];

/**
 * Entries with the dimensions their accounts ask for and custom fields in the form of their types. Asks the database
 * only where there are any. A reversal repeats what its original said, whatever became of it since. Throws
 * DIMENSION_REQUIRED, DIMENSION_UNKNOWN, DIMENSION_VALUE_UNKNOWN, DIMENSION_VALUE_INACTIVE, CUSTOM_FIELD_UNKNOWN,
 * FIELD_INVALID and FIELD_MISSING.
 */
export async function completeDimensions(
  transaction: Transaction,
  entries: readonly NewEntry[],
  asked: Asked,
): Promise<NewEntry[]> {
  const filled = entries.map((entry, place) => {
    if (entry.kind === 'REVERSAL') return entry;
    const lines = entry.lines.map(withDefaults(place, asked));
    return lines.some((line, index) => line !== entry.lines[index]) ? { ...entry, lines } : entry;
  });
  const asksForFields = (entry: NewEntry, place: number): boolean =>
    askedForFields.includes(entry.kind) && asked.fields(place);
  const saysMore = (entry: NewEntry, place: number): boolean =>
    entry.kind !== 'REVERSAL' &&
    (asksForFields(entry, place) ||
      hasKeys(entry.fields) ||
      entry.lines.some((line) => hasKeys(line.dimensions)));
  const catalogues = await cataloguesOf(transaction, filled.filter(saysMore));
  return filled.map((entry, place) => {
    const catalogue = saysMore(entry, place) ? catalogues.get(entry.bookId) : undefined;
    return catalogue ? inCatalogue(entry, catalogue, asksForFields(entry, place)) : entry;
  });
}

const hasKeys = (values: Readonly<Record<string, string>> | undefined): boolean =>
  values !== undefined && Object.keys(values).length > 0;

function withDefaults(place: number, asked: Asked): (line: NewLine, index: number) => NewLine {
  return (line, index) => {
    const missing = Object.entries(asked.dimensions(place, index)).filter(
      ([key]) => line.dimensions?.[key] === undefined,
    );
    if (missing.length === 0) return line;
    const [without] = missing.find(([, standIn]) => standIn === null) ?? [];
    if (without !== undefined) {
      const message = `Line ${index + 1} on account ${line.accountCode} needs a value of ${without}`;
      throw new CrossfootError('DIMENSION_REQUIRED', message, {
        path: ['lines', String(index), 'dimensions', without],
      });
    }
    return {
      ...line,
      dimensions: { ...line.dimensions, ...Object.fromEntries(missing) } as Record<string, string>,
    };
  };
}

async function cataloguesOf(
  transaction: Transaction,
  entries: readonly NewEntry[],
): Promise<Map<string, Catalogue>> {
  const catalogues = new Map<string, Catalogue>();
  for (const [bookId, ofBook] of Map.groupBy(entries, (entry) => entry.bookId)) {
    const known = await loadCatalogue(transaction, bookId);
    const codes = ofBook.flatMap((entry) =>
      entry.lines.flatMap((line) => Object.values(line.dimensions ?? {})),
    );
    catalogues.set(bookId, {
      ...known,
      values: await loadValues(transaction, known.dimensions, new Set(codes)),
    });
  }
  return catalogues;
}

function inCatalogue(entry: NewEntry, catalogue: Catalogue, asksFields: boolean): NewEntry {
  const fields = normaliseCustomFields(entry.fields ?? {}, catalogue.fields, {
    required: asksFields ? 'ENTRY' : undefined,
  });
  refuseFirst(fields.problems);
  return {
    ...entry,
    fields: fields.result,
    lines: entry.lines.map((line, index) => {
      if (line.dimensions === undefined) return line;
      const path = ['lines', String(index)];
      const { result, problems } = normaliseDimensions(line.dimensions, catalogue, {
        on: entry.postedOn,
        path,
      });
      refuseFirst(problems);
      return { ...line, dimensions: result };
    }),
  };
}

function refuseFirst([problem]: readonly (UserError & { readonly code: ErrorCode })[]): void {
  if (problem) throw new CrossfootError(problem.code, problem.message, { path: problem.path });
}
