import { z } from 'zod';
import { sha256Hex } from '#kernel/canonical';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { currency, date, id, oneOf, text } from '#kernel/input';
import {
  dateFormats,
  decimalMarks,
  fieldsOfKind,
  importFields,
  importKinds,
  type DateStyle,
  type ImportKind,
  type Mapping,
} from './import-kinds.ts';
import { headerSignature } from './suggest-mapping.ts';

/** What both the preview and the import take. */
export const importInput = z.object({
  bookId: id(),
  fileId: id().meta({ description: 'An uploaded file: CSV, XLSX, JSON or NDJSON.' }),
  kind: oneOf('ImportKind', importKinds),
  mapping: z
    .array(
      z.object({
        field: oneOf('ImportField', importFields),
        column: z
          .string()
          .min(1)
          .max(500)
          .meta({ description: 'The heading, exactly as the file spells it.' }),
      }),
    )
    .max(importFields.length)
    .optional()
    .meta({
      description:
        'Which column holds what; left out, as chosen for the last file with these headings, else by the headings.',
    }),
  encoding: z
    .string()
    .max(40)
    .optional()
    .meta({ description: 'Such as utf-8 or windows-1252; detected when left out.' }),
  delimiter: z
    .string()
    .length(1)
    .optional()
    .meta({ description: 'Between the cells of CSV; detected when left out.' }),
  sheet: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Of a spreadsheet; the first one when left out.' }),
  decimalMark: oneOf('DecimalMark', decimalMarks).optional(),
  dateStyle: oneOf('DateStyle', Object.keys(dateFormats) as [DateStyle, ...DateStyle[]]).optional(),
  currency: currency()
    .optional()
    .meta({ description: "Of rows that name none; the book's own when left out." }),
  postedOn: date()
    .optional()
    .meta({ description: 'The day of opening balances, and of journal rows that name none.' }),
  series: text(60).optional().meta({
    description: 'Keeps entries apart whose files number them alike, such as the year or the old system.',
  }),
  differenceAccount: text(20).optional().meta({
    description:
      'Where the difference of opening balances goes, such as 3900; left out, a difference is refused.',
  }),
  budgetId: id().optional().meta({ description: 'The version of a budget that takes the amounts.' }),
  stopOnProblems: z.boolean().optional().meta({
    description: 'Apply nothing when a row cannot be read; otherwise all other entries are applied.',
  }),
});

/** The mapping of an input as fields with their headings; undefined when there is none. Throws FIELD_INVALID. */
export function mappingOf(
  input: Pick<z.output<typeof importInput>, 'kind' | 'mapping'>,
): Mapping | undefined {
  if (!input.mapping) return undefined;
  const mapping: Record<string, string> = {};
  input.mapping.forEach(({ field, column }, index) => {
    const path = ['mapping', String(index), 'field'];
    if (mapping[field] !== undefined)
      throw new CrossfootError('FIELD_INVALID', `${field} is mapped twice`, { path });
    if (!fieldsOfKind[input.kind].includes(field)) {
      throw new CrossfootError('FIELD_INVALID', `${input.kind} has no ${field}`, { path });
    }
    mapping[field] = column;
  });
  return mapping;
}

/** The mapping that was chosen for the last file with these headings. */
export async function rememberedMapping(
  transaction: Transaction,
  kind: ImportKind,
  header: readonly string[],
): Promise<Mapping | undefined> {
  const row = await transaction.maybe<{ mapping: Mapping }>(
    'select mapping from transactions.import_mapping where signature = $1 and kind = $2',
    [sha256Hex(headerSignature(header)), kind],
  );
  // The same headings in other letters are no headings of this file.
  return row && Object.values(row.mapping).every((heading) => header.includes(heading))
    ? row.mapping
    : undefined;
}

/** Remembers a mapping somebody chose for files with these headings. */
export async function rememberMapping(
  transaction: Transaction,
  kind: ImportKind,
  chosen: { readonly header: readonly string[]; readonly mapping: Mapping },
): Promise<void> {
  await transaction.query(
    `insert into transactions.import_mapping (organisation_id, kind, signature, mapping, remembered_at)
     values ($1, $2, $3, $4, $5)
     on conflict (organisation_id, kind, signature) do update set mapping = excluded.mapping, remembered_at = excluded.remembered_at`,
    [
      transaction.organisationId,
      kind,
      sha256Hex(headerSignature(chosen.header)),
      JSON.stringify(chosen.mapping),
      transaction.now,
    ],
  );
}
