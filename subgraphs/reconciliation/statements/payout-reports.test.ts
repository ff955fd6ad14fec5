import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#kernel/ids';
import { importReport, payoutsOf, stripeCsv } from '../../../test/support/payouts.ts';
import { eventsOf } from '../../../test/support/reconciliation.ts';
import { upload } from '../../../test/support/upload.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { reconciliation } from '../subgraph.ts';
import { importPayoutReport } from './import-payout-report.ts';
import { setProcessorTariff } from './set-processor-tariff.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

const two = stripeCsv('po_1A', [
  ['charge', '119.00', '2.04', 'INV-1001'],
  ['charge', '59.50', '2.00', 'INV-1002'],
]);
const three = stripeCsv('po_1A', [
  ['charge', '119.00', '2.04', 'INV-1001'],
  ['charge', '59.50', '2.00', 'INV-1002'],
  ['refund', '-10.00', '0.00', ''],
]);

describe('importing', () => {
  test('the same report twice adds nothing, a longer one completes the payout', async () => {
    const bookId = newId('bk');
    expect(await importReport(bench, { bookId, text: two })).toMatchObject({ reported: 2, alreadyKnown: 0 });
    expect(await importReport(bench, { bookId, text: two })).toMatchObject({ reported: 0, alreadyKnown: 2 });
    expect(await eventsOf(bench, bookId, 'payout.reported')).toHaveLength(1);
    expect(await importReport(bench, { bookId, text: three })).toMatchObject({
      reported: 1,
      alreadyKnown: 2,
    });
    const [payout, ...others] = await payoutsOf(bench, bookId);
    expect(others).toEqual([]);
    expect(payout).toMatchObject({
      provider: 'STRIPE',
      amount: { amount: '164.46' },
      complete: true,
      totals: [
        {
          kind: 'CHARGE',
          count: 2,
          gross: { amount: '178.50' },
          fee: { amount: '-4.04' },
          net: { amount: '174.46' },
        },
        { kind: 'REFUND', count: 1, net: { amount: '-10.00' } },
      ],
      members: {
        edges: [
          { node: { kind: 'CHARGE', gross: { amount: '119.00' }, references: ['INV-1001', 'ch_po_1A_1'] } },
          { node: { kind: 'CHARGE' } },
          { node: { kind: 'REFUND' } },
        ],
      },
    });
  });

  test('a payout that was only announced is known by its amount until its members come', async () => {
    const bookId = newId('bk');
    const announced = {
      object: 'payout',
      id: 'po_1A',
      amount: 16_446,
      currency: 'eur',
      arrival_date: 1,
      created: 1,
    };
    await importReport(bench, { bookId, text: JSON.stringify(announced) });
    expect(await payoutsOf(bench, bookId)).toMatchObject([
      { amount: { amount: '164.46' }, memberCount: 0, complete: false, exceptions: [] },
    ]);
    await importReport(bench, { bookId, text: two });
    expect(await payoutsOf(bench, bookId)).toMatchObject([
      {
        amount: { amount: '164.46' },
        complete: false,
        exceptions: [
          {
            reason: 'PAYOUT_INCOMPLETE',
            status: 'OPEN',
            detail: 'The members of payout po_1A come to 174.46 of 164.46 EUR.',
          },
        ],
      },
    ]);
    await importReport(bench, { bookId, text: three });
    expect(await payoutsOf(bench, bookId)).toMatchObject([
      { complete: true, exceptions: [{ reason: 'PAYOUT_INCOMPLETE', status: 'RESOLVED' }] },
    ]);
  });

  test('totals give way to the movements they sum up', async () => {
    const bookId = newId('bk');
    const payout = {
      id: 7,
      status: 'paid',
      date: '2026-03-05',
      currency: 'EUR',
      amount: '98.00',
      summary: { charges_gross_amount: '100.00', charges_fee_amount: '2.00' },
    };
    const transaction = {
      id: 1,
      type: 'charge',
      payout_id: 7,
      source_type: 'charge',
      currency: 'EUR',
      amount: '100.00',
      fee: '2.00',
      net: '98.00',
    };
    await importReport(bench, { bookId, text: JSON.stringify({ payout }) });
    await importReport(bench, { bookId, text: JSON.stringify({ transactions: [transaction] }) });
    await importReport(bench, { bookId, text: JSON.stringify({ payout }) });
    expect(await payoutsOf(bench, bookId)).toMatchObject([{ memberCount: 1, complete: true }]);
  });

  test('what a file has wrong is said by its line, and the rest is imported', async () => {
    const bookId = newId('bk');
    const fileId = await upload(bench, two.replace('59.50,2.00,57.50', '59.50,2.00,57.49'));
    const other = await upload(bench, 'Date,Amount\n2026-03-01,1\n');
    const outcome = await bench
      .door('reconciliation')
      .run(importPayoutReport, { bookId, fileIds: [fileId, other] });
    expect(outcome.errors).toMatchObject([
      { code: 'AMOUNTS_DIFFER', path: ['files', '0', 'line', '3'] },
      { code: 'FORMAT_UNKNOWN', path: ['files', '1', 'line', '1'] },
    ]);
    expect(outcome.result).toMatchObject({ reported: 1 });
  });
});

