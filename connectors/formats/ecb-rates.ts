import { unzipSync } from 'fflate';
import { calendarDate, isCalendarDate, type CalendarDate } from '#kernel/calendar';
import { isCurrency } from '#kernel/money';
import type { ReadProblem, ReferenceRateDay, ReferenceRateFile } from '#connectors/ports';
import { csvRows } from './csv-expenses-rows.ts';
import { decodeText } from './text.ts';
import { children, readXml, type XmlElement } from './xml-tree.ts';

/** All days since 1999 are two megabytes; a file that grows past this when unpacked is no file of rates. */
const LARGEST = 64 * 1024 * 1024;
const RATE = /^\d{1,12}(?:\.\d{1,12})?$/;
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/**
 * Reads the euro reference rates of the European Central Bank: its daily and historical CSV, also zipped as they are
 * published, and its XML. Rates are units of a currency for one euro. Never throws for what the file contains.
 */
export function readReferenceRates(bytes: Uint8Array): ReferenceRateFile {
  const unpacked = unpack(bytes);
  if ('problem' in unpacked) return refused(unpacked.problem);
  const text = decodeText(unpacked.bytes);
  const file = /^\s*</.test(text) ? readXmlRates(text) : readCsvRates(text);
  if (file.days.length > 0 || file.problems.some(({ severity }) => severity === 'refused')) return file;
  const [first] = file.problems;
  return refused(first ?? { code: 'FORMAT_UNKNOWN', message: 'The file holds no day with reference rates.' });
}

type Found = Pick<ReadProblem, 'code' | 'message' | 'line'>;

function refused({ code, message, line }: Found): ReferenceRateFile {
  return { days: [], problems: [{ severity: 'refused', code, message, line }] };
}

function unpack(bytes: Uint8Array): { bytes: Uint8Array } | { problem: Found } {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return { bytes };
  try {
    let tooLarge = false;
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        const wanted = /\.(csv|xml)$/i.test(name);
        if (wanted && originalSize > LARGEST) tooLarge = true;
        return wanted && !tooLarge;
      },
    });
    const message = `The archive unpacks to more than ${LARGEST} bytes.`;
    if (tooLarge) return { problem: { code: 'FILE_TOO_LARGE', message } };
    const [first] = Object.values(files);
    if (first) return { bytes: first };
    return { problem: { code: 'FORMAT_UNKNOWN', message: 'The archive holds neither CSV nor XML.' } };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { problem: { code: 'FILE_UNREADABLE', message: `The archive cannot be unpacked: ${why}.` } };
  }
}

/** A day as it is gathered from its cells. */
class Day {
  readonly rates: Record<string, string> = {};
  readonly on: CalendarDate;

  constructor(on: CalendarDate) {
    this.on = on;
  }
}

function readCsvRates(text: string): ReferenceRateFile {
  const days: ReferenceRateDay[] = [];
  const problems: ReadProblem[] = [];
  let header: readonly string[] | undefined;
  for (const { cells, line } of csvRows(text, ',')) {
    if (!cells) {
      problems.push(error('LINE_MALFORMED', 'The line cannot be split into cells.', line));
      continue;
    }
    if (!header) {
      const [first = '', ...codes] = cells;
      if (first.toLowerCase() !== 'date' || !codes.some(isCurrency)) {
        const message = 'The first line is not "Date" with currency codes, as the bank writes it.';
        return refused({ code: 'FORMAT_UNKNOWN', message, line });
      }
      header = codes;
      problems.push(
        ...unknownCodes(
          codes.filter((code) => code !== ''),
          line,
        ),
      );
      continue;
    }
    const on = dayOf(cells[0] ?? '');
    if (!on) {
      problems.push(error('DATE_INVALID', `"${(cells[0] ?? '').slice(0, 40)}" is not a day.`, line));
      continue;
    }
    const day = new Day(on);
    header.forEach((code, index) => note(day, { code, rate: cells[index + 1] ?? '', line }, problems));
    if (Object.keys(day.rates).length > 0) days.push(day);
  }
  return { days, problems };
}

function readXmlRates(text: string): ReferenceRateFile {
  const tree = readXml(text);
  if (!tree.root) return { days: [], problems: [tree.problem] };
  const days: ReferenceRateDay[] = [];
  const problems: ReadProblem[] = [];
  for (const cube of cubes(tree.root)) {
    const time = cube.attributes.get('time');
    if (time === undefined) continue;
    const on = dayOf(time);
    if (!on) {
      problems.push(error('DATE_INVALID', `"${time.slice(0, 40)}" is not a day.`, cube.line));
      continue;
    }
    const day = new Day(on);
    for (const { attributes, line } of children(cube, 'Cube')) {
      const code = attributes.get('currency') ?? '';
      if (!isCurrency(code)) problems.push(...unknownCodes([code], line));
      note(day, { code, rate: attributes.get('rate') ?? '', line }, problems);
    }
    if (Object.keys(day.rates).length > 0) days.push(day);
  }
  return { days, problems };
}

/** The cubes that may bear a day: those inside the outer cube of the envelope. */
function cubes(root: XmlElement): XmlElement[] {
  return children(root, 'Cube').flatMap((outer) => children(outer, 'Cube'));
}

function note(
  day: Day,
  { code, rate, line }: { code: string; rate: string; line: number },
  problems: ReadProblem[],
): void {
  if (!isCurrency(code) || rate === '' || rate === 'N/A') return;
  if (!RATE.test(rate) || /^[0.]+$/.test(rate)) {
    const message = `"${rate.slice(0, 40)}" is no rate of ${code} on ${day.on}.`;
    problems.push(error('AMOUNT_INVALID', message, line));
    return;
  }
  day.rates[code] = rate;
}

function unknownCodes(codes: readonly string[], line: number): ReadProblem[] {
  return codes
    .filter((code) => !isCurrency(code))
    .map((code) => ({
      severity: 'warning',
      code: 'CURRENCY_UNKNOWN',
      message: `"${code.slice(0, 10)}" is not an ISO 4217 code; its rates are left out.`,
      line,
    }));
}

const error = (code: string, message: string, line: number): ReadProblem => ({
  severity: 'error',
  code,
  message,
  line,
});

/** `2026-04-10`, or `10 April 2026` as in the daily CSV. */
function dayOf(text: string): CalendarDate | undefined {
  if (isCalendarDate(text)) return text;
  const [, day = '', month = '', year = ''] = /^(\d{1,2}) ([A-Za-z]+) (\d{4})$/.exec(text) ?? [];
  const number = MONTHS.indexOf(month.toLowerCase()) + 1;
  const written = `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`;
  return number > 0 && isCalendarDate(written) ? calendarDate(written) : undefined;
}
