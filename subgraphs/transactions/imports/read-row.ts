import type { TableRow } from '#connectors/ports';
import { CrossfootError, type ErrorCode } from '#kernel/errors';
import { isCurrency, parseMoney, type Money } from '#kernel/money';
import { quote } from '#kernel/quote';
import type { AccountType } from '../ledger/chart-of-accounts.ts';
import {
  dimensionFields,
  importFields,
  type DecimalMark,
  type ImportField,
  type ImportKind,
  type ImportSettings,
} from './import-kinds.ts';
import { dayReader, firstOfMonth, plainAmount } from './read-values.ts';

/** What a row of a file says, fit for the stage. */
export interface ReadRow {
  /** As the file names the entry it belongs to. */
  readonly entryKey?: string | undefined;
  readonly postedOn?: string | undefined;
  readonly accountCode: string;
  readonly side?: 'DEBIT' | 'CREDIT' | undefined;
  /** Minor units, positive. */
  readonly minor?: bigint | undefined;
  readonly currency?: string | undefined;
  readonly description?: string | undefined;
  readonly memo?: string | undefined;
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

/** What is wrong with a row, and in which column. */
export interface RowProblem {
  readonly column?: string | undefined;
  readonly code: ErrorCode;
  readonly message: string;
}

/** A row that was read: what goes onto the stage, nothing for one that says nothing; or what is wrong with it. */
export interface RowReading {
  /** Known also of rows that are wrong, because their entry is not whole then. */
  readonly entryKey?: string | undefined;
  readonly rows: readonly ReadRow[];
  readonly problems: readonly RowProblem[];
}

/** Reads the rows of one file. */
export type RowReader = (row: TableRow) => RowReading;

const accountCode = /^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$/;
const longestText = 500;
const sides: Readonly<Record<string, 'DEBIT' | 'CREDIT'>> = {
  ...Object.fromEntries(
    ['debit', 'd', 'dr', 's', 'soll', 'debe', 'dare', 'debet', 'deb'].map((one) => [one, 'DEBIT']),
  ),
  ...Object.fromEntries(
    ['credit', 'c', 'cr', 'h', 'haben', 'haber', 'avere', 'crédit', 'cred'].map((one) => [one, 'CREDIT']),
  ),
};
const types: Readonly<Record<AccountType, readonly string[]>> = {
  ASSET: [
    'asset',
    'assets',
    'bank',
    'cash',
    'current asset',
    'fixed asset',
    'aktiva',
    'aktiv',
    'actif',
    'activo',
    'attivo',
    'activa',
  ],
  LIABILITY: [
    'liability',
    'liabilities',
    'current liability',
    'passiva',
    'passiv',
    'verbindlichkeiten',
    'passif',
    'pasivo',
    'passivo',
  ],
  EQUITY: [
    'equity',
    'capital',
    'eigenkapital',
    'capitaux propres',
    'patrimonio',
    'patrimonio neto',
    'eigen vermogen',
  ],
  INCOME: [
    'income',
    'revenue',
    'sales',
    'other income',
    'ertrag',
    'ertrage',
    'erlose',
    'produits',
    'produit',
    'ingreso',
    'ingresos',
    'ricavi',
    'opbrengsten',
  ],
  EXPENSE: [
    'expense',
    'expenses',
    'cost of sales',
    'cost of goods sold',
    'direct costs',
    'overhead',
    'aufwand',
    'aufwendungen',
    'kosten',
    'charges',
    'charge',
    'gasto',
    'gastos',
    'costi',
    'costo',
  ],
};
const typeOf = new Map(
  Object.entries(types).flatMap(([type, names]) => names.map((name) => [name, type as AccountType])),
);

interface Reading {
  readonly settings: ImportSettings;
  /** The trimmed text of a column; empty when the column or the cell is. */
  readonly cell: (row: TableRow, field: ImportField) => string;
  readonly day: (text: string) => string | undefined;
}

/** Makes the reader of a file from its headings and settings; `dayZero` is that of sheets, whose days are numbers. */
export function rowReader(
  kind: ImportKind,
  table: { readonly header: readonly string[]; readonly dayZero?: string | undefined },
  settings: ImportSettings,
): RowReader {
  const places = new Map<ImportField, number>();
  for (const field of importFields) {
    const heading = settings.mapping[field];
    const place = heading === undefined ? -1 : table.header.indexOf(heading);
    if (place !== -1) places.set(field, place);
  }
  const reading: Reading = {
    settings,
    cell: (row, field) => {
      const place = places.get(field);
      return place === undefined ? '' : (row.cells[place] ?? '').trim();
    },
    day: dayReader(settings.dateStyle, table.dayZero),
  };
  const read = {
    JOURNAL: journalRow,
    CHART_OF_ACCOUNTS: chartRow,
    OPENING_BALANCES: openingRow,
    BUDGET: budgetRow,
  }[kind];
  return (row) => (row.problem ? { rows: [], problems: [row.problem] } : read(row, reading));
}

class Problems {
  readonly list: RowProblem[] = [];
  readonly #settings: ImportSettings;

