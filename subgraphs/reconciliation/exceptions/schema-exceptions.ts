import { entity, type TypeRef } from '#kernel/graphql-types';
import type { Exception } from '../entities.ts';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { MemberStub } from '../references.ts';
import { ExceptionReasonType, ExceptionSeverityType, ExceptionStatusType, scope } from '../schema-values.ts';
import { BankStatementType } from '../statements/schema-accounts.ts';
import { StatementLineType } from '../statements/schema-lines.ts';
import * as more from './loaders.ts';
import { proposeResolutions } from './propose-resolutions.ts';
import { AssignmentRuleType } from './schema-policy.ts';
import { ExceptionCommentType, ExceptionEvidenceType, ResolutionProposalType } from './schema-resolutions.ts';

export const ExceptionType: TypeRef<Exception> = entity<Exception>(graph, 'Exception', {
  description: 'Something that needs a person.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.exceptionById(context).load(id),
  fields: (t) => ({
    reason: t.field({
      type: ExceptionReasonType,
      description: 'Why.',
      resolve: (row) => row.reason as 'AMBIGUOUS',
    }),
    severity: t.field({
      type: ExceptionSeverityType,
      description: 'How urgent it is.',
      resolve: (row) => row.severity as 'LOW',
    }),
    status: t.field({
      type: ExceptionStatusType,
      description: 'Whether it is dealt with.',
      resolve: (row) => row.status as 'OPEN',
    }),
    owner: t.field({
      type: MemberStub,
      nullable: true,
      description: 'Who looks after it; at first whoever imported the statement.',
      resolve: (row) => (row.ownerId ? { id: row.ownerId } : null),
    }),
    detail: t.exposeString('detail', { description: 'What is the matter, in a sentence or two.' }),
    proposedResolution: t.exposeString('proposedResolution', {
      nullable: true,
      description: 'What to do about it.',
    }),
    line: t.field({
      type: StatementLineType,
      nullable: true,
      description: 'The line it is about; nothing when it is about the statement.',
      resolve: (row, _args, context) => (row.lineId ? load.lineById(context).load(row.lineId) : null),
    }),
    statement: t.field({
      type: BankStatementType,
      nullable: true,
      description: 'The statement.',
      resolve: (row, _args, context) =>
        row.statementId ? load.statementById(context).load(row.statementId) : null,
    }),
    raisedAt: t.expose('raisedAt', { type: 'DateTime', description: 'When it was raised.' }),
    resolvedAt: t.expose('resolvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was dealt with.',
    }),
    resolution: t.exposeString('resolution', { nullable: true, description: 'How it was dealt with.' }),
    appliedProposal: t.exposeString('appliedProposal', {
      nullable: true,
      description: 'The proposal that was carried out last, if any.',
    }),
    subjectType: t.exposeString('subjectType', {
      nullable: true,
      description: 'What it concerns where that is no line and no statement, such as PaymentOrder.',
    }),
    subjectId: t.exposeID('subjectId', { nullable: true, description: 'The id of that.' }),
    dueAt: t.expose('dueAt', { type: 'DateTime', description: 'By when it should be dealt with.' }),
    overdue: t.boolean({
      description: 'Whether it is open beyond that.',
      resolve: (row) => row.status === 'OPEN' && row.dueAt.getTime() <= Date.now(),
    }),
    escalatedAt: t.expose('escalatedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When somebody else heard of it because it was late.',
    }),
    escalatedTo: t.field({
      type: MemberStub,
      nullable: true,
      description: 'Who that is.',
      resolve: (row) => (row.escalatedTo ? { id: row.escalatedTo } : null),
    }),
    assignmentRule: t.field({
      type: AssignmentRuleType,
      nullable: true,
      description: 'The rule that chose its first owner.',
      resolve: (row, _args, context) =>
        row.assignmentRuleId ? more.assignmentRuleById(context).load(row.assignmentRuleId) : null,
    }),
    askedAt: t.expose('askedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the other side was asked.',
    }),
    followUpOn: t.expose('followUpOn', {
      type: 'Date',
      nullable: true,
      description: 'When to come back to what was asked.',
    }),
    evidence: t.expose('evidence', {
      type: ExceptionEvidenceType,
      description: 'What was known when it was raised.',
    }),
    proposals: t.field({
      type: [ResolutionProposalType],
      description: 'What may be done about it, the most likely first; nothing once it is dealt with.',
      resolve: async (row, _args, context) => {
        if (row.status !== 'OPEN') return [];
        const loaded = await more.situationById(context).load(row.id);
        return loaded ? proposeResolutions(loaded.situation) : [];
      },
    }),
    sameAs: t.int({
      description: 'How many earlier lines were like its line and have been dealt with.',
      resolve: async (row, _args, context) => (await more.situationById(context).load(row.id))?.sameAs ?? 0,
    }),
    knowledgeNote: t.string({
      nullable: true,
      description: 'What the book knows about its reason.',
      resolve: async (row, _args, context) => {
        const notes = await more.notesByBook(context).load(row.bookId);
        return notes.find(({ reason }) => reason === row.reason)?.note ?? null;
      },
    }),
    comments: t.field({
      type: [ExceptionCommentType],
      description: 'What was said about it, the oldest first.',
      resolve: (row, _args, context) => more.commentsByException(context).load(row.id),
    }),
  }),
});

graph.builder.objectFields(StatementLineType, (t) => ({
  exception: t.field({
    type: ExceptionType,
    nullable: true,
    description: 'What needs a person, or was the last to need one.',
    resolve: (row, _args, context) => load.exceptionByLine(context).load(row.id),
  }),
}));
