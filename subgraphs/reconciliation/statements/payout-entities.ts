import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { WireMoney } from '#kernel/events';

/** A payout of a payment provider, as its reports tell it. */
export const PayoutEntity = defineEntity({
  name: 'Payout',
  tableName: 'payout',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    provider: p.text(),
    reference: p.text(),
    merchant: p.text().nullable(),
    currency: p.text(),
    minor: p.bigint('bigint'),
    initiatedOn: p.date().nullable(),
    arrivesOn: p.date().nullable(),
    failed: p.boolean(),
    detail: p.text(),
    memberCount: p.integer(),
    complete: p.boolean(),
    reportedAt: p.datetime(),
    changedAt: p.datetime(),
  },
});
export type Payout = InferEntity<typeof PayoutEntity>;

/** A part of what a provider kept, as it is stored. */
export interface StoredFee {
  readonly kind: string;
  readonly label: string;
  readonly amount: WireMoney;
}

/** A movement that a payout is made of. */
export const PayoutMemberEntity = defineEntity({
  name: 'PayoutMember',
  tableName: 'payout_member',
  properties: {
    id: p.text().primary(),
    payoutId: p.text(),
    position: p.integer(),
    kind: p.text(),
    type: p.text(),
    grossMinor: p.bigint('bigint'),
    feeMinor: p.bigint('bigint'),
    netMinor: p.bigint('bigint'),
    currency: p.text(),
    fees: p.json<StoredFee[]>(),
    originalMinor: p.bigint('bigint').nullable(),
    originalCurrency: p.text().nullable(),
    exchangeRate: p.text().nullable(),
    refs: p.array(),
    method: p.text().nullable(),
    country: p.text().nullable(),
    occurredOn: p.date().nullable(),
    description: p.text().nullable(),
    openItemId: p.text().nullable(),
  },
});
export type PayoutMember = InferEntity<typeof PayoutMemberEntity>;

/** What was agreed that a provider takes. */
export const ProcessorTariffEntity = defineEntity({
  name: 'ProcessorTariff',
  tableName: 'processor_tariff',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    provider: p.text(),
    kind: p.text(),
    method: p.text().nullable(),
    region: p.text().nullable(),
    homeCountry: p.text().nullable(),
    percent: p.decimal('string'),
    fixedMinor: p.bigint('bigint'),
    currency: p.text(),
    startsOn: p.date(),
    endsOn: p.date().nullable(),
  },
});
export type ProcessorTariff = InferEntity<typeof ProcessorTariffEntity>;
