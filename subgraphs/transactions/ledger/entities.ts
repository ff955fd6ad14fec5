import { defineEntity, p, type EntitySchema, type InferEntity } from '@mikro-orm/core';

/** The books of a legal entity as this subgraph knows them, from `book.opened`. */
export const BookEntity = defineEntity({
  name: 'Book',
  tableName: 'book',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    legalName: p.text(),
    taxId: p.text().nullable(),
    country: p.text(),
    baseCurrency: p.text(),
    openedAt: p.datetime(),
  },
});
export type Book = InferEntity<typeof BookEntity>;

/** What ORM knows of this stage. */
export const ledgerEntities: readonly EntitySchema[] = [BookEntity];
