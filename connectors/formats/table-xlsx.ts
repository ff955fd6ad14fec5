import type { SaxesParser } from 'saxes';
import { CrossfootError } from '#kernel/errors';
import { quote } from '#kernel/quote';
import type {
  OpenTable,
  TableBatch,
  TablePlace,
  TableRow,
  TableSettings,
  TableSource,
} from '#connectors/ports';
import { readSheet, type SheetRow } from './table-xlsx-sheet.ts';
import { sharedStrings, type SharedStrings } from './table-xlsx-strings.ts';
import { safeXmlParser } from './table-xml.ts';
import { unpacked, zipEntries, type ZipEntry } from './zip-entries.ts';

const largestPart = 16 * 1024 * 1024;
const largestStrings = 1024 * 1024 * 1024;
/** A full sheet of twenty columns has about two. */
const largestSheet = 4 * 1024 * 1024 * 1024;
const deepestHeader = 40;
const rowsInBatch = 1000;

interface Workbook {
  readonly source: TableSource;
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly sheets: readonly { readonly name: string; readonly path: string }[];
  readonly strings: ZipEntry | undefined;
  readonly since1904: boolean;
}

/**
 * Opens a sheet of an XLSX file. The sheet is unpacked and read as a stream; only the texts its cells share are kept.
 * Numbers keep the digits the file has; days are numbers counted from `dayZero`.
 */
export async function openXlsx(source: TableSource, settings: TableSettings): Promise<OpenTable> {
  const workbook = await openWorkbook(source);
  const names = workbook.sheets.map(({ name }) => name);
  const sheet =
    settings.sheet === undefined
      ? workbook.sheets[0]
      : workbook.sheets.find(({ name }) => name === settings.sheet);
  if (!sheet) {
    const message = `The spreadsheet has no sheet ${quote(settings.sheet ?? '')}; it has ${names.map((name) => quote(name)).join(', ')}`;
    throw new CrossfootError('FIELD_INVALID', message, { path: ['sheet'] });
  }
  const entry = contentOf(workbook, sheet);
  const strings = await readStrings(workbook);
  const read = () => readSheet(unpacked(source, entry, largestSheet), strings);
  const header = await findHeader(read());
  const layout = { headerRow: header.number, width: header.cells.length, packed: entry.packed };
  return {
    format: 'XLSX',
    sheet: sheet.name,
    sheets: names,
    header: header.cells.map((cell) => cell.trim()),
    dayZero: dayZeroOf(workbook),
    rows: (from) => batches(read(), layout, from),
  };
}

/** A sheet as it stands, titles above its table included. */
export interface XlsxSheet {
  readonly name: string;
  readonly rows: () => AsyncIterable<readonly SheetRow[]>;
}

/** The sheets of an XLSX file in their order, and the day that is number zero. Throws as `openXlsx`. */
export async function xlsxSheets(
  source: TableSource,
): Promise<{ readonly sheets: readonly XlsxSheet[]; readonly dayZero: string }> {
  const workbook = await openWorkbook(source);
  const strings = await readStrings(workbook);
  const sheets = workbook.sheets.map((sheet) => ({
    name: sheet.name,
    rows: () => readSheet(unpacked(source, contentOf(workbook, sheet), largestSheet), strings),
  }));
  return { sheets, dayZero: dayZeroOf(workbook) };
}

function contentOf({ entries }: Workbook, { name, path }: { name: string; path: string }): ZipEntry {
  const entry = entries.get(path);
  if (entry) return entry;
  throw new CrossfootError('FILE_UNREADABLE', `The spreadsheet lacks the content of sheet ${quote(name)}`);
}

function dayZeroOf({ since1904 }: Workbook): string {
  return since1904 ? '1904-01-01' : '1899-12-30';
}

/** The first row as wide as most of the first rows are. */
async function findHeader(rows: AsyncIterable<readonly SheetRow[]>): Promise<SheetRow> {
  const top: SheetRow[] = [];
  for await (const some of rows) {
    top.push(...some);
    if (top.length >= deepestHeader) break;
  }
  const widths = top.map(({ cells }) => cells.filter((cell) => cell.trim() !== '').length);
  const sorted = widths.toSorted((a, b) => a - b);
  const usual = sorted[sorted.length >> 1] ?? 0;
  const header = top.find((_row, index) => (widths[index] ?? 0) >= Math.max(1, usual));
  if (!header) throw new CrossfootError('FILE_UNREADABLE', 'The sheet is empty');
  return header;
}

