import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerPayee } from '../../../test/support/payees.ts';
import { importStatus, openPaymentBench, orderOf, pain002, send } from '../../../test/support/payments.ts';
import { openAccount, openItemsOf, postItem } from '../../../test/support/reconciliation.ts';
import type { Workbench } from '../../../test/support/workbench.ts';
import { createPaymentOrder } from './create-payment-order.ts';
import { setPaymentConfirmation } from './set-payment-confirmation.ts';
import { unconfirmed } from './unconfirmed-job.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openPaymentBench();
});
afterAll(() => bench?.close());

const job = () =>
  unconfirmed.run(
    {},
    { services: bench.services, door: bench.running('reconciliation').door, pool: bench.owner },
  );

async function unconfirmedOf(bookId: string) {
  const { exceptions } = await bench.query<{
    exceptions: {
      edges: {
        node: {
          status: string;
          detail: string;
          resolution: string | null;
          subjectId: string;
          evidence: { candidates: { label: string }[] };
        };
      }[];
    };
  }>(
    'reconciliation',
    `query ($bookId: ID!) { exceptions(bookId: $bookId, reason: PAYMENT_UNCONFIRMED) { edges { node {
       status detail resolution subjectId evidence { candidates { label } } } } } }`,
    { variables: { bookId } },
  );
  return exceptions.edges.map(({ node }) => node);
}

/** Lets so many days pass since an order was sent and was to be executed. */
const daysPass = (orderId: string, days: number) =>
  bench.owner.query(
    `with o as (update reconciliation.payment_order set sent_at = sent_at - $2 * interval '1 day' where id = $1)
     update reconciliation.payment_line set execution_on = execution_on - $2::int where order_id = $1`,
    [orderId, days],
  );

test('an order of which the bank says nothing is told of in time, and no more once something is heard', async () => {
  const { bookId, bankAccountId } = await openAccount(bench);
  const vendorId = await registerPayee(bench, 'Vendor', 'NL91ABNA0417164300');
  for (const [reference, amount] of [
    ['INV-1', '-100.00'],
    ['INV-2', '-250.50'],
  ] as const)
    await postItem(bench, bookId, { amount, reference, name: 'Vendor', vendorId });
  const items = [...(await openItemsOf(bench, bookId)).values()].map(({ id: openItemId }) => ({
    openItemId,
  }));
  const input = { bookId, bankAccountId, items };
  const made = await bench.door('reconciliation').run(createPaymentOrder, input);
  const orderId = made.result?.paymentOrderId ?? '';
  await send(bench, orderId);
  await job();
  expect(await unconfirmedOf(bookId)).toEqual([]);

  const patient = await bench.door('reconciliation').run(setPaymentConfirmation, { bookId, workingDays: 30 });
  expect(patient.errors).toEqual([]);
  await daysPass(orderId, 10);
  await job();
  expect(await unconfirmedOf(bookId)).toEqual([]);
  await bench.door('reconciliation').run(setPaymentConfirmation, { bookId, workingDays: 3 });
  await job();
  await job();
  const { messageId, payments } = await orderOf(bench, orderId);
  expect(await unconfirmedOf(bookId)).toMatchObject([
    {
      status: 'OPEN',
      subjectId: orderId,
      detail: expect.stringContaining(`2 of 2 payments (350.50 EUR) of the order ${messageId}`),
      evidence: { candidates: [expect.anything(), expect.anything()] },
    },
  ]);

  const [first, second] = payments;
  const say = async (endToEndId: string | undefined, status: string) =>
    importStatus(
      bench,
      bookId,
      pain002({ messageId, group: 'PART', payments: [{ endToEndId: endToEndId ?? '', status }] }),
    );
  await say(first?.endToEndId, 'ACSP');
  expect((await unconfirmedOf(bookId))[0]?.status).toBe('OPEN');
  await say(second?.endToEndId, 'RJCT');
  expect(await unconfirmedOf(bookId)).toMatchObject([
    { status: 'RESOLVED', resolution: 'Something was heard of every payment by now.' },
  ]);
  await job();
  expect(await unconfirmedOf(bookId)).toHaveLength(1);
});
