import { CrossfootError } from '#kernel/errors';
import type {
  OpenTable,
  TableBatch,
  TablePlace,
  TableRow,
  TableSettings,
  TableSource,
} from '#connectors/ports';
import { JsonProblem, parseJson, type JsonValue } from './table-json-value.ts';
import { headOf, lineReading, type LineReading } from './table-text.ts';

/** A record of a list that is longer than this is more likely a list within an object than a record. */
const longestRecord = 8 * 1024 * 1024;
const recordsOfSample = 1000;
/** The column of the running number of the record, there when one record gives several rows. */
export const recordColumn = '(record)';

type Fields = ReadonlyMap<string, string>;

/** Rows of one record: one, or one for each object of the list in it. */
interface Record {
  readonly rows: readonly Fields[];
  readonly nested: boolean;
  readonly problem?: string;
}

/**
 * Opens a list of objects, or one object a line. Numbers keep their digits; a list of objects within an object gives a
 * row each, with what stands around them. The columns are the names in the first records.
 */
export async function openJson(source: TableSource, settings: TableSettings): Promise<OpenTable> {
  const head = await headOf(source);
  const reading = lineReading(head, settings.encoding);
  const format =
    settings.format === 'NDJSON' ||
    (settings.format === undefined && isLines(source.name, reading.decode(head)))
      ? 'NDJSON'
      : 'JSON';
  const names = new Set<string>();
  let nested = false;
  let seen = 0;
  for await (const { texts } of format === 'NDJSON'
    ? lines(source, reading, { byte: 0 })
    : values(source, reading)) {
    for (const text of texts) {
      const record = recordOf(text);
      nested ||= record.nested;
      for (const row of record.rows) for (const name of row.keys()) names.add(name);
      seen += 1;
      if (seen === recordsOfSample) break;
    }
    if (seen >= recordsOfSample) break;
  }
  if (names.size === 0)
    throw new CrossfootError('FILE_UNREADABLE', 'The file holds no list of objects with values');
  const header = nested ? [recordColumn, ...names] : [...names];
  const table = { source, reading, header, places: new Map(header.map((name, index) => [name, index])) };
  return { format, encoding: reading.encoding, header, rows: (from) => readJson(table, format, from) };
}

function isLines(name: string, head: string): boolean {
  if (/\.(ndjson|jsonl)$/i.test(name)) return true;
  const [first = '', second = ''] = head.split('\n').filter((line) => line.trim() !== '');
  return (
    first.trim().startsWith('{') &&
    first.trim().endsWith('}') &&
    (second === '' || second.trim().startsWith('{'))
  );
}

interface Table {
  readonly source: TableSource;
  readonly reading: LineReading;
  readonly header: readonly string[];
  readonly places: ReadonlyMap<string, number>;
}

/** Both ways count rows by records, so that a place names a row whatever of its record was read before. */
async function* readJson(
  table: Table,
  format: 'JSON' | 'NDJSON',
  from?: TablePlace,
): AsyncGenerator<TableBatch> {
  const byLines = format === 'NDJSON';
  const start = from ?? { rows: 0, number: 0, byte: 0 };
  let count = byLines ? start.rows : 0;
  let record = byLines ? start.number : 0;
  const parts = byLines
    ? lines(table.source, table.reading, { byte: start.byte })
    : values(table.source, table.reading);
  for await (const { texts, byte } of parts) {
    const rows: TableRow[] = [];
    for (const text of texts) {
      record += 1;
      for (const row of rowsOf(table, text, record)) {
        count += 1;
        if (count > start.rows) rows.push(row);
      }
    }
    if (rows.length > 0 || byLines) yield { rows, place: { rows: count, number: record, byte } };
  }
}

function rowsOf({ header, places }: Table, text: string, number: number): TableRow[] {
  const { rows, problem } = recordOf(text);
  if (problem !== undefined) {
    return [
      { number, cells: [], problem: { code: 'LINE_MALFORMED', message: `Record ${number}: ${problem}` } },
    ];
  }
  return rows.map((fields): TableRow => {
    const cells = header.map(() => '');
    if (header[0] === recordColumn) cells[0] = String(number);
    for (const [name, value] of fields) {
      const place = places.get(name);
      if (place !== undefined) cells[place] = value;
      else if (value !== '') {
        const message = `Record ${number} has "${name}", which the first ${recordsOfSample} records do not have`;
        return { number, cells: [], problem: { code: 'COLUMN_MISSING', message } };
      }
    }
    return { number, cells };
  });
}

function recordOf(text: string): Record {
  try {
    const value = parseJson(text);
    if (!(value instanceof Map)) throw new JsonProblem('it is no object');
    const rows = flatten(value, '');
    return { rows, nested: rows.length > 1 || [...value.values()].some(isListOfObjects) };
  } catch (error) {
    if (error instanceof JsonProblem) return { rows: [], nested: false, problem: error.message };
    throw error;
  }
}