  constructor(settings: ImportSettings) {
    this.#settings = settings;
  }

  add(field: ImportField, code: ErrorCode, message: string): undefined {
    this.list.push({ column: this.#settings.mapping[field], code, message });
    return undefined;
  }
}

function journalRow(row: TableRow, reading: Reading): RowReading {
  const { settings, cell } = reading;
  const problems = new Problems(settings);
  const entryKey = cell(row, 'ENTRY') || undefined;
  if (settings.mapping.ENTRY !== undefined && entryKey === undefined)
    problems.add('ENTRY', 'FIELD_MISSING', 'The row names no entry');
  if (entryKey !== undefined && entryKey.length > 200)
    problems.add('ENTRY', 'FIELD_INVALID', 'The name of an entry has at most 200 characters');
  const written = cell(row, 'DATE');
  const postedOn = written === '' ? settings.postedOn : reading.day(written);
  if (postedOn === undefined) {
    if (written === '') problems.add('DATE', 'FIELD_MISSING', 'The row has no day');
    else
      problems.add(
        'DATE',
        'DATE_INVALID',
        `${quote(written)} is no day${settings.dateStyle ? ` in the style ${settings.dateStyle}` : ''}`,
      );
  }
  const account = accountOf(row, 'ACCOUNT', { reading, problems });
  const signed = signedAmount(row, reading, problems);
  if (signed?.minor === 0n) problems.add('AMOUNT', 'ENTRY_TOO_SMALL', 'The amount is zero');
  const contra =
    settings.mapping.CONTRA_ACCOUNT === undefined
      ? undefined
      : accountOf(row, 'CONTRA_ACCOUNT', { reading, problems });
  const description = textOf(row, 'DESCRIPTION', { reading, problems });
  const memo = textOf(row, 'MEMO', { reading, problems });
  if (problems.list.length > 0 || account === undefined || signed === undefined)
    return { entryKey, rows: [], problems: problems.list };
  const line = { entryKey, postedOn, description, memo, extra: dimensionsOf(row, reading) };
  const rows = [{ ...line, accountCode: account, ...sided(signed) }];
  if (contra !== undefined)
    rows.push({ ...line, accountCode: contra, ...sided({ ...signed, minor: -signed.minor }) });
  return { entryKey, rows, problems: [] };
}

function openingRow(row: TableRow, reading: Reading): RowReading {
  const problems = new Problems(reading.settings);
  const account = accountOf(row, 'ACCOUNT', { reading, problems });
  const signed = signedAmount(row, reading, problems);
  const memo = textOf(row, 'MEMO', { reading, problems });
  if (problems.list.length > 0 || account === undefined || signed === undefined)
    return { rows: [], problems: problems.list };
  // Lists of balances name accounts that have none, too.
  if (signed.minor === 0n) return { rows: [], problems: [] };
  return { rows: [{ accountCode: account, memo, ...sided(signed) }], problems: [] };
}

function budgetRow(row: TableRow, reading: Reading): RowReading {
  const problems = new Problems(reading.settings);
  const written = reading.cell(row, 'DATE');
  const month = monthOf(written, reading.day);
  if (month === undefined) problems.add('DATE', 'DATE_INVALID', `${quote(written)} is no day and no month`);
  const account = accountOf(row, 'ACCOUNT', { reading, problems });
  const signed = signedAmount(row, reading, problems);
  if (problems.list.length > 0 || account === undefined || signed === undefined)
    return { rows: [], problems: problems.list };
  // Zero is said, too: it takes back what was planned before.
  const amount = signed.minor === 0n ? { currency: signed.currency } : sided(signed);
  const extra = dimensionsOf(row, reading);
  return { rows: [{ accountCode: account, postedOn: month, extra, ...amount }], problems: [] };
}

/** The first day of the month that a text names, as a month or as any of its days. */
function monthOf(text: string, day: Reading['day']): string | undefined {
  const on = firstOfMonth(text) ?? day(text);
  return on && `${on.slice(0, 7)}-01`;
}

function chartRow(row: TableRow, reading: Reading): RowReading {
  const { cell, settings } = reading;
  const problems = new Problems(settings);
  const account = accountOf(row, 'ACCOUNT', { reading, problems });
  const name = cell(row, 'NAME');
  if (name === '') problems.add('NAME', 'FIELD_MISSING', 'The account has no name');
  if (name.length > 200)
    problems.add('NAME', 'FIELD_INVALID', 'The name of an account has at most 200 characters');
  const written = cell(row, 'TYPE');
  const folded = written.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/[_-]+/g, ' ');
  const type = typeOf.get(folded);
  if (type === undefined)
    problems.add('TYPE', 'FIELD_INVALID', `${quote(written)} is none of ${Object.keys(types).join(', ')}`);
  const currency = cell(row, 'CURRENCY').toUpperCase() || undefined;
  if (currency !== undefined && !isCurrency(currency))
    problems.add('CURRENCY', 'CURRENCY_UNKNOWN', `${quote(currency)} is no currency`);
  if (problems.list.length > 0 || account === undefined || type === undefined)
    return { rows: [], problems: problems.list };
  return { rows: [{ accountCode: account, description: name, currency, extra: { type } }], problems: [] };
}

interface Told {
  readonly reading: Reading;
  readonly problems: Problems;
}

function accountOf(
  row: TableRow,
  field: 'ACCOUNT' | 'CONTRA_ACCOUNT',
  { reading, problems }: Told,
): string | undefined {
  const code = reading.cell(row, field);
  if (code === '') return problems.add(field, 'FIELD_MISSING', 'The row names no account');
  if (!accountCode.test(code))
    return problems.add(field, 'ACCOUNT_UNKNOWN', `${quote(code)} is no account code`);
  return code;
}

function textOf(
  row: TableRow,
  field: 'DESCRIPTION' | 'MEMO',
  { reading, problems }: Told,
): string | undefined {
  const text = reading.cell(row, field);
  if (text.length > longestText)
    return problems.add(field, 'FIELD_INVALID', `A text has at most ${longestText} characters`);
  return text === '' ? undefined : text;
}

/** The amount of a row, debits positive; of an amount without a side the sign says it. */
function signedAmount(row: TableRow, reading: Reading, problems: Problems): Money | undefined {
  const { cell, settings } = reading;
  const currency = cell(row, 'CURRENCY').toUpperCase() || settings.currency;
  if (!isCurrency(currency))
    return problems.add('CURRENCY', 'CURRENCY_UNKNOWN', `${quote(currency)} is no currency`);
  const amount = (field: ImportField): bigint | undefined => {
    const text = cell(row, field);
    if (text === '') return 0n;
    return minorOf(text, currency, {
      mark: settings.decimalMark,
      tell: (code, message) => problems.add(field, code, message),
    });
  };
  if (settings.mapping.AMOUNT !== undefined) {
    if (cell(row, 'AMOUNT') === '') return problems.add('AMOUNT', 'FIELD_MISSING', 'The row has no amount');
    const minor = amount('AMOUNT');
    if (minor === undefined) return undefined;
    if (settings.mapping.SIDE === undefined) return { minor, currency };
    const written = cell(row, 'SIDE').toLowerCase();
    const side = sides[written];
    if (side === undefined)
      return problems.add('SIDE', 'FIELD_INVALID', `${quote(written)} is neither debit nor credit`);
    return { minor: side === 'DEBIT' ? minor : -minor, currency };
  }
  if (cell(row, 'DEBIT') === '' && cell(row, 'CREDIT') === '') {
    return problems.add('DEBIT', 'FIELD_MISSING', 'The row has neither a debit nor a credit');
  }
  const debit = amount('DEBIT');
  const credit = amount('CREDIT');
  if (debit === undefined || credit === undefined) return undefined;
  if (debit !== 0n && credit !== 0n)
    return problems.add('DEBIT', 'FIELD_INVALID', 'The row has a debit and a credit');
  return { minor: debit - credit, currency };
}

interface AmountReading {
  readonly mark: DecimalMark;
  readonly tell: (code: ErrorCode, message: string) => undefined;
}

function minorOf(text: string, currency: string, { mark, tell }: AmountReading): bigint | undefined {
  const plain = plainAmount(text, mark);
  if (plain === undefined)
    return tell('AMOUNT_INVALID', `${quote(text)} is no amount with a decimal ${mark.toLowerCase()}`);
  try {
    return parseMoney(plain, currency).minor;
  } catch (error) {
    if (!(error instanceof CrossfootError)) throw error;
    return tell(error.code, error.message);
  }
}

function sided({ minor, currency }: Money) {
  const side = minor < 0n ? ('CREDIT' as const) : ('DEBIT' as const);
  return { side, minor: minor < 0n ? -minor : minor, currency };
}

function dimensionsOf(
  row: TableRow,
  { cell, settings }: Reading,
): Readonly<Record<string, string>> | undefined {
  let dimensions: Record<string, string> | undefined;
  for (const [field, dimension] of Object.entries(dimensionFields)) {
    if (settings.mapping[field as ImportField] === undefined) continue;
    const value = cell(row, field as ImportField);
    if (value !== '') (dimensions ??= {})[dimension] = value;
  }
  return dimensions;
}
