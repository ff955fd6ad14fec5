import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { UserError } from '#kernel/errors';
import type { FeedPlace } from './feed-place.ts';

/** A way by which files of a bank come in, as far as it is shown; sealed credentials are not mapped. */
export const BankFeedEntity = defineEntity({
  name: 'BankFeed',
  tableName: 'bank_feed',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    kind: p.text(),
    name: p.text(),
    status: p.text(),
    bankAccountId: p.text().nullable(),
    place: p.json<FeedPlace>(),
    credentialHint: p.text().nullable(),
    everyMinutes: p.integer().nullable(),
    dailyAtHour: p.integer().nullable(),
    afterwards: p.text(),
    settleSeconds: p.integer(),
    failures: p.integer(),
    nextPullAt: p.datetime().nullable(),
    lastPullAt: p.datetime().nullable(),
    lastSuccessAt: p.datetime().nullable(),
    lastFileAt: p.datetime().nullable(),
    problem: p.json<UserError>().nullable(),
    createdAt: p.datetime(),
  },
});
export type BankFeed = InferEntity<typeof BankFeedEntity>;

/** One look into a feed. */
export const BankFeedRunEntity = defineEntity({
  name: 'BankFeedRun',
  tableName: 'bank_feed_run',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    bankFeedId: p.text(),
    status: p.text(),
    found: p.integer(),
    imported: p.integer(),
    duplicates: p.integer(),
    refused: p.integer(),
    waiting: p.integer(),
    startedAt: p.datetime(),
    finishedAt: p.datetime().nullable(),
    problem: p.json<UserError>().nullable(),
  },
});
export type BankFeedRun = InferEntity<typeof BankFeedRunEntity>;

/** A file of a feed and what became of it. */
export const BankFeedFileEntity = defineEntity({
  name: 'BankFeedFile',
  tableName: 'bank_feed_file',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    bankFeedId: p.text(),
    name: p.text(),
    size: p.bigint('bigint'),
    sha256: p.text().nullable(),
    fileId: p.text().nullable(),
    state: p.text(),
    content: p.text().nullable(),
    problems: p.json<UserError[]>(),
    statementIds: p.array(),
    linesImported: p.integer(),
    linesKnown: p.integer(),
    firstSeenAt: p.datetime(),
    takenAt: p.datetime().nullable(),
    putAwayAt: p.datetime().nullable(),
  },
});
export type BankFeedFile = InferEntity<typeof BankFeedFileEntity>;
