import {
  absolute,
  add,
  allocate,
  isCurrency,
  money,
  parseDecimal,
  parseMoney,
  percentOf,
  subtract,
} from '#kernel/money';
import type { Money } from '#kernel/money';
import { CrossfootError } from '#kernel/errors';
import type {
  BusinessDocument,
  DocumentFile,
  DocumentFormat,
  DocumentRecord,
  ReadProblem,
} from '#connectors/ports';
import { cellHabits, currencyOf, readAmount, readDay } from './csv-expenses-cells.ts';
import type { CellHabits } from './csv-expenses-cells.ts';
import { BANK_HEADINGS, HEADINGS } from './csv-expenses-headings.ts';
import type { ExpenseColumn } from './csv-expenses-headings.ts';
import { csvRows } from './csv-expenses-rows.ts';
import type { CsvRow } from './csv-expenses-rows.ts';
import { checkDocument, checkRequired } from './document-check.ts';
import { plainDecimal } from './e-invoice.ts';
import { decodeText } from './text.ts';

const DELIMITERS = [',', ';', '\t', '|'];
const MOST_ROWS = 50_000;

type AmountColumn = 'gross' | 'amount' | 'originalAmount' | 'net';

interface RowAmounts {
  readonly net: Money;
  readonly tax: Money;
  readonly gross: Money;
  readonly taxRate?: string;
}

interface Header {
  readonly delimiter: string;
  readonly cells: readonly string[];
  readonly columns: Partial<Record<ExpenseColumn, number>>;
  /** A currency named in the heading of the amount, as in `Amount (EUR)`. */
  readonly currency?: string;
}

/** CSV exports of expense tools and hand-kept expense lists: one row, one expense. */
export const csvExpenses: DocumentFormat = {
  name: 'csv-expenses',
  recognises: ({ head }) => {
    const header = findHeader(head);
    if (header === undefined || isBankHeader(header)) return false;
    const { columns } = header;
    return columns.date !== undefined && amountColumn(columns) !== undefined && tellsExpense(columns);
  },
  read: (bytes) => {
    const text = decodeText(bytes);
    const header = findHeader(text);
    if (header === undefined) return refused('FORMAT_UNKNOWN', 'The file has no line of column headings.');
    const rows: CsvRow[] = [];
    for (const row of csvRows(text, header.delimiter)) {
      if (rows.length > MOST_ROWS)
        return refused('FILE_TOO_LARGE', `The file has more than ${MOST_ROWS} rows.`);
      rows.push(row);
    }
    const body = rows
      .slice(1)
      .filter(({ cells }) => cells === undefined || cells.some((cell) => cell !== ''));
    if (body.length === 0) return refused('FILE_UNREADABLE', 'The file has column headings and no rows.');
    const habits = habitsOf(body, header);
    const records = body.map((row) => readRow(row, header, habits));
    return { format: 'csv-expenses', records, problems: [] };
  },
};

/** Whether the head of a CSV file has the columns of a bank's list of movements. */
export function isBankCsv(head: string): boolean {
  const header = findHeader(head);
  return header !== undefined && isBankHeader(header);
}

function isBankHeader(header: Header): boolean {
  return header.cells.some((cell) => BANK_HEADINGS.has(cell));
}

/** A day and an amount alone could be anything, and categories are also kept for bank lines and investments. */
function tellsExpense(columns: Header['columns']): boolean {
  const has = (...names: ExpenseColumn[]): boolean => names.some((name) => columns[name] !== undefined);
  return has('merchant', 'employee') || (has('category') && has('tax', 'taxRate', 'number'));
}

/** An export without the currency of its own amount can still name the amount as it was on the receipt. */
function amountColumn(columns: Header['columns']): AmountColumn | undefined {
  const hasOriginal = columns.originalAmount !== undefined && columns.originalCurrency !== undefined;
  // Net and tax beside it would be in the currency that the export does not name.
  const hasParts = columns.net !== undefined || columns.tax !== undefined;
  if (hasOriginal && columns.currency === undefined && !hasParts) return 'originalAmount';
  return (['gross', 'amount', 'net'] as const).find((column) => columns[column] !== undefined);
}

/** Splits the first row by each delimiter and keeps the one under which most headings are known. */
function findHeader(text: string): Header | undefined {
  let best: Header | undefined;
  for (const delimiter of DELIMITERS) {
    const first = csvRows(text, delimiter).next().value as CsvRow | undefined;
    if (first?.cells === undefined) continue;
    const header = headerOf(first.cells, delimiter);
    const known = Object.keys(header.columns).length;
    if (known > Object.keys(best?.columns ?? {}).length || (best === undefined && header.cells.length > 1))
      best = header;
  }
  return best;
}

