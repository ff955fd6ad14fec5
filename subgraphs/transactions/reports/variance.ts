import type { ReportAccount } from './account-sums.ts';

/** What an account did and what it was held against, in minor units; positive on the side on which it grows. */
export interface VarianceInput {
  readonly account: ReportAccount;
  readonly actual: bigint;
  readonly previous: bigint;
  readonly budget: bigint;
}

/** A figure beside another. */
export interface Difference {
  readonly amount: bigint;
  /** Of the other figure, in hundredths of a percent, rounded half up; undefined when that is zero. */
  readonly basisPoints?: bigint;
  /** Whether the result is better for it; undefined where nothing differs or neither is better. */
  readonly favourable?: boolean;
}

/** One line of a variance report. */
export interface VarianceRow extends VarianceInput {
  readonly againstPrevious: Difference;
  readonly againstBudget: Difference;
}

/** Totals of a variance report: income, expenses, and what the first leave of the second. */
export interface VarianceTotal {
  readonly key: 'INCOME' | 'EXPENSES' | 'RESULT';
  readonly actual: bigint;
  readonly previous: bigint;
  readonly budget: bigint;
  readonly againstPrevious: Difference;
  readonly againstBudget: Difference;
}

type Better = 'MORE' | 'LESS' | 'NEITHER';

/** Holds what accounts did against an earlier time and a budget; accounts with nothing at all are left out. */
export function variance(inputs: readonly VarianceInput[]): {
  readonly rows: readonly VarianceRow[];
  readonly totals: readonly VarianceTotal[];
} {
  const rows = inputs
    .filter(({ actual, previous, budget }) => actual !== 0n || previous !== 0n || budget !== 0n)
    .toSorted((a, b) => (a.account.code < b.account.code ? -1 : 1))
    .map((input): VarianceRow => ({ ...input, ...differences(input, betterFor(input.account.type)) }));
  const sum = (type: string): Figures => ({
    actual: add(rows, type, (row) => row.actual),
    previous: add(rows, type, (row) => row.previous),
    budget: add(rows, type, (row) => row.budget),
  });
  const [income, expenses] = [sum('INCOME'), sum('EXPENSE')];
  const result: Figures = {
    actual: income.actual - expenses.actual,
    previous: income.previous - expenses.previous,
    budget: income.budget - expenses.budget,
  };
  return {
    rows,
    totals: [
      { key: 'INCOME', ...income, ...differences(income, 'MORE') },
      { key: 'EXPENSES', ...expenses, ...differences(expenses, 'LESS') },
      { key: 'RESULT', ...result, ...differences(result, 'MORE') },
    ],
  };
}

interface Figures {
  readonly actual: bigint;
  readonly previous: bigint;
  readonly budget: bigint;
}

function add(rows: readonly VarianceRow[], type: string, of: (row: VarianceRow) => bigint): bigint {
  return rows.filter((row) => row.account.type === type).reduce((sum, row) => sum + of(row), 0n);
}

function betterFor(type: string): Better {
  if (type === 'INCOME') return 'MORE';
  return type === 'EXPENSE' ? 'LESS' : 'NEITHER';
}

function differences(figures: Figures, better: Better) {
  return {
    againstPrevious: difference(figures.actual, figures.previous, better),
    againstBudget: difference(figures.actual, figures.budget, better),
  };
}

/** How one figure differs from another. */
export function difference(actual: bigint, other: bigint, better: Better): Difference {
  const amount = actual - other;
  const size = other < 0n ? -other : other;
  return {
    amount,
    ...(size === 0n ? {} : { basisPoints: divideHalfUp(amount * 10_000n, size) }),
    ...(amount === 0n || better === 'NEITHER' ? {} : { favourable: amount > 0n === (better === 'MORE') }),
  };
}

/** Halves are rounded away from zero. */
function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const size = dividend < 0n ? -dividend : dividend;
  const rounded = (2n * size + divisor) / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}
