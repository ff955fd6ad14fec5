import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A customer of this installation; the tenant every row belongs to. */
export const OrganisationEntity = defineEntity({
  name: 'Organisation',
  tableName: 'organisation',
  properties: { id: p.text().primary(), name: p.text(), createdAt: p.datetime() },
});
export type Organisation = InferEntity<typeof OrganisationEntity>;

/** The books of one legal entity. */
export const BookEntity = defineEntity({
  name: 'Book',
  tableName: 'book',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    name: p.text(),
    legalName: p.text(),
    taxId: p.text().nullable(),
    country: p.text(),
    baseCurrency: p.text(),
    fiscalYearStartMonth: p.integer(),
    createdAt: p.datetime(),
  },
});
export type Book = InferEntity<typeof BookEntity>;

/** A person of an organisation. */
export const MemberEntity = defineEntity({
  name: 'Member',
  tableName: 'member',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    name: p.text(),
    email: p.text(),
    roles: p.array(),
    active: p.boolean(),
    createdAt: p.datetime(),
  },
});
export type Member = InferEntity<typeof MemberEntity>;

/** A long-lived credential of a member; only the hash of its secret is kept. */
export const ApiKeyEntity = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  properties: {
    id: p.text().primary(),
    organisationId: p.text(),
    memberId: p.text(),
    name: p.text(),
    prefix: p.text(),
    scopes: p.array(),
    view: p.text(),
    costPerSecond: p.integer().nullable(),
    expiresAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
  },
});
export type ApiKey = InferEntity<typeof ApiKeyEntity>;
