/** One record of a delimited file: its cells, or the physical line that could not be split into cells. */
export interface CsvRow {
  readonly cells?: readonly string[];
  readonly raw: string;
  /** One-based line at which the record begins. */
  readonly line: number;
}

/** A quoted cell longer than this has lost its closing quote. */
const LONGEST_CELL = 32_768;

/**
 * Splits delimited text (RFC 4180, any line ending) into records, blank lines left out. A stray quote costs the line it
 * stands on and nothing after it: reading goes on at the next line, where a general CSV parser would swallow the rest.
 */
export function* csvRows(text: string, delimiter: string): Generator<CsvRow> {
  let from = 0;
  let line = 1;
  while (from < text.length) {
    const record = splitRecord(text, from, delimiter);
    const end = record?.end ?? lineEnd(text, from);
    const raw = text.slice(from, end);
    if (raw.trim() !== '') yield { cells: record?.cells, raw, line };
    from = nextLine(text, end);
    line += countBreaks(raw) + 1;
  }
}

function splitRecord(
  text: string,
  from: number,
  delimiter: string,
): { cells: string[]; end: number } | undefined {
  const cells: string[] = [];
  let position = from;
  let recordEnd = lineEnd(text, from);
  for (;;) {
    if (text[position] !== '"') {
      const stop = cellEnd(text, position, { delimiter, recordEnd });
      cells.push(text.slice(position, stop).trim());
      position = stop;
    } else {
      const close = closingQuote(text, position);
      if (close === undefined) return undefined;
      cells.push(
        text
          .slice(position + 1, close)
          .replaceAll('""', '"')
          .trim(),
      );
      position = close + 1;
      // The cell may have run over ends of lines.
      if (position > recordEnd) recordEnd = lineEnd(text, position);
    }
    if (position >= recordEnd) return { cells, end: recordEnd };
    if (text[position] !== delimiter) return undefined;
    position += 1;
  }
}

/** Looks no further than the record: searching the rest of the file for each cell would take quadratic time. */
function cellEnd(text: string, from: number, within: { delimiter: string; recordEnd: number }): number {
  let at = from;
  while (at < within.recordEnd && text[at] !== within.delimiter) at += 1;
  return at;
}

function closingQuote(text: string, opening: number): number | undefined {
  let at = opening + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1 || quote - opening > LONGEST_CELL) return undefined;
    if (text[quote + 1] !== '"') return quote;
    at = quote + 2;
  }
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\n' || text[at] === '\r') return at;
  }
  return text.length;
}

function nextLine(text: string, end: number): number {
  return text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
}

function countBreaks(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}
