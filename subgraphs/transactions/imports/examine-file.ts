import type { OpenTable, TableRow } from '#connectors/ports';
import { CrossfootError } from '#kernel/errors';
import {
  importFields,
  type DateStyle,
  type DecimalMark,
  type ImportField,
  type ImportKind,
  type ImportSettings,
  type Mapping,
} from './import-kinds.ts';
import { dateStylesOf, detectDecimalMark, isMonth } from './read-values.ts';
import { missingFields, suggestMapping } from './suggest-mapping.ts';

/** How many rows are looked at to find out how a file is written. */
export const sampleSize = 500;

/** What the sender says of a file; the rest is found out. */
export interface GivenSettings {
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly sheet?: string | undefined;
  readonly decimalMark?: DecimalMark | undefined;
  readonly dateStyle?: DateStyle | undefined;
  readonly currency?: string | undefined;
  readonly postedOn?: string | undefined;
  readonly series?: string | undefined;
  readonly differenceAccount?: string | undefined;
  readonly budgetId?: string | undefined;
  readonly stopOnProblems?: boolean | undefined;
}

/** A file whose way of writing is known, or what has to be said first. */
export interface Examined {
  readonly settings: ImportSettings;
  readonly problems: readonly CrossfootError[];
  /** What was decided without being certain. */
  readonly notes: readonly string[];
}

const amountFields: readonly ImportField[] = ['AMOUNT', 'DEBIT', 'CREDIT'];

/** Finds out how the rows of a file are written, from the first of them; what the sender says goes before what they show. */
export function examineFile(
  kind: ImportKind,
  file: {
    readonly table: OpenTable;
    readonly rows: readonly TableRow[];
    readonly given: GivenSettings;
    /** Chosen by the sender or remembered; suggested by the headings when undefined. */
    readonly mapping: Mapping | undefined;
    readonly baseCurrency: string;
  },
): Examined {
  const { table, rows, given } = file;
  const mapping = file.mapping ?? suggestMapping(kind, table.header);
  const problems = mappingProblems(kind, table, mapping);
  const notes: string[] = [];
  const samples = (fields: readonly ImportField[]) => {
    const places = fields
      .flatMap((field) => table.header.indexOf(mapping[field] ?? '\0'))
      .filter((place) => place !== -1);
    return rows
      .flatMap(({ cells }) => places.map((place) => (cells[place] ?? '').trim()))
      .filter((cell) => cell !== '');
  };
  const decimalMark = given.decimalMark ?? markOf(samples(amountFields), { table, problems, notes });
  const dateStyle =
    given.dateStyle ??
    styleOf(
      samples(['DATE']).filter((day) => !isMonth(day)),
      { table, problems, notes },
    );
  if (kind === 'OPENING_BALANCES' && given.postedOn === undefined) {
    problems.push(
      new CrossfootError('FIELD_MISSING', 'Opening balances need the day they are of', {
        path: ['postedOn'],
      }),
    );
  }
  if (kind === 'BUDGET' && given.budgetId === undefined) {
    problems.push(
      new CrossfootError('FIELD_MISSING', 'Amounts of a budget need the budget that takes them', {
        path: ['budgetId'],
      }),
    );
  }
  if (kind === 'JOURNAL' && mapping.DATE === undefined && given.postedOn === undefined) {
    problems.push(
      new CrossfootError('COLUMN_MISSING', 'No column is mapped to DATE, and no day is given for all rows', {
        path: ['mapping'],
      }),
    );
  }
  const { format, encoding, delimiter, sheet } = table;
  return {
    settings: {
      format,
      encoding,
      delimiter,
      sheet,
      decimalMark,
      dateStyle,
      mapping,
      // Budgets are in the currency of the book.
      currency: kind === 'BUDGET' ? file.baseCurrency : (given.currency ?? file.baseCurrency),
      postedOn: given.postedOn,
      series: given.series,
      differenceAccount: given.differenceAccount,
      budgetId: given.budgetId,
      // Balances that are not whole are none.
      stopOnProblems: kind === 'OPENING_BALANCES' || (given.stopOnProblems ?? false),
    },
    problems,
    notes,
  };
}

function mappingProblems(kind: ImportKind, { header }: OpenTable, mapping: Mapping): CrossfootError[] {
  const problems: CrossfootError[] = [];
  const path = ['mapping'];
  for (const field of importFields) {
    const heading = mapping[field];
    if (heading === undefined) continue;
    const times = header.filter((one) => one === heading).length;
    const message =
      times === 0 ? `The file has no column "${heading}"` : `The file has ${times} columns "${heading}"`;
    if (times !== 1) problems.push(new CrossfootError('COLUMN_MISSING', message, { path }));
  }
  for (const missing of missingFields(kind, mapping)) {
    problems.push(new CrossfootError('COLUMN_MISSING', `No column is mapped to ${missing}`, { path }));
  }
  return problems;
}

interface Finding {
  readonly table: OpenTable;
  readonly problems: CrossfootError[];
  readonly notes: string[];
}

function markOf(samples: readonly string[], { table, problems, notes }: Finding): DecimalMark {
  // Sheets and JSON write numbers one way, whatever people see; text in them is written as people do.
  if (table.format !== 'CSV' && samples.every((sample) => /^-?\d+(\.\d+)?$/.test(sample))) return 'POINT';
  const found = detectDecimalMark(samples);
  if (found === 'mixed') {
    const message =
      'Some amounts are written with a decimal comma and some with a decimal point; say which is right';
    problems.push(new CrossfootError('AMOUNT_INVALID', message, { path: ['decimalMark'] }));
  }
  if (found === 'POINT' || found === 'COMMA') return found;
  const guess = table.delimiter === ';' ? 'COMMA' : 'POINT';
  notes.push(`The amounts show no decimals; a decimal ${guess.toLowerCase()} is assumed`);
  return guess;
}

function styleOf(samples: readonly string[], { table, problems, notes }: Finding): DateStyle | undefined {
  const written =
    table.dayZero === undefined ? samples : samples.filter((sample) => !/^\d+(\.\d+)?$/.test(sample));
  // A wrong day in one row is a matter of that row: most of them decide.
  const styles = dateStylesOf(written).length > 0 ? dateStylesOf(written) : mostlyIn(written);
  if (styles.length > 1) {
    const message = 'Days such as 03/04/2026 can be read two ways; say in which style they are written';
    problems.push(new CrossfootError('DATE_INVALID', message, { path: ['dateStyle'] }));
  } else if (styles.length === 0 && written.length > 0) {
    notes.push('The column of days shows none');
  }
  return styles[0];
}

function mostlyIn(samples: readonly string[]): DateStyle[] {
  const counts = new Map<DateStyle, number>();
  for (const sample of samples)
    for (const style of dateStylesOf([sample])) counts.set(style, (counts.get(style) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return most * 2 >= Math.max(1, samples.length)
    ? [...counts].filter(([, count]) => count === most).map(([style]) => style)
    : [];
}
