import { defineEntity, p, type EntitySchema, type InferEntity } from '@mikro-orm/core';

/** A tax code of a book; never changed, only retired. */
export const TaxCodeEntity = defineEntity({
  name: 'TaxCode',
  tableName: 'tax_code',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    bookId: p.text(),
    code: p.text(),
    name: p.text(),
    jurisdiction: p.text(),
    treatment: p.text(),
    category: p.text().nullable(),
    components: p.array(),
    compound: p.boolean(),
    recoverablePercent: p.text(),
    roundingMode: p.text(),
    roundingLevel: p.text(),
    roundedTogether: p.boolean(),
    active: p.boolean(),
    createdAt: p.datetime(),
    retiredAt: p.datetime().nullable(),
  },
});
export type TaxCodeRow = InferEntity<typeof TaxCodeEntity>;

/** What a tax code charges from a day on; never changed. */
export const TaxRateEntity = defineEntity({
  name: 'TaxRate',
  tableName: 'tax_rate',
  properties: {
    taxCodeId: p.text().primary(),
    validFrom: p.date().primary(),
    revision: p.integer().primary(),
    percent: p.text().nullable(),
    recordedAt: p.datetime(),
    recordedBy: p.text().nullable(),
  },
});
export type TaxRateRow = InferEntity<typeof TaxRateEntity>;

/** What the ORM knows of this stage. */
export const taxEntities: readonly EntitySchema[] = [TaxCodeEntity, TaxRateEntity];