async function* batches(
  read: AsyncIterable<readonly SheetRow[]>,
  layout: { headerRow: number; width: number; packed: number },
  from?: TablePlace,
): AsyncGenerator<TableBatch> {
  let count = 0;
  let number = layout.headerRow;
  let rows: TableRow[] = [];
  for await (const some of read) {
    for (const row of some) {
      if (row.number <= layout.headerRow) continue;
      ({ number } = row);
      count += 1;
      if (count > (from?.rows ?? 0)) rows.push(checked(row, layout.width));
    }
    if (rows.length < rowsInBatch) continue;
    yield { rows, place: { rows: count, number, byte: 0 } };
    rows = [];
  }
  if (rows.length > 0) yield { rows, place: { rows: count, number, byte: layout.packed } };
}

function checked({ number, cells }: SheetRow, width: number): TableRow {
  if (cells.length <= width || cells.slice(width).every((cell) => cell === '')) return { number, cells };
  const message = `Row ${number} has values right of the last heading`;
  return { number, cells: [], problem: { code: 'LINE_MALFORMED', message } };
}

async function openWorkbook(source: TableSource): Promise<Workbook> {
  const entries = await zipEntries(source);
  const part = (name: string) => entries.get(name.replace(/^\//, ''));
  const root = await relationships(source, part('_rels/.rels'), '');
  const workbookPath = root.find(({ type }) => type === 'officeDocument')?.path ?? 'xl/workbook.xml';
  const workbook = part(workbookPath);
  if (!workbook)
    throw new CrossfootError('FORMAT_UNKNOWN', 'The zip file is no XLSX spreadsheet: it has no workbook');
  const folder = workbookPath.slice(0, workbookPath.lastIndexOf('/') + 1);
  const name = workbookPath.slice(folder.length);
  const related = await relationships(source, part(`${folder}_rels/${name}.rels`), folder);
  const sheets: { name: string; path: string }[] = [];
  let since1904 = false;
  await readElements(unpacked(source, workbook, largestPart), (local, attributes) => {
    if (local === 'workbookPr') since1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
    const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
    const path = related.find((one) => one.id === id)?.path;
    if (local === 'sheet' && path !== undefined) sheets.push({ name: attributes['name'] ?? '', path });
  });
  const strings = related.find(({ type }) => type === 'sharedStrings');
  return { source, entries, sheets, strings: strings && part(strings.path), since1904 };
}

interface Relationship {
  readonly id: string;
  readonly type: string;
  readonly path: string;
}

async function relationships(
  source: TableSource,
  entry: ZipEntry | undefined,
  folder: string,
): Promise<Relationship[]> {
  const found: Relationship[] = [];
  if (!entry) return found;
  await readElements(
    unpacked(source, entry, largestPart),
    (local, { Id: id = '', Type: type = '', Target: target = '' }) => {
      if (local !== 'Relationship') return;
      const path = target.startsWith('/')
        ? target.slice(1)
        : new URL(target, `zip:/${folder}`).pathname.replace(/^\//, '');
      found.push({ id, type: type.slice(type.lastIndexOf('/') + 1), path: decodeURIComponent(path) });
    },
  );
  return found;
}

async function readStrings({ source, strings: entry }: Workbook): Promise<SharedStrings> {
  const strings = sharedStrings();
  if (!entry) return strings;
  let text = '';
  let phonetic = false;
  let within = false;
  const parser = safeXmlParser();
  parser.on('opentag', ({ name }) => {
    const local = localName(name);
    if (local === 'si') text = '';
    else if (local === 'rPh') phonetic = true;
    else if (local === 't') within = !phonetic;
  });
  parser.on('text', (part) => {
    if (within) text += part;
  });
  parser.on('closetag', ({ name }) => {
    const local = localName(name);
    if (local === 'si') strings.add(text);
    else if (local === 'rPh') phonetic = false;
    else if (local === 't') within = false;
  });
  await parse(parser, unpacked(source, entry, largestStrings));
  return strings;
}

type Element = (local: string, attributes: Readonly<Record<string, string>>) => void;

async function readElements(bytes: AsyncIterable<Uint8Array>, element: Element): Promise<void> {
  const parser = safeXmlParser();
  parser.on('opentag', ({ name, attributes }) =>
    element(localName(name), attributes as Record<string, string>),
  );
  await parse(parser, bytes);
}

async function parse(parser: SaxesParser, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const decoder = new TextDecoder('utf-8');
  for await (const part of bytes) parser.write(decoder.decode(part, { stream: true }));
  parser.close();
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
