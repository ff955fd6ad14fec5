import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import type { Money } from '#kernel/money';
import { findRates, rateMissing } from '../rates/rate-for.ts';
import type { LineRate, NewLine } from './entry.ts';
import { ensureExchangeAccounts } from './exchange-accounts.ts';
import { loadOpenAmounts } from './load-open-amounts.ts';
import { requireBook } from './require-book.ts';
import { settleItems, type AppliedAmount, type ValuedPart } from './settle-items.ts';
import { accountOfDifference, settlementLines } from './settlement-lines.ts';

/** What an accepted match says of a payment. */
export interface Payment {
  readonly bookId: string;
  readonly bankAccountCode: string;
  readonly bookedOn: CalendarDate;
  readonly lines: readonly { readonly money: Money }[];
  readonly items: readonly AppliedAmount[];
  /** What explains that lines are not items, as far as it is explained; signed like the lines. */
  readonly differences?: readonly {
    readonly kind: string;
    readonly money: Money;
    readonly accountCode?: string | undefined;
    readonly memo: string;
  }[];
}

/** A payment with its lines, and what it takes from items. */
export interface ValuedPayment {
  readonly lines: readonly NewLine[];
  readonly parts: readonly ValuedPart[];
}

/** Values a payment: items as they were posted, the bank as its day says. Throws RATE_MISSING. */
export async function valuePayment(transaction: Transaction, payment: Payment): Promise<ValuedPayment> {
  const { bookId, bankAccountCode, bookedOn: on, lines, items, differences = [] } = payment;
  await requireBook(transaction, bookId);
  const { base } = await transaction.require<{ base: string }>(
    `There is no book ${bookId}`,
    'select base_currency as base from transactions.book where id = $1',
    [bookId],
  );
  const explained = differences.flatMap(({ kind, money, accountCode, memo }) => {
    const code = accountCode ?? accountOfDifference(kind, money);
    return code === undefined ? [] : [{ accountCode: code, money, memo }];
  });
  const amounts = [...[...lines, ...explained].map((one) => one.money), ...items.map((item) => item.applied)];
  const currencies = [...new Set(amounts.map(({ currency }) => currency))].filter((one) => one !== base);
  const found = await findRates(
    (sql, values) => transaction.query(sql, values),
    currencies.map((from) => ({ from, to: base, on, bookId })),
  );
  const rateOf = (currency: string): LineRate => {
    const rate = found[currencies.indexOf(currency)];
    if (!rate) throw rateMissing({ from: currency, to: base, on });
    return rate;
  };
  const open = await loadOpenAmounts(transaction, { bookId, base }, items);
  const parts = settleItems(items, { base, open, rateOf });
  const settled = settlementLines({ bankAccountCode, base, lines, items: parts, explained, rateOf });
  await ensureExchangeAccounts(transaction, bookId, settled);
  return { parts, lines: settled };
}

/** Remembers what the payment took from items that stand in the journal. */
export async function recordSettled(
  transaction: Transaction,
  paymentId: string,
  parts: readonly ValuedPart[],
): Promise<void> {
  await transaction.query(
    `insert into transactions.settled_amount
       (organisation_id, payment_entry_id, position, item_entry_id, account_code, currency, minor, functional_minor)
     select $1, $2, p.position, p.item, p.account, p.currency, p.minor, p.functional
       from unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[]) with ordinality
         as p (item, account, currency, minor, functional, position)
       join transactions.journal_entry e on e.organisation_id = $1 and e.id = p.item
      where p.minor <> 0`,
    [
      transaction.organisationId,
      paymentId,
      parts.map((part) => part.journalEntryId),
      parts.map((part) => part.controlAccountCode),
      parts.map((part) => part.money.currency),
      parts.map((part) => part.money.minor),
      parts.map((part) => part.functional),
    ],
  );
}
