import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { upload } from '../../../test/support/upload.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import {
  eventsOf,
  importText,
  ledgerSays,
  linesOf,
  mt940,
  openAccount,
  openItemsOf,
  postItem,
} from '../../../test/support/reconciliation.ts';
import { importReport, payoutsOf, stripeCsv } from '../../../test/support/payouts.ts';
import { reconciliation } from '../subgraph.ts';
import { acceptMatch } from './accept-match.ts';
import { declineMatch } from './decline-match.ts';
import { importPayoutReport } from '../statements/import-payout-report.ts';
import { setProcessorAccounts } from '../statements/set-processor-accounts.ts';
import { matchPayout } from './match-payout.ts';
import { undoMatch } from './undo-match.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

let books = 0;

async function book() {
  books += 1;
  const bban = `370400440534${String(books).padStart(6, '0')}`;
  const account = `DE${String(98n - (BigInt(`${bban}131400`) % 97n)).padStart(2, '0')}${bban}`;
  const { bookId } = await openAccount(bench, { iban: account });
  const bank = (
    lines: Parameters<typeof mt940>[0]['lines'],
    more: { number?: string; opening?: string } = {},
  ) => importText(bench, { bookId, text: mt940({ account, lines, ...more }) });
  return { bookId, bank };
}

/** 117.01 + 58.36 - 10.00 = 165.37 EUR. */
const report = stripeCsv('po_1A', [
  ['charge', '119.00', '1.99', 'INV-2026-0042'],
  ['charge', '59.50', '1.14', 'INV-2026-0043'],
  ['refund', '-10.00', '0.00', ''],
]);

const differences = async (bookId: string) =>
  (await eventsOf(bench, bookId, 'match.accepted')).map(({ facts }) => ({
    items: facts.items.map(({ applied }) => applied.minor),
    parts: (facts.differences ?? []).map(({ kind, money }) => `${kind} ${money.minor}`),
  }));

