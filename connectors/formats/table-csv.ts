import { CrossfootError } from '#kernel/errors';
import type {
  OpenTable,
  TableBatch,
  TablePlace,
  TableRow,
  TableSettings,
  TableSource,
} from '#connectors/ports';
import { bytesBefore, headOf, lineReading, type LineReading } from './table-text.ts';

const delimiters = [';', ',', '\t', '|'];
/** A quoted cell longer than this has lost its closing quote. */
const longestCell = 32_768;
/** A line longer than this is no line of a table. */
const longestLine = 4 * 1024 * 1024;
/** Addresses and titles may stand above a table, but not pages of them. */
const deepestHeader = 40;

interface Splitting {
  readonly delimiter: string;
  readonly lineEnd: string;
  /** Number of the first line of the text. */
  readonly line: number;
  /** Whether the text is the rest of the file: a quote that is open at its end will never close. */
  readonly last: boolean;
}

interface Split {
  readonly rows: TableRow[];
  /** Characters taken; what is behind them is the beginning of a record. */
  readonly taken: number;
  /** Number of the next line. */
  readonly line: number;
}

/** Opens a delimited file; its encoding, delimiter and header are found in its first bytes where nobody says them. */
export async function openCsv(source: TableSource, settings: TableSettings): Promise<OpenTable> {
  const head = await headOf(source);
  const reading = lineReading(head, settings.encoding);
  const whole = head.length === source.size;
  const end = whole ? head.length : reading.lastLineEnd(head);
  const text = withoutMark(reading.decode(head.subarray(0, end)));
  const at = { lineEnd: reading.lineEnd, line: 1, last: whole };
  const candidates = settings.delimiter === undefined ? delimiters : [settings.delimiter];
  const best = candidates
    .map((delimiter) => ({ delimiter, ...layoutOf(splitRows(text, { ...at, delimiter }).rows) }))
    .reduce((winner, one) => (one.score > winner.score ? one : winner));
  if (!best.header) throw new CrossfootError('FILE_UNREADABLE', 'The file has no line of column headings');
  const { delimiter, header } = best;
  const cells = header.cells.map((cell) => cell.trim());
  const layout = { reading, delimiter, headerLine: header.number, width: cells.length };
  return {
    format: 'CSV',
    encoding: reading.encoding,
    delimiter,
    header: cells,
    rows: (from) => readCsv(source, layout, from),
  };
}

interface Layout {
  readonly reading: LineReading;
  readonly delimiter: string;
  readonly headerLine: number;
  readonly width: number;
}

async function* readCsv(source: TableSource, layout: Layout, from?: TablePlace): AsyncGenerator<TableBatch> {
  const { reading } = layout;
  let { rows: count, number, byte } = from ?? { rows: 0, number: 0, byte: 0 };
  let carry: Buffer = Buffer.alloc(0);
  const take = (bytes: Buffer, last: boolean): TableBatch | undefined => {
    const decoded = reading.decode(bytes);
    const text = byte === 0 ? withoutMark(decoded) : decoded;
    const split = splitRows(text, { ...layout, lineEnd: reading.lineEnd, line: number + 1, last });
    const marked = decoded.length - text.length;
    const used =
      split.taken === text.length
        ? bytes.length
        : bytesBefore(reading, bytes, decoded.slice(0, split.taken + marked));
    const rows = split.rows
      .filter((row) => row.number > layout.headerLine)
      .map((row) => checked(row, layout));
    if (used === 0) return undefined;
    byte += used;
    number = split.line - 1;
    count += rows.length;
    return { rows, place: { rows: count, number, byte } };
  };
  for await (const part of source.bytes(byte)) {
    const bytes = carry.length === 0 ? Buffer.from(part) : Buffer.concat([carry, part]);
    const end = reading.lastLineEnd(bytes);
    const before = byte;
    const batch = end === 0 ? undefined : take(bytes.subarray(0, end), false);
    carry = bytes.subarray(byte - before);
    if (carry.length > longestLine) {
      throw new CrossfootError(
        'FILE_UNREADABLE',
        `Line ${number + 1} does not end within ${longestLine} bytes`,
      );
    }
    if (batch) yield batch;
  }
  const rest = carry.length === 0 ? undefined : take(carry, true);
  if (rest) yield rest;
}

