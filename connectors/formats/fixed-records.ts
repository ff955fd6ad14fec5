import type { CalendarDate } from '#kernel/calendar';
import { parseDate } from '#kernel/calendar';
import { currencies } from '#kernel/currencies';
import { CrossfootError } from '#kernel/errors';
import { currencyDigits, money } from '#kernel/money';
import type { Money } from '#kernel/money';
import type { BankStatement, ReadProblem, StatementFile } from '#connectors/ports';
import { readFile } from './statement-values.ts';
import { decodeText } from './text.ts';

/** One line of a file of fixed columns. */
export interface FixedRecord {
  readonly text: string;
  /** One-based line of the file. */
  readonly line: number;
}

/** The lines of a file that hold anything. */
export function recordsOf(text: string): FixedRecord[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((content, index) => ({ text: content, line: index + 1 }))
    .filter((record) => record.text.trim() !== '');
}

/** How a format of fixed columns is put together; problems are added to the list that is passed on. */
interface RecordFormat<Open> {
  readonly name: string;
  /** Puts a record where it belongs among the statements begun so far. */
  readonly place: (record: FixedRecord, open: Open[], problems: ReadProblem[]) => void;
  /** What the records of one come to; undefined when it is lost. */
  readonly statementOf: (open: Open, problems: ReadProblem[]) => BankStatement | undefined;
}

/** Reads a file of fixed columns, record by record, and then every statement it began. */
export function readRecords<Open>(
  bytes: Uint8Array,
  { name, place, statementOf }: RecordFormat<Open>,
): StatementFile {
  const problems: ReadProblem[] = [];
  const open: Open[] = [];
  for (const record of recordsOf(decodeText(bytes))) place(record, open, problems);
  const statements = open.flatMap((one) => statementOf(one, problems) ?? []);
  return readFile(name, statements, problems);
}

/** The columns from one to another, both counted from one and included, as the descriptions of these formats do. */
export function columns({ text }: FixedRecord, from: number, to: number): string {
  return text.slice(from - 1, to);
}

/** The currency of a three-digit code; one that is in force when several share it. Throws CURRENCY_UNKNOWN. */
export function currencyOfNumber(numeric: string): string {
  const found = currencies.find((one) => one.numeric === numeric && one.digits !== undefined);
  if (found) return found.code;
  throw new CrossfootError('CURRENCY_UNKNOWN', `No currency has the number "${numeric}".`);
}

/** An amount of digits only, the last `decimals` of which are decimals. Throws AMOUNT_INVALID, AMOUNT_TOO_PRECISE. */
export function digitsAmount(digits: string, currency: string, decimals = currencyDigits(currency)): Money {
  if (!/^\d+$/.test(digits)) {
    throw new CrossfootError('AMOUNT_INVALID', `"${digits.trim()}" is no amount of digits alone.`);
  }
  const surplus = decimals - currencyDigits(currency);
  if (surplus <= 0) return money(BigInt(digits) * 10n ** BigInt(-surplus), currency);
  const unit = 10n ** BigInt(surplus);
  if (BigInt(digits) % unit !== 0n) {
    throw new CrossfootError('AMOUNT_TOO_PRECISE', `"${digits}" has more decimals than ${currency}.`);
  }
  return money(BigInt(digits) / unit, currency);
}

/** A day written DDMMYY. Throws DATE_INVALID. */
export function dayMonthYear(text: string): CalendarDate {
  return parseDate(text.slice(4, 6) + text.slice(2, 4) + text.slice(0, 2), 'YYMMDD');
}

/** The remainder of a number of any length. */
export function remainder(digits: string, divisor: number): number {
  return Number(BigInt(digits) % BigInt(divisor));
}

/** The IBAN of a national account number without blanks, with its check digits. */
export function ibanOf(country: string, bban: string): string {
  const digits = Array.from(`${bban}${country}00`.toUpperCase())
    .map((one) => parseInt(one, 36).toString())
    .join('');
  return `${country}${String(98 - remainder(digits, 97)).padStart(2, '0')}${bban.toUpperCase()}`;
}
