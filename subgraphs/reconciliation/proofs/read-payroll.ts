import { isCalendarDate, parseDate, type CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { foldName } from '#kernel/names';
import { parseMoney } from '#kernel/money';

/** Which heading holds what; what is left out is found by the usual words. */
export interface PayrollColumns {
  readonly employee?: string | undefined;
  readonly netPay?: string | undefined;
  readonly payOn?: string | undefined;
  readonly account?: string | undefined;
}

/** A row of a payroll as it was read. */
export interface PayrollRow {
  readonly employee: string;
  readonly minor: bigint;
  readonly payOn: CalendarDate;
  /** As it was written. */
  readonly account: string | undefined;
}

/** What of a table a payroll is read from. */
export interface PayrollTable {
  readonly header: readonly string[];
  readonly rows: readonly { readonly number: number; readonly cells: readonly string[] }[];
  /** Set for sheets, whose days are numbers: the day that is number zero. */
  readonly dayZero?: string | undefined;
}

const usual: Readonly<Record<keyof PayrollColumns, readonly string[]>> = {
  employee: [
    'employee',
    'employee name',
    'name',
    'mitarbeiter',
    'mitarbeiterin',
    'arbeitnehmer',
    'salarie',
    'empleado',
    'dipendente',
    'werknemer',
  ],
  netPay: [
    'net pay',
    'net',
    'net amount',
    'net salary',
    'amount',
    'payout',
    'auszahlung',
    'auszahlungsbetrag',
    'netto',
    'nettolohn',
    'betrag',
    'net a payer',
    'neto',
    'importe',
    'netto da pagare',
  ],
  payOn: [
    'pay date',
    'date',
    'payment date',
    'paid on',
    'pay on',
    'zahldatum',
    'auszahlungsdatum',
    'datum',
    'date de paiement',
    'fecha',
    'data',
  ],
  account: ['iban', 'account', 'account number', 'bank account', 'konto', 'kontonummer'],
};

/**
 * Reads a payroll from its table. Throws COLUMN_MISSING for a column that is not there, LINE_MALFORMED for the first row
 * that cannot be read: half a payroll would only show differences that are none.
 */
export function readPayroll(
  table: PayrollTable,
  {
    columns,
    currency,
    payOn,
  }: { columns: PayrollColumns; currency: string; payOn: CalendarDate | undefined },
): PayrollRow[] {
  const employee = columnOf(table, 'employee', columns);
  const netPay = columnOf(table, 'netPay', columns);
  const day = columnOf(table, 'payOn', columns);
  const account = columnOf(table, 'account', columns);
  if (employee === undefined) throw missing('employee', table);
  if (netPay === undefined) throw missing('netPay', table);
  if (day === undefined && payOn === undefined) throw missing('payOn', table);
  const mark = decimalMark(table.rows.map(({ cells }) => cells[netPay] ?? ''));
  return table.rows
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .flatMap(({ number, cells }): PayrollRow[] => {
      const cell = (at: number | undefined) => (at === undefined ? '' : (cells[at] ?? '').trim());
      const name = cell(employee);
      // Totals below the table belong to nobody.
      if (name === '' || /^(?:total|sum|summe|gesamt|totale?)\b/iu.test(name)) return [];
      const minor = amountOf(cell(netPay), { mark, currency, number });
      if (minor === 0n) return [];
      if (minor < 0n) throw malformed(number, `${cell(netPay)} is no pay: it is negative`);
      const written = cell(day);
      const on = written === '' ? payOn : dayOf(written, table.dayZero);
      if (on === undefined) throw malformed(number, `"${written}" is not a day`);
      return [{ employee: name, minor, payOn: on, account: cell(account) || undefined }];
    });
}

function columnOf(
  { header }: PayrollTable,
  key: keyof PayrollColumns,
  columns: PayrollColumns,
): number | undefined {
  const named = columns[key];
  if (named !== undefined) {
    const at = header.findIndex((one) => one.trim() === named.trim());
    if (at >= 0) return at;
    throw new CrossfootError(
      'COLUMN_MISSING',
      `There is no column "${named}"; there are ${header.join(', ')}`,
      {
        path: ['columns', key],
      },
    );
  }
  const folded = header.map((one) => foldName(one).trim());
  const hit = usual[key].find((word) => folded.includes(foldName(word)));
  return hit === undefined ? undefined : folded.indexOf(foldName(hit));
}

function missing(key: keyof PayrollColumns, { header }: PayrollTable): CrossfootError {
  const message = `No column is known to be ${key}; name it in columns. There are ${header.join(', ')}`;
  return new CrossfootError('COLUMN_MISSING', message, { path: ['columns', key] });
}

function malformed(row: number, problem: string): CrossfootError {
  return new CrossfootError('LINE_MALFORMED', `Row ${row.toString()}: ${problem}`, { path: ['fileId'] });
}

/** The sign before the decimals, by the amounts that leave no doubt; a point where all do. */
function decimalMark(amounts: readonly string[]): ',' | '.' {
  const sure = amounts.flatMap((amount) => {
    const marks = Array.from(amount.matchAll(/[.,]/g));
    const last = marks.at(-1);
    if (!last) return [];
    const decimals = amount.slice(last.index + 1).replaceAll(/\D/g, '').length;
    const both = new Set(marks.map(([sign]) => sign)).size === 2;
    return both || decimals !== 3 ? [last[0]] : [];
  });
  return sure[0] === ',' ? ',' : '.';
}

function amountOf(
  text: string,
  { mark, currency, number }: { mark: ',' | '.'; currency: string; number: number },
): bigint {
  const plain = text.replaceAll(/[\s'’\u00a0\u202f]|[A-Z]{3}|[€£$]/g, '');
  const grouping = mark === ',' ? '.' : ',';
  try {
    return parseMoney(plain.replaceAll(grouping, '').replace(mark, '.'), currency).minor;
  } catch {
    throw malformed(number, `"${text}" is not an amount in ${currency}`);
  }
}

const dayForms = ['YYYY-MM-DD', 'DD.MM.YYYY', 'DD/MM/YYYY', 'YYYYMMDD'] as const;

function dayOf(text: string, dayZero: string | undefined): CalendarDate | undefined {
  if (dayZero !== undefined && /^\d{5}(?:\.0+)?$/.test(text)) {
    const day = new Date(Date.parse(dayZero) + Number(text) * 86_400_000).toISOString().slice(0, 10);
    return isCalendarDate(day) ? day : undefined;
  }
  for (const form of dayForms) {
    try {
      return parseDate(text.slice(0, 10), form);
    } catch {
      continue;
    }
  }
  return undefined;
}
