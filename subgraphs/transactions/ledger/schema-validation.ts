import type { FilterQuery } from '@mikro-orm/core';
import { byBatch, byId } from '#kernel/loaders';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { mutation } from '#kernel/graphql-command';
import { liveField } from '#kernel/graphql-live';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { money, type Money } from '#kernel/money';
import { graph } from '../graph.ts';
import { BookType } from '../intake/references.ts';
import { remedyOf } from './validate-remedies.ts';
import { ValidationFindingEntity, type ValidationFinding } from './validate-entities.ts';
import type { EvidenceRow } from './validate-invariant.ts';
import { requestValidation } from './validate-request.ts';

const { builder } = graph;
const scope = 'transactions:read';

const findingById = byId(ValidationFindingEntity);

const FindingSeverityType = enumeration(graph, 'ValidationSeverity', {
  description: 'How urgent a finding is.',
  values: {
    LOW: 'Everyday work.',
    MEDIUM: 'Two books say different things; one of them is to be corrected.',
    HIGH: 'The books were changed past the door, or cannot be trusted as they are.',
  },
});

const FindingStatusType = enumeration(graph, 'ValidationStatus', {
  description: 'Whether a finding still holds.',
  values: { OPEN: 'It was there at the last look.', RESOLVED: 'It is gone.' },
});

function moneyOrNull(minor: bigint | string | null | undefined, currency: string | null | undefined) {
  return minor === null || minor === undefined || !currency ? null : money(BigInt(minor), currency);
}

const EvidenceType: TypeRef<EvidenceRow> = record<EvidenceRow>(graph, 'ValidationEvidence', {
  description: 'A row that was compared.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    subjectType: t.exposeString('type', { description: 'The type of what the row belongs to.' }),
    subjectId: t.exposeID('id', { description: 'Its id.' }),
    label: t.exposeString('label', { description: 'The row in words.' }),
    amount: t.field({
      type: graph.money,
      nullable: true,
      description: 'The figure of the row, where it has one.',
      resolve: (row): Money | null => moneyOrNull(row.minor, row.currency),
    }),
  }),
});

const ValidationFindingType: TypeRef<ValidationFinding> = entity<ValidationFinding>(
  graph,
  'ValidationFinding',
  {
    description:
      'A place where the books part from what must hold: found by the continuous validation, resolved when it is gone.',
    scope,
    views: ['partner', 'portal'],
    load: (id, context) => findingById(context).load(id),
    fields: (t) => ({
      book: t.field({
        type: BookType,
        description: 'The book it is in.',
        resolve: (row) => ({ id: row.bookId }),
      }),
      invariant: t.exposeString('invariant', { description: 'What does not hold, as a stable code.' }),
      severity: t.field({
        type: FindingSeverityType,
        description: 'How urgent it is.',
        resolve: (row) => row.severity as 'HIGH',
      }),
      status: t.field({
        type: FindingStatusType,
        description: 'Whether it still holds.',
        resolve: (row) => row.status as 'OPEN',
      }),
      detail: t.exposeString('detail', { description: 'What is wrong, in a sentence with the figures.' }),
      proposedResolution: t.string({
        description: 'What to do about it.',
        resolve: (row) => remedyOf(row.invariant),
      }),
      subjectType: t.exposeString('subjectType', { description: 'The type of what it is about.' }),
      subjectId: t.exposeID('subjectId', { description: 'The id of what it is about.' }),
      expected: t.exposeString('expected', { description: 'What should be there.' }),
      found: t.exposeString('found', { description: 'What is there.' }),
      difference: t.field({
        type: graph.money,
        nullable: true,
        description: 'Found less expected, where both are amounts.',
        resolve: (row) => moneyOrNull(row.differenceMinor, row.differenceCurrency),
      }),
      evidence: t.field({
        type: [EvidenceType],
        description: 'The rows that were compared.',
        resolve: (row) => row.evidence,
      }),
      openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When it was found first.' }),
      seenAt: t.expose('seenAt', { type: 'DateTime', description: 'When it was last seen.' }),
      resolvedAt: t.expose('resolvedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it was found to be gone.',
      }),
    }),
  },
);

interface Validation {
  readonly checked_at: Date | null;
  readonly swept_at: Date | null;
  readonly open: number;
}

const validationByBook = byBatch<Validation>(async (bookIds, context) => {
  const rows = await context.sql<Validation & { book_id: string }>(
    `select w.book_id, s.checked_at, s.swept_at,
            (select count(*)::int from transactions.validation_finding f
              where f.book_id = w.book_id and f.status = 'OPEN') as open
       from unnest($1::text[]) as w (book_id)
       left join transactions.validation_state s on s.book_id = w.book_id`,
    [bookIds],
  );
  const found = new Map(rows.map((row) => [row.book_id, row]));
  return bookIds.map((id) => found.get(id) ?? { checked_at: null, swept_at: null, open: 0 });
});

const BookValidationType: TypeRef<Validation> = record<Validation>(graph, 'BookValidation', {
  description: 'How far a book was looked over.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    checkedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When what was new was looked at last.',
      resolve: (row) => row.checked_at && new Date(row.checked_at),
    }),
    sweptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When everything was looked at last.',
      resolve: (row) => row.swept_at && new Date(row.swept_at),
    }),
    openFindings: t.exposeInt('open', { description: 'How many findings are open.' }),
  }),
});

builder.objectFields(BookType, (t) => ({
  validation: t.field({
    type: BookValidationType,
    nullable: true,
    views: ['partner', 'portal'],
    description: 'How far its books were looked over by the continuous validation.',
    resolve: (book, _args, context) => validationByBook(context).load(book.id),
  }),
}));

builder.queryFields((t) => ({
  validationFinding: t.field({
    type: ValidationFindingType,
    nullable: true,
    description: 'One finding of the continuous validation.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => findingById(context).load(args.id),
  }),
  validationFindings: t.field({
    type: connectionOf(graph, ValidationFindingType),
    description: 'What the continuous validation found in a book, the newest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      status: t.arg({ type: FindingStatusType, description: 'Only those in this state.' }),
      ...pageArgs(t),
    },
    resolve: (_root, args, context) => {
      const where: FilterQuery<ValidationFinding> = {
        bookId: args.bookId,
        ...(args.status ? { status: args.status } : {}),
      };
      return pageOf(context, ValidationFindingEntity, { args, where });
    },
  }),
}));

mutation(graph, requestValidation, {
  book: {
    type: BookType,
    description: 'The book that will be looked over.',
    resolve: (result) => ({ id: result.bookId }),
  },
});

liveField(graph, {
  subject: 'validationFinding',
  type: ValidationFindingType,
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => findingById(context).load(id),
});
