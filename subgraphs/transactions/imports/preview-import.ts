import type { OpenTable, TableRow } from '#connectors/ports';
import { command } from '#kernel/command';
import type { UserError } from '#kernel/errors';
import { userError } from '#kernel/errors';
import { requireBook } from '../ledger/require-book.ts';
import { examineFile } from './examine-file.ts';
import type { ImportField, ImportSettings } from './import-kinds.ts';
import { importInput, mappingOf, rememberedMapping } from './import-input.ts';
import { loadSample } from './load-sample.ts';
import { openFile } from './open-file.ts';
import { rowReader } from './read-row.ts';

const rowsShown = 20;
const samplesShown = 3;

/** A column of the file and what it would be taken for. */
export interface PreviewColumn {
  readonly column: string;
  readonly field: ImportField | null;
  readonly samples: readonly string[];
}

/** A row as it would be read; of a wrong one only its number and what is wrong. */
export interface PreviewRow {
  readonly row: number;
  readonly entry: string | null;
  readonly postedOn: string | null;
  readonly accountCode: string | null;
  readonly side: string | null;
  /** Minor units as text. */
  readonly minor: string | null;
  readonly currency: string | null;
  readonly description: string | null;
  readonly memo: string | null;
  readonly accountType: string | null;
  readonly problems: readonly UserError[];
}

/** How a file would be read. */
export interface Preview {
  readonly settings: ImportSettings;
  readonly sheets: readonly string[];
  readonly remembered: boolean;
  readonly columns: readonly PreviewColumn[];
  readonly rows: readonly PreviewRow[];
  readonly problems: readonly UserError[];
  readonly notes: readonly string[];
}

/** Shows how the first rows of a file would be read. */
export const previewImport = command({
  name: 'previewImport',
  description:
    'Shows how the first rows of a file would be read: its columns with what they would be taken for, and what is wrong. ' +
    'Nothing is kept.',
  scope: 'transactions:post',
  input: importInput,
  async prepare(input, { actor, services }) {
    const { table } = await openFile({ services, organisationId: actor.organisationId }, input.fileId, input);
    return { table, rows: await loadSample(table) };
  },
  async run(transaction, input, { table, rows }) {
    await requireBook(transaction, input.bookId);
    const { base_currency: baseCurrency } = await transaction.require<{ base_currency: string }>(
      `There is no book ${input.bookId}`,
      'select base_currency from transactions.book where id = $1',
      [input.bookId],
    );
    const chosen = mappingOf(input);
    const known = chosen ? undefined : await rememberedMapping(transaction, input.kind, table.header);
    const examined = examineFile(input.kind, {
      table,
      rows,
      given: input,
      mapping: chosen ?? known,
      baseCurrency,
    });
    const { settings, notes } = examined;
    const preview: Preview = {
      settings,
      sheets: table.sheets ?? [],
      remembered: known !== undefined,
      columns: columnsOf(table, settings, rows),
      rows: rowsOf(input.kind, { table, settings }, rows.slice(0, rowsShown)),
      problems: examined.problems.map((problem) => problem.toUserError()),
      notes,
    };
    return { preview };
  },
  // The rows of a file are no business of the memory of commands.
  remember: () => ({}),
});

function columnsOf(
  table: OpenTable,
  { mapping }: ImportSettings,
  rows: readonly TableRow[],
): PreviewColumn[] {
  const fields = new Map(Object.entries(mapping).map(([field, column]) => [column, field as ImportField]));
  return table.header.map((column, place) => ({
    column,
    field: fields.get(column) ?? null,
    samples: rows
      .map(({ cells }) => (cells[place] ?? '').trim())
      .filter((cell) => cell !== '')
      .slice(0, samplesShown)
      .map((cell) => cell.slice(0, 200)),
  }));
}

function rowsOf(
  kind: Parameters<typeof rowReader>[0],
  { table, settings }: { readonly table: OpenTable; readonly settings: ImportSettings },
  rows: readonly TableRow[],
): PreviewRow[] {
  const read = rowReader(kind, table, settings);
  return rows.flatMap((row) => {
    const { rows: lines, problems, entryKey = null } = read(row);
    const errors = problems.map(({ code, message, column }) =>
      userError(code, message, column === undefined ? [] : [column]),
    );
    if (errors.length > 0) return [{ ...nothing, row: row.number, entry: entryKey, problems: errors }];
    return lines.map((line): PreviewRow => ({
      row: row.number,
      entry: entryKey,
      postedOn: line.postedOn ?? null,
      accountCode: line.accountCode,
      side: line.side ?? null,
      minor: line.minor?.toString() ?? null,
      currency: line.currency ?? null,
      description: line.description ?? null,
      memo: line.memo ?? null,
      accountType: kind === 'CHART_OF_ACCOUNTS' ? (line.extra?.['type'] ?? null) : null,
      problems: [],
    }));
  });
}

const nothing = {
  postedOn: null,
  accountCode: null,
  side: null,
  minor: null,
  currency: null,
  description: null,
  memo: null,
  accountType: null,
};
