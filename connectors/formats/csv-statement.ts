import { compareDates, isCalendarDate, parseDate } from '#kernel/calendar';
import type { CalendarDate, DateFormat } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { absolute, add, negate, parseMoney, subtract } from '#kernel/money';
import type { Money } from '#kernel/money';
import type {
  BankLine,
  BankParty,
  BankStatement,
  CsvProfile,
  FileSample,
  ReadOptions,
  ReadProblem,
  StatementFile,
  StatementFormat,
} from '#connectors/ports';
import { cellHabits, readAmount, readDay } from './csv-expenses-cells.ts';
import type { CellHabits } from './csv-expenses-cells.ts';
import type { CsvRow } from './csv-expenses-rows.ts';
import { findLayout } from './csv-statement-columns.ts';
import type { CsvLayout, NoLayout, StatementColumn } from './csv-statement-columns.ts';
import {
  accountOf,
  joinTexts,
  lossOf,
  quoted,
  readFile,
  referenceOf,
  refusedFile,
  tidy,
  warning,
} from './statement-values.ts';
import { decodeText } from './text.ts';

/** A bank's CSV by a column mapping, or without one by well-known headings, which a warning then names. */
export const csvStatement: StatementFormat = { name: 'CSV', recognises, read };

const DATE_FORMATS: readonly DateFormat[] = [
  'YYYY-MM-DD',
  'DD.MM.YYYY',
  'DD/MM/YYYY',
  'MM/DD/YYYY',
  'YYYYMMDD',
  'YYMMDD',
];
/** Days that do not say by themselves what is day and what is month. */
const FIGURES_ONLY = /^\d{1,2}[/-]\d{1,2}[/-]/;
/** Words of a column that says which way the money went. */
const OUT = /^(?:af|debit|debet|debito|d|dr|soll|s|cargo|debe|out|-)$/i;
const IN = /^(?:bij|credit|credito|c|cr|haben|h|abono|haber|in|\+)$/i;
/** German and English banks mark the direction behind the figure. */
const MARKED = /^(.*\d)\s*(S|H|DR|CR|Dr|Cr)$/;

interface Reading {
  readonly format: string;
  readonly layout: CsvLayout;
  readonly profile?: CsvProfile;
  readonly options: ReadOptions;
  readonly habits: CellHabits;
  /** Whether the account column names the account that the table is of, not the other side. */
  readonly ownAccount: boolean;
  readonly problems: ReadProblem[];
}

/** A movement with the account it belongs to and the balance behind it. */
interface ReadRow {
  readonly line: BankLine;
  readonly account?: string;
  readonly balance?: Money;
}

function recognises(sample: FileSample): boolean {
  if (/\.(?:csv|tsv)$/i.test(sample.name)) return true;
  const layout = findLayout(sample.head);
  // A table of something else is told by the reader, which knows of what.
  return 'columns' in layout || layout.code === 'FORMAT_WRONG' || layout.code === 'FORMAT_UNSUPPORTED';
}

function read(bytes: Uint8Array, options: ReadOptions): StatementFile {
  const layout = findLayout(decodeText(bytes, options.csv?.encoding), options.csv);
  return 'columns' in layout ? readTable('CSV', layout, options) : refusedTable('CSV', layout);
}

/** A table that is not read, with its headings as far as there are any, so that somebody can name the columns. */
export function refusedTable(format: string, { header, ...failure }: NoLayout): StatementFile {
  // A table without headings can be mapped by numbers; what is known to be another table cannot.
  return { ...refusedFile(format, failure), headings: failure.code === 'FORMAT_UNKNOWN' ? [] : header };
}

/** Reads the rows of a table whose columns are known as movements; `format` is what the statements are called. */
export function readTable(format: string, layout: CsvLayout, options: ReadOptions): StatementFile {
  return { ...readRows(format, layout, options), headings: layout.headings ?? layout.header };
}

