import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import type { Catalogue, KnownDimension, KnownField, KnownValue } from './catalogue.ts';

interface DimensionRow {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly active: boolean;
}

/** The dimensions and custom fields of a book, retired ones included; values are loaded by what is looked for. */
export async function loadCatalogue(
  transaction: Transaction,
  bookId: string,
): Promise<Omit<Catalogue, 'values'>> {
  const dimensions = await transaction.query<DimensionRow>(
    'select id, key, name, retired_at is null as active from transactions.dimension where book_id = $1 order by id',
    [bookId],
  );
  const fields = await transaction.query<KnownField>(
    `select key, label, type, level, required, choices, retired_at is null as active
       from transactions.custom_field where book_id = $1 order by id`,
    [bookId],
  );
  return { dimensions, fields };
}

interface ValueRow {
  readonly dimension_id: string;
  readonly code: string;
  readonly name: string;
  readonly active: boolean;
  readonly valid_from: CalendarDate | null;
  readonly valid_to: CalendarDate | null;
}

/** The values of dimensions that one of the texts means, by code or by name. */
export async function loadValues(
  transaction: Transaction,
  dimensions: readonly KnownDimension[],
  texts: ReadonlySet<string>,
): Promise<KnownValue[]> {
  if (texts.size === 0 || dimensions.length === 0) return [];
  const rows = await transaction.query<ValueRow>(
    `select dimension_id, code, name, active, valid_from, valid_to from transactions.dimension_value
      where dimension_id = any ($1) and (lower(code) = any ($2) or lower(name) = any ($2)) order by id`,
    [
      dimensions.map((dimension) => dimension.id),
      [...texts].flatMap((text) => [text.trim(), text.trim().toLowerCase()]),
    ],
  );
  return rows.map((row) => ({
    dimensionId: row.dimension_id,
    code: row.code,
    name: row.name,
    active: row.active,
    validFrom: row.valid_from ?? undefined,
    validTo: row.valid_to ?? undefined,
  }));
}
