import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { createDimensionValue } from '../dimensions/create-dimension-value.ts';
import { postJournalEntry } from '../ledger/post-journal-entry.ts';
import { setExchangeRate } from '../rates/set-exchange-rate.ts';
import { transactions } from '../subgraph.ts';
import { assignAccountGroup } from './assign-account-group.ts';

let bench: Workbench;
let bookId: string;

interface Line {
  readonly code: string;
  readonly amount: string;
  readonly currency?: string;
  readonly dimensions?: { dimension: string; value: string }[];
}

/** Posts an entry from signed amounts: debits positive. */
async function post(postedOn: string, description: string, lines: readonly Line[]): Promise<string> {
  const outcome = await bench.door('transactions').run(postJournalEntry, {
    bookId,
    postedOn,
    description,
    lines: lines.map(({ code, amount, currency = 'EUR', dimensions }) => ({
      accountCode: code,
      side: amount.startsWith('-') ? 'CREDIT' : 'DEBIT',
      amount: amount.replace('-', ''),
      currency,
      dimensions,
    })),
  });
  expect(outcome.errors).toEqual([]);
  return outcome.result?.journalEntryId ?? '';
}

const query = <Data>(text: string, variables: Record<string, unknown> = {}) =>
  bench.query<Data>('transactions', text, { variables: { b: bookId, ...variables } });

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
  const rate = {
    bookId,
    from: 'USD',
    to: 'EUR',
    rate: '0.5',
    on: '2025-01-01',
    until: '2026-12-31',
    reason: 'Test',
  };
  await bench.door('transactions').run(setExchangeRate, rate);
  await post('2025-11-03', 'Capital', [
    { code: '1000', amount: '1000.00' },
    { code: '3000', amount: '-1000.00' },
  ]);
  await post('2025-12-01', 'Sale last year', [
    { code: '1200', amount: '300.00' },
    { code: '4400', amount: '-300.00' },
  ]);
  await post('2026-02-01', 'Sale in dollars', [
    { code: '1200', amount: '800.00', currency: 'USD' },
    { code: '4400', amount: '-800.00', currency: 'USD' },
  ]);
  await post('2026-02-10', 'Paid', [
    { code: '1000', amount: '300.00' },
    { code: '1200', amount: '-300.00' },
  ]);
  await post('2026-02-10', 'Rent', [
    { code: '6310', amount: '120.00' },
    { code: '1000', amount: '-120.00' },
  ]);
});
afterAll(() => bench.close());

interface Shown {
  lines: {
    key: string;
    kind: string;
    amount: { amount: string } | null;
    compared: { amount: string } | null;
    foreign: { amount: string; currency: string }[];
    account: { code: string } | null;
    drillDown: string | null;
  }[];
  proven: boolean;
  columns: { from: string; to: string }[];
}

const statement = `proven columns { from to } lines { key kind amount { amount } compared { amount }
  foreign { amount currency } account { code } drillDown }`;

const totals = ({ lines }: Shown): Record<string, string | undefined> =>
  Object.fromEntries(
    lines.filter(({ kind }) => kind !== 'ACCOUNT').map(({ key, amount }) => [key, amount?.amount]),
  );

test('the profit and loss statement of a year in the base currency, beside the year before', async () => {
  const { profitAndLoss } = await query<{ profitAndLoss: Shown }>(
    `query ($b: ID!) { profitAndLoss(bookId: $b, to: "2026-12-31", compareTo: "2025-12-31") { ${statement} } }`,
  );
  expect(profitAndLoss.columns).toEqual([
    { from: '2026-01-01', to: '2026-12-31' },
    { from: '2025-01-01', to: '2025-12-31' },
  ]);
  const revenue = profitAndLoss.lines.find(({ key }) => key === 'REVENUE');
  expect(revenue).toMatchObject({
    amount: { amount: '400.00' },
    compared: { amount: '300.00' },
    foreign: [{ amount: '800.00', currency: 'USD' }],
  });
  expect(totals(profitAndLoss)).toMatchObject({ RESULT: '280.00' });
});

test('the balance sheet of a day is proven and carries the result of the year before', async () => {
  const { balanceSheet } = await query<{ balanceSheet: Shown }>(
    `query ($b: ID!) { balanceSheet(bookId: $b, on: "2026-02-28", compareOn: "2025-12-31") { ${statement} } }`,
  );
  expect(balanceSheet.proven).toBe(true);
  expect(totals(balanceSheet)).toMatchObject({
    CASH: '1180.00',
    RECEIVABLES: '400.00',
    EARLIER_RESULTS: '300.00',
    CURRENT_RESULT: '280.00',
    TOTAL_ASSETS: '1580.00',
    TOTAL_LIABILITIES_AND_EQUITY: '1580.00',
    DIFFERENCE: '0.00',
  });
  const earlier = balanceSheet.lines.find(({ key }) => key === 'EARLIER_RESULTS');
  expect(earlier?.compared?.amount).toBe('0.00');
});

