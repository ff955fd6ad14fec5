import { formatMoney, money, type Money } from '#kernel/money';
import type { KnownRate } from '../rates/choose-rate.ts';
import { convert } from '../rates/exchange-arithmetic.ts';
import { accountOf, type AccountType } from './chart-of-accounts.ts';
import { signedLine, type NewLine } from './entry.ts';

/** What stands on an account in a foreign currency; debits are positive. */
export interface ForeignBalance {
  readonly accountCode: string;
  readonly accountName: string;
  readonly type: AccountType;
  readonly balance: Money;
  /** What it stands at in the base currency. */
  readonly carried: Money;
}

/** A balance at the rate of a day. */
export interface Revalued extends Omit<ForeignBalance, 'type'> {
  readonly rate: KnownRate;
  readonly worth: Money;
  /** Worth less what it stands at: a gain when positive, for what we have and for what we owe alike. */
  readonly difference: Money;
}

/** Advances and prepayments are settled in goods: their value does not move with the rate. */
const notMonetary: Partial<Record<AccountType, RegExp>> = { ASSET: /^(0|1[5-7])/, LIABILITY: /^27/ };
const adjustments: readonly [AccountType, RegExp, string][] = [
  ['ASSET', /^1(0|1|8)/, '1090'],
  ['ASSET', /./, '1290'],
  ['LIABILITY', /./, '2090'],
];

/**
 * The account that takes the revaluation of an account: that of bank accounts, of receivables or of payables. Undefined
 * for accounts that hold no money and no claim to any, such as equipment, prepaid expenses and deferred income.
 */
export function adjustmentAccount(type: AccountType, code: string): string | undefined {
  if (notMonetary[type]?.test(code)) return undefined;
  return adjustments.find(([ofType, codes]) => ofType === type && codes.test(code))?.[2];
}

/** Values balances at the rates of a day, in the order given. */
export function revalue(
  balances: readonly ForeignBalance[],
  rateOf: (currency: string) => KnownRate,
): Revalued[] {
  return balances.map(({ accountCode, accountName, balance, carried }) => {
    const rate = rateOf(balance.currency);
    const worth = convert(balance, rate.rate, carried.currency);
    const difference = money(worth.minor - carried.minor, carried.currency);
    return { accountCode, accountName, balance, carried, rate, worth, difference };
  });
}

/** The account and currency of a balance as a key. */
export function balanceOf({ accountCode, balance }: Pick<Revalued, 'accountCode' | 'balance'>): string {
  return `${accountCode} ${balance.currency}`;
}

/** A difference that was posted for the same day before, by account and currency. */
export interface PostedDifference {
  readonly accountCode: string;
  readonly currency: string;
  /** The account that took it. */
  readonly adjustmentCode: string;
  readonly difference: Money;
}

/**
 * The lines that bring a day from what was posted for it before to what holds now: the adjustment account of each balance
 * against unrealised gains and losses, gains and losses apart. None when nothing has changed.
 */
export function revaluationLines(
  now: readonly (Revalued & { readonly adjustmentCode: string })[],
  before: readonly PostedDifference[],
): NewLine[] {
  const posted = new Map(before.map((one) => [`${one.accountCode} ${one.currency}`, one]));
  const lines = now.flatMap((one) => {
    const earlier = posted.get(balanceOf(one));
    posted.delete(balanceOf(one));
    return change(one.adjustmentCode, earlier?.difference, { to: one.difference, memo: memoOf(one) });
  });
  // What is not there any more has no difference any more.
  const gone = [...posted.values()].flatMap(({ adjustmentCode, difference, accountCode, currency }) =>
    change(adjustmentCode, difference, {
      to: money(0n, difference.currency),
      memo: `${accountCode} holds no ${currency} any more`,
    }),
  );
  return [...lines, ...gone];
}

function change(
  adjustmentCode: string,
  from: Money | undefined,
  { to, memo }: { to: Money; memo: string },
): NewLine[] {
  const [before, after] = [from?.minor ?? 0n, to.minor];
  const of = (minor: bigint): Money => money(minor, to.currency);
  const gain = (minor: bigint): bigint => (minor > 0n ? minor : 0n);
  const loss = (minor: bigint): bigint => (minor < 0n ? -minor : 0n);
  return [
    ...signedLine(adjustmentCode, of(after - before), memo),
    ...signedLine(accountOf.UNREALISED_GAIN, of(gain(before) - gain(after)), memo),
    ...signedLine(accountOf.UNREALISED_LOSS, of(loss(after) - loss(before)), memo),
  ];
}

function memoOf({ accountCode, balance, carried, rate, worth }: Revalued): string {
  const { currency } = carried;
  return (
    `${accountCode}: ${formatMoney(balance)} ${balance.currency} at ${rate.rate} (${rate.source} ${rate.on}) ` +
    `are ${formatMoney(worth)} ${currency}, in the books at ${formatMoney(carried)}`
  );
}
