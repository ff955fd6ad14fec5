import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { createDimensionValue } from '../dimensions/create-dimension-value.ts';
import { postJournalEntry } from '../ledger/post-journal-entry.ts';
import { transactions } from '../subgraph.ts';
import { createBudget } from './create-budget.ts';
import { setBudgetAmounts } from './set-budget-amounts.ts';

let bench: Workbench;
let bookId: string;
const door = () => bench.door('transactions');
beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
  await door().run(createDimensionValue, { bookId, dimension: 'project', code: 'P7', name: 'Website' });
});
afterAll(() => bench.close());

const project = [{ dimension: 'project', value: 'P7' }];

async function spend(amount: string, postedOn: string, dimensions?: object[]): Promise<void> {
  const line = { amount, currency: 'EUR' };
  const posted = await door().run(postJournalEntry, {
    bookId,
    postedOn,
    description: 'Costs',
    lines: [
      { ...line, accountCode: '6800', side: 'DEBIT', dimensions },
      { ...line, accountCode: '1000', side: 'CREDIT' },
    ],
  });
  expect(posted.errors).toEqual([]);
}

const budgetOf = (outcome: { result?: unknown }) => (outcome.result as { budgetId: string }).budgetId;

test('months are held against the months before and the budget, and a filter takes a project out of all three', async () => {
  await spend('100.00', '2026-02-10');
  await spend('150.00', '2026-03-10');
  await spend('30.00', '2026-03-31', project);
  await spend('999.00', '2026-04-01');
  const budgetId = budgetOf(await door().run(createBudget, { bookId, name: 'Plan 2026' }));
  const set = await door().run(setBudgetAmounts, {
    budgetId,
    amounts: [
      { accountCode: '6800', month: '2026-03-01', amount: '120.00' },
      { accountCode: '6800', month: '2026-03-17', amount: '40.00', dimensions: project },
      { accountCode: '6800', month: '2026-04-01', amount: '7.00' },
      { accountCode: '7777', month: '2026-03-01', amount: '1.00' },
      { accountCode: '6800', month: '2026-03-01', amount: '1.005' },
      {
        accountCode: '6800',
        month: '2026-03-01',
        amount: '1.00',
        dimensions: [{ dimension: 'project', value: 'P99' }],
      },
    ],
  });
  expect(set.result).toEqual({ budgetId, amounts: 3 });
  expect(set.errors.map(({ code, path }) => [code, path.slice(0, 2).join('.')])).toEqual([
    ['ACCOUNT_UNKNOWN', 'amounts.3'],
    ['AMOUNT_TOO_PRECISE', 'amounts.4'],
    ['DIMENSION_VALUE_UNKNOWN', 'amounts.5'],
  ]);
  const figures =
    'figures { actual { amount } previous { amount } budget { amount } againstBudget { ratio favourable } }';
  const answer = await bench.query<Record<string, unknown>>(
    'transactions',
    `{ all: variance(bookId: "${bookId}", from: "2026-03-05") { rows { account { code } ${figures} } totals { key ${figures} }
         budget { id version } days { from to } previous { from to } }
       project: variance(bookId: "${bookId}", from: "2026-03-05", dimensions: [{ dimension: "project", value: "P7" }]) {
         rows { ${figures} } } }`,
  );
  const all = {
    actual: { amount: '180.00' },
    previous: { amount: '100.00' },
    budget: { amount: '160.00' },
    againstBudget: { ratio: '0.1250', favourable: false },
  };
  expect(answer['all']).toMatchObject({
    rows: [{ account: { code: '6800' }, figures: all }],
    totals: [
      { key: 'INCOME' },
      { key: 'EXPENSES', figures: all },
      { key: 'RESULT', figures: { actual: { amount: '-180.00' } } },
    ],
    budget: { id: budgetId, version: 1 },
    days: { from: '2026-03-01', to: '2026-03-31' },
    previous: { from: '2026-02-01', to: '2026-02-28' },
  });
  expect(answer['project']).toMatchObject({
    rows: [
      { figures: { actual: { amount: '30.00' }, previous: { amount: '0.00' }, budget: { amount: '40.00' } } },
    ],
  });
});

test('a new version begins with the amounts of the old one, which then stays as it is', async () => {
  const first = budgetOf(await door().run(createBudget, { bookId, name: 'Rolling' }));
  const amount = (value: string) => [{ accountCode: '6800', month: '2026-05-01', amount: value }];
  await door().run(setBudgetAmounts, { budgetId: first, amounts: amount('10.00') });
  const second = budgetOf(await door().run(createBudget, { bookId, name: 'Rolling', copyOf: first }));
  await door().run(setBudgetAmounts, { budgetId: second, amounts: amount('20.00') });
  const late = await door().run(setBudgetAmounts, { budgetId: first, amounts: amount('30.00') });
  expect(late.errors.map(({ code }) => code)).toEqual(['STATE_CONFLICT']);
  const answer = await bench.query<Record<string, unknown>>(
    'transactions',
    `{ budgets(bookId: "${bookId}", allVersions: true) { name version amounts { edges { node { amount { amount } } } } }
       newest: budgets(bookId: "${bookId}") { name version } }`,
  );
  const planned = (value: string) => ({ edges: [{ node: { amount: { amount: value } } }] });
  expect((answer['budgets'] as object[]).slice(-2)).toEqual([
    { name: 'Rolling', version: 2, amounts: planned('20.00') },
    { name: 'Rolling', version: 1, amounts: planned('10.00') },
  ]);
  expect(answer['newest']).toEqual([
    { name: 'Plan 2026', version: 1 },
    { name: 'Rolling', version: 2 },
  ]);
});
