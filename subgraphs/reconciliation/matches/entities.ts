import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** One look of the matcher at a book. */
export const MatchingRunEntity = defineEntity({
  name: 'MatchingRun',
  tableName: 'matching_run',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    stage: p.text(),
    done: p.integer(),
    total: p.integer(),
    accepted: p.integer(),
    suggested: p.integer(),
    exceptions: p.integer(),
    linesLoaded: p.integer(),
    itemsLoaded: p.integer(),
    startedAt: p.datetime(),
    finishedAt: p.datetime().nullable(),
  },
});
export type MatchingRun = InferEntity<typeof MatchingRunEntity>;

/** Another name or account of a party. */
export const PayerAliasEntity = defineEntity({
  name: 'PayerAlias',
  tableName: 'payer_alias',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    kind: p.text(),
    shown: p.text(),
    partyLabel: p.text(),
    vendorId: p.text().nullable(),
    matchId: p.text(),
    learnedBy: p.text().nullable(),
    learnedAt: p.datetime(),
    withdrawnAt: p.datetime().nullable(),
  },
});
export type PayerAlias = InferEntity<typeof PayerAliasEntity>;

/** A line and an open item that a person has said do not belong together. */
export const DeclinedPairEntity = defineEntity({
  name: 'DeclinedPair',
  tableName: 'declined_pair',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    lineId: p.text(),
    openItemId: p.text(),
    matchId: p.text(),
    declinedBy: p.text().nullable(),
    declinedAt: p.datetime(),
  },
});
export type DeclinedPair = InferEntity<typeof DeclinedPairEntity>;
