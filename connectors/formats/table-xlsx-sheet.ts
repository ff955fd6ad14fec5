import { CrossfootError } from '#kernel/errors';
import { safeXmlParser } from './table-xml.ts';
import type { SharedStrings } from './table-xlsx-strings.ts';

/** A row of a sheet that has something in it. */
export interface SheetRow {
  /** As the sheet counts, from 1. */
  readonly number: number;
  readonly cells: readonly string[];
  /** Places of the cells that hold numbers, not texts. */
  readonly numbers: readonly number[];
}

const mostColumns = 16_384;
const longestCell = 32_767;
/** Without an element for this long, the file is no sheet: a parser would keep all of it. */
const longestSilence = 4 * 1024 * 1024;

interface State {
  rows: SheetRow[];
  number: number;
  cells: string[] | undefined;
  numbers: number[];
  column: number;
  type: string;
  text: string;
  within: boolean;
  phonetic: boolean;
  heard: boolean;
}

/** Reads the rows of a sheet as they come; blank rows are left out. Throws FILE_UNREADABLE. */
export async function* readSheet(
  bytes: AsyncIterable<Uint8Array>,
  strings: SharedStrings,
): AsyncGenerator<SheetRow[]> {
  const state: State = {
    rows: [],
    number: 0,
    cells: undefined,
    numbers: [],
    column: 0,
    type: 'n',
    text: '',
    within: false,
    phonetic: false,
    heard: false,
  };
  const parser = safeXmlParser();
  parser.on('opentag', ({ name, attributes }) =>
    opened(state, localName(name), attributes as Record<string, string>),
  );
  parser.on('text', (part) => {
    if (!state.within) return;
    if (state.text.length <= longestCell) state.text += part;
  });
  parser.on('closetag', ({ name }) => closed(state, localName(name), strings));
  const decoder = new TextDecoder('utf-8');
  let silence = 0;
  for await (const part of bytes) {
    state.heard = false;
    parser.write(decoder.decode(part, { stream: true }));
    silence = state.heard ? 0 : silence + part.length;
    if (silence > longestSilence)
      throw new CrossfootError('FILE_UNREADABLE', 'The sheet is no list of rows and cells');
    if (state.rows.length === 0) continue;
    yield state.rows;
    state.rows = [];
  }
  parser.close();
}

function opened(state: State, local: string, attributes: Readonly<Record<string, string>>): void {
  state.heard = true;
  switch (local) {
    case 'row':
      state.number = attributes['r'] === undefined ? state.number + 1 : Number(attributes['r']);
      state.cells = [];
      state.numbers = [];
      state.column = 0;
      break;
    case 'c':
      if (attributes['r'] !== undefined) state.column = columnOf(attributes['r']);
      state.type = attributes['t'] ?? 'n';
      state.text = '';
      break;
    case 'rPh':
      state.phonetic = true;
      break;
    case 'v':
      state.within = state.cells !== undefined && state.type !== 'inlineStr';
      break;
    case 't':
      state.within = state.cells !== undefined && state.type === 'inlineStr' && !state.phonetic;
      break;
  }
}

function closed(state: State, local: string, strings: SharedStrings): void {
  switch (local) {
    case 'v':
    case 't':
      state.within = false;
      break;
    case 'rPh':
      state.phonetic = false;
      break;
    case 'c': {
      const { cells, column } = state;
      const value = valueOf(state, strings);
      if (cells && value !== '') {
        while (cells.length < column) cells.push('');
        cells[column] = value;
        if (state.type === 'n') state.numbers.push(column);
      }
      state.column = column + 1;
      break;
    }
    case 'row':
      if (state.cells?.some((cell) => cell.trim() !== ''))
        state.rows.push({ number: state.number, cells: state.cells, numbers: state.numbers });
      state.cells = undefined;
      break;
  }
}

function valueOf({ type, text }: State, strings: SharedStrings): string {
  if (text.length > longestCell) {
    throw new CrossfootError(
      'FILE_UNREADABLE',
      `A cell holds more than the ${longestCell} characters a cell can have`,
    );
  }
  switch (type) {
    case 's':
      return text === '' ? '' : strings.at(Number(text));
    case 'n':
      return plainNumber(text.trim());
    case 'b':
      return text.trim() === '1' ? 'TRUE' : 'FALSE';
    case 'd':
      return text.trim().slice(0, 10);
    default:
      // What texts cannot hold is written as _x000D_.
      return text.replaceAll(/_x([0-9A-F]{4})_/g, (_all, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      );
  }
}

function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference) {
    const code = letter.charCodeAt(0);
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  if (column < 1 || column > mostColumns) {
    throw new CrossfootError(
      'FILE_UNREADABLE',
      `There is no cell ${reference.slice(0, 20)} in a spreadsheet`,
    );
  }
  return column - 1;
}

const shortNumber = /^-?\d{1,15}$/;
const written = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/;
/** Sheets keep binary numbers, of which fifteen digits are what somebody typed; the rest is noise such as 0.30000000000000004. */
const digitsKept = 15;

/** A number of a sheet as plain decimal text, rounded to the digits people see; other text as it is. */
export function plainNumber(text: string): string {
  if (shortNumber.test(text)) return text;
  const parts = written.exec(text);
  if (!parts || text === '') return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  let digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return '0';
  let scale = fraction.length - Number(exponent);
  if (digits.length > digitsKept) {
    const excess = digits.length - digitsKept;
    const unit = 10n ** BigInt(excess);
    digits = String((BigInt(digits) + unit / 2n) / unit);
    scale -= excess;
  }
  while (scale > 0 && digits.endsWith('0')) {
    digits = digits.slice(0, -1);
    scale -= 1;
  }
  const minus = sign === '-' ? '-' : '';
  if (scale <= 0) return `${minus}${digits}${'0'.repeat(-scale)}`;
  const padded = digits.padStart(scale + 1, '0');
  return `${minus}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
