import type { Money } from '#kernel/money';
import type { AccountGroup } from './account-groups.ts';
import type { AccountSum, BookSums, ReportAccount } from './account-sums.ts';

/** What a figure is made of, so that it can be taken apart again. */
export interface FigureSource {
  /** No first day: everything up to the last. */
  readonly from?: string;
  readonly to: string;
  /** The accounts by id, or all that stand on some lines of the statements. */
  readonly accountIds?: readonly string[];
  readonly groups?: readonly AccountGroup[];
}

/** How a line is shown: a title, a sum of accounts, one account, a sum of lines, or a proof that must be zero. */
export type LineKind = 'HEADING' | 'LINE' | 'ACCOUNT' | 'TOTAL' | 'CHECK';

/** One line of a statement, in minor units of the book's base currency. */
export interface StatementLine {
  /** Names the line for machines; lines of accounts have the key of the line above them. */
  readonly key: string;
  readonly label: string;
  readonly kind: LineKind;
  readonly depth: number;
  readonly account?: ReportAccount;
  /** One amount for each column: the days asked for, then those they are compared with; none for a heading. */
  readonly amounts: readonly bigint[];
  /** The part of the first column that is in other currencies, in those. */
  readonly foreign: readonly Money[];
  /** What each column's amount is made of; lines that only add up others have none. */
  readonly sources: readonly FigureSource[];
}

/** The days of one column of a statement. */
export interface Column {
  readonly from: string;
  readonly to: string;
}

/** The kinds of statement. */
export const statementKinds = ['PROFIT_AND_LOSS', 'BALANCE_SHEET', 'CASH_FLOW'] as const;

/** A statement: its lines from top to bottom. */
export interface Statement {
  readonly kind: (typeof statementKinds)[number];
  readonly currency: string;
  readonly columns: readonly Column[];
  readonly lines: readonly StatementLine[];
  /** Whether every proof of the statement is zero. */
  readonly proven: boolean;
  /** Foreign lines without a known worth, which are counted as nothing. */
  readonly unvaluedLines: number;
}

/** One amount a statement is made of: of an account in a currency, with the sign the statement shows. */
export interface Part {
  readonly row: AccountSum;
  readonly amount: bigint;
  readonly original: bigint;
}

/** How a line gathers its amount in one column. */
export interface Gathered {
  readonly parts: readonly Part[];
  readonly source: FigureSource;
}

/** A line that sums accounts, and the lines of those accounts below it; empty when nothing was ever posted to them. */
export function gatheredLines(
  line: { readonly key: string; readonly label: string; readonly depth: number },
  columns: readonly Gathered[],
): StatementLine[] {
  const accounts = new Map<string, ReportAccount>();
  for (const { parts } of columns) for (const { row } of parts) accounts.set(row.account.id, row.account);
  const rows = [...accounts.values()].toSorted((a, b) => compareText(a.code, b.code));
  const first = columns[0]?.parts ?? [];
  const lines: StatementLine[] = [
    {
      ...line,
      kind: 'LINE',
      amounts: columns.map(({ parts }) => sumOf(parts)),
      foreign: foreignOf(first),
      sources: columns.map(({ source }) => source),
    },
    ...rows.map((account): StatementLine => ({
      key: line.key,
      label: `${account.code} ${account.name}`,
      kind: 'ACCOUNT',
      depth: line.depth + 1,
      account,
      amounts: columns.map(({ parts }) => sumOf(parts.filter(({ row }) => row.account.id === account.id))),
      foreign: foreignOf(first.filter(({ row }) => row.account.id === account.id)),
      sources: columns.map(({ source: { groups: _groups, ...days } }) => ({
        ...days,
        accountIds: [account.id],
      })),
    })),
  ];
  return lines.filter(
    ({ kind, amounts, foreign }) =>
      kind === 'LINE' || foreign.length > 0 || amounts.some((one) => one !== 0n),
  );
}

/** A title without an amount. */
export function heading(key: string, label: string): StatementLine {
  return { key, label, kind: 'HEADING', depth: 0, amounts: [], foreign: [], sources: [] };
}

/** A line that adds up others; a proof is one that must be zero. */
export function sumLine(
  line: {
    readonly key: string;
    readonly label: string;
    readonly kind?: 'TOTAL' | 'CHECK';
    readonly depth?: number;
  },
  amounts: readonly bigint[],
): StatementLine {
  return { kind: 'TOTAL', depth: 0, foreign: [], sources: [], ...line, amounts };
}

/** Amounts of columns, added. */
export function added(...lines: readonly (readonly bigint[])[]): bigint[] {
  return (lines[0] ?? []).map((_amount, column) =>
    lines.reduce((sum, amounts) => sum + (amounts[column] ?? 0n), 0n),
  );
}

/** Puts a statement together and says whether it is proven. */
export function statementOf(
  kind: Statement['kind'],
  sums: readonly BookSums[],
  lines: readonly StatementLine[],
): Statement {
  return {
    kind,
    currency: sums[0]?.currency ?? '',
    columns: sums.map(({ from, to }) => ({ from, to })),
    lines,
    proven: lines.every((line) => line.kind !== 'CHECK' || line.amounts.every((amount) => amount === 0n)),
    unvaluedLines: (sums[0]?.rows ?? []).reduce((count, row) => count + row.unvalued, 0),
  };
}

function sumOf(parts: readonly Part[]): bigint {
  return parts.reduce((sum, { amount }) => sum + amount, 0n);
}

/** What is in other currencies than the book's, one amount for each. */
function foreignOf(parts: readonly Part[]): Money[] {
  const totals = new Map<string, bigint>();
  for (const { row, original, amount } of parts) {
    if (row.currency === row.account.bookCurrency) continue;
    if (original === 0n && amount === 0n) continue;
    totals.set(row.currency, (totals.get(row.currency) ?? 0n) + original);
  }
  return [...totals]
    .filter(([, minor]) => minor !== 0n)
    .map(([currency, minor]) => ({ currency, minor }))
    .toSorted((a, b) => compareText(a.currency, b.currency));
}

/** Orders texts by their code units, the same everywhere. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
