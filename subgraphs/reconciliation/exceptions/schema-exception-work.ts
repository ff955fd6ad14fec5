import { graph } from '../graph.ts';
import { MemberStub } from '../references.ts';
import * as load from './loaders.ts';
import { proposeResolutions } from './propose-resolutions.ts';
import { ExceptionType } from './schema-exceptions.ts';
import { AssignmentRuleType } from './schema-policy.ts';
import { ExceptionCommentType, ExceptionEvidenceType, ResolutionProposalType } from './schema-resolutions.ts';

// Whose it is, by when, and what has become of it.
graph.builder.objectFields(ExceptionType, (t) => ({
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
      row.assignmentRuleId ? load.assignmentRuleById(context).load(row.assignmentRuleId) : null,
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
}));

// What is known about it, and what may be done.
graph.builder.objectFields(ExceptionType, (t) => ({
  evidence: t.expose('evidence', {
    type: ExceptionEvidenceType,
    description: 'What was known when it was raised.',
  }),
  proposals: t.field({
    type: [ResolutionProposalType],
    description: 'What may be done about it, the most likely first; nothing once it is dealt with.',
    resolve: async (row, _args, context) => {
      if (row.status !== 'OPEN') return [];
      const loaded = await load.situationById(context).load(row.id);
      if (!loaded) return [];
      const { proposals: rules } = await load.historyByBook(context).load(row.bookId);
      return proposeResolutions(loaded.situation).map((proposal) => ({
        ...proposal,
        rule: rules.find(({ id }) => id === proposal.ruleProposalId),
      }));
    },
  }),
  sameAs: t.int({
    description: 'How many earlier lines were like its line and have been dealt with.',
    resolve: async (row, _args, context) => (await load.situationById(context).load(row.id))?.sameAs ?? 0,
  }),
  knowledgeNote: t.string({
    nullable: true,
    description: 'What the book knows about its reason.',
    resolve: async (row, _args, context) => {
      const notes = await load.notesByBook(context).load(row.bookId);
      return notes.find(({ reason }) => reason === row.reason)?.note ?? null;
    },
  }),
  comments: t.field({
    type: [ExceptionCommentType],
    description: 'What was said about it, the oldest first.',
    resolve: (row, _args, context) => load.commentsByException(context).load(row.id),
  }),
}));
