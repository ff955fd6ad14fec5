import { defineEntity, p, type EntitySchema, type InferEntity } from '@mikro-orm/core';

/** A rate set by hand; never changed. */
export const ExchangeRateEntity = defineEntity({
  name: 'ExchangeRate',
  tableName: 'exchange_rate',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text().nullable(),
    fromCurrency: p.text(),
    toCurrency: p.text(),
    rate: p.decimal('string').nullable(),
    validFrom: p.date(),
    validTo: p.date(),
    reason: p.text(),
    setBy: p.text().nullable(),
    setAt: p.datetime(),
  },
});
export type ExchangeRate = InferEntity<typeof ExchangeRateEntity>;

/** What the ORM knows of this stage. */
export const rateEntities: readonly EntitySchema[] = [ExchangeRateEntity];
