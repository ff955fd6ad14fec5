import { fraction } from '#kernel/basis-points';
import { entity, record, stub, type TypeRef } from '#kernel/graphql-types';
import { money } from '#kernel/money';
import type { Exception, Match } from './entities.ts';
import { graph } from './graph.ts';
import * as load from './loaders.ts';
import type { MatchEvidence, MatchRival } from './matching/model.ts';
import { BankStatementType } from './schema-accounts.ts';
import { JournalEntryType, OpenItemType, StatementLineType } from './schema-lines.ts';
import {
  ExceptionReasonType,
  ExceptionSeverityType,
  ExceptionStatusType,
  MatchStatusType,
  moneyOrNull,
  scope,
} from './schema-values.ts';

const MemberStub = stub(graph, 'Member');

export const MatchType: TypeRef<Match> = entity<Match>(graph, 'Match', {
  description: 'Bank lines and open items that belong together, or may, with the reasons.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.matchById(context).load(id),
  fields: (t) => ({
    status: t.field({
      type: MatchStatusType,
      description: 'What became of it.',
      resolve: (row) => row.status as 'SUGGESTED',
    }),
    method: t.exposeString('method', { description: 'How it was found, for example reference or manual.' }),
    confidence: t.field({
      type: 'Decimal',
      description: 'The chance that it is right, from 0 to 1.',
      resolve: (row) => fraction(row.confidence),
    }),
    automatic: t.exposeBoolean('automatic', { description: 'Whether it stood without a person.' }),
    lines: t.field({
      type: [StatementLineType],
      description: 'The bank lines.',
      resolve: (row, _args, context) => load.linesByMatch(context).load(row.id),
    }),
    items: t.field({
      type: [MatchedItemType],
      description: 'The open items and what is paid of each.',
      resolve: (row, _args, context) => load.itemsByMatch(context).load(row.id),
    }),
    evidence: t.field({
      type: [MatchEvidenceType],
      description: 'Why they belong together.',
      resolve: (row) => row.evidence,
    }),
    rivals: t.field({
      type: [MatchRivalType],
      description: 'What else could have been meant, and why it was not taken.',
      resolve: (row) => row.rivals,
    }),
    difference: t.field({
      type: graph.money,
      nullable: true,
      description: 'Lines less items where they differ: a fee, a discount, an overpayment.',
      resolve: (row) => moneyOrNull(row.differenceMinor, row.currency),
    }),
    decidedBy: t.field({
      type: MemberStub,
      nullable: true,
      description: 'Who decided; nobody for automatic matches.',
      resolve: (row) => (row.decidedBy ? { id: row.decidedBy } : null),
    }),
    decidedAt: t.expose('decidedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was decided.',
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it was declined or undone.' }),
    journalEntry: t.field({
      type: JournalEntryType,
      nullable: true,
      description: 'The entry by which the ledger posted the payment.',
      resolve: (row) => (row.journalEntryId ? { id: row.journalEntryId } : null),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was found.' }),
  }),
});

const MatchedItemType: TypeRef<load.AppliedItem> = record<load.AppliedItem>(graph, 'MatchedItem', {
  description: 'An open item of a match.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    applied: t.field({
      type: graph.money,
      description: 'What is paid of it.',
      resolve: (row) => money(row.minor, row.currency),
    }),
    openItem: t.field({
      type: OpenItemType,
      nullable: true,
      description: 'The item.',
      resolve: (row, _args, context) => load.openItemById(context).load(row.openItemId),
    }),
  }),
});

const MatchEvidenceType: TypeRef<MatchEvidence> = record<MatchEvidence>(graph, 'MatchEvidence', {
  description: 'One reason for a match.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    signal: t.exposeString('signal', { description: 'What speaks for it, for example reference or amount.' }),
    score: t.field({
      type: 'Decimal',
      description: 'How strongly, from 0 to 1.',
      resolve: (row) => fraction(row.score),
    }),
    detail: t.exposeString('detail', { description: 'The reason in a sentence.' }),
  }),
});

const MatchRivalType: TypeRef<MatchRival> = record<MatchRival>(graph, 'MatchRival', {
  description: 'Another reading of a bank line.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    itemLabel: t.exposeString('label', { description: 'The items it would have paid.' }),
    confidence: t.field({
      type: 'Decimal',
      description: 'Its chance, from 0 to 1.',
      resolve: (row) => fraction(row.confidence),
    }),
    reason: t.exposeString('reason', { description: 'Why it was not taken.' }),
  }),
});

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
      resolve: (row, _args, context) => load.statementById(context).load(row.statementId),
    }),
    raisedAt: t.expose('raisedAt', { type: 'DateTime', description: 'When it was raised.' }),
    resolvedAt: t.expose('resolvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was dealt with.',
    }),
    resolution: t.exposeString('resolution', { nullable: true, description: 'How it was dealt with.' }),
  }),
});

graph.builder.objectFields(StatementLineType, (t) => ({
  match: t.field({
    type: MatchType,
    nullable: true,
    description: 'The match it stands in, suggested or accepted.',
    resolve: (row, _args, context) => load.matchByLine(context).load(row.id),
  }),
  candidates: t.field({
    type: [MatchType],
    description: 'The matches that wait for somebody to agree.',
    resolve: async (row, _args, context) => {
      const match = await load.matchByLine(context).load(row.id);
      return match?.status === 'SUGGESTED' ? [match] : [];
    },
  }),
  exception: t.field({
    type: ExceptionType,
    nullable: true,
    description: 'What needs a person, or was the last to need one.',
    resolve: (row, _args, context) => load.exceptionByLine(context).load(row.id),
  }),
}));
