import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { chooseRate, pairsOf, type FoundRate, type KnownRate, type WantedRate } from './choose-rate.ts';

/** Banks rest on weekends and feasts: the last rate of so many days before counts, and no older one. */
export const daysBack = 7;

/** Runs a query, in a command's transaction or in a request's. */
export type RunQuery = <Row extends object>(sql: string, values: readonly unknown[]) => Promise<Row[]>;

const lookUp = `
  select m.from_currency, m.rate::text as manual, m.valid_from, e.on_day, e.rate as reference
    from unnest($1::text[], $2::text[], $3::date[], $4::text[]) with ordinality as w (one, other, on_day, book_id, place)
    left join lateral
         (select x.from_currency, x.rate, x.valid_from from transactions.exchange_rate x
           where x.pair = least(w.one, w.other) || greatest(w.one, w.other)
             and w.on_day between x.valid_from and x.valid_to and (x.book_id is null or x.book_id = w.book_id)
           order by x.book_id is null, x.set_at desc, x.id desc limit 1) m on true
    left join lateral
         (select r.on_day, r.rates ->> w.one as rate from transactions.reference_rates r
           where w.other = 'EUR' and r.on_day between w.on_day - ${daysBack} and w.on_day
             and r.rates ->> w.one is not null
           order by r.on_day desc, r.organisation_id = 'platform' limit 1) e on true
   order by w.place`;

interface Row {
  readonly from_currency: string | null;
  readonly manual: string | null;
  readonly valid_from: CalendarDate | null;
  readonly on_day: CalendarDate | null;
  readonly reference: string | null;
}

/** Looks many rates up at once, in one query; undefined for those that are not known. The same currency is worth one. */
export async function findRates(
  run: RunQuery,
  wanted: readonly WantedRate[],
): Promise<(KnownRate | undefined)[]> {
  const open = new Map<string, WantedRate>();
  for (const one of wanted) if (one.from !== one.to) open.set(keyOf(one), one);
  const asked = [...open.values()].flatMap((one) => pairsOf(one).map((pair) => ({ pair, one })));
  const rows =
    asked.length === 0
      ? []
      : await run<Row>(lookUp, [
          asked.map(({ pair }) => pair[0]),
          asked.map(({ pair }) => pair[1]),
          asked.map(({ one }) => one.on),
          asked.map(({ one }) => one.bookId ?? null),
        ]);
  const found = new Map<string, KnownRate | undefined>();
  let next = 0;
  for (const [key, one] of open) {
    const count = pairsOf(one).length;
    found.set(key, chooseRate(one, rows.slice(next, next + count).map(foundRate)));
    next += count;
  }
  return wanted.map((one) =>
    one.from === one.to
      ? { rate: '1', source: 'DERIVED', on: one.on, path: `${one.from}>${one.to}` }
      : found.get(keyOf(one)),
  );
}

/** Rates of many days and currencies in one query, in the order asked; throws RATE_MISSING for the first not known. */
export async function ratesFor(
  transaction: Transaction,
  wanted: readonly WantedRate[],
): Promise<KnownRate[]> {
  const found = await findRates((sql, values) => transaction.query(sql, values), wanted);
  return found.map((rate, index) => {
    const one = wanted[index];
    if (!rate && one) throw rateMissing(one);
    return rate as KnownRate;
  });
}

/** The rate of a day; throws RATE_MISSING. */
export async function rateFor(transaction: Transaction, wanted: WantedRate): Promise<KnownRate> {
  const [rate] = await ratesFor(transaction, [wanted]);
  return rate as KnownRate;
}

/** The error for a rate nobody knows. */
export function rateMissing({ from, to, on }: WantedRate): CrossfootError {
  const message = `No rate says what ${from} is worth in ${to} on ${on} or up to ${daysBack} days before`;
  return new CrossfootError('RATE_MISSING', message, { path: ['lines'] });
}

function foundRate(row: Row): FoundRate {
  const { from_currency: from, manual, valid_from: validFrom, on_day: onDay, reference } = row;
  return {
    manual: from !== null && manual !== null && validFrom ? { from, rate: manual, on: validFrom } : undefined,
    reference: reference !== null && onDay ? { rate: reference, on: onDay } : undefined,
  };
}

function keyOf({ from, to, on, bookId }: WantedRate): string {
  return `${from} ${to} ${on} ${bookId ?? ''}`;
}
