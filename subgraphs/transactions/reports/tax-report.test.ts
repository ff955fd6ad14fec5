import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { openTestBook } from '../../../test/support/book.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { submitDocument } from '../intake/submit-document.ts';
import { draftJournalEntry } from '../ledger/draft-journal-entry.ts';
import { postDraft } from '../ledger/post-draft.ts';
import { postJournalEntry } from '../ledger/post-journal-entry.ts';
import { reverseJournalEntry } from '../ledger/reverse-journal-entry.ts';
import { transactions } from '../subgraph.ts';
import { installTaxCodes } from '../tax/install-tax-codes.ts';

let bench: Workbench;
let bookId: string;

const system = () => systemActor('transactions', bench.actor().organisationId);
const door = () => bench.door('transactions');

let made = 0;

/** Hands in, drafts and posts a document of one line; answers the id of its entry. */
async function post(document: Record<string, unknown>, net: string, tax: Record<string, string>) {
  made += 1;
  const submitted = await door().run(submitDocument, {
    bookId,
    document: {
      kind: 'INVOICE',
      number: `R-${made}`,
      issuedOn: '2026-03-10',
      counterpartyName: 'Nordlicht GmbH',
      currency: 'EUR',
      lines: [{ description: 'Hosting', net, ...tax }],
      ...document,
    } as never,
  });
  expect(submitted.errors).toEqual([]);
  const vendor = { vendorId: 'ven_nord', vendorName: 'Nordlicht GmbH', proposed: false };
  const documentId = submitted.result?.documentIds[0] ?? '';
  const drafted = await door().run(draftJournalEntry, { documentId, ...vendor }, { actor: system() });
  const draftId = drafted.result?.draftId ?? '';
  const posted = await door().run(
    postDraft,
    { draftId, draftVersion: 1, approvedBy: 'mem_bea' },
    { actor: system() },
  );
  expect(posted.errors).toEqual([]);
  return (posted.result as { journalEntryId?: string }).journalEntryId ?? '';
}

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
  await door().run(installTaxCodes, { bookId });
  // Sales of 1000 at 19 %: 190 owed. Purchases: 100 at 19 %, 200 at 7 %: 19 and 14 come back.
  await post({ kind: 'SALES_INVOICE', total: '1190.00', tax: '190.00' }, '1000.00', { taxRate: '19' });
  await post({ total: '119.00', tax: '19.00' }, '100.00', { taxRate: '19' });
  await post({ total: '214.00', tax: '14.00' }, '200.00', { taxRate: '7' });
  // A service from France of 300: 57 owed and deducted at once.
  const service = { country: 'FR', total: '300.00', tax: '0.00' };
  await post(service, '300.00', { taxRate: '0', taxCategory: 'AE' });
  // An invoice of August 2020 at 16 %, posted for that day, and one of March that is taken back.
  await post({ issuedOn: '2020-08-15', total: '116.00', tax: '16.00' }, '100.00', { taxRate: '16' });
  const wrong = await post({ total: '595.00', tax: '95.00' }, '500.00', { taxRate: '19' });
  await door().run(reverseJournalEntry, { journalEntryId: wrong, reason: 'Not ours' } as never);
});
afterAll(() => bench.close());

interface Amount {
  amount: string;
}

interface Report {
  rows: {
    direction: string;
    taxCode: string;
    percent: string;
    base: Amount;
    owed: Amount;
    deductible: Amount;
    lines: number;
  }[];
  output: Amount;
  input: Amount;
  reverseChargeOwed: Amount;
  reverseChargeDeductible: Amount;
  netPayable: Amount;
  reconciled: boolean;
  controls: {
    account: { code: string };
    posted: Amount;
    reported: Amount;
    difference: Amount;
    linesWithoutCode: number;
  }[];
}

async function report(from: string, to: string): Promise<Report> {
  const data = await bench.query<{ taxReport: Report }>(
    'transactions',
    `{ taxReport(bookId: "${bookId}", from: "${from}", to: "${to}") {
       rows { direction taxCode percent base { amount } owed { amount } deductible { amount } lines }
       output { amount } input { amount } reverseChargeOwed { amount } reverseChargeDeductible { amount }
       netPayable { amount } reconciled
       controls { account { code } posted { amount } reported { amount } difference { amount } linesWithoutCode } } }`,
  );
  return data.taxReport;
}

const short = (rows: Report['rows']) =>
  rows.map(
    (row) =>
      `${row.direction} ${row.taxCode} ${row.percent}: ${row.base.amount} ${row.owed.amount} ${row.deductible.amount}`,
  );

async function lines(more: string, year = '2026'): Promise<{ code: string; minor: string }[]> {
  interface Lines {
    taxReportLines: {
      totalCount: number;
      edges: { node: { line: { account: { code: string }; money: Amount } } }[];
    };
  }
  const data = await bench.query<Lines>(
    'transactions',
    `{ taxReportLines(bookId: "${bookId}", from: "${year}-01-01", to: "${year}-12-31", ${more}) {
       totalCount edges { node { line { account { code } money { amount } } } } } }`,
  );
  const found = data.taxReportLines.edges.map(({ node: { line } }) => ({
    code: line.account.code,
    minor: line.money.amount,
  }));
  expect(data.taxReportLines.totalCount).toBe(found.length);
  return found;
}

