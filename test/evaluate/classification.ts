import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { foldName } from '#kernel/names';
import { parseDecimal } from '#kernel/money';
import { csvRows } from '../../connectors/formats/csv-expenses-rows.ts';
import { HEADINGS } from '../../connectors/formats/csv-expenses-headings.ts';
import { decodeText } from '../../connectors/formats/text.ts';
import { expenseAccounts, otherExpenses } from '../../subgraphs/transactions/classification/accounts.ts';
import { classify } from '../../subgraphs/transactions/classification/classify.ts';

/** What classification did with the rows of a file. */
export interface ClassificationSummary {
  readonly rows: number;
  /** Rows with an account better than a placeholder. */
  readonly coded: number;
  readonly accounts: Readonly<Record<string, number>>;
  /** Rows by confidence in basis points. */
  readonly confidence: Readonly<Record<string, number>>;
  /** Only with a column of expected accounts: rows that name an account of the chart, and those found right. */
  readonly expected?: {
    readonly rows: number;
    readonly right: number;
    readonly rightWhenCoded: number;
    readonly notInChart: number;
  };
}

const headings = {
  merchant: HEADINGS.merchant,
  category: ['category', 'expense category', 'kategorie'],
  description: ['description', 'text', 'memo', 'comment', 'note', 'purpose'],
  amount: ['amount', 'net', 'total', 'gross'],
  expected: ['expected', 'expected account', 'account', 'account code', 'gl account'],
} as const;

type Columns = Readonly<Record<keyof typeof headings, number>>;

const codeOf = new Map(
  [...expenseAccounts, otherExpenses].flatMap(({ code, name }) => [
    [foldName(code), code],
    [foldName(name), code],
  ]),
);

/**
 * Classifies every row of a CSV (also gzipped) with a heading, as an expense of a book without rules and vendors;
 * prints one JSON line a row and a summary line. Throws when no column tells what was bought or where.
 */
export async function evaluateClassification(
  file: string,
  print: (line: string) => void,
): Promise<ClassificationSummary> {
  const bytes = await readFile(file);
  const text = decodeText(file.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  const tally = new Tally();
  let columns: Columns | undefined;
  for (const { cells, line } of csvRows(text, delimiterOf(text))) {
    if (!cells) continue;
    if (!columns) columns = columnsOf(cells);
    else print(JSON.stringify({ line, ...tally.add(cells, columns) }));
  }
  const summary = tally.summary(columns !== undefined && columns.expected >= 0);
  print(JSON.stringify({ summary }));
  return summary;
}

function delimiterOf(text: string): string {
  const head = text.slice(0, text.search(/[\r\n]|$/));
  const counted = [',', ';', '\t', '|'].map((one) => ({ one, times: head.split(one).length }));
  return counted.toSorted((a, b) => b.times - a.times)[0]?.one ?? ',';
}

function columnsOf(cells: readonly string[]): Columns {
  const folded = cells.map(foldName);
  const find = (names: readonly string[]) => {
    const name = names.find((one) => folded.includes(one));
    return name === undefined ? -1 : folded.indexOf(name);
  };
  const columns = {
    merchant: find(headings.merchant),
    category: find(headings.category),
    description: find(headings.description),
    amount: find(headings.amount),
    expected: find(headings.expected),
  };
  if (columns.merchant < 0 && columns.category < 0 && columns.description < 0) {
    throw new Error(`None of the columns ${cells.join(', ')} is a merchant, category or description`);
  }
  return columns;
}

interface RowResult {
  readonly merchant?: string;
  readonly accountCode: string;
  readonly confidence: number;
  readonly reason?: string;
  readonly expected?: string;
  readonly right?: boolean;
}

class Tally {
  #rows = 0;
  #coded = 0;
  readonly #accounts = new Map<string, number>();
  readonly #confidence = new Map<string, number>();
  readonly #expected = { rows: 0, right: 0, rightWhenCoded: 0, notInChart: 0 };

  add(cells: readonly string[], columns: Columns): RowResult {
    const cell = (column: number) => cells[column]?.trim() || undefined;
    const merchant = cell(columns.merchant);
    const { accountCode, confidence, reasons } = classify(
      {
        kind: 'EXPENSE',
        counterpartyName: merchant,
        lines: [
          {
            description: cell(columns.description) ?? '',
            category: cell(columns.category),
            net: { minor: weightOf(cell(columns.amount)) },
          },
        ],
      },
      [],
    );
    const coded = accountCode !== otherExpenses.code;
    this.#rows += 1;
    this.#coded += Number(coded);
    count(this.#accounts, accountCode);
    count(this.#confidence, String(confidence));
    const result = { merchant, accountCode, confidence, reason: reasons[0] };
    const expected = cell(columns.expected);
    return expected === undefined ? result : { ...result, ...this.#compare(expected, accountCode, coded) };
  }

  #compare(expected: string, accountCode: string, coded: boolean): Pick<RowResult, 'expected' | 'right'> {
    const wanted = codeOf.get(foldName(expected));
    if (wanted === undefined) {
      this.#expected.notInChart += 1;
      return { expected };
    }
    const right = wanted === accountCode;
    this.#expected.rows += 1;
    this.#expected.right += Number(right);
    this.#expected.rightWhenCoded += Number(right && coded);
    return { expected: wanted, right };
  }

  summary(compared: boolean): ClassificationSummary {
    return {
      rows: this.#rows,
      coded: this.#coded,
      accounts: Object.fromEntries([...this.#accounts].toSorted((a, b) => b[1] - a[1])),
      confidence: Object.fromEntries(this.#confidence),
      ...(compared ? { expected: this.#expected } : {}),
    };
  }
}

/** Only weighs lines of one document against each other, so any reading of an odd amount will do. */
function weightOf(text: string | undefined): bigint {
  try {
    return parseDecimal(text ?? '').digits;
  } catch {
    return 1n;
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
