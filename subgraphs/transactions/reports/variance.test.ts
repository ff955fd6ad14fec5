import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import type { ReportAccount } from './account-sums.ts';
import { compared } from './variance-report.ts';
import { difference, variance } from './variance.ts';

test.each([
  [110n, 100n, 'MORE', 10n, 1000n, true],
  [110n, 100n, 'LESS', 10n, 1000n, false],
  [90n, 100n, 'LESS', -10n, -1000n, true],
  [100n, 100n, 'MORE', 0n, 0n, undefined],
  [5n, 0n, 'MORE', 5n, undefined, true],
  [-50n, -100n, 'MORE', 50n, 5000n, true],
  [1n, 3n, 'NEITHER', -2n, -6667n, undefined],
] as const)(
  '%s beside %s, where %s is better, is %s',
  (actual, other, better, amount, basisPoints, favourable) => {
    expect(difference(actual, other, better)).toEqual({
      amount,
      ...(basisPoints === undefined ? {} : { basisPoints }),
      ...(favourable === undefined ? {} : { favourable }),
    });
  },
);

test('the result is income less expenses, in what was, in the time before and in the plan', () => {
  const account = fc
    .record({
      code: fc.integer({ min: 1000, max: 9999 }),
      type: fc.constantFrom('INCOME', 'EXPENSE', 'ASSET'),
    })
    .map(
      ({ code, type }) =>
        ({ id: String(code), code: String(code), name: 'x', type }) as unknown as ReportAccount,
    );
  const amount = fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n });
  const input = fc.record({ account, actual: amount, previous: amount, budget: amount });
  fc.assert(
    fc.property(fc.array(input, { maxLength: 20 }), (inputs) => {
      const { rows, totals } = variance(inputs);
      const sum = (key: 'actual' | 'previous' | 'budget') =>
        inputs.reduce((total, one) => {
          if (one.account.type === 'ASSET') return total;
          return one.account.type === 'INCOME' ? total + one[key] : total - one[key];
        }, 0n);
      const result = totals.find((total) => total.key === 'RESULT');
      expect([result?.actual, result?.previous, result?.budget]).toEqual([
        sum('actual'),
        sum('previous'),
        sum('budget'),
      ]);
      expect(result?.againstBudget.amount).toBe(sum('actual') - sum('budget'));
      for (const row of rows) expect(row.previous + row.againstPrevious.amount).toBe(row.actual);
    }),
  );
});

test.each([
  ['2026-03-01', '2026-03-31', 'PREVIOUS_PERIOD', '2026-02-01', '2026-02-28'],
  ['2026-01-01', '2026-03-31', 'PREVIOUS_PERIOD', '2025-10-01', '2025-12-31'],
  ['2024-02-01', '2024-02-29', 'PREVIOUS_YEAR', '2023-02-01', '2023-02-28'],
] as const)('%s to %s is held, by %s, against %s to %s', (from, to, comparison, first, last) => {
  expect(compared({ from: calendarDate(from), to: calendarDate(to) }, comparison)).toEqual({
    from: first,
    to: last,
  });
});
