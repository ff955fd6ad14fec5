import { daysBetween } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';
import { formatMoney, money, type Money } from '#kernel/money';
import { size } from './candidates.ts';

/** What a part of a difference is. */
export type DifferenceKind =
  | 'ROUNDING'
  | 'TOLERANCE'
  | 'EARLY_PAYMENT_DISCOUNT'
  | 'BANK_CHARGE'
  | 'OVERPAYMENT'
  | 'PARTIAL_PAYMENT'
  | 'CURRENCY'
  | 'CHOSEN';

/** One part of what lines and items differ by. */
export interface DifferenceSplit {
  readonly kind: DifferenceKind;
  /**
   * Lines less items, signed like the lines; of a partial payment what stays open, which is booked nowhere. Missing for
   * exchanged currencies: the ledger's rates say what is gained or lost.
   */
  readonly amount?: Money;
  /** The account it books to where settings or a person name one; else the ledger's own account of the kind. */
  readonly accountCode?: string;
  readonly detail: string;
}

/** A part of a difference as the database keeps it: minor units as text, because JSON has no bigint. */
export interface StoredSplit extends Omit<DifferenceSplit, 'amount'> {
  readonly amount?: { readonly minor: string; readonly currency: string };
}

/** What may be missing or too much without anybody being asked. */
export interface Tolerance {
  readonly most: Money;
  /** In basis points of what is open. */
  readonly mostShare: number;
  readonly accountCode: string;
}

/** A payment and what it is said to settle; all in one currency unless `applied` holds others. */
export interface Settled {
  readonly paid: Money;
  readonly bookedOn: CalendarDate;
  readonly items: readonly {
    readonly applied: Money;
    /** Before the payment. */
    readonly open: Money;
    readonly issuedOn: CalendarDate;
  }[];
  readonly tolerance?: Tolerance;
  /** The account a person named for the difference. */
  readonly accountCode?: string;
}

/** Early-payment discounts in whole percent, the usual ones first. */
const discounts = [2n, 3n, 1n, 4n, 5n];
const discountDays = 30;
/** Major units a bank keeps at most of a payment on its way. */
const mostCharged = 50n;

/** Whether a difference lies within a tolerance: below its amount and below its share of what is open. */
export function isTolerated(difference: Money, open: Money, tolerance: Tolerance): boolean {
  return (
    tolerance.most.currency === difference.currency &&
    size(difference.minor) <= tolerance.most.minor &&
    size(difference.minor) * 10_000n <= size(open.minor) * BigInt(tolerance.mostShare)
  );
}

/** Explains what a payment and the amounts it settles differ by, part by part; the parts add up to the difference. */
export function splitDifference(settled: Settled): DifferenceSplit[] {
  const { paid, items } = settled;
  const { currency } = paid;
  if (items.some(({ applied }) => applied.currency !== currency)) return exchanged(settled);
  const sum = (of: (item: Settled['items'][number]) => Money) =>
    items.reduce((total, item) => total + of(item).minor, 0n);
  const [applied, open] = [sum((item) => item.applied), sum((item) => item.open)];
  const difference = money(paid.minor - applied, currency);
  const left = money(open - applied, currency);
  const partial: DifferenceSplit[] =
    left.minor === 0n ? [] : [{ kind: 'PARTIAL_PAYMENT', amount: left, detail: `${spell(left)} stay open.` }];
  return difference.minor === 0n
    ? partial
    : [...explained(settled, { difference, open: money(applied, currency) }), ...partial];
}

interface Gap {
  readonly difference: Money;
  /** What is settled, which the difference is compared with. */
  readonly open: Money;
}

function explained(settled: Settled, gap: Gap): DifferenceSplit[] {
  const { difference, open } = gap;
  const part = (kind: DifferenceKind, detail: string, accountCode?: string): DifferenceSplit => ({
    kind,
    amount: difference,
    ...(accountCode === undefined ? {} : { accountCode }),
    detail,
  });
  const text = spell(difference);
  if (settled.accountCode !== undefined)
    return [part('CHOSEN', `${text} as a person has said.`, settled.accountCode)];
  if (size(difference.minor) <= 1n) return [part('ROUNDING', `${text} is what rounding leaves.`)];
  const { tolerance } = settled;
  if (tolerance && isTolerated(difference, open, tolerance)) {
    const detail = `${text} lies within the ${spell(tolerance.most)} that need nobody's approval.`;
    return [part('TOLERANCE', detail, tolerance.accountCode)];
  }
  const short = size(open.minor) - size(settled.paid.minor);
  if (short < 0n) return [part('OVERPAYMENT', `${text} more was paid than is settled.`)];
  return (
    discounted(settled, gap, short) ?? [
      part(
        'BANK_CHARGE',
        isCharge(short, open)
          ? `${text} is small enough to be kept by a bank on the way.`
          : `${text} were not paid; nothing else explains them.`,
      ),
    ]
  );
}

/** A discount alone, or with a charge of a bank beside it. */
function discounted(settled: Settled, gap: Gap, short: bigint): DifferenceSplit[] | undefined {
  const { difference, open } = gap;
  const issued = settled.items.map(({ issuedOn }) => issuedOn).toSorted((a, b) => (a < b ? -1 : 1))[0];
  const days = issued === undefined ? Infinity : daysBetween(issued, settled.bookedOn);
  if (days > discountDays) return undefined;
  const whole = size(open.minor);
  const signed = (amount: bigint) => money(difference.minor < 0n ? -amount : amount, difference.currency);
  const exact = discounts.find((percent) => size(short * 100n - whole * percent) <= 100n);
  if (exact !== undefined) {
    const detail = `${spell(difference)} is ${exact} % for paying within ${days} days.`;
    return [{ kind: 'EARLY_PAYMENT_DISCOUNT', amount: difference, detail }];
  }
  // What banks charge is a round amount; anything else beside a discount would be a guess.
  for (const percent of discounts) {
    const discount = (whole * percent + 50n) / 100n;
    const rest = short - discount;
    if (rest <= 0n || rest > 1_500n || rest % 50n !== 0n) continue;
    return [
      {
        kind: 'EARLY_PAYMENT_DISCOUNT',
        amount: signed(discount),
        detail: `${spell(signed(discount))} is ${percent} % for paying within ${days} days.`,
      },
      {
        kind: 'BANK_CHARGE',
        amount: signed(rest),
        detail: `${spell(signed(rest))} beside the discount was kept by a bank on the way.`,
      },
    ];
  }
  return undefined;
}

function isCharge(short: bigint, open: Money): boolean {
  const unit = money(0n, open.currency);
  const digits = BigInt(formatMoney(unit).split('.')[1]?.length ?? 0);
  return short <= mostCharged * 10n ** digits && short * 2n <= size(open.minor);
}

function exchanged({ paid, items }: Settled): DifferenceSplit[] {
  const settled = items.map(({ applied }) => spell(applied)).join(', ');
  const detail = `${spell(paid)} were paid for ${settled}; the ledger books what the rates gain or lose.`;
  return [{ kind: 'CURRENCY', detail }];
}

function spell(amount: Money): string {
  return `${formatMoney(money(size(amount.minor), amount.currency))} ${amount.currency}`;
}
