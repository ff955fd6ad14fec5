import { add, money, negate, subtract, sum, type Money } from '#kernel/money';
import { convert } from '../rates/exchange-arithmetic.ts';
import { roundForCash } from '../tax/cash-rounding.ts';
import { accountOf } from './chart-of-accounts.ts';
import { signedLine, type LineRate, type NewLine } from './entry.ts';
import type { ValuedPart } from './settle-items.ts';

/** What bank lines settle, as the match says it; amounts carry the sign of the bank line. */
export interface Settlement {
  readonly bankAccountCode: string;
  /** The base currency of the book. */
  readonly base: string;
  readonly lines: readonly { readonly money: Money }[];
  /** What they settle, valued by `settleItems`. */
  readonly items: readonly Omit<ValuedPart, 'journalEntryId'>[];
  /** What explains that lines are not items: what was kept or added, signed like the lines, and where it belongs. */
  readonly explained?: readonly {
    readonly accountCode: string;
    readonly money: Money;
    readonly memo: string;
  }[];
  /** The rate of the day of the payment; throws RATE_MISSING. */
  readonly rateOf: (currency: string) => LineRate;
}

/** An amount with the value it has in the base currency; debits are positive in both. */
interface Posting {
  readonly accountCode: string;
  readonly money: Money;
  readonly functional: bigint;
  readonly rate: LineRate | undefined;
  readonly memo?: string;
}

/** What a payment provider moves besides its fees stays on its balance until somebody says where it belongs. */
const ofProviders = /^PAYOUT_/;
const kept: Readonly<Record<string, string | undefined>> = {
  PAYOUT_FEE: accountOf.BANK_CHARGES,
  PAYOUT_TAX: accountOf.BANK_CHARGES,
  ROUNDING: accountOf.ROUNDING,
  BANK_CHARGE: accountOf.BANK_CHARGES,
  OVERPAYMENT: accountOf.SUSPENSE,
};

/**
 * The account of a kind of difference for which none is named; undefined where the amounts decide. A discount we take
 * is income; one we grant makes revenue less.
 */
export function accountOfDifference(kind: string, difference: Money): string | undefined {
  if (kind === 'EARLY_PAYMENT_DISCOUNT')
    return difference.minor > 0n ? accountOf.DISCOUNT_RECEIVED : accountOf.DEFAULT_INCOME;
  return kept[kind] ?? (ofProviders.test(kind) ? accountOf.PROCESSOR_BALANCE : undefined);
}

/**
 * The journal lines of a settlement: bank against the accounts of the items, per currency. Money in is a debit of the
 * bank. What is left in a currency goes where it belongs: rounding, bank charges, discounts, suspense; with several
 * currencies left they were exchanged. The bank is worth what the day says and an item what it was posted with; the
 * difference is a realised gain or loss, or rounding where it is no more than a minor unit for each line. The account of
 * exchange takes both sides of each foreign currency and the difference, so that each currency balances for itself and
 * the account comes to zero in the base currency.
 */
export function settlementLines(settlement: Settlement): NewLine[] {
  const { bankAccountCode, lines, items, explained = [] } = settlement;
  const valued = (accountCode: string, amount: Money, memo?: string): Posting => ({
    accountCode,
    money: amount,
    ...worth(amount, settlement),
    memo,
  });
  const postings = [
    ...lines.map((line) => valued(bankAccountCode, line.money)),
    ...control(items),
    ...explained.map((one) => valued(one.accountCode, negate(one.money), one.memo)),
    ...differences(settlement).map(({ code, money: left, memo }) => valued(code, negate(left), memo)),
  ];
  return [...postings, ...exchange(postings, settlement.base)].flatMap(lineOf);
}

function worth(amount: Money, { base, rateOf }: Settlement): Pick<Posting, 'functional' | 'rate'> {
  if (amount.currency === base) return { functional: amount.minor, rate: undefined };
  const rate = rateOf(amount.currency);
  return { functional: convert(amount, rate.rate, base).minor, rate };
}

/** The accounts of the items, one posting for each account, currency and rate, in the order of their appearance. */
function control(items: Settlement['items']): Posting[] {
  const sums = new Map<string, Posting>();
  for (const { controlAccountCode, money: taken, functional, rate } of items) {
    const key = `${controlAccountCode} ${taken.currency} ${rate?.rate} ${rate?.on} ${rate?.source}`;
    const known = sums.get(key);
    sums.set(key, {
      accountCode: controlAccountCode,
      money: known ? subtract(known.money, taken) : negate(taken),
      functional: (known?.functional ?? 0n) - functional,
      rate,
    });
  }
  return [...sums.values()];
}

