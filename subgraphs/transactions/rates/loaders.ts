import { calendarDate } from '#kernel/calendar';
import { byBatch, byId } from '#kernel/loaders';
import type { KnownRate, WantedRate } from './choose-rate.ts';
import { ExchangeRateEntity } from './entities.ts';
import { findRates } from './rate-for.ts';

/** Rates set by hand, by id. */
export const exchangeRateById = byId(ExchangeRateEntity);

/** The key under which a rate is loaded. */
export function rateKey({ from, to, on, bookId }: Omit<WantedRate, 'on'> & { on: string }): string {
  return `${from} ${to} ${on} ${bookId ?? ''}`;
}

/** Rates by `rateKey`, many in one query; null for those that are not known. */
export const rates = byBatch<KnownRate | null>(async (keys, context) => {
  const wanted = keys.map((key): WantedRate => {
    const [from = '', to = '', on = '', bookId] = key.split(' ');
    return { from, to, on: calendarDate(on), bookId: bookId || undefined };
  });
  const found = await findRates((sql, values) => context.sql(sql, values), wanted);
  return found.map((rate) => rate ?? null);
});
