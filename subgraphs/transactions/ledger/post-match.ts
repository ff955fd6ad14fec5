import { z } from 'zod';
import type { CalendarDate } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, id, text } from '#kernel/input';
import type { Money } from '#kernel/money';
import { fromWire, wireMoney } from '#kernel/wire-money';
import { findRates, rateMissing } from '../rates/rate-for.ts';
import type { LineRate, NewLine } from './entry.ts';
import { loadOpenAmounts } from './load-open-amounts.ts';
import { tryPostEntries } from './post-entry.ts';
import { refuse } from './refuse-posting.ts';
import { requireBook } from './require-book.ts';
import { settleItems, type AppliedAmount, type ValuedPart } from './settle-items.ts';
import { settlementLines } from './settlement-lines.ts';

/** Posts the payment that an accepted match shows. */
export const postMatch = command({
  name: 'postMatch',
  description: 'Posts the payment that an accepted match of bank lines and open items shows.',
  scope: 'platform:internal',
  input: z.object({
    matchId: id(),
    bookId: id(),
    bankAccountCode: text(20),
    bookedOn: date(),
    description: z.string().max(1000),
    vendorId: id().optional(),
    lines: z.array(z.object({ lineId: id(), money: wireMoney() })),
    items: z.array(z.object({ journalEntryId: id(), controlAccountCode: text(20), applied: wireMoney() })),
  }),
  async run(transaction, input) {
    const { matchId, bookId, bankAccountCode, bookedOn } = input;
    const refused = { cause: { matchId }, bookId };
    let valued: ValuedPayment;
    try {
      valued = await valuePayment(transaction, {
        bookId,
        bankAccountCode,
        bookedOn,
        lines: input.lines.map((line) => ({ money: fromWire(line.money) })),
        items: input.items.map((item) => ({ ...item, applied: fromWire(item.applied) })),
      });
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      return refuse(transaction, refused, error.toUserError());
    }
    const { description, vendorId } = input;
    const entry = { bookId, kind: 'PAYMENT', postedOn: bookedOn, description, vendorId } as const;
    const outcome = await tryPostEntries(transaction, [
      { ...entry, lines: valued.lines, cause: { matchId } },
    ]);
    if ('refused' in outcome) return refuse(transaction, refused, outcome.refused);
    const [posted] = outcome.posted;
    if (posted) await recordSettled(transaction, posted.id, valued.parts);
    transaction.audit({ subjectType: 'Match', subjectId: matchId, after: posted });
    return { journalEntryId: posted?.id };
  },
});

interface Payment {
  readonly bookId: string;
  readonly bankAccountCode: string;
  readonly bookedOn: CalendarDate;
  readonly lines: readonly { readonly money: Money }[];
  readonly items: readonly AppliedAmount[];
}

interface ValuedPayment {
  readonly lines: readonly NewLine[];
  readonly parts: readonly ValuedPart[];
}

/** Values a payment: items as they were posted, the bank as its day says. Throws RATE_MISSING. */
async function valuePayment(transaction: Transaction, payment: Payment): Promise<ValuedPayment> {
  const { bookId, bankAccountCode, bookedOn: on, lines, items } = payment;
  await requireBook(transaction, bookId);
  const { base } = await transaction.require<{ base: string }>(
    `There is no book ${bookId}`,
    'select base_currency as base from transactions.book where id = $1',
    [bookId],
  );
  const amounts = [...lines.map((line) => line.money), ...items.map((item) => item.applied)];
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
  return { parts, lines: settlementLines({ bankAccountCode, base, lines, items: parts, rateOf }) };
}

/** Remembers what the payment took from items that stand in the journal. */
async function recordSettled(
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
