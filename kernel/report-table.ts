import type { Money } from '#kernel/money';

/** How a row is shown: a title, a sum of accounts, one account, a sum of lines, or a proof that must be zero. */
export type RowKind = 'HEADING' | 'LINE' | 'ACCOUNT' | 'TOTAL' | 'CHECK';

/** What stands in a cell: words, an amount, or nothing. */
export type TableCell = string | Money | null;

/** A column of a table; amounts stand to the right, texts to the left. */
export interface TableColumn {
  readonly label: string;
  readonly kind: 'TEXT' | 'MONEY';
  /** How wide it is beside the others. */
  readonly share: number;
}

/** A row of a table, shown as lines of statements are. */
export interface TableRow {
  readonly kind: RowKind;
  readonly depth: number;
  readonly cells: readonly TableCell[];
}

/** A report as rows and columns, ready for any kind of file. */
export interface ReportTable {
  /** The beginning of its file's name, such as balance-sheet. */
  readonly name: string;
  readonly title: string;
  /** Whose report it is. */
  readonly owner: string;
  /** Its days, currency and filter. */
  readonly subtitle: string;
  readonly columns: readonly TableColumn[];
  readonly rows: Iterable<TableRow> | AsyncIterable<TableRow>;
  /** What a reader must know, said below the table. */
  readonly notes: readonly string[];
}
