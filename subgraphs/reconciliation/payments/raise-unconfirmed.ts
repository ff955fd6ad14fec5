import { z } from 'zod';
import { compareDates, dateOf, type CalendarDate } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { id } from '#kernel/input';
import { formatMoney, money, sum, type Money } from '#kernel/money';
import { toWire } from '#kernel/wire-money';
import { loadExceptionPolicy } from '../load-triage.ts';
import { lockBook } from '../lock-book.ts';
import { raiseExceptions, type Raised } from '../raise-exceptions.ts';
import { endOfWorkingDays } from '../triage/due-time.ts';
import { clockOf } from '../triage/policy.ts';

interface SilentPayment {
  readonly order_id: string;
  readonly message_id: string;
  readonly created_by: string;
  readonly sent_on: CalendarDate;
  readonly execution_on: CalendarDate;
  readonly within: number;
  readonly of: number;
  readonly end_to_end_id: string;
  readonly minor: bigint;
  readonly currency: string;
  readonly open_item_id: string;
  readonly label: string;
  readonly open_minor: bigint;
}

/** Raises an exception for every order of a book of which the bank says nothing for too long. */
export const raiseUnconfirmed = command({
  name: 'raiseUnconfirmed',
  description: 'Raises an exception for every payment order of which the bank says nothing for too long.',
  scope: 'platform:internal',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    await lockBook(transaction, bookId);
    const clock = clockOf(await loadExceptionPolicy(transaction, bookId));
    const silent = await silentPayments(transaction, bookId);
    const late = [...Map.groupBy(silent, (payment) => payment.order_id).values()].filter(([first]) => {
      if (!first) return false;
      // Before the day on which it is to be paid, no bank has anything to say.
      const { sent_on: sentOn, execution_on: executionOn, within } = first;
      const since = compareDates(sentOn, executionOn) < 0 ? executionOn : sentOn;
      return endOfWorkingDays(since, within, clock).getTime() <= transaction.now.getTime();
    });
    await raiseExceptions(transaction, bookId, late.map(raisedOf));
    return { orders: late.length };
  },
});

async function silentPayments(transaction: Transaction, bookId: string): Promise<SilentPayment[]> {
  const rows = await transaction.query<Omit<SilentPayment, 'sent_on'> & { sent_at: Date }>(
    `select o.id as order_id, o.message_id, o.created_by, o.sent_at, p.execution_on, p.end_to_end_id, p.minor, p.currency,
            coalesce(y.confirm_within, 3) as within, i.id as open_item_id, i.label, i.open_minor,
            (select count(*) from reconciliation.payment_line a where a.order_id = o.id)::int as of
       from reconciliation.payment_line p
       join reconciliation.payment_order o on o.id = p.order_id
       join reconciliation.open_item i on i.id = p.open_item_id
       left join reconciliation.payer y on y.book_id = o.book_id
      where p.book_id = $1 and p.status = 'SENT' and o.sent_at <= $2::timestamptz - interval '1 day'
      order by o.id, p.execution_on desc, p.id`,
    [bookId, transaction.now],
  );
  return rows.map((row) => ({ ...row, sent_on: dateOf(new Date(row.sent_at)) }));
}

const mostNamed = 20;

function raisedOf(payments: readonly SilentPayment[]): Raised {
  const [first] = payments as readonly [SilentPayment, ...SilentPayment[]];
  const total = totalOf(payments);
  const spelt = total ? ` (${formatMoney(total)} ${total.currency})` : '';
  return {
    subject: { type: 'PaymentOrder', id: first.order_id },
    reason: 'PAYMENT_UNCONFIRMED',
    detail:
      `${payments.length} of ${first.of} payments${spelt} of the order ${first.message_id}, handed to the bank on ` +
      `${first.sent_on}, are neither confirmed by it nor seen on the account after ${first.within} working days.`,
    ...(total ? { amount: total } : {}),
    evidence: {
      candidates: payments.slice(0, mostNamed).map((payment) => ({
        openItemId: payment.open_item_id,
        label: payment.label,
        open: toWire(money(payment.open_minor, payment.currency)),
        score: 0,
        reason: `Nothing was heard of its payment ${payment.end_to_end_id}.`,
      })),
    },
    ownerId: first.created_by,
  };
}

/** All together, where they are of one currency. */
function totalOf(payments: readonly SilentPayment[]): Money | undefined {
  const [currency, ...others] = [...new Set(payments.map((payment) => payment.currency))];
  if (currency === undefined || others.length > 0) return undefined;
  return sum(
    currency,
    payments.map((payment) => money(payment.minor, payment.currency)),
  );
}
