import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { currency, date, decimal, id, text } from '#kernel/input';
import { parseDecimal } from '#kernel/money';

const mostDigits = 20;

/** Sets a rate by hand for some days; it goes before all reference rates. */
export const setExchangeRate = command({
  name: 'setExchangeRate',
  description:
    'Sets a rate of exchange by hand for some days, with its reason; it goes before all reference rates. The newest rate set for a day counts, that of a book before that of the organisation.',
  scope: 'transactions:post',
  input: z
    .object({
      bookId: id().optional().meta({ description: 'The only book it holds for; left out, all books.' }),
      from: currency().meta({ description: 'The currency one unit of which has the rate.' }),
      to: currency().meta({ description: 'The currency the rate is in.' }),
      rate: decimal().optional().meta({
        description: 'Units of `to` for one unit of `from`; left out, the reference rates count again.',
      }),
      on: date().meta({ description: 'The first day it holds for.' }),
      until: date().optional().meta({ description: 'The last day; the first one alone when left out.' }),
      reason: text(500).meta({ description: 'Why, for the audit log.' }),
    })
    .refine(({ from, to }) => from !== to, { message: 'is the same currency', path: ['to'] })
    .refine(({ on, until }) => until === undefined || until >= on, {
      message: 'is before the first day',
      path: ['until'],
    }),
  async run(transaction, input) {
    const { bookId, from, to, rate, on, reason } = input;
    if (rate !== undefined) checkRate(rate);
    if (bookId !== undefined) {
      await transaction.require(
        `There is no book ${bookId}`,
        'select id from transactions.book where id = $1',
        [bookId],
      );
    }
    const exchangeRateId = newId('fx');
    const until = input.until ?? on;
    await transaction.insert('transactions.exchange_rate', {
      id: exchangeRateId,
      book_id: bookId ?? null,
      from_currency: from,
      to_currency: to,
      rate: rate ?? null,
      valid_from: on,
      valid_to: until,
      reason,
      set_by: transaction.actor.memberId ?? null,
      set_at: transaction.now,
    });
    transaction.emit({
      type: 'exchangeRates.changed',
      subjectId: exchangeRateId,
      bookId,
      facts: { from: on, to: until, currencies: [from, to] },
    });
    transaction.audit({
      subjectType: 'ExchangeRate',
      subjectId: exchangeRateId,
      after: { bookId, from, to, rate: rate ?? null, on, until, reason },
    });
    return { exchangeRateId };
  },
});

function checkRate(rate: string): void {
  const { digits } = parseDecimal(rate);
  const size = digits.toString().length;
  if (digits > 0n && size <= mostDigits && rate.length <= mostDigits + 1) return;
  const message = `${rate} is no rate: it is above zero and has up to ${mostDigits} digits`;
  throw new CrossfootError('AMOUNT_INVALID', message, { path: ['rate'] });
}