test('the cash-flow statement explains the change in cash to the last cent', async () => {
  const { cashFlowStatement } = await query<{ cashFlowStatement: Shown }>(
    `query ($b: ID!) { cashFlowStatement(bookId: $b, from: "2026-02-01", to: "2026-02-28") { ${statement} } }`,
  );
  expect(cashFlowStatement.proven).toBe(true);
  expect(totals(cashFlowStatement)).toMatchObject({
    RESULT: '280.00',
    CHANGE_IN_RECEIVABLES: '-100.00',
    CHANGE_IN_CASH: '180.00',
    CASH_OPENING: '1000.00',
    CASH_CLOSING: '1180.00',
    RESIDUAL: '0.00',
  });
});

interface LedgerPage {
  edges: {
    node: {
      amount: { amount: string; currency: string };
      balance: { amount: string };
      functionalBalance: { amount: string };
      entry: { description: string; document: null };
      line: { money: { amount: string } };
    };
  }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
  totalCount: number;
}
const page = `edges { node { amount { amount currency } balance { amount } functionalBalance { amount }
  entry { description document { id } } line { money { amount } } } } pageInfo { hasNextPage endCursor } totalCount`;

test('every figure leads to the journal lines it adds up', async () => {
  const { balanceSheet } = await query<{ balanceSheet: Shown }>(
    `query ($b: ID!) { balanceSheet(bookId: $b, on: "2026-02-28") { ${statement} } }`,
  );
  for (const { amount, drillDown } of balanceSheet.lines.filter((one) => one.drillDown)) {
    const { figureLines } = await query<{ figureLines: LedgerPage }>(
      `query ($d: String!) { figureLines(drillDown: $d, first: 100) { ${page} } }`,
      { d: drillDown },
    );
    const sum = figureLines.edges.at(-1)?.node.functionalBalance.amount ?? '0.00';
    expect([amount?.amount, `-${amount?.amount}`]).toContain(sum);
  }
});

test('the general ledger shows an account with running balances, page by page', async () => {
  const { accounts } = await query<{ accounts: { id: string; code: string; group: string }[] }>(
    'query ($b: ID!) { accounts(bookId: $b) { id code group } }',
  );
  const receivables = accounts.find(({ code }) => code === '1200');
  expect(receivables?.group).toBe('RECEIVABLES');
  const pages: LedgerPage[] = [];
  for (let after: string | null = null; ;) {
    const answer: {
      generalLedger: { opening: object; closing: object; closingOriginal: object[]; lines: LedgerPage };
    } = await query(
      `query ($b: ID!, $a: ID!, $after: String) { generalLedger(bookId: $b, accountId: $a, to: "2026-12-31") {
           opening { amount } closing { amount } closingOriginal { amount currency }
           lines(first: 1, after: $after) { ${page} } } }`,
      { a: receivables?.id, after },
    );
    expect(answer.generalLedger).toMatchObject({
      opening: { amount: '300.00' },
      closing: { amount: '400.00' },
      closingOriginal: [
        { amount: '0.00', currency: 'EUR' },
        { amount: '800.00', currency: 'USD' },
      ],
    });
    pages.push(answer.generalLedger.lines);
    if (!answer.generalLedger.lines.pageInfo.hasNextPage) break;
    after = answer.generalLedger.lines.pageInfo.endCursor;
  }
  expect(pages.map(({ edges: [edge], totalCount }) => ({ ...edge?.node, totalCount }))).toMatchObject([
    {
      amount: { amount: '800.00', currency: 'USD' },
      balance: { amount: '800.00' },
      functionalBalance: { amount: '700.00' },
      entry: { description: 'Sale in dollars' },
      totalCount: 2,
    },
    {
      amount: { amount: '-300.00', currency: 'EUR' },
      balance: { amount: '0.00' },
      functionalBalance: { amount: '400.00' },
      line: { money: { amount: '300.00' } },
    },
  ]);
});