function readRows(format: string, layout: CsvLayout, options: ReadOptions): StatementFile {
  const profile = options.csv;
  const unknownFormat =
    profile?.dateFormat !== undefined && !DATE_FORMATS.some((each) => each === profile.dateFormat);
  if (unknownFormat) {
    const message = `The date format ${quoted(profile.dateFormat)} of the mapping is none of ${DATE_FORMATS.join(', ')}.`;
    return refusedFile(format, { code: 'FIELD_INVALID', message });
  }
  const problems: ReadProblem[] = [];
  const habits = habitsOf(layout, options);
  if (layout.guessed) problems.push(guessWarning(layout, habits));
  const isOwn = ownAccount(layout);
  const reading: Reading = { format, layout, profile, options, habits, ownAccount: isOwn, problems };
  const read: ReadRow[] = [];
  for (const row of layout.rows) {
    if (isEmptyRow(row, layout)) continue;
    try {
      read.push(readRow(row, reading));
    } catch (error) {
      // Headings above a table that is mapped by numbers are no loss.
      if (layout.header.length === 0 && read.length === 0 && row === layout.rows[0]) continue;
      problems.push(lossOf(error, row.line));
    }
  }
  if (read.length === 0 && problems.every((problem) => problem.severity === 'warning')) {
    return emptyFile(reading);
  }
  return readFile(format, statementsOf(read, reading), problems);
}

/** A table without movements is a statement of no movements where its currency is known. */
function emptyFile({ format, profile, options, layout, problems }: Reading): StatementFile {
  const currency = profile?.currency ?? layout.currency ?? options.account?.currency;
  if (currency === undefined) {
    return refusedFile(format, {
      code: 'CURRENCY_UNKNOWN',
      message: 'The table has headings, no movements and no currency; name the bank account that it is of.',
    });
  }
  const account = profile?.account ?? options.account ?? {};
  return { format, statements: [{ format, account, currency, lines: [] }], problems };
}

function habitsOf(layout: CsvLayout, { csv: profile, dayFirst, account }: ReadOptions): CellHabits {
  const { rows, columns, delimiter } = layout;
  const cells = (...names: readonly StatementColumn[]): string[] =>
    names
      .flatMap((name) => rows.map((row) => row.cells?.[columns[name] ?? -1] ?? ''))
      .filter((cell) => cell !== '');
  const days = cells('bookedOn', 'valueOn');
  const learnt = cellHabits(cells('amount', 'debit', 'credit', 'balance').map(withoutMark), days, delimiter);
  return {
    decimalSeparator: profile?.decimalSeparator ?? learnt.decimalSeparator,
    dayFirst:
      learnt.dayFirst ??
      (days.some((day) => FIGURES_ONLY.test(day))
        ? (dayFirst ?? likelyOrder(layout, account?.currency))
        : undefined),
  };
}

/**
 * The order of day and month where no date tells: the one in which the rows run in one direction, else month first for
 * dollars only.
 */
function likelyOrder({ rows, columns, currency }: CsvLayout, known: string | undefined): boolean {
  const runs = (dayFirst: boolean): boolean => {
    const days = rows
      .map((row) => readDay(row.cells?.[columns.bookedOn ?? -1] ?? '', { decimalSeparator: '.', dayFirst }))
      .filter((day) => day !== undefined);
    const steps = new Set(days.slice(1).map((day, index) => compareDates(days[index] ?? day, day)));
    return !(steps.has(1) && steps.has(-1));
  };
  const [dayFirst, monthFirst] = [runs(true), runs(false)];
  if (dayFirst !== monthFirst) return dayFirst;
  const dollars = (rows[0]?.cells?.[columns.currency ?? -1] ?? currency ?? known) === 'USD';
  return !dollars;
}

function guessWarning({ columns, header }: CsvLayout, habits: CellHabits): ReadProblem {
  const guesses = Object.entries(columns).map(
    ([column, place]) => `${column} = ${quoted(header[place] ?? '')}`,
  );
  guesses.push(habits.decimalSeparator === ',' ? 'decimal comma' : 'decimal point');
  if (habits.dayFirst !== undefined) guesses.push(habits.dayFirst ? 'day before month' : 'month before day');
  return warning(
    'COLUMN_MISSING',
    `No column mapping was given; guessed from the file: ${guesses.join(', ')}.`,
    1,
  );
}

