import { add, money, negate, subtract, type Money } from '#kernel/money';
import { accountOf } from './chart-of-accounts.ts';
import { signedLine, type NewLine } from './entry.ts';

/** What bank lines settle, as the match says it; amounts carry the sign of the bank line. */
export interface Settlement {
  readonly bankAccountCode: string;
  readonly lines: readonly { readonly money: Money }[];
  readonly items: readonly { readonly controlAccountCode: string; readonly applied: Money }[];
}

/**
 * The journal lines of a settlement: bank against the accounts of the items, per currency. Money in is a debit of the
 * bank. What is left in a currency goes where it belongs: rounding, bank charges, discounts, suspense; with several
 * currencies left, to the currency exchange account on both sides, so that each currency balances for itself.
 */
export function settlementLines(settlement: Settlement): NewLine[] {
  const { bankAccountCode, lines, items } = settlement;
  const control = grouped(items.map((item) => ({ account: item.controlAccountCode, money: item.applied })));
  const rest = new Map<string, Money>();
  const count = (currency: string): Money => rest.get(currency) ?? money(0n, currency);
  for (const line of lines) rest.set(line.money.currency, add(count(line.money.currency), line.money));
  for (const item of control) rest.set(item.money.currency, subtract(count(item.money.currency), item.money));
  const left = [...rest.values()].filter(({ minor }) => minor !== 0n);
  const receivable = items.some((item) => item.applied.minor > 0n);
  return [
    ...lines.flatMap((line) => signedLine(bankAccountCode, line.money)),
    ...control.flatMap((item) => signedLine(item.account, negate(item.money))),
    ...left.flatMap((difference) => {
      const { code, memo } = differenceAccount(difference, { several: left.length > 1, receivable });
      return signedLine(code, negate(difference), memo);
    }),
  ];
}

/** One minor unit is what rounding leaves; more has a cause. */
function differenceAccount(
  difference: Money,
  { several, receivable }: { several: boolean; receivable: boolean },
): { code: string; memo: string } {
  if (several) return { code: accountOf.CURRENCY_EXCHANGE, memo: 'Exchange of currencies' };
  if (difference.minor === 1n || difference.minor === -1n)
    return { code: accountOf.ROUNDING, memo: 'Rounding' };
  if (difference.minor < 0n) return { code: accountOf.BANK_CHARGES, memo: 'Charges kept by the bank' };
  if (receivable) return { code: accountOf.SUSPENSE, memo: 'Received beyond what was owed' };
  return { code: accountOf.DISCOUNT_RECEIVED, memo: 'Discount taken' };
}

/** Sums by account and currency, in the order of their first appearance. */
function grouped(
  parts: readonly { account: string; money: Money }[],
): { readonly account: string; readonly money: Money }[] {
  const sums = new Map<string, { account: string; money: Money }>();
  for (const part of parts) {
    const key = `${part.account} ${part.money.currency}`;
    const known = sums.get(key);
    sums.set(key, { account: part.account, money: known ? add(known.money, part.money) : part.money });
  }
  return [...sums.values()];
}