describe('the tax report', () => {
  test('adds up a period by code and rate, and what was taken back is not in it', async () => {
    const found = await report('2026-01-01', '2026-12-31');
    expect(short(found.rows)).toEqual([
      'OUTPUT DE-STANDARD 19: 1000.00 190.00 0.00',
      'INPUT DE-REDUCED 7: 200.00 0.00 14.00',
      'INPUT DE-STANDARD 19: 100.00 0.00 19.00',
      'REVERSE_CHARGE DE-REVERSE 19: 300.00 57.00 57.00',
    ]);
    expect(found).toMatchObject({
      output: { amount: '190.00' },
      input: { amount: '33.00' },
      reverseChargeOwed: { amount: '57.00' },
      reverseChargeDeductible: { amount: '57.00' },
      netPayable: { amount: '157.00' },
    });
  });

  test('equals the accounts the taxes stand on', async () => {
    const found = await report('2026-01-01', '2026-12-31');
    expect(found.reconciled).toBe(true);
    expect(
      found.controls.map(({ account, posted, difference }) => [
        account.code,
        posted.amount,
        difference.amount,
      ]),
    ).toEqual([
      ['1400', '33.00', '0.00'],
      ['1410', '57.00', '0.00'],
      ['2200', '-190.00', '0.00'],
      ['2210', '-57.00', '0.00'],
    ]);
  });

  test('knows the rate of the day', async () => {
    expect(short((await report('2020-07-01', '2020-12-31')).rows)).toEqual([
      'INPUT DE-STANDARD 16: 100.00 0.00 16.00',
    ]);
  });

  test('leads to the lines behind a figure', async () => {
    expect(await lines('taxCode: "DE-REDUCED"')).toEqual([
      { code: expect.stringMatching(/^6/), minor: '200.00' },
      { code: '1400', minor: '14.00' },
    ]);
  });

  test('says the difference when something without a tax code stands on an account of taxes', async () => {
    await door().run(postJournalEntry, {
      bookId,
      postedOn: '2025-05-05',
      description: 'By hand',
      lines: [
        { accountCode: '1400', side: 'DEBIT', amount: '5.00', currency: 'EUR' },
        { accountCode: '1000', side: 'CREDIT', amount: '5.00', currency: 'EUR' },
      ],
    } as never);
    const found = await report('2025-01-01', '2025-12-31');
    expect(found.reconciled).toBe(false);
    expect(found.controls[0]).toEqual({
      account: { code: '1400' },
      posted: { amount: '5.00' },
      reported: { amount: '0.00' },
      difference: { amount: '5.00' },
      linesWithoutCode: 1,
    });
    const { accounts } = await bench.query<{ accounts: { id: string; code: string }[] }>(
      'transactions',
      `{ accounts(bookId: "${bookId}") { id code } }`,
    );
    const of = `accountId: "${accounts.find((account) => account.code === '1400')?.id}"`;
    expect(await lines(`${of}, withoutCode: true`, '2025')).toEqual([{ code: '1400', minor: '5.00' }]);
    expect(await lines(of)).toHaveLength(4);
    expect((await lines('first: 100')).length).toBeGreaterThan(10);
  });

  test('counts entries made by hand by the codes of their lines, which the book must have', async () => {
    const lines = (taxCode: string) => [
      { accountCode: '1000', side: 'DEBIT', amount: '53.50', currency: 'EUR' },
      { accountCode: '4400', side: 'CREDIT', amount: '50.00', currency: 'EUR', taxCode },
      { accountCode: '2200', side: 'CREDIT', amount: '3.50', currency: 'EUR', taxCode, taxRole: 'TAX' },
    ];
    const byHand = (taxCode: string) =>
      door().run(postJournalEntry, {
        bookId,
        postedOn: '2024-05-05',
        description: 'Sold for cash',
        lines: lines(taxCode),
      } as never);
    expect((await byHand('DE-REDUCED')).errors).toEqual([]);
    const found = await report('2024-01-01', '2024-12-31');
    expect(short(found.rows)).toEqual(['OUTPUT DE-REDUCED 7: 50.00 3.50 0.00']);
    expect(found.reconciled).toBe(true);
    expect((await byHand('NONE')).errors).toMatchObject([
      { code: 'TAX_CODE_UNKNOWN', path: ['lines', '1', 'taxCode'] },
    ]);
  });

  test('refuses days that end before they begin, and a drill-down to nothing', async () => {
    await expect(report('2026-02-01', '2026-01-01')).rejects.toThrow('before they begin');
    await expect(lines('withoutCode: true')).rejects.toThrow('Name the account');
  });
});