describe('fees', () => {
  const agree = async (bookId: string, tariff: object) => {
    const input = {
      bookId,
      provider: 'STRIPE',
      kind: 'CHARGE',
      percent: '1.5',
      fixed: { amount: '0.25', currency: 'EUR' },
      startsOn: '2026-01-01',
      ...tariff,
    };
    const outcome = await bench.door('reconciliation').run(setProcessorTariff, input);
    expect(outcome.errors).toEqual([]);
    await bench.settle();
  };
  const raised = async (bookId: string) =>
    (await payoutsOf(bench, bookId)).flatMap(({ exceptions }) => exceptions);

  test('nothing is held against a provider with which nothing was agreed', async () => {
    const bookId = newId('bk');
    await importReport(bench, { bookId, text: two });
    expect(await raised(bookId)).toEqual([]);
  });

  test('a fee beyond what was agreed is raised, and gone once it was agreed', async () => {
    const bookId = newId('bk');
    await agree(bookId, {});
    await importReport(bench, { bookId, text: two });
    // 1.5 % of 119.00 and 0.25 is 2.04; of 59.50 it is 1.14, and 2.00 was taken.
    expect(await raised(bookId)).toMatchObject([
      {
        reason: 'FEE_DIFFERS',
        status: 'OPEN',
        detail: '1 fee of payout po_1A is not as agreed, by 0.86 EUR in all.',
      },
    ]);
    await agree(bookId, { percent: '1.5', method: 'visa', fixed: { amount: '1.11', currency: 'EUR' } });
    expect(await raised(bookId)).toMatchObject([
      { detail: '1 fee of payout po_1A is not as agreed, by -0.86 EUR in all.' },
    ]);
  });

  test('a fee for which no tariff was agreed is unknown', async () => {
    const bookId = newId('bk');
    await agree(bookId, { method: 'amex' });
    await importReport(bench, { bookId, text: two });
    expect(await raised(bookId)).toMatchObject([
      {
        reason: 'FEE_UNKNOWN',
        detail: 'No tariff says what 2 fees of payout po_1A should be; 4.04 EUR was taken.',
      },
    ]);
  });

  test('fees are reconciled over days, with totals and each difference', async () => {
    const bookId = newId('bk');
    await agree(bookId, {});
    await agree(bookId, { percent: '2', startsOn: '2026-06-01' });
    await importReport(bench, { bookId, text: two });
    const read = `query ($bookId: ID!, $from: Date!, $to: Date!) {
      processorTariffs(bookId: $bookId) { percent startsOn endsOn fixed { amount } }
      feeReconciliation(bookId: $bookId, provider: STRIPE, from: $from, to: $to) {
        totals { charged { amount } expected { amount } difference { amount } agreeing differing unknown }
        differences { outcome charged { amount } expected { amount } difference { amount }
          member { references payout { reference } } tariff { percent } } } }`;
    const of = (from: string, to: string) =>
      bench.query('reconciliation', read, { variables: { bookId, from, to } });
    expect(await of('2026-03-01', '2026-03-31')).toEqual({
      processorTariffs: [
        { percent: '2', startsOn: '2026-06-01', endsOn: null, fixed: { amount: '0.25' } },
        { percent: '1.5', startsOn: '2026-01-01', endsOn: '2026-05-31', fixed: { amount: '0.25' } },
      ],
      feeReconciliation: {
        totals: [
          {
            charged: { amount: '4.04' },
            expected: { amount: '3.18' },
            difference: { amount: '0.86' },
            agreeing: 1,
            differing: 1,
            unknown: 0,
          },
        ],
        differences: [
          {
            outcome: 'DIFFERS',
            charged: { amount: '2.00' },
            expected: { amount: '1.14' },
            difference: { amount: '0.86' },
            member: { references: ['INV-1002', 'ch_po_1A_2'], payout: { reference: 'po_1A' } },
            tariff: { percent: '1.5' },
          },
        ],
      },
    });
    expect(await of('2026-04-01', '2026-04-30')).toMatchObject({
      feeReconciliation: { totals: [], differences: [] },
    });
    await expect(of('2026-04-30', '2026-04-01')).rejects.toThrow('before the first');
  });
});
