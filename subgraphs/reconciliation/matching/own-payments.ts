import { money, type Money } from '#kernel/money';
import type { MatchEvidence } from './model.ts';

/** A bank line that may show payments we ordered; `text` is all it says. */
export interface PaymentSighting {
  readonly id: string;
  readonly bankAccountId: string;
  /** Signed as the bank has it. */
  readonly amount: Money;
  readonly texts: readonly string[];
}

/** A payment we ordered, as far as a bank line can show it. */
export interface OwnPayment {
  readonly endToEndId: string;
  readonly batchId: string;
  readonly openItemId: string;
  /** What the bank takes from the account, and what of the item that settles; both negative. */
  readonly pays: Money;
  readonly settles: Money;
  /** It came back on another open line, whose amount is that of the payment. */
  readonly returnedBy?: string;
}

/** Lines and the items they settle, named by our own ids. */
export interface OwnPaymentMatch {
  readonly bankAccountId: string;
  readonly currency: string;
  readonly lineIds: readonly string[];
  readonly items: readonly { readonly id: string; readonly applied: Money }[];
  /** Lines less what they settle: the discounts taken. */
  readonly difference?: Money;
  readonly evidence: readonly MatchEvidence[];
}

/** Our ids as a bank may write them, its line breaks and blanks taken out: a letter and the 26 signs of an id, batches with a number. */
const ours = /[EP][0-7][0-9A-HJKMNP-TV-Z]{25}(?:-\d{1,4})?/g;

/** The id under which others see a row of ours in payments: letters and digits only, 27 of them. */
export function paymentIdOf(letter: 'E' | 'P', id: string): string {
  return letter + id.slice(id.indexOf('_') + 1).toUpperCase();
}

/** The ids of ours in texts of a bank. */
export function paymentIdsIn(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => text.toUpperCase().replace(/\s/g, '').match(ours) ?? []))];
}

/**
 * Finds the lines that show payments we ordered: those they name, or else all of a batch they name, when these come to
 * the amount of the line to the last unit. Nothing is guessed: a line that names ours and differs is left to the matcher.
 * A payment of a batch that came back settles nothing; the line that brought it back then goes with the batch.
 */
export function matchOwnPayments(
  lines: readonly PaymentSighting[],
  payments: readonly OwnPayment[],
): OwnPaymentMatch[] {
  const byId = new Map(payments.map((payment) => [payment.endToEndId, payment]));
  const byBatch = Map.groupBy(payments, (payment) => payment.batchId);
  const used = new Set<OwnPayment>();
  const open = new Map(lines.map((line) => [line.id, line]));
  return lines.flatMap((line) => {
    const ids = paymentIdsIn(line.texts);
    const named = [...new Set(ids.flatMap((id) => byId.get(withoutNumber(id)) ?? []))];
    const all = named.length > 0 ? named : ids.flatMap((id) => byBatch.get(id) ?? []);
    if (all.some((payment) => used.has(payment)) || !comesTo(all, line.amount)) return [];
    all.sort((a, b) => (a.endToEndId < b.endToEndId ? -1 : 1));
    const standing = all.filter((payment) => payment.returnedBy === undefined);
    const returns = all.flatMap((payment) => open.get(payment.returnedBy ?? '') ?? []);
    if (standing.length === 0 || standing.length + returns.length < all.length) return [];
    if (returns.some((one) => one.bankAccountId !== line.bankAccountId)) return [];
    for (const payment of all) used.add(payment);
    return [matchOf(line, standing, returns)];
  });
}

/** A text may go on with a hyphen and a number behind an id that has none. */
function withoutNumber(id: string): string {
  return id.startsWith('E') ? id.slice(0, 27) : id;
}

function comesTo(payments: readonly OwnPayment[], amount: Money): boolean {
  if (payments.length === 0 || payments.some(({ pays }) => pays.currency !== amount.currency)) return false;
  return payments.reduce((sum, { pays }) => sum + pays.minor, 0n) === amount.minor;
}

function matchOf(
  line: PaymentSighting,
  standing: readonly OwnPayment[],
  returns: readonly PaymentSighting[],
): OwnPaymentMatch {
  const { currency } = line.amount;
  const moved = [line, ...returns].reduce((sum, { amount }) => sum + amount.minor, 0n);
  const settled = standing.reduce((sum, { settles }) => sum + settles.minor, 0n);
  const count = standing.length === 1 ? 'a payment' : `${standing.length} payments`;
  const back = returns.length === 0 ? '' : `; ${returns.length} more came back`;
  return {
    bankAccountId: line.bankAccountId,
    currency,
    lineIds: [line.id, ...returns.map(({ id }) => id)],
    items: standing.map(({ openItemId, settles }) => ({ id: openItemId, applied: settles })),
    ...(moved === settled ? {} : { difference: money(moved - settled, currency) }),
    evidence: [
      {
        signal: 'group',
        score: 10_000,
        detail: `The bank names ${count} of our own order and the amount is the same${back}.`,
      },
    ],
  };
}