/** The values of an object and those within it by dotted names; of a list of objects a row each. */
function flatten(object: ReadonlyMap<string, JsonValue>, prefix: string): Map<string, string>[] {
  const own = new Map<string, string>();
  let list: { name: string; items: readonly JsonValue[] } | undefined;
  for (const [key, value] of object) {
    const name = `${prefix}${key}`;
    if (typeof value === 'string') own.set(name, value);
    else if (value instanceof Map)
      for (const [inner, text] of flatten(value, `${name}.`)[0] ?? []) own.set(inner, text);
    else if (isListOfObjects(value)) {
      if (list) throw new JsonProblem(`it has two lists, "${list.name}" and "${name}"`);
      list = { name, items: value as readonly JsonValue[] };
    } else if ((value as readonly JsonValue[]).length > 0)
      throw new JsonProblem(`"${name}" is a list of values`);
  }
  if (!list) return [own];
  return list.items.flatMap((item) =>
    flatten(item as ReadonlyMap<string, JsonValue>, '').map((row) => {
      const merged = new Map(own);
      for (const [name, value] of row) merged.set(own.has(name) ? `${list.name}.${name}` : name, value);
      return merged;
    }),
  );
}

function isListOfObjects(value: JsonValue): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => item instanceof Map);
}

interface Texts {
  readonly texts: readonly string[];
  readonly byte: number;
}

async function* lines(
  source: TableSource,
  reading: LineReading,
  from: { byte: number },
): AsyncGenerator<Texts> {
  let { byte } = from;
  let carry: Buffer = Buffer.alloc(0);
  const take = (bytes: Buffer): Texts => {
    byte += bytes.length;
    const text = reading.decode(bytes).replace(/^\uFEFF/, '');
    return { texts: text.split(reading.lineEnd).filter((line) => line.trim() !== ''), byte };
  };
  for await (const part of source.bytes(byte)) {
    const bytes = Buffer.concat([carry, part]);
    const end = reading.lastLineEnd(bytes);
    carry = bytes.subarray(end);
    if (carry.length > longestRecord) throw tooLong();
    if (end > 0) yield take(bytes.subarray(0, end));
  }
  if (carry.length > 0) yield take(carry);
}

/** The objects of a list, or of a file that is one object after another, each as its text. */
async function* values(source: TableSource, reading: LineReading): AsyncGenerator<Texts> {
  const decoder = new TextDecoder(reading.encoding);
  const scan = { text: '', at: 0, depth: 0, start: -1, quoted: false, inList: false };
  let byte = 0;
  for await (const part of source.bytes()) {
    byte += part.length;
    scan.text += decoder.decode(part, { stream: true });
    const texts = [...objectsIn(scan)];
    if (scan.text.length > longestRecord) throw tooLong();
    if (texts.length > 0) yield { texts, byte };
  }
  if (scan.start !== -1 || scan.inList) {
    throw new CrossfootError('FILE_UNREADABLE', 'The file ends in the middle of its list; it was cut off');
  }
}

interface Scan {
  text: string;
  at: number;
  depth: number;
  start: number;
  quoted: boolean;
  inList: boolean;
}

const interesting = /["{}[\]]|[^\s,"{}[\]]/g;
const withinObject = /["{}[\]]/g;
const endOfText = /["\\]/g;

function* objectsIn(scan: Scan): Generator<string> {
  for (;;) {
    const pattern = scan.quoted ? endOfText : scan.start === -1 ? interesting : withinObject;
    pattern.lastIndex = scan.at;
    const found = pattern.exec(scan.text);
    if (!found) {
      scan.at = scan.text.length;
      break;
    }
    scan.at = found.index + 1;
    if (scan.quoted) {
      // A backslash at the very end waits for what it escapes.
      if (found[0] === '\\' && scan.at === scan.text.length) {
        scan.at -= 1;
        break;
      }
      if (found[0] === '\\') scan.at += 1;
      else scan.quoted = false;
      continue;
    }
    const ended = step(scan, found[0]);
    if (ended !== undefined) yield ended;
  }
  const keep = scan.start === -1 ? scan.at : scan.start;
  scan.text = scan.text.slice(keep);
  scan.at -= keep;
  if (scan.start !== -1) scan.start = 0;
}

function step(scan: Scan, character: string): string | undefined {
  if (scan.start === -1 && scan.depth === 0 && character === '[' && !scan.inList) {
    scan.inList = true;
  } else if (scan.start === -1 && character === ']' && scan.inList) {
    scan.inList = false;
  } else if (character === '{' || (character === '[' && scan.start !== -1)) {
    if (scan.depth === 0) scan.start = scan.at - 1;
    scan.depth += 1;
  } else if ((character === '}' || character === ']') && scan.depth > 0) {
    scan.depth -= 1;
    if (scan.depth > 0) return undefined;
    const text = scan.text.slice(scan.start, scan.at);
    scan.start = -1;
    return text;
  } else if (character === '"' && scan.start !== -1) {
    scan.quoted = true;
  } else {
    throw new CrossfootError(
      'FILE_UNREADABLE',
      `The file is no list of objects: there is ${character} between them`,
    );
  }
  return undefined;
}

function tooLong(): CrossfootError {
  return new CrossfootError(
    'FILE_UNREADABLE',
    `One record is longer than ${longestRecord} characters; send a list of objects`,
  );
}
