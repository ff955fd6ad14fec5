import { record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { ExceptionReasonType, scope } from '../schema-values.ts';
import type { ExceptionReason } from '../triage/reasons.ts';
import { AssignmentRuleEntity, BookingRuleEntity } from './entities.ts';
import * as load from './loaders.ts';
import { BookingRuleType, RuleProposalType } from './schema-booking-rules.ts';
import { AssignmentRuleType, ExceptionPolicyType } from './schema-policy.ts';

const KnowledgeNoteType: TypeRef<load.KnowledgeNote> = record<load.KnowledgeNote>(graph, 'KnowledgeNote', {
  description: 'What a book knows about a reason.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    reason: t.field({
      type: ExceptionReasonType,
      description: 'The reason.',
      resolve: (row) => row.reason as ExceptionReason,
    }),
    note: t.exposeString('note', { description: 'What to know.' }),
    writtenAt: t.expose('writtenAt', { type: 'DateTime', description: 'When it was written.' }),
  }),
});

const ReasonCountType: TypeRef<load.ReasonCount> = record<load.ReasonCount>(graph, 'ExceptionCount', {
  description: 'How many exceptions of a reason are open.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    reason: t.field({
      type: ExceptionReasonType,
      description: 'The reason.',
      resolve: (row) => row.reason as ExceptionReason,
    }),
    open: t.exposeInt('open', { description: 'All that are open.' }),
    overdue: t.exposeInt('overdue', { description: 'Those of them that are late.' }),
    escalated: t.exposeInt('escalated', { description: 'Those of them that were escalated.' }),
    unassigned: t.exposeInt('unassigned', { description: 'Those of them nobody looks after.' }),
  }),
});

const book = { required: true, description: 'The book.' } as const;
const views = ['partner', 'portal'] as const;

graph.builder.queryFields((t) => ({
  exceptionCounts: t.field({
    type: [ReasonCountType],
    description: 'The open exceptions of a book by reason, the most frequent first.',
    views,
    authScopes: { scope },
    args: { bookId: t.arg.id(book) },
    resolve: (_root, args, context) => load.countsByBook(context).load(args.bookId),
  }),
  exceptionPolicy: t.field({
    type: ExceptionPolicyType,
    description: 'How a book deals with exceptions.',
    views,
    authScopes: { scope },
    args: { bookId: t.arg.id(book) },
    resolve: (_root, args, context) => load.policyByBook(context).load(args.bookId),
  }),
  assignmentRules: t.field({
    type: [AssignmentRuleType],
    description: 'The assignment rules of a book, in the order in which they are asked.',
    views,
    authScopes: { scope },
    args: {
      bookId: t.arg.id(book),
      retired: t.arg.boolean({ description: 'True: those out of force as well.' }),
    },
    resolve: async (_root, args, context) => {
      const where = { bookId: args.bookId, ...(args.retired ? {} : { retiredAt: null }) };
      const em = await context.read();
      return em.find(AssignmentRuleEntity, where, { orderBy: { priority: 'asc', id: 'asc' } });
    },
  }),
  bookingRules: t.field({
    type: [BookingRuleType],
    description: 'The booking rules of a book, the newest first.',
    views,
    authScopes: { scope },
    args: {
      bookId: t.arg.id(book),
      retired: t.arg.boolean({ description: 'True: those out of force as well, earlier versions included.' }),
    },
    resolve: async (_root, args, context) => {
      const where = { bookId: args.bookId, ...(args.retired ? {} : { retiredAt: null }) };
      const em = await context.read();
      return em.find(BookingRuleEntity, where, { orderBy: { id: 'desc' } });
    },
  }),
  exceptionRuleProposals: t.field({
    type: [RuleProposalType],
    description:
      'Booking rules that what people decided in a book suggests, those with most behind them first.',
    views,
    authScopes: { scope },
    args: { bookId: t.arg.id(book) },
    resolve: async (_root, args, context) => [
      ...(await load.historyByBook(context).load(args.bookId)).proposals,
    ],
  }),
  knowledgeNotes: t.field({
    type: [KnowledgeNoteType],
    description: 'What a book knows about reasons.',
    views,
    authScopes: { scope },
    args: { bookId: t.arg.id(book) },
    resolve: (_root, args, context) => load.notesByBook(context).load(args.bookId),
  }),
}));