function headerOf(written: readonly string[], delimiter: string): Header {
  const currencies = written
    .map((cell) => /\b[A-Z]{3}\b/.exec(cell)?.[0])
    .map((code) => (isCurrency(code ?? '') ? code : undefined));
  const cells = written.map((cell, index) => plainHeading(cell, currencies[index]));
  const columns: Partial<Record<ExpenseColumn, number>> = {};
  for (const column of Object.keys(HEADINGS) as ExpenseColumn[]) {
    const heading = HEADINGS[column].find((each) => cells.includes(each));
    if (heading !== undefined) columns[column] = cells.indexOf(heading);
  }
  const amount = columns[amountColumn(columns) ?? 'gross'];
  return { delimiter, cells, columns, currency: amount === undefined ? undefined : currencies[amount] };
}

/** A heading without case, accents, punctuation and its currency, so that `Montant TTC (EUR)` is `montant ttc`. */
function plainHeading(cell: string, currency: string | undefined): string {
  const text = currency === undefined ? cell : cell.replace(currency, ' ');
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/%/g, ' percent ')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

function habitsOf(rows: readonly CsvRow[], { columns, delimiter }: Header): CellHabits {
  const cellsOf = (...names: ExpenseColumn[]): string[] =>
    names.flatMap((name) => rows.flatMap(({ cells }) => cells?.[columns[name] ?? -1] ?? []));
  return cellHabits(cellsOf('gross', 'amount', 'net', 'tax', 'originalAmount'), cellsOf('date'), delimiter);
}

/** Reads the cells of one row and keeps what is wrong with them. */
class RowReader {
  readonly problems: ReadProblem[] = [];
  readonly row: CsvRow;
  readonly header: Header;
  readonly habits: CellHabits;

  constructor(row: CsvRow, header: Header, habits: CellHabits) {
    this.row = row;
    this.header = header;
    this.habits = habits;
  }

  /** The text of a column; undefined when the file has no such column or the cell is empty. */
  text(column: ExpenseColumn): string | undefined {
    const index = this.header.columns[column];
    return index === undefined ? undefined : this.row.cells?.[index] || undefined;
  }

  /** The cells of columns that mean nothing to this reader, by their headings. */
  others(): Record<string, string> | undefined {
    const { cells, columns } = this.header;
    const own = new Set(Object.values(columns));
    const others = cells.flatMap((heading, index) => {
      const cell = this.row.cells?.[index] ?? '';
      return heading === '' || cell === '' || own.has(index) ? [] : [[heading, cell] as const];
    });
    return others.length === 0 ? undefined : Object.fromEntries(others);
  }

  fault(code: string, message: string, ...path: string[]): undefined {
    this.problems.push({ severity: 'error', code, message, line: this.row.line, path });
  }

  /** The currency of the row: its own cell, else the heading, else what stands beside the amount. */
  currency(column: ExpenseColumn): string | undefined {
    const beside = readAmount(this.text(column) ?? '', this.habits)?.currency;
    const own = this.text(column === 'originalAmount' ? 'originalCurrency' : 'currency');
    const stated = own === undefined ? this.header.currency : currencyOf(own);
    if (stated !== undefined && beside !== undefined && stated !== beside) {
      this.fault(
        'CURRENCY_MISMATCH',
        `The amount is in ${beside}, its row or heading says ${stated}.`,
        column,
      );
    }
    return stated ?? beside;
  }

  amount(column: ExpenseColumn, currency: string): Money | undefined {
    const text = this.text(column);
    if (text === undefined) return undefined;
    const written = readAmount(text, this.habits);
    if (written === undefined)
      return this.fault('AMOUNT_INVALID', `"${text.slice(0, 40)}" is not an amount.`, column);
    return this.attempt(() => parseMoney(written.decimal, currency), column);
  }

  /** The tax rate as a percentage in plain decimal text. */
  rate(): string | undefined {
    const text = this.text('taxRate');
    if (text === undefined) return undefined;
    const percent = plainDecimal(readAmount(text.replace('%', ''), this.habits)?.decimal);
    if (percent === undefined || !/^\d{1,2}(?:\.\d+)?$|^100$/.test(percent)) {
      return this.fault('FIELD_INVALID', `"${text.slice(0, 40)}" is not a tax rate in percent.`, 'taxRate');
    }
    // No tax is below one percent, and 0.19 in a column of rates often means 19 %.
    if (percent.startsWith('0.') && !text.includes('%')) {
      return this.fault(
        'FIELD_INVALID',
        `The tax rate ${percent} could be a percentage or a fraction.`,
        'taxRate',
      );
    }
    return percent;
  }

  attempt<T>(read: () => T, column: ExpenseColumn): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      return this.fault(error.code, error.message, column);
    }
  }
}