test('the trial balance between two days has opening balances, movements and closing balances', async () => {
  const answer = await query<{
    periodTrialBalance: { balanced: boolean; rows: unknown[]; totals: unknown[] };
  }>(
    `query ($b: ID!) { periodTrialBalance(bookId: $b, from: "2026-02-01", to: "2026-02-28", compareTo: "2025-12-31") {
       balanced totals { opening { currency } debit { amount } credit { amount } }
       rows { account { code } original { opening { amount currency } debit { amount } credit { amount } closing { amount } }
              functional { closing { amount } } compared { closing { amount } } } } }`,
  );
  expect(answer.periodTrialBalance.balanced).toBe(true);
  expect(answer.periodTrialBalance.totals).toEqual([
    { opening: { currency: 'EUR' }, debit: { amount: '420.00' }, credit: { amount: '420.00' } },
    { opening: { currency: 'USD' }, debit: { amount: '800.00' }, credit: { amount: '800.00' } },
  ]);
  expect(answer.periodTrialBalance.rows).toContainEqual({
    account: { code: '1200' },
    original: {
      opening: { amount: '0.00', currency: 'USD' },
      debit: { amount: '800.00' },
      credit: { amount: '0.00' },
      closing: { amount: '800.00' },
    },
    functional: { closing: { amount: '400.00' } },
    compared: { closing: { amount: '0.00' } },
  });
});

test('an account moves to another line of its type, in every statement, and back', async () => {
  const { accounts } = await query<{ accounts: { id: string; code: string }[] }>(
    'query ($b: ID!) { accounts(bookId: $b) { id code } }',
  );
  const accountId = accounts.find(({ code }) => code === '6310')?.id;
  const wrong = await bench.door('transactions').run(assignAccountGroup, { accountId, group: 'CASH' });
  expect(wrong.errors).toMatchObject([{ code: 'FIELD_INVALID', path: ['group'] }]);
  const costOfSales = async () => {
    const { profitAndLoss } = await query<{ profitAndLoss: Shown }>(
      `query ($b: ID!) { profitAndLoss(bookId: $b, to: "2026-12-31") { ${statement} } }`,
    );
    return totals(profitAndLoss)['COST_OF_SALES'];
  };
  await bench.door('transactions').run(assignAccountGroup, { accountId, group: 'COST_OF_SALES' });
  expect(await costOfSales()).toBe('-120.00');
  await bench.door('transactions').run(assignAccountGroup, { accountId });
  expect(await costOfSales()).toBe('0.00');
});

test('only lines of a dimension count, and what stands against them is a line of its own', async () => {
  const made = await bench
    .door('transactions')

    .run(createDimensionValue, { bookId, dimension: 'costCentre', code: 'CC1', name: 'Shop' });
  expect(made.errors).toEqual([]);
  await post('2026-06-01', 'Rent of the shop', [
    { code: '6310', amount: '70.00', dimensions: [{ dimension: 'costCentre', value: 'CC1' }] },
    { code: '1000', amount: '-70.00' },
  ]);
  const days =
    'from: "2026-06-01", to: "2026-06-30", dimensions: [{ dimension: "costCentre", value: "CC1" }]';
  const answer = await query<{ profitAndLoss: Shown; cashFlowStatement: Shown }>(
    `query ($b: ID!) { profitAndLoss(bookId: $b, ${days}) { ${statement} }
       cashFlowStatement(bookId: $b, ${days}) { ${statement} } }`,
  );
  expect(totals(answer.profitAndLoss)).toMatchObject({ OPERATING_EXPENSES: '-70.00', RESULT: '-70.00' });
  expect(totals(answer.cashFlowStatement)).toMatchObject({
    OUTSIDE: '70.00',
    CHANGE_IN_CASH: '0.00',
    RESIDUAL: '0.00',
  });
});

test.each([
  ['profitAndLoss(bookId: $b, from: "2026-03-01", to: "2026-02-01") { proven }', 'FIELD_INVALID'],
  ['profitAndLoss(bookId: $b, to: "2026-02-01", compareFrom: "2026-01-01") { proven }', 'FIELD_MISSING'],
  ['balanceSheet(bookId: "bk_nowhere") { proven }', 'NOT_FOUND'],
  ['figureLines(drillDown: "bm8") { totalCount }', 'CURSOR_INVALID'],
  ['generalLedger(bookId: $b, accountId: "acc_no") { opening { amount } }', 'ACCOUNT_UNKNOWN'],
])('%s is refused with %s', async (field, code) => {
  const text = field.includes('$b') ? `query ($b: ID!) { ${field} }` : `{ ${field} }`;
  const answer = await bench.running('transactions').execute({
    query: text,
    variables: { b: bookId },
    actor: bench.actor(),
  });
  expect(answer.errors?.map((error) => error.extensions['code'])).toEqual([code]);
});