function checked(row: TableRow, { width, reading }: Layout): TableRow {
  if (row.problem) return row;
  const { number, cells } = row;
  if (cells.length > width && cells.slice(width).some((cell) => cell.trim() !== '')) {
    return malformed(
      number,
      `has ${cells.length} cells where the headings have ${width}; is a delimiter unquoted?`,
    );
  }
  if (cells.some((cell) => cell.includes('\uFFFD') || cell.includes('\0'))) {
    return malformed(
      number,
      `holds bytes that are no text in ${reading.encoding}; name the encoding of the file`,
    );
  }
  return row;
}

function malformed(number: number, what: string): TableRow {
  return { number, cells: [], problem: { code: 'LINE_MALFORMED', message: `Line ${number} ${what}` } };
}

/** The row of headings: the first one as wide as most rows are. */
function layoutOf(rows: readonly TableRow[]): { score: number; header?: TableRow } {
  const top = rows.slice(0, deepestHeader);
  const widths = new Map<number, number>();
  for (const { cells } of top)
    if (cells.length > 1) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
  const [width, times] = [...widths].reduce((most, one) => (one[1] > most[1] ? one : most), [1, 0]);
  const header = top.find(
    ({ cells }) => cells.length >= Math.max(width, 1) && cells.some((cell) => cell.trim() !== ''),
  );
  // Rows that agree count most, more cells decide between delimiters that agree as often.
  return { score: times * 1000 + width, ...(header ? { header } : {}) };
}

/** Splits whole lines into rows, blank ones left out; a stray quote costs the line it stands on and nothing after it. */
export function splitRows(text: string, how: Splitting): Split {
  const { delimiter, lineEnd } = how;
  const rows: TableRow[] = [];
  let { line } = how;
  let at = 0;
  let quote = text.indexOf('"');
  while (at < text.length) {
    let end = text.indexOf(lineEnd, at);
    if (end === -1) end = text.length;
    if (quote !== -1 && quote < at) quote = text.indexOf('"', at);
    if (quote === -1 || quote >= end) {
      const content = text.slice(at, text[end - 1] === '\r' && lineEnd === '\n' ? end - 1 : end);
      if (content.trim() !== '') rows.push({ number: line, cells: content.split(delimiter) });
      at = end + 1;
      line += 1;
      continue;
    }
    const record = quotedRecord(text, { at, end, delimiter, lineEnd });
    if (record === 'open' && !how.last && text.length - at <= longestCell * 4)
      return { rows, taken: at, line };
    if (typeof record === 'object') {
      if (record.cells.some((cell) => cell !== '')) rows.push({ number: line, cells: record.cells });
      line += record.lines;
      at = record.end + 1;
    } else {
      rows.push(malformed(line, 'has a quotation mark that is not closed or stands within a cell'));
      line += 1;
      at = end + 1;
    }
  }
  return { rows, taken: text.length, line };
}

interface QuotedRecord {
  readonly cells: string[];
  readonly end: number;
  readonly lines: number;
}

function quotedRecord(
  text: string,
  how: { at: number; end: number; delimiter: string; lineEnd: string },
): QuotedRecord | 'open' | undefined {
  const { delimiter, lineEnd } = how;
  const cells: string[] = [];
  let { at, end } = how;
  let lines = 1;
  for (;;) {
    if (text[at] === '"') {
      const close = closingQuote(text, at);
      if (close === undefined) return 'open';
      const cell = text.slice(at + 1, close);
      cells.push(cell.includes('""') ? cell.replaceAll('""', '"') : cell);
      at = close + 1;
      while (at > end) {
        lines += 1;
        end = text.indexOf(lineEnd, end + 1);
        if (end === -1) end = text.length;
      }
      if (text[at] === '\r' && at + 1 === end) at += 1;
    } else {
      const next = text.indexOf(delimiter, at);
      const stop = next === -1 || next > end ? end : next;
      const cell = text.slice(at, stop === end && text[end - 1] === '\r' && end > at ? end - 1 : stop);
      // A mark within a bare cell is as likely a lost beginning as a letter; the line is left to people.
      if (cell.trimStart().startsWith('"')) return undefined;
      cells.push(cell);
      at = stop;
    }
    if (at >= end) return { cells, end, lines };
    if (text[at] !== delimiter) return undefined;
    at += 1;
  }
}

function closingQuote(text: string, opening: number): number | undefined {
  for (let at = opening + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote === -1 || quote - opening > longestCell) return undefined;
    if (text[quote + 1] !== '"') return quote;
    at = quote + 2;
  }
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
