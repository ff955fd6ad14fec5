import { addDays, calendarDate } from '#kernel/calendar';
import { accountGroupNames, accountGroups, type AccountGroup, type CashFlowRole } from './account-groups.ts';
import { closing, movement, total, type AccountSum, type BookSums } from './account-sums.ts';
import { resultGroups } from './balance-sheet.ts';
import {
  added,
  gatheredLines,
  heading,
  statementOf,
  sumLine,
  type Gathered,
  type Statement,
  type StatementLine,
} from './statement.ts';

/** What a line adds up: how often the movement of each of its groups counts, debits positive. */
interface CashFlowLine {
  readonly key: string;
  readonly label: string;
  readonly weights: readonly (readonly [group: AccountGroup, weight: bigint])[];
}

const unrealised: readonly AccountGroup[] = ['UNREALISED_GAINS', 'UNREALISED_LOSSES'];
const withRole = (role: CashFlowRole): AccountGroup[] =>
  accountGroupNames.filter((name) => accountGroups[name].cashFlow === role);
const weigh = (groups: readonly AccountGroup[], weight: bigint) =>
  groups.map((group) => [group, weight] as const);

/**
 * The parts of the statement. Every group but cash counts once with its movement turned round, wherever it stands, so
 * that the whole is the change in cash: what depreciation adds back is taken from investments, and what unrealised
 * exchange differences take back belongs to the revaluation of cash.
 */
const sections: readonly {
  readonly key: string;
  readonly label: string;
  readonly lines: readonly CashFlowLine[];
}[] = [
  {
    key: 'OPERATING',
    label: 'Cash flow from operating activities',
    lines: [
      { key: 'RESULT', label: 'Result', weights: weigh(resultGroups, -1n) },
      { key: 'DEPRECIATION', label: 'Depreciation added back', weights: weigh(['DEPRECIATION'], 1n) },
      {
        key: 'UNREALISED_EXCHANGE',
        label: 'Unrealised exchange differences taken back',
        weights: weigh(unrealised, 1n),
      },
      ...withRole('WORKING_CAPITAL').map((group) => ({
        key: `CHANGE_IN_${group}`,
        label: `Change in ${accountGroups[group].label.toLowerCase()}`,
        weights: weigh([group], -1n),
      })),
    ],
  },
  {
    key: 'INVESTING',
    label: 'Cash flow from investing activities',
    lines: [
      {
        key: 'FIXED_ASSETS',
        label: 'Fixed assets bought and sold',
        weights: [...weigh(withRole('INVESTING'), -1n), ...weigh(['DEPRECIATION'], -1n)],
      },
    ],
  },
  {
    key: 'FINANCING',
    label: 'Cash flow from financing activities',
    lines: withRole('FINANCING').map((group) => ({
      key: group,
      label: accountGroups[group].label,
      weights: weigh([group], -1n),
    })),
  },
  {
    key: 'OTHER',
    label: 'Other changes in cash',
    lines: [
      {
        key: 'OPENING_BALANCES',
        label: 'Balances brought forward',
        weights: weigh(withRole('OPENING'), -1n),
      },
      {
        key: 'EXCHANGE',
        label: 'Effect of exchange rates on cash',
        weights: [...weigh(withRole('EXCHANGE'), -1n), ...weigh(unrealised, -1n)],
      },
    ],
  },
];

/**
 * Where the cash of some days came from and went to, by the indirect method: from the result to the change in the cash
 * accounts. The residual between the two is shown and must be zero; with a filter by dimension the counterparts outside
 * of it are a line of their own.
 */
export function cashFlow(sums: readonly BookSums[], options: { readonly filtered: boolean }): Statement {
  const lines: StatementLine[] = [];
  let change = sums.map(() => 0n);
  for (const { key, label, lines: described } of sections) {
    const found = described.flatMap((line) => cashFlowLines(line, sums));
    const sum = added(
      sums.map(() => 0n),
      ...found.filter(({ kind }) => kind === 'LINE').map(({ amounts }) => amounts),
    );
    lines.push(heading(key, label), ...found, sumLine({ key: `TOTAL_${key}`, label }, sum));
    change = added(change, sum);
  }
  if (options.filtered) {
    const outside = sums.map(({ rows }) => total(rows, ({ functional }) => movement(functional)));
    lines.push(sumLine({ key: 'OUTSIDE', label: 'Counterparts outside the filter' }, outside));
    change = added(change, outside);
  }
  const days = sums.map(({ from, to }) => ({ from, to }));
  const opening = cash(sums, ({ functional }) => functional.opening);
  const end = cash(sums, ({ functional }) => closing(functional));
  const residual = end.map((amount, column) => amount - (opening[column] ?? 0n) - (change[column] ?? 0n));
  lines.push(
    sumLine({ key: 'CHANGE_IN_CASH', label: 'Change in cash' }, change),
    balanceLine(
      { key: 'CASH_OPENING', label: 'Cash on the day before' },
      opening,
      days.map(({ from }) => dayBefore(from)),
    ),
    balanceLine(
      { key: 'CASH_CLOSING', label: 'Cash on the last day' },
      end,
      days.map(({ to }) => to),
    ),
    sumLine(
      { key: 'RESIDUAL', label: 'Change in the cash accounts that is not explained', kind: 'CHECK' },
      residual,
    ),
  );
  return statementOf('CASH_FLOW', sums, lines);
}

function cashFlowLines({ key, label, weights }: CashFlowLine, sums: readonly BookSums[]): StatementLine[] {
  const weightOf = new Map(weights);
  const columns = sums.map(({ rows, from, to }): Gathered => ({
    parts: rows.flatMap((row) => {
      const weight = weightOf.get(row.account.group);
      if (weight === undefined) return [];
      return [{ row, amount: weight * movement(row.functional), original: weight * movement(row.original) }];
    }),
    source: { from, to, groups: weights.map(([group]) => group) },
  }));
  const found = gatheredLines({ key, label, depth: 1 }, columns);
  // The accounts of the result stand in the profit and loss statement; here they would hide all else.
  return key === 'RESULT' ? found.slice(0, 1) : found;
}

function cash(sums: readonly BookSums[], amountOf: (row: AccountSum) => bigint): bigint[] {
  return sums.map(({ rows }) =>
    total(
      rows.filter(({ account }) => account.group === 'CASH'),
      amountOf,
    ),
  );
}

function balanceLine(
  line: { readonly key: string; readonly label: string },
  amounts: readonly bigint[],
  days: readonly string[],
): StatementLine {
  return { ...sumLine(line, amounts), sources: days.map((to) => ({ to, groups: ['CASH'] })) };
}

function dayBefore(day: string): string {
  return addDays(calendarDate(day), -1);
}
