import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ReadOptions, ReadProblem, StatementFile } from '#connectors/ports';
import { readStatementFile } from '../../connectors/formats/statement-formats.ts';
import { compareWithExpectation, type Comparison } from './formats-expected.ts';
import { kindOfFile, type FileKind } from './formats-files.ts';
import { MUST_BE_REFUSED } from './formats-refused.ts';

/** What became of the files of one format, or of all. */
export interface FormatCounts {
  files: number;
  read: number;
  refusedRightly: number;
  entries: number;
  /** Entries by the marks of the files, counted without a reader. */
  counted: number;
  /** Records lost, each with its reason and line. */
  lost: number;
  /** Files held against the decoded file beside them, values compared, and those that are the same. */
  compared: number;
  values: number;
  agree: number;
  disagreeing: number;
}

/** How many files were found, what became of them, and how many disagree with what they ought to be. */
export interface FormatsSummary {
  readonly files: number;
  readonly notStatements: number;
  readonly formats: Readonly<Record<string, FormatCounts>>;
  readonly total: FormatCounts;
}

interface Shown {
  readonly code: string;
  readonly line?: number;
  readonly message: string;
}

interface FileResult {
  /** The format of a statement, or what else the file is. */
  readonly format?: string;
  readonly other?: string;
  readonly dialect?: string;
  /** The currency that had to be told as the account's, because the file names none. */
  readonly given?: string;
  readonly refused?: Shown;
  readonly why?: string;
  readonly statements?: number;
  readonly entries?: number;
  readonly details?: number;
  readonly counted?: number;
  readonly lost?: readonly Shown[];
  readonly warnings?: readonly Shown[];
  readonly expectation?: Comparison;
  /** What is not as it ought to be; empty when all is. */
  readonly disagrees: readonly string[];
}

/**
 * Runs the product's own statement reader over every file below a folder: each is known by its marks and its entries are
 * counted without the reader; amounts, days and references are held against the decoded files beside them. Prints one
 * JSON line a file in the order of their paths, one a format, and a summary. `currency` is that of the account for files
 * that name none.
 */
export async function evaluateFormats(
  folder: string,
  print: (line: string) => void,
  currency = 'EUR',
): Promise<FormatsSummary> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const total = noCounts();
  const formats: Record<string, FormatCounts> = {};
  let notStatements = 0;
  for (const path of paths) {
    const result = await evaluateFile(path, currency);
    print(JSON.stringify({ file: relative(folder, path), ...result }));
    if (result.format === undefined) {
      notStatements += 1;
      total.disagreeing += result.disagrees.length > 0 ? 1 : 0;
    } else {
      for (const counts of [total, (formats[result.format] ??= noCounts())]) addTo(counts, result);
    }
  }
  for (const [format, counts] of Object.entries(formats)) print(JSON.stringify({ format, ...counts }));
  print(
    JSON.stringify({ summary: { ...total, files: paths.length, notStatements, bankFiles: total.files } }),
  );
  return { files: paths.length, notStatements, formats, total };
}

function noCounts(): FormatCounts {
  return {
    files: 0,
    read: 0,
    refusedRightly: 0,
    entries: 0,
    counted: 0,
    lost: 0,
    compared: 0,
    values: 0,
    agree: 0,
    disagreeing: 0,
  };
}

function addTo(counts: FormatCounts, result: FileResult): void {
  counts.files += 1;
  counts.read += result.refused === undefined ? 1 : 0;
  counts.refusedRightly += result.refused !== undefined && result.disagrees.length === 0 ? 1 : 0;
  counts.entries += result.entries ?? 0;
  counts.counted += result.counted ?? 0;
  counts.lost += result.lost?.length ?? 0;
  counts.compared += result.expectation === undefined ? 0 : 1;
  counts.values += result.expectation?.values ?? 0;
  counts.agree += (result.expectation?.values ?? 0) - (result.expectation?.differences.length ?? 0);
  counts.disagreeing += result.disagrees.length > 0 ? 1 : 0;
}

async function evaluateFile(path: string, currency: string): Promise<FileResult> {
  const bytes = await readFile(path);
  const kind = kindOfFile(path, bytes);
  try {
    const plain = await readStatementFile(bytes, path);
    const needsAccount = kind.kind === 'statement' && lossesOf(plain).some(namesNoAccount);
    const options: ReadOptions = { account: { currency } };
    const file = needsAccount ? await readStatementFile(bytes, path, options) : plain;
    const given = needsAccount ? { given: currency } : {};
    return kind.kind === 'other' ? otherResult(kind.what, file) : { ...given, ...resultOf(path, kind, file) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { refused: { code: 'INTERNAL', message }, disagrees: ['the reader threw an error'] };
  }
}

/** Whether a file could not be read because it names no account or no currency. */
function namesNoAccount({ code, path }: ReadProblem): boolean {
  return ['CURRENCY_UNKNOWN', 'FIELD_MISSING', 'COLUMN_MISSING'].includes(code) && path?.[0] !== 'Amt';
}

function otherResult(what: string, file: StatementFile): FileResult {
  const [refused] = file.problems.filter(({ severity }) => severity === 'refused');
  if (refused === undefined) {
    return { other: what, dialect: file.format, disagrees: ['it was read as a statement'] };
  }
  return { other: what, refused: shown(refused), disagrees: withoutPlace(refused) };
}

function resultOf(
  path: string,
  kind: Extract<FileKind, { kind: 'statement' }>,
  file: StatementFile,
): FileResult {
  const lines = file.statements.flatMap((statement) => statement.lines);
  const details = lines.reduce((sum, line) => sum + line.details.length, 0);
  const losses = lossesOf(file);
  const [refused] = losses.filter(({ severity }) => severity === 'refused');
  // CODA writes details as movements of their own.
  const entries = kind.format === 'CODA' ? lines.length + details : lines.length;
  const known = MUST_BE_REFUSED.find(([name]) => name.test(path));
  const expectation = refused === undefined ? compareWithExpectation(path, file) : undefined;
  const disagrees = [...losses.flatMap(withoutPlace), ...(expectation?.differences ?? [])];
  if (known !== undefined && !(refused?.code.startsWith(known[1]) ?? false)) {
    disagrees.push(`it must be refused as ${known[1]}: ${known[2]}`);
  } else if (known === undefined && entries + losses.length !== kind.entries) {
    disagrees.push(`${entries} entries read and ${losses.length} lost, ${kind.entries} counted`);
  }
  return {
    format: kind.format,
    dialect: file.format,
    ...(refused === undefined ? {} : { refused: shown(refused), why: known?.[2] ?? 'every entry is lost' }),
    statements: file.statements.length,
    entries,
    details,
    counted: known === undefined ? kind.entries : 0,
    lost: known === undefined ? losses.map(shown) : [],
    warnings: file.problems.filter(({ severity }) => severity === 'warning').map(shown),
    expectation,
    disagrees,
  };
}

function lossesOf(file: StatementFile): ReadProblem[] {
  return file.problems.filter(({ severity }) => severity !== 'warning');
}

function withoutPlace({ code, line, message }: ReadProblem): string[] {
  const told = line !== undefined && line > 0 && code !== '' && message !== '';
  return told ? [] : [`${code} has no line or no reason`];
}

function shown({ code, line, message }: ReadProblem): Shown {
  return { code, line, message };
}
