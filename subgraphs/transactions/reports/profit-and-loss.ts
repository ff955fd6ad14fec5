import { accountGroups, type AccountGroup } from './account-groups.ts';
import { movement, type BookSums } from './account-sums.ts';
import {
  added,
  gatheredLines,
  statementOf,
  sumLine,
  type Gathered,
  type Statement,
  type StatementLine,
} from './statement.ts';

/** The statement from top to bottom: sections of groups, and the result after each. */
const sections: readonly {
  readonly groups: readonly AccountGroup[];
  readonly result: { readonly key: string; readonly label: string };
}[] = [
  { groups: ['REVENUE', 'COST_OF_SALES'], result: { key: 'GROSS_PROFIT', label: 'Gross profit' } },
  {
    groups: ['OTHER_INCOME', 'PERSONNEL', 'DEPRECIATION', 'OPERATING_EXPENSES'],
    result: { key: 'OPERATING_RESULT', label: 'Operating result' },
  },
  {
    groups: [
      'FINANCE_INCOME',
      'FINANCE_COSTS',
      'EXCHANGE_GAINS',
      'EXCHANGE_LOSSES',
      'UNREALISED_GAINS',
      'UNREALISED_LOSSES',
    ],
    result: { key: 'RESULT_BEFORE_TAX', label: 'Result before tax' },
  },
  { groups: ['INCOME_TAX'], result: { key: 'RESULT', label: 'Result' } },
];

/**
 * Income less expenses of some days, in the base currency: income positive, expenses negative, so that every result is
 * the plain sum of what stands above it. Further sums are the days they are compared with.
 */
export function profitAndLoss(sums: readonly BookSums[]): Statement {
  const lines: StatementLine[] = [];
  let result = sums.map(() => 0n);
  for (const section of sections) {
    for (const group of section.groups) {
      const found = groupLines(group, sums);
      lines.push(...found);
      result = added(result, found[0]?.amounts ?? []);
    }
    lines.push(sumLine(section.result, result));
  }
  const all = sums.map((one) => resultOf(one));
  lines.push(
    sumLine(
      { key: 'UNPLACED', label: 'Income and expenses on no line', kind: 'CHECK' },
      all.map((amount, column) => amount - (result[column] ?? 0n)),
    ),
  );
  return statementOf('PROFIT_AND_LOSS', sums, lines);
}

/** Income less expenses of some days, straight from the sums. */
export function resultOf(sums: BookSums): bigint {
  return sums.rows.reduce(
    (sum, { account, functional }) =>
      account.type === 'INCOME' || account.type === 'EXPENSE' ? sum - movement(functional) : sum,
    0n,
  );
}

function groupLines(group: AccountGroup, sums: readonly BookSums[]): StatementLine[] {
  const columns = sums.map(({ rows, from, to }): Gathered => ({
    parts: rows
      .filter((row) => row.account.group === group)
      .map((row) => ({ row, amount: -movement(row.functional), original: -movement(row.original) })),
    source: { from, to, groups: [group] },
  }));
  return gatheredLines({ key: group, label: accountGroups[group].label, depth: 0 }, columns);
}
