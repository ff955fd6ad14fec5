import { unzipSync } from 'fflate';

/** What a file is by its own marks, found without any of the readers that are evaluated. */
export type FileKind =
  | { readonly kind: 'statement'; readonly format: string; readonly entries: number }
  /** Something else, which a reader of statements must not take for one. */
  | { readonly kind: 'other'; readonly what: string };

/** Names that say what a file is, whatever is in it. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/\.md$/i, 'documentation'],
  [/requirements\.txt$/, 'list of packages'],
  [/\.(?:yml|yaml|pydata)$/i, 'expectation'],
  [/\.(?:beancount|diff)$/i, 'journal'],
];

/** Beginnings of files that are no statements. */
const BY_START: readonly (readonly [RegExp, string])[] = [
  [/^\s*(?:\[|\{\s*")/, 'JSON'],
  [/^\uFEFF?"?Company Account"?,"?Merchant Account/i, 'report of a processor'],
  [/^[^\n]*\b(?:Shares|Closing Price)\b/, 'list of securities'],
  [/^\s*<OFC>/, 'OFC'],
  [/^(?![\s\S]*<(?:\w+:)?BkToCstmr)[\s\S]*urn:iso:std:iso:20022:tech:xsd:/, 'another message of ISO 20022'],
];

const LINE = /\r\n|\n|\r/;

/** Says what a file is and, of a statement, how many entries its marks promise. */
export function kindOfFile(name: string, bytes: Uint8Array): FileKind {
  const other = BY_NAME.find(([pattern]) => pattern.test(name));
  if (other !== undefined) return { kind: 'other', what: other[1] };
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return sheetKind(bytes);
  const text = Buffer.from(bytes).toString('latin1');
  if (text.trim() === '') return { kind: 'other', what: 'empty' };
  const start = text.slice(0, 4096);
  const known = BY_START.find(([pattern]) => pattern.test(start));
  if (known !== undefined) return { kind: 'other', what: known[1] };
  for (const [format, sign, count] of FORMATS) {
    if (sign.test(start)) return { kind: 'statement', format, entries: count(text) };
  }
  return { kind: 'other', what: 'unknown' };
}

type Format = readonly [format: string, sign: RegExp, entries: (text: string) => number];

const FORMATS: readonly Format[] = [
  ['camt', /<(?:\w+:)?BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)/, (text) => times(text, /<(?:\w+:)?Ntry[\s>]/g)],
  ['OFX', /OFXHEADER|<OFX>|<\?OFX/i, (text) => times(text, /<STMTTRNP?>/gi)],
  ['MT940', /(?:^|[\n\r{}]|^\S{0,60}):(?:20|25|28C?|60F|61|86|NS):/, movements],
  ['CODA', /^0000.{20}/, (text) => lines(text).filter((line) => line.startsWith('21')).length],
  ['CFONB 120', /^\s*01\d{5}.{4}\d{5}/, (text) => lines(text).filter((line) => line.startsWith('04')).length],
  ['CFONB 240', /^\s*310\d{5}/, (text) => lines(text).filter((line) => line.startsWith('34')).length],
  ['AEB43', /^\s*11\d{18}/, (text) => lines(text).filter((line) => line.startsWith('22')).length],
  ['BAI2', /^\s*01,/, (text) => times(text, /(?:^|\/\s+|[\n\r])16,(?!8\d\d,)/g)],
  ['QIF', /^\s*!(?:Type|Account|Option|Clear)/i, qifEntries],
  ['CSV', /^[^\n]*[;,\t][^\n]*(?:[;,\t][^\n]*){1,}/, tableEntries],
];

function lines(text: string): string[] {
  return text.split(LINE);
}

function times(text: string, mark: RegExp): number {
  return text.match(mark)?.length ?? 0;
}

/** Tags stand at the beginning of lines, except where a file has lost its line ends. */
function movements(text: string): number {
  const oneLine = lines(text).filter((line) => line.trim() !== '').length === 1;
  return times(text, oneLine ? /:61:/g : /^\W*:61:|\{4:\s*:61:/gm);
}

/** Records of accounts, apart from the balance an account begins with and from trades in shares alone. */
function qifEntries(text: string): number {
  let moves = false;
  let record: string[] = [];
  let count = 0;
  for (const line of lines(text)) {
    if (line.startsWith('!')) moves = /^!Type:(?:Bank|Cash|CCard|Oth A|Oth L|Invst)\s*$/i.test(line);
    else if (line.startsWith('^')) {
      const opening = record.some((each) => /^POpening Balance/i.test(each));
      const shares = record.some((each) => /^N(?:Shrs(?:In|Out)|\w+X|Reinv\w+|StkSplit)\s*$/.test(each));
      if (moves && record.length > 0 && !opening && !shares) count += 1;
      record = [];
    } else if (line.trim() !== '') record.push(line);
  }
  return count;
}

/** Records below the first one that has no digits and three names or more; a quoted cell may run over ends of lines. */
function tableEntries(text: string): number {
  const records: string[] = [];
  let open = '';
  for (const line of lines(text)) {
    open = open === '' ? line : `${open}\n${line}`;
    if (times(open, /"/g) % 2 === 1) continue;
    records.push(open);
    open = '';
  }
  const header = records.findIndex((record) => /(?:[;,\t][^;,\t\d]{2,}){2}/.test(record));
  return records.slice(header + 1).filter((record) => /\d/.test(record)).length;
}

/** Counts the rows of every sheet by their elements, one of them for the headings. */
function sheetKind(bytes: Uint8Array): FileKind {
  let parts: Record<string, Uint8Array>;
  try {
    parts = unzipSync(bytes, { filter: ({ name }) => /sheet\d+\.xml$|sharedStrings\.xml$/.test(name) });
  } catch {
    return { kind: 'other', what: 'damaged archive' };
  }
  const texts = Object.entries(parts).map(([name, part]) => [name, Buffer.from(part).toString()] as const);
  const strings = texts.find(([name]) => name.endsWith('sharedStrings.xml'))?.[1] ?? '';
  if (/Merchant Account|Psp Reference/.test(strings)) {
    return { kind: 'other', what: 'report of a processor' };
  }
  const sheets = texts.filter(([name]) => !name.endsWith('sharedStrings.xml'));
  const rows = sheets.map(([, text]) => times(text, /<row\b[^>]*>(?:(?!<\/row>)[\s\S])*?<(?:v|t)>/g));
  return { kind: 'statement', format: 'XLSX', entries: Math.max(0, Math.max(0, ...rows) - 1) };
}
