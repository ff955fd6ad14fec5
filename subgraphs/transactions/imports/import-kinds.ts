import type { DateFormat } from '#kernel/calendar';
import type { TableFormat } from '#connectors/ports';

/** What rows of a file become. */
export const importKinds = ['JOURNAL', 'CHART_OF_ACCOUNTS', 'OPENING_BALANCES', 'BUDGET'] as const;

/** One kind of import. */
export type ImportKind = (typeof importKinds)[number];

/** What a column of a file can hold. */
export const importFields = [
  'ENTRY',
  'DATE',
  'ACCOUNT',
  'CONTRA_ACCOUNT',
  'AMOUNT',
  'DEBIT',
  'CREDIT',
  'SIDE',
  'CURRENCY',
  'DESCRIPTION',
  'MEMO',
  'NAME',
  'TYPE',
  'COST_CENTRE',
  'DEPARTMENT',
  'PROJECT',
  'CLIENT',
] as const;

/** What one column holds. */
export type ImportField = (typeof importFields)[number];

/** Which heading holds what. */
export type Mapping = Readonly<Partial<Record<ImportField, string>>>;

/** The mark before the decimals. */
export const decimalMarks = ['POINT', 'COMMA'] as const;

/** One mark before decimals. */
export type DecimalMark = (typeof decimalMarks)[number];

/** How days are written, by the names of the graph. */
export const dateFormats = {
  YEAR_MONTH_DAY: 'YYYY-MM-DD',
  COMPACT: 'YYYYMMDD',
  DAY_MONTH_YEAR_DOTS: 'DD.MM.YYYY',
  DAY_MONTH_YEAR: 'DD/MM/YYYY',
  MONTH_DAY_YEAR: 'MM/DD/YYYY',
} as const satisfies Record<string, DateFormat>;

/** One way to write days. */
export type DateStyle = keyof typeof dateFormats;

/** How a file is read; every part that matters is filled in before the first row is. */
export interface ImportSettings {
  readonly format: TableFormat;
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly sheet?: string | undefined;
  readonly decimalMark: DecimalMark;
  readonly dateStyle?: DateStyle | undefined;
  readonly mapping: Mapping;
  /** Of rows that name none. */
  readonly currency: string;
  /** The day of opening balances, and of journal rows that name none. */
  readonly postedOn?: string | undefined;
  /** Keeps entries apart whose files number them alike. */
  readonly series?: string | undefined;
  /** Where the difference of opening balances goes; left out, a difference is refused. */
  readonly differenceAccount?: string | undefined;
  /** The version of a budget that takes the amounts. */
  readonly budgetId?: string | undefined;
  /** Whether rows with problems keep all others from being applied. */
  readonly stopOnProblems: boolean;
}

/** The columns by which dimensions are named, and the dimensions. */
export const dimensionFields: Partial<Record<ImportField, string>> = {
  COST_CENTRE: 'costCentre',
  DEPARTMENT: 'department',
  PROJECT: 'project',
  CLIENT: 'client',
};

const amounts = ['AMOUNT', 'DEBIT', 'CREDIT', 'SIDE', 'CURRENCY'] as const;
const dimensions = ['COST_CENTRE', 'DEPARTMENT', 'PROJECT', 'CLIENT'] as const;

/** The columns each kind knows, those that tell most first. */
export const fieldsOfKind: Readonly<Record<ImportKind, readonly ImportField[]>> = {
  JOURNAL: ['ENTRY', 'DATE', 'CONTRA_ACCOUNT', 'ACCOUNT', ...amounts, 'DESCRIPTION', 'MEMO', ...dimensions],
  CHART_OF_ACCOUNTS: ['ACCOUNT', 'NAME', 'TYPE', 'CURRENCY'],
  OPENING_BALANCES: ['ACCOUNT', ...amounts, 'MEMO'],
  BUDGET: ['DATE', 'ACCOUNT', 'AMOUNT', ...dimensions],
};

/** Columns without which rows of a kind mean nothing; of a list in the list, one is enough. */
export const requiredFields: Readonly<Record<ImportKind, readonly (readonly ImportField[])[]>> = {
  JOURNAL: [['ACCOUNT'], ['AMOUNT', 'DEBIT', 'CREDIT']],
  CHART_OF_ACCOUNTS: [['ACCOUNT'], ['NAME'], ['TYPE']],
  OPENING_BALANCES: [['ACCOUNT'], ['AMOUNT', 'DEBIT', 'CREDIT']],
  BUDGET: [['ACCOUNT'], ['DATE'], ['AMOUNT']],
};
