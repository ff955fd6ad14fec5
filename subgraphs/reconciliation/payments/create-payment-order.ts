import { z } from 'zod';
import { compareDates, dateOf, type CalendarDate } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError, userError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { amount, date, id } from '#kernel/input';
import type { Money } from '#kernel/money';
import { lockBook } from '../lock-book.ts';
import { paymentIdOf } from '../matching/own-payments.ts';
import { loadPayableItems, mostPayments, type LoadedItem } from './load-payable-items.ts';
import { planPayment, type PlannedPayment } from './plan-payment.ts';

const chosenItem = z
  .object({
    openItemId: id(),
    amount: amount()
      .optional()
      .meta({ graphql: 'MoneyInput', description: 'A part of it; all that is open when left out.' }),
    payeeAccountId: id().optional().meta({
      description:
        'The account of the vendor to pay to, by the id of its bank detail; found by itself where the bill names it.',
    }),
  })
  .meta({ graphql: 'PaymentOrderItemInput' });

/** Orders payments of bills from a bank account; somebody else has to approve them. */
export const createPaymentOrder = command({
  name: 'createPaymentOrder',
  description:
    'Orders payments of bills from a bank account: those named, or all that are due until a day. Early-payment discounts ' +
    'are taken when in time. What cannot be paid is told and left out; somebody else has to approve the order.',
  scope: 'reconciliation:write',
  input: z
    .object({
      bookId: id(),
      bankAccountId: id().meta({ description: 'The account that pays.' }),
      executionOn: date()
        .optional()
        .meta({ graphql: 'Date', description: 'The day of payment; today when left out.' }),
      onLastDay: z.boolean().default(false).meta({
        description: 'Pay each bill on the last day on which it is in time, where that is later.',
      }),
      items: z.array(chosenItem).min(1).max(mostPayments).optional(),
      dueUntil: date().optional().meta({
        graphql: 'Date',
        description: 'Instead of items: every bill that is due, or whose discount lapses, until this day.',
      }),
    })
    .refine((input) => (input.items === undefined) !== (input.dueUntil === undefined), {
      message: 'give either items or dueUntil',
    }),
  async run(transaction, { bookId, bankAccountId, onLastDay, items, dueUntil, ...input }) {
    await lockBook(transaction, bookId);
    const today = dateOf(transaction.now);
    const executionOn = input.executionOn ?? today;
    if (compareDates(executionOn, today) < 0) {
      throw new CrossfootError('FIELD_INVALID', `${executionOn} is over`, { path: ['executionOn'] });
    }
    await transaction.require(
      `There is no bank account ${bankAccountId} in book ${bookId}`,
      'select 1 from reconciliation.bank_account where id = $1 and book_id = $2',
      [bankAccountId, bookId],
    );
    const search = items
      ? { ids: items.map((item) => item.openItemId) }
      : { dueUntil: dueUntil ?? executionOn, executionOn };
    const loaded = await loadPayableItems(transaction, bookId, search);
    const payments = plan(transaction, { loaded, items, executionOn, onLastDay });
    const paymentOrderId = newId('po');
    await storeOrder(transaction, { paymentOrderId, bookId, bankAccountId, executionOn });
    await storePayments(transaction, { paymentOrderId, bookId, payments });
    transaction.emit({
      type: 'paymentOrder.created',
      subjectId: paymentOrderId,
      bookId,
      facts: { payments: payments.length },
    });
    transaction.audit({
      subjectType: 'PaymentOrder',
      subjectId: paymentOrderId,
      after: {
        status: 'DRAFT',
        bankAccountId,
        executionOn,
        openItemIds: payments.map(({ item }) => item.id),
      },
    });
    return { paymentOrderId, payments: payments.length };
  },
});

interface Payment extends PlannedPayment {
  readonly item: LoadedItem;
}

interface Wishes {
  readonly loaded: readonly LoadedItem[];
  readonly items:
    | readonly { readonly openItemId: string; readonly amount?: Money; readonly payeeAccountId?: string }[]
    | undefined;
  readonly executionOn: CalendarDate;
  readonly onLastDay: boolean;
}

/** What cannot be paid is reported; throws the first reason when nothing can. */
function plan(transaction: Transaction, { loaded, items, executionOn, onLastDay }: Wishes): Payment[] {
  const found = new Map(loaded.map((item) => [item.id, item]));
  const wishes = items ?? loaded.map(({ id: openItemId }) => ({ openItemId }));
  const payments = new Map<string, Payment>();
  const errors: CrossfootError[] = [];
  for (const [at, { openItemId, ...wish }] of wishes.entries()) {
    const item = found.get(openItemId);
    try {
      if (!item) throw new CrossfootError('NOT_FOUND', `There is no open bill ${openItemId} in this book`);
      if (item.suggested && !items) {
        throw new CrossfootError(
          'STATE_CONFLICT',
          `${item.label}: a bank line that may have paid it waits for a decision`,
        );
      }
      payments.set(openItemId, { item, ...planPayment(item, { executionOn, onLastDay, ...wish }) });
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      errors.push(error);
      const { code, message } = error.toUserError();
      transaction.report(userError(error.code, message, items ? ['items', String(at)] : [openItemId, code]));
    }
  }
  if (payments.size > 0) return [...payments.values()];
  throw errors[0] ?? new CrossfootError('NOT_FOUND', 'No bill is due until that day', { path: ['dueUntil'] });
}

async function storeOrder(
  transaction: Transaction,
  order: { paymentOrderId: string; bookId: string; bankAccountId: string; executionOn: CalendarDate },
): Promise<void> {
  await transaction.insert('reconciliation.payment_order', {
    id: order.paymentOrderId,
    book_id: order.bookId,
    bank_account_id: order.bankAccountId,
    status: 'DRAFT',
    execution_on: order.executionOn,
    message_id: paymentIdOf('P', order.paymentOrderId),
    created_by: transaction.actor.memberId ?? transaction.actor.id,
    created_at: transaction.now,
  });
}

async function storePayments(
  transaction: Transaction,
  {
    paymentOrderId,
    bookId,
    payments,
  }: { paymentOrderId: string; bookId: string; payments: readonly Payment[] },
): Promise<void> {
  const rows = payments.map(({ item, ...payment }) => {
    const paymentId = newId('pml');
    return {
      id: paymentId,
      open_item_id: item.id,
      payee_account_id: payment.payeeAccountId,
      creditor_name: item.creditorNames[payment.payeeAccountId] ?? item.label,
      minor: String(payment.amount.minor),
      settles_minor: String(payment.settles.minor),
      currency: payment.amount.currency,
      execution_on: payment.executionOn,
      end_to_end_id: paymentIdOf('E', paymentId),
      remittance: item.remittance,
    };
  });
  await transaction.query(
    `insert into reconciliation.payment_line (organisation_id, book_id, order_id, status, live, id, open_item_id,
       payee_account_id, creditor_name, minor, settles_minor, currency, execution_on, end_to_end_id, remittance)
     select $1, $2, $3, 'PENDING', true, r.*
       from jsonb_to_recordset($4::jsonb) as r (id text, open_item_id text, payee_account_id text, creditor_name text,
         minor bigint, settles_minor bigint, currency text, execution_on date, end_to_end_id text, remittance text)`,
    [transaction.organisationId, bookId, paymentOrderId, JSON.stringify(rows)],
  );
}
