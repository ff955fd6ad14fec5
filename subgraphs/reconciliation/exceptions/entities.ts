import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A rule by which exceptions find who looks after them. */
export const AssignmentRuleEntity = defineEntity({
  name: 'AssignmentRule',
  tableName: 'assignment_rule',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    name: p.text(),
    priority: p.integer(),
    condition: p.text(),
    ownerId: p.text(),
    createdAt: p.datetime(),
    retiredAt: p.datetime().nullable(),
  },
});
export type AssignmentRule = InferEntity<typeof AssignmentRuleEntity>;

/** What somebody said about an exception. */
export const ExceptionCommentEntity = defineEntity({
  name: 'ExceptionComment',
  tableName: 'exception_comment',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    exceptionId: p.text(),
    kind: p.text(),
    body: p.text(),
    authorId: p.text(),
    authorName: p.text(),
    writtenAt: p.datetime(),
  },
});
export type ExceptionComment = InferEntity<typeof ExceptionCommentEntity>;

/** A rule by which lines that pay nothing open are booked, in one of its versions. */
export const BookingRuleEntity = defineEntity({
  name: 'BookingRule',
  tableName: 'booking_rule',
  properties: {
    id: p.text().primary(),
    bookId: p.text(),
    name: p.text(),
    key: p.text(),
    version: p.integer(),
    replacesId: p.text().nullable(),
    accountCode: p.text(),
    memo: p.text().nullable(),
    upToMinor: p.bigint('bigint'),
    currency: p.text(),
    testedRight: p.integer(),
    testedWrong: p.integer(),
    testedNone: p.integer(),
    acceptedBy: p.text(),
    acceptedAt: p.datetime(),
    retiredAt: p.datetime().nullable(),
  },
});
export type BookingRule = InferEntity<typeof BookingRuleEntity>;
