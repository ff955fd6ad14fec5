import { addDays, calendarDate } from '#kernel/calendar';
import { accountGroupNames, accountGroups, type AccountGroup } from './account-groups.ts';
import { closing, isResult, movement, total, type AccountSum, type BookSums } from './account-sums.ts';
import {
  added,
  gatheredLines,
  heading,
  statementOf,
  sumLine,
  type FigureSource,
  type Gathered,
  type Statement,
  type StatementLine,
} from './statement.ts';

const groupsOf = (type: string): AccountGroup[] =>
  accountGroupNames.filter((name) => accountGroups[name].type === type);

/** The lines whose accounts make up the result. */
export const resultGroups: readonly AccountGroup[] = [...groupsOf('INCOME'), ...groupsOf('EXPENSE')];

/**
 * What the book has, owes and is worth on the last day of the sums, whose first day must be that of the fiscal year: the
 * results of the years before are added to retained earnings, the result of the year stands beside them, and no closing
 * entry is needed. With a filter by dimension the counterparts outside of it are a line of their own.
 */
export function balanceSheet(sums: readonly BookSums[], options: { readonly filtered: boolean }): Statement {
  const assets = section({ key: 'ASSETS', label: 'Assets', type: 'ASSET', sign: 1n }, sums);
  const liabilities = section(
    { key: 'LIABILITIES', label: 'Liabilities', type: 'LIABILITY', sign: -1n },
    sums,
  );
  const equity = equitySection(sums);
  // What the filter lets through of an entry need not balance; the rest of it stands on the other side.
  const outside = sums.map(({ rows }) => total(rows, ({ functional }) => closing(functional)));
  const claims = added(liabilities.total, equity.total, options.filtered ? outside : []);
  return statementOf('BALANCE_SHEET', sums, [
    ...assets.lines,
    ...liabilities.lines,
    ...equity.lines,
    ...(options.filtered
      ? [sumLine({ key: 'OUTSIDE', label: 'Counterparts outside the filter' }, outside)]
      : []),
    sumLine({ key: 'TOTAL_LIABILITIES_AND_EQUITY', label: 'Total liabilities and equity' }, claims),
    sumLine(
      { key: 'DIFFERENCE', label: 'Assets less liabilities and equity', kind: 'CHECK' },
      assets.total.map((amount, column) => amount - (claims[column] ?? 0n)),
    ),
  ]);
}

interface Section {
  readonly lines: readonly StatementLine[];
  readonly total: readonly bigint[];
}

interface Described {
  readonly key: string;
  readonly label: string;
  readonly type: string;
  readonly sign: bigint;
}

function section({ key, label, type, sign }: Described, sums: readonly BookSums[]): Section {
  const lines = groupsOf(type).flatMap((group) => groupLines(group, sign, sums));
  const sum = totalOf(lines, sums);
  return {
    lines: [
      heading(key, label),
      ...lines,
      sumLine({ key: `TOTAL_${key}`, label: `Total ${label.toLowerCase()}` }, sum),
    ],
    total: sum,
  };
}

function equitySection(sums: readonly BookSums[]): Section {
  const lines = [
    ...groupsOf('EQUITY').flatMap((group) => groupLines(group, -1n, sums)),
    computed({ key: 'EARLIER_RESULTS', label: 'Results of earlier years' }, sums, {
      amountOf: ({ functional }) => -functional.opening,
      source: ({ from }) => ({ to: addDays(calendarDate(from), -1), groups: resultGroups }),
    }),
    computed({ key: 'CURRENT_RESULT', label: 'Result of the year' }, sums, {
      amountOf: ({ functional }) => -movement(functional),
      source: ({ from, to }) => ({ from, to, groups: resultGroups }),
    }),
  ];
  const sum = totalOf(lines, sums);
  return {
    lines: [
      heading('EQUITY', 'Equity'),
      ...lines,
      sumLine({ key: 'TOTAL_EQUITY', label: 'Total equity' }, sum),
    ],
    total: sum,
  };
}

function groupLines(group: AccountGroup, sign: bigint, sums: readonly BookSums[]): StatementLine[] {
  const columns = sums.map(({ rows, to }): Gathered => ({
    parts: rows
      .filter((row) => row.account.group === group)
      .map((row) => ({
        row,
        amount: sign * closing(row.functional),
        original: sign * closing(row.original),
      })),
    source: { to, groups: [group] },
  }));
  return gatheredLines({ key: group, label: accountGroups[group].label, depth: 1 }, columns);
}

/** A line that is no account's balance but follows from income and expenses. */
function computed(
  line: { readonly key: string; readonly label: string },
  sums: readonly BookSums[],
  how: {
    readonly amountOf: (row: AccountSum) => bigint;
    readonly source: (sums: BookSums) => FigureSource;
  },
): StatementLine {
  return {
    ...line,
    kind: 'LINE',
    depth: 1,
    amounts: sums.map(({ rows }) =>
      total(
        rows.filter(({ account }) => isResult(account)),
        how.amountOf,
      ),
    ),
    foreign: [],
    sources: sums.map(how.source),
  };
}

function totalOf(lines: readonly StatementLine[], sums: readonly BookSums[]): bigint[] {
  return added(
    sums.map(() => 0n),
    ...lines.filter(({ kind }) => kind === 'LINE').map(({ amounts }) => amounts),
  );
}