/** Rows with neither a day nor an amount are titles, sums or notes. */
function isEmptyRow({ cells }: CsvRow, { columns }: CsvLayout): boolean {
  if (cells === undefined) return false;
  return (['bookedOn', 'amount', 'debit', 'credit'] as const).every(
    (column) => (cells[columns[column] ?? -1] ?? '') === '',
  );
}

function readRow(row: CsvRow, reading: Reading): ReadRow {
  if (row.cells === undefined)
    throw new CrossfootError('LINE_MALFORMED', 'The line cannot be split into cells: a quote is not closed.');
  const { cells } = row;
  const { layout, profile, habits } = reading;
  const cell = (column: StatementColumn): string | undefined => tidy(cells[layout.columns[column] ?? -1]);
  const day = (column: 'bookedOn' | 'valueOn'): CalendarDate | undefined =>
    dayOf(cell(column), profile, habits);
  const bookedOn = day('bookedOn');
  if (bookedOn === undefined) {
    throw new CrossfootError('DATE_INVALID', `${quoted(cell('bookedOn') ?? '')} is not a booking date.`, {
      path: ['bookedOn'],
    });
  }
  const amount = amountOf(cell, reading);
  const balance = cell('balance');
  return {
    account: reading.ownAccount ? cell('account') : undefined,
    balance: balance === undefined ? undefined : optionalMoney(balance, amount.currency, habits),
    line: {
      bookedOn,
      valueOn: day('valueOn'),
      amount,
      status: 'booked',
      reversal: false,
      counterparty: {
        ...accountOf(cell('counterpartyAccount') ?? (reading.ownAccount ? undefined : cell('account'))),
        name: cell('counterpartyName'),
      },
      bankReference: referenceOf(cell('reference')),
      remittance: joinTexts(cell('remittance')),
      details: [],
      raw: row.raw,
      line: row.line,
    },
  };
}

function dayOf(
  text: string | undefined,
  profile: CsvProfile | undefined,
  habits: CellHabits,
): CalendarDate | undefined {
  if (text === undefined) return undefined;
  const format = DATE_FORMATS.find((each) => each === profile?.dateFormat);
  // The days of a sheet are numbers and come as years first, whatever its texts look like.
  return format === undefined || isCalendarDate(text)
    ? readDay(text, habits)
    : parseDate(text.replace(/[T ]\d{1,2}:.*$/, ''), format);
}

type Cell = (column: StatementColumn) => string | undefined;

function amountOf(cell: Cell, reading: Reading): Money {
  const single = cell('amount');
  if (reading.layout.columns.amount !== undefined) {
    const amount = moneyOf(single, cell, reading);
    const direction = cell('direction');
    if (direction === undefined || amount.minor < 0n || IN.test(direction)) return amount;
    if (OUT.test(direction)) return negate(amount);
    throw new CrossfootError(
      'FIELD_INVALID',
      `${quoted(direction)} does not say whether money came or went.`,
      { path: ['direction'] },
    );
  }
  const [debit, credit] = [cell('debit'), cell('credit')];
  if (debit === undefined && credit === undefined) {
    throw new CrossfootError('FIELD_MISSING', 'The row has neither a debit nor a credit.', {
      path: ['amount'],
    });
  }
  // Some banks write what went with a minus, some without; either way it lowers the balance.
  const went = debit === undefined ? undefined : negate(absolute(moneyOf(debit, cell, reading)));
  const came = credit === undefined ? undefined : moneyOf(credit, cell, reading);
  return went === undefined || came === undefined
    ? (went ?? came ?? moneyOf(single, cell, reading))
    : add(came, went);
}

