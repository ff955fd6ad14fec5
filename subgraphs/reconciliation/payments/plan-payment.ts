import { addDays, compareDates, type CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { formatMoney, percentOf, subtract, type Money } from '#kernel/money';

/** An account of a vendor, as far as choosing needs it. */
export interface PayeeAccount {
  readonly id: string;
  /** Keyed hash of the number. */
  readonly index: string;
}

/** A bill as far as paying needs it. */
export interface PayableItem {
  readonly label: string;
  /** Positive: what is owed. */
  readonly open: Money;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate | undefined;
  /** Keyed hashes of the accounts the bill names. */
  readonly namedAccounts: readonly string[];
  readonly vendor:
    | {
        readonly name: string;
        readonly status: string | undefined;
        readonly accounts: readonly PayeeAccount[];
      }
    | undefined;
  readonly discount: { readonly percent: string; readonly days: number } | undefined;
  /** Another order is about to pay it. */
  readonly ordered: boolean;
}

/** How the bill is to be paid. */
export interface PaymentWish {
  readonly executionOn: CalendarDate;
  /** Pay on the last day on which it is in time, where that is later. */
  readonly onLastDay: boolean;
  /** A part of what is open; all of it when left out. */
  readonly amount?: Money;
  readonly payeeAccountId?: string;
}

/** A payment of a bill: `amount` to the creditor, which settles `settles` of it. */
export interface PlannedPayment {
  readonly payeeAccountId: string;
  readonly amount: Money;
  readonly settles: Money;
  readonly executionOn: CalendarDate;
}

/** Until when the vendor lets us keep a discount; undefined when a payment on the day would be too late. */
export function discountUntil(
  { discount, issuedOn }: Pick<PayableItem, 'discount' | 'issuedOn'>,
  executionOn: CalendarDate,
): CalendarDate | undefined {
  if (discount === undefined) return undefined;
  const last = addDays(issuedOn, discount.days);
  return compareDates(executionOn, last) <= 0 ? last : undefined;
}

/**
 * Plans the payment of a bill; a discount is taken when all of it is paid in time. Throws PAYMENT_ORDERED, PAYEE_UNCONFIRMED,
 * PAYEE_ACCOUNT_UNCLEAR, FIELD_INVALID and CURRENCY_MISMATCH.
 */
export function planPayment(item: PayableItem, wish: PaymentWish): PlannedPayment {
  const { label, open, vendor } = item;
  if (item.ordered)
    throw new CrossfootError('PAYMENT_ORDERED', `${label} is about to be paid by another order`);
  if (vendor === undefined)
    throw new CrossfootError('PAYEE_UNCONFIRMED', `${label} is of nobody we know as a vendor`);
  if (vendor.status !== 'ACTIVE') {
    throw new CrossfootError(
      'PAYEE_UNCONFIRMED',
      `${label}: ${vendor.name} is ${vendor.status ?? 'not known yet'}, not ACTIVE`,
    );
  }
  const payeeAccountId = chooseAccount(item, vendor.accounts, wish.payeeAccountId);
  if (wish.amount !== undefined) {
    checkPart(label, wish.amount, open);
    if (wish.amount.minor < open.minor) {
      return {
        payeeAccountId,
        amount: wish.amount,
        settles: wish.amount,
        executionOn: dayOf(item.dueOn, wish),
      };
    }
  }
  const until = discountUntil(item, wish.executionOn);
  const percent = item.discount?.percent;
  if (until === undefined || percent === undefined) {
    return { payeeAccountId, amount: open, settles: open, executionOn: dayOf(item.dueOn, wish) };
  }
  const amount = subtract(open, percentOf(open, percent, 'down'));
  return { payeeAccountId, amount, settles: open, executionOn: dayOf(until, wish) };
}

function checkPart(label: string, part: Money, open: Money): void {
  if (part.currency !== open.currency) {
    throw new CrossfootError(
      'CURRENCY_MISMATCH',
      `${label} is owed in ${open.currency}, not in ${part.currency}`,
    );
  }
  if (part.minor <= 0n || part.minor > open.minor) {
    throw new CrossfootError(
      'FIELD_INVALID',
      `Of ${label} ${formatMoney(open)} ${open.currency} is open; ${formatMoney(part)} cannot be paid`,
    );
  }
}

function dayOf(last: CalendarDate | undefined, { executionOn, onLastDay }: PaymentWish): CalendarDate {
  return onLastDay && last !== undefined && compareDates(last, executionOn) > 0 ? last : executionOn;
}

/**
 * The account to pay to: the one chosen, or the one the bill names, or the only one there is. A bill that names an account
 * which the vendor is not known to have is not paid without a choice: that is how forged bills look.
 */
function chooseAccount(
  item: PayableItem,
  accounts: readonly PayeeAccount[],
  chosen: string | undefined,
): string {
  const unclear = (why: string) => new CrossfootError('PAYEE_ACCOUNT_UNCLEAR', `${item.label}: ${why}`);
  if (chosen !== undefined) {
    if (accounts.some(({ id }) => id === chosen)) return chosen;
    throw unclear(`the vendor has no account ${chosen}`);
  }
  const [only, ...more] = accounts;
  if (only === undefined) throw unclear('the vendor has no bank account');
  if (item.namedAccounts.length > 0) {
    const [named, ...others] = accounts.filter(({ index }) => item.namedAccounts.includes(index));
    if (named === undefined) throw unclear('it names an account that the vendor is not known to have');
    if (others.length > 0) throw unclear('it names several accounts of the vendor');
    return named.id;
  }
  if (more.length > 0) throw unclear('the vendor has several accounts and it names none');
  return only.id;
}
