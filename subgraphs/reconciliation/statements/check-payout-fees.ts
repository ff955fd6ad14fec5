import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { id, oneOf } from '#kernel/input';
import { formatMoney, subtract, sum } from '#kernel/money';
import { payoutProviders } from '#connectors/payout-ports';
import { lockBook } from '../lock-book.ts';
import { raiseExceptions, resolveExceptionsOfSubject, type Raised } from '../raise-exceptions.ts';
import { compareFees, type ComparedFee, type Tariff } from './compare-fees.ts';
import { loadCharged, loadTariffs, type Ask } from './load-fees.ts';

/** After a tariff has changed, as many payouts are looked at again. */
const mostPayouts = 500;

/** Holds the fees of payouts against the tariffs of their provider, and raises what differs or is not agreed. */
export const checkPayoutFees = command({
  name: 'checkPayoutFees',
  description: 'Holds the fees of payouts against the tariffs of their provider, and raises what differs.',
  scope: 'platform:internal',
  input: z.object({
    bookId: id(),
    provider: oneOf('PayoutProvider', payoutProviders),
    payoutId: id().optional(),
  }),
  async run(transaction, { bookId, provider, payoutId }) {
    await lockBook(transaction, bookId);
    const tariffs = await loadTariffs(askIn(transaction), bookId, provider);
    // Where nothing is agreed with a provider, nothing is to be held against it.
    if (tariffs.length === 0) return { checked: 0 };
    const payouts = await transaction.query<{ id: string; reference: string }>(
      `select id, reference from reconciliation.payout
        where book_id = $1 and provider = $2 and ($3::text is null or id = $3) and detail = 'ITEMS'
        order by initiated_on desc nulls last, id desc limit $4`,
      [bookId, provider, payoutId ?? null, mostPayouts],
    );
    for (const payout of payouts) await checkPayout(transaction, bookId, { payout, tariffs });
    return { checked: payouts.length };
  },
});

const askIn =
  (transaction: Transaction): Ask =>
  (sql, values) =>
    transaction.query(sql, values);

async function checkPayout(
  transaction: Transaction,
  bookId: string,
  { payout, tariffs }: { payout: { id: string; reference: string }; tariffs: readonly Tariff[] },
): Promise<void> {
  const fees = compareFees(await loadCharged(askIn(transaction), { payoutId: payout.id }), tariffs);
  const subject = { type: 'Payout', id: payout.id };
  for (const [reason, outcome] of [
    ['FEE_DIFFERS', 'DIFFERS'],
    ['FEE_UNKNOWN', 'UNKNOWN'],
  ] as const) {
    const wrong = fees.filter((fee) => fee.outcome === outcome);
    const raised: Raised[] =
      wrong.length === 0 ? [] : [{ subject, reason, ...saysOf(wrong, payout.reference) }];
    if (raised.length > 0) await raiseExceptions(transaction, bookId, raised);
    else {
      const resolution = 'The fees are as agreed.';
      await resolveExceptionsOfSubject(transaction, bookId, { subject, reason, resolution });
    }
  }
}

function saysOf(wrong: readonly ComparedFee[], reference: string): Pick<Raised, 'detail' | 'amount'> {
  const currency = wrong[0]?.charged.currency ?? '';
  const own = wrong.filter(({ charged }) => charged.currency === currency);
  const apart = sum(
    currency,
    own.map(({ charged, expected }) => (expected ? subtract(charged, expected) : charged)),
  );
  const spelt = `${formatMoney(apart)} ${currency}`;
  const fees = `${wrong.length} ${wrong.length === 1 ? 'fee' : 'fees'} of payout ${reference}`;
  return {
    amount: apart,
    detail: wrong[0]?.expected
      ? `${fees} ${wrong.length === 1 ? 'is' : 'are'} not as agreed, by ${spelt} in all.`
      : `No tariff says what ${fees} should be; ${spelt} was taken.`,
  };
}