function readRow(row: CsvRow, header: Header, habits: CellHabits): DocumentRecord {
  const reader = new RowReader(row, header, habits);
  const misshapen = shapeProblem(row, header);
  if (misshapen !== undefined) {
    reader.fault('LINE_MALFORMED', misshapen);
    return { problems: reader.problems, raw: row.raw, line: row.line };
  }
  const column = amountColumn(header.columns) ?? 'gross';
  const currency = reader.currency(column);
  const dayText = reader.text('date');
  const issuedOn = dayText === undefined ? undefined : readDay(dayText, habits);
  if (dayText !== undefined && issuedOn === undefined) {
    const message = `"${dayText.slice(0, 40)}" is not a day, or its day and month cannot be told apart; write YYYY-MM-DD.`;
    reader.fault('DATE_INVALID', message, 'issuedOn');
  }
  const amounts =
    currency === undefined || !isCurrency(currency) ? undefined : readAmounts(reader, column, currency);
  const seller = { name: reader.text('merchant') ?? '' };
  const record = { raw: row.raw, line: row.line };
  if (issuedOn === undefined || currency === undefined || amounts === undefined) {
    const required = checkRequired({ kind: 'expense', issuedOn, currency, seller, line: row.line });
    // A day that is there but cannot be read has been named already; it is not missing.
    const rest = dayText === undefined ? required : required.filter(({ path }) => path?.[0] !== 'issuedOn');
    return { ...record, problems: [...reader.problems, ...rest] };
  }
  const { net, tax, gross, taxRate } = amounts;
  const note = reader.text('note');
  const category = reader.text('category');
  const number = reader.text('number');
  const document: BusinessDocument = {
    kind: 'expense',
    // Some tools put a link to the picture where others put the number of the receipt.
    number: number !== undefined && /^https?:/i.test(number) ? undefined : number,
    issuedOn,
    currency,
    seller,
    lines: [{ description: note ?? category ?? seller.name, net, tax, taxRate, category }],
    net,
    tax,
    gross,
    payable: gross,
    employee: reader.text('employee'),
    note,
    columns: reader.others(),
    line: row.line,
  };
  return { ...record, document, problems: [...reader.problems, ...checkDocument(document)] };
}

function shapeProblem({ cells }: CsvRow, header: Header): string | undefined {
  if (cells === undefined) return 'The line has a stray quotation mark.';
  const [wanted, extra] = [header.cells.length, cells.slice(header.cells.length)];
  // Cells beyond the headings mean a delimiter inside a text: every cell after it would be read as another column.
  if (cells.length >= wanted && extra.every((cell) => cell === '')) return undefined;
  return `The line has ${cells.length} cells, the headings ${wanted}.`;
}

/** Net, tax and gross of a row; tax left out follows from the other two or from the rate, and is zero without either. */
function readAmounts(reader: RowReader, column: AmountColumn, currency: string): RowAmounts | undefined {
  if (reader.text(column) === undefined)
    return reader.fault('FIELD_MISSING', 'The row has no amount.', 'gross');
  const stated = reader.amount(column, currency);
  const statedNet = reader.amount('net', currency);
  const statedTax = reader.amount('tax', currency);
  const taxRate = reader.rate();
  if (stated === undefined || reader.problems.length > 0) return undefined;
  if (column === 'net' || isNet(stated, { column, statedNet, statedTax, taxRate })) {
    const tax = statedTax ?? percentOf(stated, taxRate ?? '0');
    return { net: stated, tax, gross: add(stated, tax), taxRate };
  }
  const tax =
    statedTax ?? (statedNet === undefined ? taxWithin(stated, taxRate) : subtract(stated, statedNet));
  return { net: statedNet ?? subtract(stated, tax), tax, gross: stated, taxRate };
}

/** Whether a column that only says "amount" holds the net amount: tax and rate fit it as a net amount and not as a gross one. */
function isNet(
  amount: Money,
  row: { column: AmountColumn; statedNet?: Money; statedTax?: Money; taxRate?: string },
): boolean {
  const { column, statedNet, statedTax, taxRate } = row;
  if (column !== 'amount' || statedNet !== undefined || statedTax === undefined || taxRate === undefined)
    return false;
  const fits = (expected: Money): boolean => absolute(subtract(statedTax, expected)).minor <= 1n;
  return fits(percentOf(amount, taxRate)) && !fits(taxWithin(amount, taxRate));
}

/** The tax that a gross amount contains at a rate in percent. */
function taxWithin(gross: Money, taxRate = '0'): Money {
  const { digits, scale } = parseDecimal(taxRate);
  const [, tax] = allocate(gross, [100n * 10n ** BigInt(scale), digits]);
  return tax ?? money(0n, gross.currency);
}

function refused(code: string, message: string): DocumentFile {
  return { format: 'csv-expenses', records: [], problems: [{ severity: 'refused', code, message }] };
}
