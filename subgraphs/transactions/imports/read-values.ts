import { addDays, isCalendarDate, parseDate, calendarDate, type CalendarDate } from '#kernel/calendar';
import { dateFormats, type DateStyle, type DecimalMark } from './import-kinds.ts';

const plain = /^-?\d+$/;
const withPoint = /^-?\d+\.\d+$/;
const withComma = /^-?\d+,\d+$/;

/**
 * An amount as people write it as plain decimal text: grouping, currency signs, brackets and a sign behind it are
 * understood. Undefined for what is no amount, grouping in wrong places included.
 */
export function plainAmount(text: string, mark: DecimalMark): string | undefined {
  if (plain.test(text)) return text;
  if (mark === 'POINT' && withPoint.test(text)) return text;
  if (mark === 'COMMA' && withComma.test(text)) return text.replace(',', '.');
  return unusualAmount(text, mark);
}

const amountParts =
  /^\s*(\(?)\s*([+\-\u2212]?)\s*(?:[€$£¥]|[A-Z]{3})?\s*([+\-\u2212]?)\s*([\d.,'\u2019\s\u00a0\u202f]*\d)\s*(?:[€$£¥]|[A-Z]{3})?\s*(-?)(\)?)\s*$/u;

function unusualAmount(text: string, mark: DecimalMark): string | undefined {
  const parts = amountParts.exec(text);
  if (!parts || text.length > 64) return undefined;
  const [, open = '', before = '', inner = '', digits = '', behind = '', close = ''] = parts;
  if ((open === '') !== (close === '')) return undefined;
  const signs = [before, inner, behind, open].filter((sign) => sign !== '' && sign !== '+');
  if (signs.length > 1) return undefined;
  const [decimal, group] = mark === 'POINT' ? ['.', ','] : [',', '.'];
  const [whole = '', fraction, ...more] = digits.split(decimal);
  if (more.length > 0 || (fraction !== undefined && !/^\d*$/.test(fraction))) return undefined;
  const separators = [...new Set(whole.replaceAll(/\d/g, ''))];
  if (separators.length > 1) return undefined;
  const [separator] = separators;
  if (separator !== undefined) {
    if (![group, "'", '\u2019', ' ', '\u00a0', '\u202f'].includes(separator)) return undefined;
    const [first = '', ...groups] = whole.split(separator);
    if (first.length > 3 || first.length === 0 || groups.some((one) => one.length !== 3)) return undefined;
  }
  const bare = separator === undefined ? whole : whole.split(separator).join('');
  if (bare === '' && !fraction) return undefined;
  return `${signs.length > 0 ? '-' : ''}${bare || '0'}${fraction ? `.${fraction}` : ''}`;
}

/** The mark that samples of amounts show; `undecided` when they fit both, `mixed` when some fit one and some the other. */
export function detectDecimalMark(samples: readonly string[]): DecimalMark | 'undecided' | 'mixed' {
  let found: DecimalMark | undefined;
  let ambiguous = false;
  for (const sample of samples) {
    const digits = sample.replaceAll(/[^\d.,]/g, '');
    if (!/[.,]/.test(digits)) continue;
    const shown = shownMark(digits);
    if (shown === undefined) ambiguous = true;
    else if (found !== undefined && shown !== found) return 'mixed';
    else found = shown;
  }
  return found ?? (ambiguous ? 'undecided' : 'POINT');
}

function shownMark(digits: string): DecimalMark | undefined {
  const last = digits.search(/[.,][^.,]*$/);
  const mark = digits[last] === ',' ? 'COMMA' : 'POINT';
  const before = digits.slice(0, last);
  const other = mark === 'COMMA' ? '.' : ',';
  if (before.includes(other)) return mark;
  // The same mark twice groups; then the other one would stand before decimals.
  if (/[.,]/.test(before)) return mark === 'COMMA' ? 'POINT' : 'COMMA';
  // "1,234" may be a thousand or a little more than one.
  const decimals = digits.length - last - 1;
  return decimals === 3 && before.length >= 1 && before.length <= 3 && before !== '0' ? undefined : mark;
}

/** The styles in which all samples are days; none when a sample is no day in any. */
export function dateStylesOf(samples: readonly string[]): DateStyle[] {
  const days = samples.map((sample) => withoutTime(sample.trim())).filter((sample) => sample !== '');
  if (days.length === 0) return [];
  return (Object.keys(dateFormats) as DateStyle[]).filter((style) =>
    days.every((day) => dayIn(day, style) !== undefined),
  );
}

function dayIn(text: string, style: DateStyle): CalendarDate | undefined {
  try {
    return parseDate(text, dateFormats[style]);
  } catch {
    return undefined;
  }
}

function withoutTime(text: string): string {
  return /^\d{4}-\d{2}-\d{2}[T ]\d/.test(text) ? text.slice(0, 10) : text;
}

/** Reads days of one file; remembers the last ones, because neighbours mostly share theirs. */
export function dayReader(
  style: DateStyle | undefined,
  dayZero: string | undefined,
): (text: string) => CalendarDate | undefined {
  const known = new Map<string, CalendarDate | undefined>();
  const read = (text: string): CalendarDate | undefined => {
    if (isCalendarDate(text)) return text;
    const day = withoutTime(text);
    if (isCalendarDate(day)) return day;
    if (dayZero !== undefined && /^\d{1,6}(\.\d+)?$/.test(text)) {
      const days = Number(text.split('.')[0]);
      return days > 0 && days < 2_900_000 ? addDays(calendarDate(dayZero), days) : undefined;
    }
    return style === undefined ? undefined : dayIn(day, style);
  };
  return (text) => {
    if (known.has(text)) return known.get(text);
    if (known.size >= 1000) known.clear();
    const day = read(text);
    known.set(text, day);
    return day;
  };
}

const yearFirst = /^(\d{4})[-/.]?(0[1-9]|1[0-2])$/;
const monthFirst = /^(0?[1-9]|1[0-2])[/.-](\d{4})$/;

/** The first day of the month that a text such as 2026-01, 202601 or 1/2026 names; undefined for any other. */
export function firstOfMonth(text: string): string | undefined {
  const [, year, month] = yearFirst.exec(text) ?? [];
  if (year && month) return `${year}-${month}-01`;
  const [, behind, before] = monthFirst.exec(text) ?? [];
  return behind && before ? `${before}-${behind.padStart(2, '0')}-01` : undefined;
}

/** Whether a text names a month and no day. */
export function isMonth(text: string): boolean {
  return firstOfMonth(text) !== undefined;
}
