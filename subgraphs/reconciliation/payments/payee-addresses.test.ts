import { afterAll, beforeAll, expect, test } from 'vitest';
import { moveTo, registerForeignPayee } from '../../../test/support/payees.ts';
import { approve, fileOf, openPaymentBench } from '../../../test/support/payments.ts';
import { openAccount, openItemsOf, postItem } from '../../../test/support/reconciliation.ts';
import type { Workbench } from '../../../test/support/workbench.ts';
import { createPaymentOrder } from './create-payment-order.ts';
import { paymentFile } from './payment-file.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openPaymentBench();
});
afterAll(() => bench?.close());

test('a payment outside SEPA says where its creditor is, and one that cannot is told of', async () => {
  const { bookId, bankAccountId } = await openAccount(bench);
  const vendorId = await registerForeignPayee(bench, {
    name: 'Acme Inc.',
    country: 'US',
    accountNumber: '000123456789',
    bic: 'CHASUS33',
  });
  await postItem(bench, bookId, { amount: '-75.00', reference: 'US-1', name: 'Acme Inc.', vendorId });
  const items = [...(await openItemsOf(bench, bookId)).values()].map(({ id: openItemId }) => ({
    openItemId,
  }));
  const ordered = await bench
    .door('reconciliation')
    .run(createPaymentOrder, { bookId, bankAccountId, items });
  const paymentOrderId = ordered.result?.paymentOrderId ?? '';
  expect(await approve(bench, paymentOrderId)).toEqual([]);
  const without = await bench.door('reconciliation').run(paymentFile, { paymentOrderId });
  expect(without.errors).toMatchObject([
    { code: 'FIELD_MISSING', message: expect.stringContaining('Acme Inc. has no town and country') },
  ]);
  expect(without.result?.fileId).toBeTruthy();

  const address = { street: 'Main St', buildingNumber: '5b', postalCode: '10001', town: 'New York' };
  await moveTo(bench, vendorId, address);
  expect((await bench.door('reconciliation').run(paymentFile, { paymentOrderId })).errors).toEqual([]);
  const text = (await fileOf(bench, paymentOrderId)).replaceAll(/\s*\n\s*/g, '');
  expect(text).toContain('<BldgNb>5b</BldgNb><PstCd>10001</PstCd><TwnNm>New York</TwnNm><Ctry>US</Ctry>');
  const { vendor } = await bench.query<{ vendor: { address: object } }>(
    'vendors',
    'query ($id: ID!) { vendor(id: $id) { address { street buildingNumber postalCode town } } }',
    { variables: { id: vendorId } },
  );
  expect(vendor.address).toEqual(address);
});
