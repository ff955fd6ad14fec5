import { isCurrency } from '#kernel/money';
import { isCalendarDate } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';

/** How the cells of one file are written, as far as its unmistakable cells tell. */
export interface CellHabits {
  readonly decimalSeparator: '.' | ',';
  /** Undefined when no cell tells whether 03/04/2026 is in March or in April. */
  readonly dayFirst?: boolean;
}

/** An amount as written: exact decimal text, and the currency that stands beside it. */
export interface WrittenAmount {
  readonly decimal: string;
  readonly currency?: string;
}

/** Signs of one currency only; $, ¥ and kr stand for several. */
const SYMBOLS = new Map([
  ['€', 'EUR'],
  ['£', 'GBP'],
  ['₹', 'INR'],
  ['zł', 'PLN'],
  ['Fr', 'CHF'],
]);
/** Longer cells are neither amounts nor days, and matching them against patterns could take long. */
const LONGEST = 64;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const GROUPED = /^\d{1,3}(?<group>[.,'’ ])(?:\d{2,3}\k<group>)*\d{3}$/;

/** Learns the habits of a file from its amounts and days; `delimiter` decides when no amount does. */
export function cellHabits(
  amounts: readonly string[],
  days: readonly string[],
  delimiter: string,
): CellHabits {
  const marks = amounts.map((text) => ownSeparator(digitsOf(text)?.digits ?? ''));
  const commas = marks.filter((mark) => mark === ',').length;
  const points = marks.filter((mark) => mark === '.').length;
  const fallback = delimiter === ';' ? ',' : '.';
  const orders = new Set(days.map((text) => ownOrder(text)).filter((order) => order !== undefined));
  return {
    decimalSeparator: commas === points ? fallback : commas > points ? ',' : '.',
    // Evidence for both orders is evidence for none.
    dayFirst: orders.size === 1 ? orders.has(true) : undefined,
  };
}

/** Reads an amount such as `1.284,50 €`, `(12.00)`, `USD 3,000.00` or `12-`; undefined when it is none. */
export function readAmount(text: string, habits: CellHabits): WrittenAmount | undefined {
  const parts = digitsOf(text);
  if (parts === undefined) return undefined;
  const separator = ownSeparator(parts.digits) ?? habits.decimalSeparator;
  const cut = parts.digits.lastIndexOf(separator);
  const whole = cut === -1 ? parts.digits : parts.digits.slice(0, cut);
  const fraction = cut === -1 ? '' : parts.digits.slice(cut + 1);
  if (!/^\d*$/.test(fraction) || !(/^\d*$/.test(whole) || GROUPED.test(whole))) return undefined;
  const plain = whole.replace(/\D/g, '');
  if (plain + fraction === '') return undefined;
  const decimal = `${parts.negative ? '-' : ''}${plain === '' ? '0' : plain}${fraction === '' ? '' : `.${fraction}`}`;
  return { decimal, currency: parts.currency };
}

/** The currency that a sign or code stands for; a text that is neither is given back in upper case. */
export function currencyOf(text: string): string {
  return SYMBOLS.get(text) ?? text.toUpperCase();
}

/** Takes sign and currency off; undefined when what is left is not made of digits and separators. */
function digitsOf(text: string): { digits: string; negative: boolean; currency?: string } | undefined {
  if (text.length > LONGEST) return undefined;
  let rest = text
    .replace(/[\u00A0\u202F\u2009]/g, ' ')
    .replace(/[−–]/g, '-')
    .trim();
  let negative = false;
  const bracketed = /^\((.*)\)$/.exec(rest)?.[1];
  if (bracketed !== undefined) [rest, negative] = [bracketed.trim(), true];
  const parts =
    /^(?<sign>[+-]?)\s*(?<before>\D{0,4}?)\s*(?<inner>[+-]?)(?<digits>[.,]?\d[\d.,'’ ]*?)\s*(?<after>[^\d.,'’]{0,5})$/u.exec(
      rest,
    );
  if (parts?.groups === undefined) return undefined;
  const { sign = '', before = '', inner = '', digits = '', after = '' } = parts.groups;
  const unit = `${before}${after}`.replace(/[-\s.]/g, '');
  if (unit !== '' && !/^(?:\p{Sc}|\p{L}{1,3}|[A-Z]{1,2}\$)$/u.test(unit)) return undefined;
  const minuses = [sign, inner, after].join('').match(/-/g)?.length ?? 0;
  if (minuses > 1) return undefined;
  negative = negative !== (minuses === 1);
  return { digits, negative, currency: isCurrency(currencyOf(unit)) ? currencyOf(unit) : undefined };
}

/** The decimal separator an amount shows by itself; undefined for `1,234`, which may be either. */
function ownSeparator(digits: string): '.' | ',' | undefined {
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
  if (last === -1) return undefined;
  const mark = digits[last] === '.' ? '.' : ',';
  const other = mark === '.' ? ',' : '.';
  const isRepeated = digits.indexOf(mark) !== last;
  if (isRepeated) return other;
  if (digits.includes(other) || /['’ ]/.test(digits.slice(0, last))) return mark;
  return digits.length - last - 1 === 3 && last > 0 && last <= 3 ? undefined : mark;
}

/** Reads a day such as `2026-10-01`, `1.10.2026`, `10/01/26 09:30` or `1 Oct 2026`; undefined when it is none or unclear. */
export function readDay(text: string, habits: CellHabits): CalendarDate | undefined {
  const day = withoutTime(text);
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(day) ?? /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(day);
  if (compact !== null) return dayFrom(compact[1], compact[2], compact[3]);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$/.exec(day);
  if (dotted !== null) return dayFrom(dotted[3], dotted[2], dotted[1]);
  const numbers = /^(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})$/.exec(day);
  if (numbers !== null) {
    const [, first, , second, year] = numbers;
    const dayFirst = ownOrder(text) ?? (Number(first) === Number(second) ? true : habits.dayFirst);
    if (dayFirst === undefined) return undefined;
    return dayFirst ? dayFrom(year, second, first) : dayFrom(year, first, second);
  }
  const named = /^(\d{1,2})[ -]([a-z]{3,9})\.?[ -](\d{4})$/i.exec(day);
  if (named !== null) return dayFrom(named[3], monthOf(named[2]), named[1]);
  const american = /^([a-z]{3,9})\.? (\d{1,2}),? (\d{4})$/i.exec(day);
  return american === null ? undefined : dayFrom(american[3], monthOf(american[1]), american[2]);
}

/** Whether a day in figures must be day first (true) or month first (false); undefined when it may be either. */
function ownOrder(text: string): boolean | undefined {
  const parts = /^(\d{1,2})([/-])(\d{1,2})\2\d{2,4}$/.exec(withoutTime(text));
  if (parts === null) return undefined;
  const [first, second] = [Number(parts[1]), Number(parts[3])];
  if (first > 12 && second <= 12) return true;
  return second > 12 && first <= 12 ? false : undefined;
}

function withoutTime(text: string): string {
  if (text.length > LONGEST) return '';
  return text.replace(/[T ]\s*\d{1,2}:\d{2}.*$/, '').trim();
}

function monthOf(name: string | undefined): string {
  return String(MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1);
}

function dayFrom(year = '', month = '', day = ''): CalendarDate | undefined {
  const full = year.length === 2 ? `20${year}` : year;
  const text = `${full}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCalendarDate(text) ? text : undefined;
}
