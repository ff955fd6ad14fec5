import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutate, openCompany, type Company } from '../support/company.ts';
import { stripeCsv } from '../support/payouts.ts';
import {
  approve,
  importStatement,
  linesNow,
  trialBalance,
  untilPosted,
  untilWaiting,
} from '../support/steps.ts';
import { openWholeGraph, type WholeGraph } from '../support/whole-graph.ts';

/** Customers pay by card, the provider pays out what they paid less refunds and fees, and the books know which is which. */
let graph: WholeGraph;
let company: Company;
beforeAll(async () => {
  graph = await openWholeGraph();
  company = await openCompany(graph);
}, 120_000);
afterAll(() => graph?.close());

async function sell(number: string, total: string): Promise<void> {
  const { document } = await mutate<{ document: { id: string } }>(company.submitter, 'submitDocument', {
    input: {
      bookId: company.bookId,
      document: {
        kind: 'SALES_INVOICE',
        number,
        issuedOn: '2026-10-01',
        counterpartyName: `Customer of ${number}`,
        currency: 'EUR',
        total,
        lines: [{ net: total, description: 'Tents' }],
      },
    },
    fields: 'document { id }',
  });
  await approve(company, await untilWaiting(company, document.id));
  await untilPosted(company, document.id);
}

async function report(text: string): Promise<void> {
  const fileId = await company.submitter.upload('payout.csv', Buffer.from(text));
  await mutate(company.submitter, 'importPayoutReport', { input: { bookId: company.bookId, fileId } });
  await graph.bench.settle();
}

/** The lines of the entry by which the first bank line of so much was posted. */
async function postedFor(amount: string): Promise<string[]> {
  const answer = await company.owner.run<{
    matches: {
      edges: {
        node: {
          lines: { amount: { amount: string } }[];
          journalEntry: {
            lines: { side: string; account: { code: string }; money: { amount: string } }[];
          } | null;
        };
      }[];
    };
  }>(
    `query ($b: ID!) { matches(bookId: $b, status: ACCEPTED) { edges { node { lines { amount { amount } }
       journalEntry { lines { side account { code } money { amount } } } } } } }`,
    { b: company.bookId },
  );
  const match = answer.matches.edges.find(({ node }) => node.lines[0]?.amount.amount === amount)?.node;
  return (match?.journalEntry?.lines ?? []).map(
    (line) => `${line.side} ${line.account.code} ${line.money.amount}`,
  );
}

test('invoices paid by card are settled by one bank line, and the fee is booked where it belongs', async () => {
  await sell('INV-2026-0042', '119.00');
  await sell('INV-2026-0043', '59.50');
  await graph.bench.settle();
  await mutate(company.owner, 'setProcessorAccounts', {
    input: { bookId: company.bookId, provider: 'STRIPE', accounts: [{ kind: 'FEE', accountCode: '6850' }] },
  });
  // 117.01 + 58.36 - 10.00 - 2.47.
  const charged: [string, string, string, string][] = [
    ['charge', '119.00', '1.99', 'INV-2026-0042'],
    ['charge', '59.50', '1.14', 'INV-2026-0043'],
    ['refund', '-10.00', '0.00', ''],
    ['fee', '-2.47', '0.00', ''],
  ];
  await report(stripeCsv('po_1A', charged).replaceAll('2026-03-0', '2026-10-0'));
  const payout = { cents: 16_290, on: '2026-10-06', name: 'STRIPE', text: 'STRIPE PAYOUT' };
  await importStatement(company, [payout], { id: '1', opening: 1_000_000 });
  await graph.bench.settle();
  expect(await linesNow(company)).toMatchObject([
    { status: 'MATCHED', match: { method: 'payout-report', automatic: true } },
  ]);
  expect(await postedFor('162.90')).toEqual([
    'DEBIT 1000 162.90',
    'CREDIT 1200 178.50',
    'DEBIT 6850 5.60',
    'DEBIT 1050 10.00',
  ]);
  const { openItems } = await company.owner.run<{ openItems: { totalCount: number } }>(
    'query ($b: ID!) { openItems(bookId: $b) { totalCount } }',
    { b: company.bookId },
  );
  expect(openItems.totalCount).toBe(0);
  const { balanced, balances } = await trialBalance(company);
  expect(balanced).toBe(true);
  expect(balances['1200 EUR'] ?? '0.00').toBe('0.00');
}, 60_000);

test('sales that nobody invoiced go through the account of the provider, and back when the match is undone', async () => {
  const sales: [string, string, string, string][] = [
    ['charge', '40.00', '0.85', ''],
    ['charge', '60.00', '1.15', ''],
    ['refund', '-5.00', '0.00', ''],
  ];
  await report(stripeCsv('po_1B', sales).replaceAll('2026-03-0', '2026-10-0'));
  const line = { cents: 9_300, on: '2026-10-07', name: 'STRIPE', text: 'STRIPE PAYOUT' };
  await importStatement(company, [line], { id: '2', opening: 1_016_290 });
  await graph.bench.settle();
  expect(await postedFor('93.00')).toEqual([
    'DEBIT 1000 93.00',
    'DEBIT 6850 2.00',
    'CREDIT 1050 100.00',
    'DEBIT 1050 5.00',
  ]);
  const before = (await trialBalance(company)).balances;
  const { payouts } = await company.owner.run<{
    payouts: { edges: { node: { reference: string; match: { id: string } } }[] };
  }>('query ($b: ID!) { payouts(bookId: $b) { edges { node { reference match { id } } } } }', {
    b: company.bookId,
  });
  const matchId = payouts.edges.find(({ node }) => node.reference === 'po_1B')?.node.match.id;
  await mutate(company.owner, 'undoMatch', { input: { matchId, reason: 'Try again' } });
  await graph.bench.settle();
  const after = (await trialBalance(company)).balances;
  expect([before['1050 EUR'], after['1050 EUR']]).toEqual(['-85.00', '10.00']);
  expect([before['6850 EUR'], after['6850 EUR']]).toEqual(['7.60', '5.60']);
}, 60_000);
