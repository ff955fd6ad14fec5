import { fraction } from '#kernel/basis-points';
import { entity, record, type TypeRef } from '#kernel/graphql-types';
import { money } from '#kernel/money';
import type { Match } from '../entities.ts';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { MemberStub } from '../references.ts';
import type { MatchEvidence, MatchRival } from '../matching/model.ts';
import { JournalEntryType, OpenItemType, StatementLineType } from '../statements/schema-lines.ts';
import { MatchStatusType, moneyOrNull, scope } from '../schema-values.ts';
import { DifferenceSplitType } from './schema-differences.ts';

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
      description: "The chance that it is right by the book's own history, from 0 to 1.",
      resolve: (row) => fraction(row.confidence),
    }),
    matcherConfidence: t.field({
      type: 'Decimal',
      description: "How sure the matcher was before the book's history was asked, from 0 to 1.",
      resolve: (row) => fraction(row.rawConfidence ?? row.confidence),
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
    differenceSplits: t.field({
      type: [DifferenceSplitType],
      description: 'What lines and items differ by, part by part.',
      resolve: (row) => row.differenceSplits,
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

export const MatchedItemType: TypeRef<load.AppliedItem> = record<load.AppliedItem>(graph, 'MatchedItem', {
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

export const MatchEvidenceType: TypeRef<MatchEvidence> = record<MatchEvidence>(graph, 'MatchEvidence', {
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

export const MatchRivalType: TypeRef<MatchRival> = record<MatchRival>(graph, 'MatchRival', {
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
}));