function moneyOf(text: string | undefined, cell: Cell, reading: Reading): Money {
  const { layout, profile, options, habits } = reading;
  const written = text === undefined ? undefined : readAmount(withoutMark(text), habits);
  if (text === undefined || written === undefined) {
    throw new CrossfootError('AMOUNT_INVALID', `${quoted(text ?? '')} is not an amount.`, {
      path: ['amount'],
    });
  }
  const currency =
    cell('currency')?.toUpperCase() ??
    profile?.currency ??
    layout.currency ??
    written.currency ??
    options.account?.currency;
  if (currency === undefined) {
    const message =
      'No column, heading or amount names the currency; give it in the mapping, or name the bank account.';
    throw new CrossfootError('COLUMN_MISSING', message, { path: ['currency'] });
  }
  const amount = parseMoney(written.decimal, currency);
  return /^(?:S|DR)$/i.test(MARKED.exec(text)?.[2] ?? '') ? negate(amount) : amount;
}

function withoutMark(text: string): string {
  return MARKED.exec(text)?.[1] ?? text;
}

function optionalMoney(text: string, currency: string, habits: CellHabits): Money | undefined {
  const written = readAmount(withoutMark(text), habits);
  if (written === undefined) return undefined;
  try {
    const amount = parseMoney(written.decimal, currency);
    return /^(?:S|DR)$/i.test(MARKED.exec(text)?.[2] ?? '') ? negate(amount) : amount;
  } catch (error) {
    if (error instanceof CrossfootError) return undefined;
    throw error;
  }
}

/** An account column that differs from row to row, in a table that names no counterparty account, is the other side's. */
function ownAccount({ rows, columns }: CsvLayout): boolean {
  if (columns.account === undefined) return false;
  if (columns.counterpartyAccount !== undefined) return true;
  const [first, ...others] = rows
    .map((row) => row.cells?.[columns.account ?? -1] ?? '')
    .filter((cell) => cell !== '');
  return others.every((cell) => cell === first);
}

/** One statement for each account and currency, in the order in which they first appear. */
function statementsOf(rows: readonly ReadRow[], reading: Reading): BankStatement[] {
  const { format, profile, options, problems } = reading;
  const groups = Map.groupBy(rows, (row) => `${row.account ?? ''}\n${row.line.amount.currency}`);
  return [...groups.values()].map((group) => {
    const lines = group.map((row) => row.line);
    const days = lines.map((line) => line.bookedOn).sort(compareDates);
    const [from, to] = [days[0], days.at(-1)];
    const named = accountOf(group[0]?.account);
    const isNamed = named.iban !== undefined || named.accountNumber !== undefined;
    const account: BankParty = profile?.account ?? (isNamed ? named : (options.account ?? {}));
    const balances = balancesOf(group, problems);
    return {
      format,
      account,
      currency: lines[0]?.amount.currency ?? '',
      opening: balances && { amount: balances.opening, on: from },
      closing: balances && { amount: balances.closing, on: to },
      from,
      to,
      lines,
    };
  });
}

/** Opening and closing balance out of a balance column that runs with the rows, oldest or newest first. */
function balancesOf(
  rows: readonly ReadRow[],
  problems: ReadProblem[],
): { opening: Money; closing: Money } | undefined {
  const told = rows.flatMap(({ line, balance }) => (balance === undefined ? [] : [{ line, balance }]));
  if (told.length === 0 || told.length < rows.length) return undefined;
  const wrong = (ordered: typeof told): number =>
    ordered.slice(1).findIndex(({ line, balance }, index) => {
      const before = ordered[index]?.balance;
      return before === undefined || add(before, line.amount).minor !== balance.minor;
    });
  const ordered = [told, told.toReversed()].find((each) => wrong(each) === -1);
  const [first, last] = [ordered?.[0], ordered?.at(-1)];
  if (first === undefined || last === undefined) {
    const place = told[wrong(told) + 1]?.line.line;
    problems.push(
      warning('STATEMENT_UNBALANCED', 'The balance column is not the running total of the amounts.', place),
    );
    return undefined;
  }
  return { opening: subtract(first.balance, first.line.amount), closing: last.balance };
}