describe('a payout', () => {
  test('settles the invoices its report names, less refunds and fees, whatever came first', async () => {
    const { bookId, bank } = await book();
    await postItem(bench, bookId, { amount: '119.00', reference: 'INV-2026-0042', name: 'Ada' });
    await importReport(bench, { bookId, text: report });
    await bank([{ day: '260306', amount: '165.37', name: 'STRIPE', text: 'STRIPE PAYOUT' }]);
    expect(await linesOf(bench, bookId)).toMatchObject([
      {
        status: 'MATCHED',
        match: { method: 'payout-report', automatic: true, items: [{ applied: { amount: '119.00' } }] },
      },
    ]);
    expect(await differences(bookId)).toEqual([
      { items: ['11900'], parts: ['PAYOUT_FEE -313', 'PAYOUT_CHARGE 5950', 'PAYOUT_REFUND -1000'] },
    ]);
    expect((await openItemsOf(bench, bookId)).size).toBe(0);
    expect(await payoutsOf(bench, bookId)).toMatchObject([
      { reference: 'po_1A', complete: true, match: { status: 'ACCEPTED' } },
    ]);
  });

  test('is waited for when the bank line comes before the report', async () => {
    const { bookId, bank } = await book();
    await bank([{ day: '260306', amount: '165.37', name: 'STRIPE', text: 'STRIPE PAYOUT' }]);
    expect((await linesOf(bench, bookId))[0]?.status).toBe('EXCEPTION');
    await importReport(bench, { bookId, text: report });
    expect(await linesOf(bench, bookId)).toMatchObject([
      { status: 'MATCHED', exception: { status: 'RESOLVED' } },
    ]);
  });

  test('keeps what its members pay from every other line', async () => {
    const { bookId, bank } = await book();
    await postItem(bench, bookId, { amount: '119.00', reference: 'INV-2026-0042', name: 'Ada' });
    await importReport(bench, { bookId, text: report });
    await bank([{ day: '260305', amount: '119.00', name: 'Ada', text: 'for INV-2026-0042' }]);
    const [line] = await linesOf(bench, bookId);
    expect(line?.match).toBeNull();
  });

  test('teaches whose items come through its provider: no line is taken for them by name and amount, one that names them is', async () => {
    const { bookId, bank } = await book();
    const numbers = ['0061', '0062', '0063', '0064', '0065'];
    for (const number of numbers)
      await postItem(bench, bookId, { amount: '20.00', reference: `INV-2026-${number}`, name: 'Ada Byron' });
    const paid = stripeCsv(
      'po_1T',
      numbers.map((number) => ['charge', '20.00', '0.00', `INV-2026-${number}`] as const),
    );
    await importReport(bench, { bookId, text: paid });
    const first = { day: '260306', amount: '100.00', name: 'STRIPE', text: 'STRIPE PAYOUT' };
    await bank([first]);
    expect((await linesOf(bench, bookId))[0]?.status).toBe('MATCHED');
    await postItem(bench, bookId, { amount: '33.70', reference: 'INV-2026-0071', name: 'Ada Byron' });
    await postItem(bench, bookId, { amount: '48.90', reference: 'INV-2026-0072', name: 'Ada Byron' });
    const next = [
      { day: '260309', amount: '33.70', name: 'ADA BYRON', text: 'thank you' },
      { day: '260309', amount: '48.90', name: 'ADA BYRON', text: 'INV-2026-0072' },
    ];
    await bank(next, { number: '2', opening: '100.00' });
    const after = await linesOf(bench, bookId);
    const matchOf = (text: string) => after.find((line) => line.remittance === text)?.match?.status ?? null;
    expect([matchOf('thank you'), matchOf('INV-2026-0072')]).toEqual([null, 'ACCEPTED']);
  });

  test('that does not add up is suggested only, until a later report completes it', async () => {
    const { bookId, bank } = await book();
    const rows = report.trimEnd().split('\n');
    const paid = `po_1A,2026-03-05 00:00:00,txn_p,2026-03-05 00:00:00,eur,-165.37,0.00,-165.37,payout,po_1A,,,,\n`;
    await importReport(bench, { bookId, text: `${rows.slice(0, 3).join('\n')}\n${paid}` });
    await bank([{ day: '260306', amount: '165.37', name: 'STRIPE', text: 'STRIPE PAYOUT' }]);
    expect((await linesOf(bench, bookId))[0]).toMatchObject({
      status: 'SUGGESTED',
      match: { automatic: false },
    });
    expect(await payoutsOf(bench, bookId)).toMatchObject([{ complete: false, memberCount: 2 }]);
    const raised = await eventsOf(bench, bookId, 'exception.raised');
    expect(raised.map(({ facts }) => facts.reason)).toContain('PAYOUT_INCOMPLETE');
    await importReport(bench, { bookId, text: report });
    expect((await linesOf(bench, bookId))[0]).toMatchObject({
      status: 'MATCHED',
      match: { automatic: true },
    });
    expect(await payoutsOf(bench, bookId)).toMatchObject([{ complete: true, memberCount: 3 }]);
  });

  test('that is declined or undone is not brought together with the line again', async () => {
    const { bookId, bank } = await book();
    await importReport(bench, { bookId, text: report });
    await bank([{ day: '260306', amount: '165.37', name: 'STRIPE', text: 'STRIPE PAYOUT' }]);
    const matchId = (await linesOf(bench, bookId))[0]?.match?.id ?? '';
    const undone = await bench.door('reconciliation').run(undoMatch, { matchId, reason: 'Another payout' });
    expect(undone.errors).toEqual([]);
    await bench.settle();
    expect(await linesOf(bench, bookId)).toMatchObject([{ status: 'EXCEPTION', match: null }]);
    const next = { number: '2', opening: '165.37' };
    await bank([{ day: '260307', amount: '165.37', name: 'Bank', text: 'Transfer' }], next);
    const [, other] = await linesOf(bench, bookId);
    expect(other).toMatchObject({ status: 'SUGGESTED', match: { method: 'payout-report' } });
    await bench.door('reconciliation').run(declineMatch, { matchId: other?.match?.id ?? '' });
    await bench.settle();
    expect((await linesOf(bench, bookId)).map(({ status }) => status)).toEqual(['EXCEPTION', 'EXCEPTION']);
  });

  test('whose posting is refused waits for a person, with the words of the ledger', async () => {
    const { bookId, bank } = await book();
    await importReport(bench, { bookId, text: report });
    await bank([{ day: '260306', amount: '165.37', name: 'STRIPE', text: 'STRIPE PAYOUT' }]);
    const matchId = (await linesOf(bench, bookId))[0]?.match?.id ?? '';
    const message = 'The period is closed';
    await ledgerSays(bench, {
      type: 'posting.refused',
      subjectId: matchId,
      bookId,
      facts: { cause: { matchId }, code: 'PERIOD_CLOSED', message },
    });
    await bank([{ day: '260308', amount: '1.00', text: 'Other' }], { number: '2', opening: '165.37' });
    expect((await linesOf(bench, bookId))[0]).toMatchObject({
      status: 'SUGGESTED',
      match: { id: matchId },
      exception: { reason: 'CLOSED_PERIOD', detail: message },
    });
  });

  test('that never comes is missed, and found when it does', async () => {
    const { bookId, bank } = await book();
    await importReport(bench, { bookId, text: report });
    await bank([{ day: '260320', amount: '1.00', text: 'Other' }]);
    const raised = await eventsOf(bench, bookId, 'exception.raised');
    expect(raised.map(({ facts }) => facts.reason)).toContain('PAYOUT_MISSING');
    await bank([{ day: '260312', amount: '165.37', name: 'STRIPE', text: 'STRIPE PAYOUT' }]);
    expect((await linesOf(bench, bookId))[0]?.status).toBe('MATCHED');
    expect(await payoutsOf(bench, bookId)).toMatchObject([
      { exceptions: [{ reason: 'PAYOUT_MISSING', status: 'RESOLVED' }] },
    ]);
  });

  test('that a line names with another amount is for a person, who books what the bank kept', async () => {
    const { bookId, bank } = await book();
    const adyen = [
      'Merchant Account,Psp Reference,Merchant Reference,Creation Date,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Batch Number',
      'Shop,8851,A1,2026-03-02,Settled,7751,EUR,,100.00,EUR,,99.00,1.00,380',
      'Shop,,,2026-03-05,MerchantPayout,"TX635094301XT batch 380, Shop",,,,EUR,99.00,,,380',
    ].join('\n');
    await importReport(bench, { bookId, text: adyen });
    await bank([{ day: '260306', amount: '98.50', name: 'Bank', text: 'TX635094301XT BATCH 380 SHOP' }]);
    expect((await linesOf(bench, bookId))[0]).toMatchObject({
      status: 'SUGGESTED',
      match: { method: 'payout-report', automatic: false },
    });
    const named = { bookId, provider: 'ADYEN', accounts: [{ kind: 'CHARGE', accountCode: '4400' }] };
    expect((await bench.door('reconciliation').run(setProcessorAccounts, named)).errors).toEqual([]);
    const [payout] = await payoutsOf(bench, bookId);
    const [line] = await linesOf(bench, bookId);
    const input = { payoutId: payout?.id ?? '', lineIds: [line?.id ?? ''] };
    expect((await bench.door('reconciliation').run(matchPayout, input)).errors).toEqual([]);
    const [accepted] = await eventsOf(bench, bookId, 'match.accepted');
    expect(accepted?.facts).toMatchObject({
      description: 'Payout ADYEN Shop/380',
      items: [],
      differences: [
        { kind: 'PAYOUT_FEE', money: { minor: '-100', currency: 'EUR' }, memo: 'Adyen: 1 fee' },
        { kind: 'PAYOUT_CHARGE', money: { minor: '10000', currency: 'EUR' }, accountCode: '4400' },
      ],
    });
    const twice = await bench.door('reconciliation').run(matchPayout, input);
    expect(twice.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
  });

  test('that pays nothing out settles what it is made of all the same, once, and may be taken back', async () => {
    const { bookId } = await book();
    await postItem(bench, bookId, { amount: '100.00', reference: 'ORDER-100', name: 'Ada' });
    const adyen = [
      'Merchant Account,Psp Reference,Merchant Reference,Creation Date,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Batch Number',
      'Shop,8851,ORDER-100,2026-03-02,Settled,7751,EUR,,100.00,EUR,,99.00,1.00,381',
      'Shop,8852,ORDER-099,2026-03-02,Refunded,7752,EUR,60.00,,EUR,60.00,,,381',
      'Shop,,,2026-03-05,Balancetransfer,to batch 382,,,,EUR,39.00,,,381',
    ].join('\n');
    await importReport(bench, { bookId, text: adyen });
    await importReport(bench, { bookId, text: adyen });
    const [payout] = await payoutsOf(bench, bookId);
    expect(payout).toMatchObject({
      amount: { amount: '0.00' },
      complete: true,
      match: { status: 'ACCEPTED' },
    });
    const left = async () => (await openItemsOf(bench, bookId)).get('ORDER-100')?.open ?? '0.00';
    expect(await left()).toBe('0.00');
    const accepted = await eventsOf(bench, bookId, 'match.accepted');
    expect(accepted.map(({ facts }) => facts)).toMatchObject([
      {
        lines: [],
        items: [{ applied: { minor: '10000', currency: 'EUR' } }],
        differences: [
          { kind: 'PAYOUT_FEE', money: { minor: '-100' } },
          { kind: 'PAYOUT_REFUND', money: { minor: '-6000' } },
          { kind: 'PAYOUT_RESERVE', money: { minor: '-3900' } },
        ],
      },
    ]);
    const matchId = payout?.match?.id ?? '';
    const undone = await bench.door('reconciliation').run(undoMatch, { matchId });
    expect(undone.errors).toEqual([]);
    await bench.settle();
    expect(await left()).toBe('100.00');
    await importReport(bench, { bookId, text: adyen });
    expect(await eventsOf(bench, bookId, 'match.accepted')).toHaveLength(1);
  });

  test('that pays nothing out and is refused by the ledger is an exception until it is accepted again', async () => {
    const { bookId } = await book();
    const sale = stripeCsv('po_1Z', [
      ['charge', '10.00', '0.00', ''],
      ['refund', '-10.00', '0.00', ''],
    ]);
    await importReport(bench, { bookId, text: sale });
    const matchId = (await payoutsOf(bench, bookId))[0]?.match?.id ?? '';
    await ledgerSays(bench, {
      type: 'posting.refused',
      subjectId: matchId,
      bookId,
      facts: { cause: { matchId }, code: 'PERIOD_CLOSED', message: 'March is closed' },
    });
    expect((await payoutsOf(bench, bookId))[0]).toMatchObject({
      match: { status: 'SUGGESTED' },
      exceptions: [{ reason: 'CLOSED_PERIOD', status: 'OPEN', detail: 'March is closed' }],
    });
    expect((await bench.door('reconciliation').run(acceptMatch, { matchId })).errors).toEqual([]);
    expect((await payoutsOf(bench, bookId))[0]).toMatchObject({
      match: { status: 'ACCEPTED' },
      exceptions: [{ status: 'RESOLVED' }],
    });
  });

  test('that is settled is not told otherwise by a later report', async () => {
    const { bookId, bank } = await book();
    await importReport(bench, { bookId, text: report });
    await bank([{ day: '260306', amount: '165.37', name: 'STRIPE', text: 'STRIPE PAYOUT' }]);
    expect(await importReport(bench, { bookId, text: report })).toMatchObject({ reported: 0 });
    const changed = await upload(bench, report.replace('-10.00,0.00,-10.00', '-11.00,0.00,-11.00'));
    const outcome = await bench.door('reconciliation').run(importPayoutReport, { bookId, fileId: changed });
    expect(outcome.errors).toMatchObject([{ code: 'STATE_CONFLICT' }]);
    expect(await payoutsOf(bench, bookId)).toMatchObject([
      { complete: true, amount: { amount: '165.37' }, match: { status: 'ACCEPTED' } },
    ]);
  });
});