/** What the bank lines leave of what they settle, unless several currencies are left, which were exchanged. */
function differences({
  lines,
  items,
  explained = [],
}: Settlement): { code: string; money: Money; memo: string }[] {
  const rest = new Map<string, Money>();
  const count = (currency: string): Money => rest.get(currency) ?? money(0n, currency);
  for (const line of lines) rest.set(line.money.currency, add(count(line.money.currency), line.money));
  for (const { money: taken } of [...items, ...explained])
    rest.set(taken.currency, subtract(count(taken.currency), taken));
  const [left, ...more] = [...rest.values()].filter(({ minor }) => minor !== 0n);
  if (!left || more.length > 0) return [];
  const owed = items.filter((item) => item.money.currency === left.currency).map((item) => item.money);
  if (roundForCash(sum(left.currency, owed)).difference.minor === left.minor)
    return [{ money: left, code: accountOf.ROUNDING, memo: 'Rounding to coins' }];
  const receivable = items.some((item) => item.money.minor > 0n);
  return [{ money: left, ...differenceAccount(left, receivable) }];
}

/** One minor unit is what rounding leaves; more has a cause. */
function differenceAccount(difference: Money, receivable: boolean): { code: string; memo: string } {
  if (difference.minor === 1n || difference.minor === -1n)
    return { code: accountOf.ROUNDING, memo: 'Rounding' };
  if (difference.minor < 0n) return { code: accountOf.BANK_CHARGES, memo: 'Charges kept by the bank' };
  if (receivable) return { code: accountOf.SUSPENSE, memo: 'Received beyond what was owed' };
  return { code: accountOf.DISCOUNT_RECEIVED, memo: 'Discount taken' };
}

/** What closes each currency and the base currency: the account of exchange, and gain, loss or rounding. */
function exchange(postings: readonly Posting[], base: string): Posting[] {
  const closing: Posting[] = [];
  const foreign = postings.filter(({ money: { currency } }) => currency !== base);
  for (const [currency, group] of Map.groupBy(foreign, (one) => one.money.currency)) {
    const debits = sumOf(group.filter((one) => one.money.minor > 0n));
    const credits = sumOf(group.filter((one) => one.money.minor < 0n));
    if (debits.minor + credits.minor === 0n && debits.functional + credits.functional === 0n) continue;
    for (const { minor, functional } of [debits, credits]) {
      closing.push(exchanged(money(-minor, currency), -functional));
    }
  }
  const own = sumOf(postings.filter(({ money: { currency } }) => currency === base)).minor;
  const difference = sumOf(postings).functional;
  closing.push(exchanged(money(difference - own, base), difference - own));
  if (difference === 0n) return closing;
  const { code, memo } = resultAccount(difference, foreign.length);
  const result = money(-difference, base);
  return [...closing, { accountCode: code, money: result, functional: result.minor, rate: undefined, memo }];
}

function exchanged(amount: Money, functional: bigint): Posting {
  const memo = 'Exchange of currencies';
  return { accountCode: accountOf.CURRENCY_EXCHANGE, money: amount, functional, rate: undefined, memo };
}

/** Every line in a foreign currency may be rounded by up to a minor unit; what is more came of the rates. */
function resultAccount(difference: bigint, foreignLines: number): { code: string; memo: string } {
  const size = difference < 0n ? -difference : difference;
  if (size <= BigInt(foreignLines)) return { code: accountOf.ROUNDING, memo: 'Rounding of currencies' };
  if (difference > 0n) return { code: accountOf.REALISED_GAIN, memo: 'Realised exchange gain' };
  return { code: accountOf.REALISED_LOSS, memo: 'Realised exchange loss' };
}

function sumOf(postings: readonly Posting[]): { minor: bigint; functional: bigint } {
  return {
    minor: postings.reduce((sum, one) => sum + one.money.minor, 0n),
    functional: postings.reduce((sum, one) => sum + one.functional, 0n),
  };
}

function lineOf({ accountCode, money: amount, functional, rate, memo }: Posting): NewLine[] {
  const size = functional < 0n ? -functional : functional;
  return signedLine(accountCode, amount, memo).map((line) => ({ ...line, functional: size, rate }));
}
