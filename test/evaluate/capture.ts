import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { isCalendarDate } from '#kernel/calendar';
import { formatMoney, parseDecimal } from '#kernel/money';
import type { BusinessDocument, ReadProblem } from '#connectors/ports';
import { readDocumentFile } from '../../connectors/formats/document-formats.ts';

/** What was read of a folder of documents, and how much of what was expected came out. */
export interface CaptureSummary {
  readonly files: number;
  readonly read: number;
  readonly refused: number;
  readonly documents: number;
  /** Fields that stand in the `.json` beside a file, and those read just so. */
  readonly expected: Readonly<Record<FieldName, { readonly fields: number; readonly right: number }>>;
}

type FieldName = 'amount' | 'date' | 'number';

const fieldNames: Readonly<Record<FieldName, readonly string[]>> = {
  amount: ['amount', 'total', 'gross'],
  date: ['date', 'issuedOn', 'invoice_date'],
  number: ['number', 'invoice_number', 'invoiceNumber'],
};

/**
 * Runs the product's own document reader over every file below a folder and prints one JSON line a file, in the order
 * of their paths, then a summary line. A `.json` beside a file of the same name says what should come out of it.
 */
export async function evaluateCapture(
  folder: string,
  print: (line: string) => void,
): Promise<CaptureSummary> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const all = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const others = new Set(all.filter((path) => !path.endsWith('.json')).map(withoutExtension));
  const paths = all.filter((path) => !path.endsWith('.json') || !others.has(withoutExtension(path)));
  const counts = { files: paths.length, read: 0, refused: 0, documents: 0 };
  const expected = { amount: nothing(), date: nothing(), number: nothing() };
  for (const path of paths.toSorted()) {
    const { documents, refused, ...shown } = readOne(await readFile(path), basename(path));
    counts.documents += documents.length;
    counts[refused ? 'refused' : 'read'] += 1;
    const compared = await compare(path, documents);
    for (const [name, right] of Object.entries(compared ?? {}) as [FieldName, boolean][]) {
      expected[name].fields += 1;
      expected[name].right += Number(right);
    }
    const file = relative(folder, path);
    print(
      JSON.stringify({ file, ...shown, refused, documents: documents.map(summaryOf), expected: compared }),
    );
  }
  const summary = { ...counts, expected };
  print(JSON.stringify({ summary }));
  return summary;
}

const nothing = () => ({ fields: 0, right: 0 });
const withoutExtension = (path: string): string => path.replace(/\.[^./]+$/, '');

interface ReadFile {
  readonly format: string;
  readonly documents: readonly BusinessDocument[];
  readonly problems: readonly Pick<ReadProblem, 'code' | 'message'>[];
  readonly refused?: Pick<ReadProblem, 'code' | 'message'>;
}

function readOne(bytes: Uint8Array, name: string): ReadFile {
  const { format, records, problems } = readDocumentFile(bytes, name);
  const every = [...problems, ...records.flatMap((record) => record.problems)];
  const refused = every.find(({ severity }) => severity === 'refused');
  return {
    format,
    documents: records.flatMap(({ document }) => document ?? []),
    problems: every.map(({ code, message }) => ({ code, message })),
    refused: refused && { code: refused.code, message: refused.message },
  };
}

function summaryOf({ kind, number, issuedOn, currency, gross, tax, seller }: BusinessDocument) {
  return {
    kind,
    number,
    issuedOn,
    currency,
    gross: formatMoney(gross),
    tax: formatMoney(tax),
    seller: seller.name,
  };
}

/** For each field the `.json` has, whether the only document of the file has the same; undefined without one. */
async function compare(
  path: string,
  documents: readonly BusinessDocument[],
): Promise<Partial<Record<FieldName, boolean>> | undefined> {
  const beside = `${withoutExtension(path)}.json`;
  if (path === beside || !existsSync(beside)) return undefined;
  const parsed = JSON.parse(await readFile(beside, 'utf8')) as unknown;
  const wanted = (Array.isArray(parsed) ? parsed[0] : parsed) as Readonly<Record<string, unknown>>;
  const document = documents.length === 1 ? documents[0] : undefined;
  const compared: Partial<Record<FieldName, boolean>> = {};
  for (const name of Object.keys(fieldNames) as FieldName[]) {
    const value = fieldNames[name].map((key) => wanted[key]).find((one) => one !== undefined && one !== null);
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    // A day in words is not held against anything rather than guessed at.
    if (name === 'date' && !isCalendarDate(String(value).slice(0, 10))) continue;
    compared[name] = document !== undefined && isSame(name, String(value), document);
  }
  return compared;
}

function isSame(name: FieldName, wanted: string, document: BusinessDocument): boolean {
  if (name === 'number') return document.number === wanted.trim();
  if (name === 'date') return document.issuedOn === wanted.slice(0, 10);
  return sameDecimal(wanted.replaceAll(/[^\d.-]/g, ''), formatMoney(document.gross));
}

function sameDecimal(left: string, right: string): boolean {
  try {
    const [a, b] = [parseDecimal(left), parseDecimal(right)];
    const scale = Math.max(a.scale, b.scale);
    return a.digits * 10n ** BigInt(scale - a.scale) === b.digits * 10n ** BigInt(scale - b.scale);
  } catch {
    return false;
  }
}
