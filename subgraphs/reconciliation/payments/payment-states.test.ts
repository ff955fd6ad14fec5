import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PaymentStatus as Reported } from '#connectors/payment-ports';
import { advance } from '../states.ts';
import { outcomesOfReport, type ReportedPayment } from './outcomes-of-report.ts';
import {
  mayBecome,
  orderTransitions,
  paymentTransitions,
  statusOfOrder,
  type PaymentStatus,
} from './payment-states.ts';

const statuses = Object.keys(paymentTransitions) as PaymentStatus[];
/** What can happen to payments that were sent, to one of them at a time. */
const steps = fc.array(fc.record({ at: fc.nat(3), to: fc.constantFrom(...statuses) }), { maxLength: 40 });

test('whatever becomes of its payments, an order that was sent takes only steps its table has', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), steps, (count, taken) => {
      const payments: PaymentStatus[] = Array.from({ length: count }, () => 'SENT');
      let order = statusOfOrder(payments);
      expect(order).toBe('SENT');
      for (const { at, to } of taken) {
        const from = payments[at];
        if (from === undefined || !mayBecome(from, to)) continue;
        payments[at] = to;
        const next = statusOfOrder(payments);
        if (next !== order) advance('An order', orderTransitions, { from: order, to: next });
        order = next;
      }
    }),
  );
});

test('an order is over exactly when each of its payments was refused or came back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('SENT', 'ACCEPTED', 'EXECUTED', 'REJECTED', 'RETURNED'), { minLength: 1 }),
      (payments) => {
        const over = (orderTransitions[statusOfOrder(payments)] as readonly string[]).length === 0;
        expect(over).toBe(payments.every((one) => one === 'REJECTED' || one === 'RETURNED'));
      },
    ),
  );
});

test('an order says what its payments come to', () => {
  const said = (...payments: PaymentStatus[]) => statusOfOrder(payments);
  expect(said('SENT', 'SENT')).toBe('SENT');
  expect(said('ACCEPTED', 'ACCEPTED')).toBe('ACCEPTED');
  expect(said('ACCEPTED', 'SENT')).toBe('PART_ACCEPTED');
  expect(said('ACCEPTED', 'REJECTED')).toBe('PART_ACCEPTED');
  expect(said('EXECUTED', 'REJECTED')).toBe('EXECUTED');
  expect(said('RETURNED', 'REJECTED')).toBe('RETURNED');
  expect(said('REJECTED', 'REJECTED')).toBe('REJECTED');
  expect(said('ACCEPTED', 'EXECUTED')).toBe('ACCEPTED');
});

const payment = (id: string, status: PaymentStatus = 'SENT'): ReportedPayment => ({
  id,
  messageId: 'PO1',
  batchId: 'PO1-1',
  endToEndId: id,
  status,
});
const made = (reported: Partial<Reported>[], ...payments: ReportedPayment[]) =>
  outcomesOfReport(
    reported.map((one) => ({ messageId: 'PO1', status: 'RJCT', ...one })),
    payments,
  ).map(({ id, status }) => `${id} ${status}`);

test('what a bank says of a payment goes before what it says of the batch, and that before the message', () => {
  const reported = [
    { status: 'RJCT' },
    { batchId: 'PO1-1', status: 'ACSP' },
    { batchId: 'PO1-1', endToEndId: 'E2', status: 'RJCT' },
  ];
  expect(made(reported, payment('E1'), payment('E2'), { ...payment('E3'), batchId: 'PO1-2' })).toEqual([
    'E1 ACCEPTED',
    'E2 REJECTED',
    'E3 REJECTED',
  ]);
});

test('a code that says nothing of single payments changes none, and neither does the report on another message', () => {
  expect(made([{ status: 'PART' }, { status: 'PDNG' }], payment('E1'))).toEqual([]);
  expect(made([{ messageId: 'PO2' }], payment('E1'))).toEqual([]);
  expect(made([{ messageId: undefined, status: 'RJCT' }], payment('E1'))).toEqual([]);
});

test('a report that comes twice or late changes nothing the second time', () => {
  const says = (status: string, now: ReportedPayment) =>
    outcomesOfReport([{ messageId: 'PO1', endToEndId: 'E1', status }], [now]);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('ACCP', 'ACSP', 'ACSC', 'RJCT', 'PART', 'ACWC', 'PDNG'), { maxLength: 6 }),
      (codes) => {
        let now = payment('E1');
        const changes: PaymentStatus[] = [];
        for (const code of codes) {
          const [outcome] = says(code, now);
          if (outcome) changes.push(outcome.status);
          now = { ...now, status: outcome?.status ?? now.status };
          expect(says(code, now)).toEqual([]);
        }
        expect([
          [],
          ['ACCEPTED'],
          ['EXECUTED'],
          ['REJECTED'],
          ['ACCEPTED', 'EXECUTED'],
          ['ACCEPTED', 'REJECTED'],
        ]).toContainEqual(changes);
      },
    ),
  );
});
