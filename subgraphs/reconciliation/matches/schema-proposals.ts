import { fraction } from '#kernel/basis-points';
import { record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import * as shared from '../loaders.ts';
import type { JudgedMatch } from '../matching/act-alone.ts';
import type { UnmatchedLine } from '../matching/model.ts';
import { scope } from '../schema-values.ts';
import { StatementLineType } from '../statements/schema-lines.ts';
import { proposeMatches, type Proposals } from './propose-matches.ts';
import { DifferenceSplitType } from './schema-differences.ts';
import { MatchedItemType, MatchEvidenceType, MatchRivalType } from './schema-matches.ts';

/** As many proposals and lines as one answer holds. */
const mostShown = 500;

interface ShownProposal extends JudgedMatch {
  readonly standing: boolean;
}

export const ProposedMatchType: TypeRef<ShownProposal> = record<ShownProposal>(graph, 'ProposedMatch', {
  description: 'A match as a run would make or keep it.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    lines: t.field({
      type: [StatementLineType],
      description: 'The bank lines.',
      resolve: async ({ lineIds }, _args, context) => {
        const lines = await shared.lineById(context).loadMany([...lineIds]);
        return lines.flatMap((line) => (line && 'id' in line ? [line] : []));
      },
    }),
    items: t.field({
      type: [MatchedItemType],
      description: 'The open items and what would be paid of each.',
      resolve: ({ items }) =>
        items.map(({ id, applied }) => ({
          openItemId: id,
          minor: applied.minor,
          currency: applied.currency,
        })),
    }),
    method: t.exposeString('method', { description: 'How it was found.' }),
    confidence: t.field({
      type: 'Decimal',
      description: "The chance that it is right by the book's own history, from 0 to 1.",
      resolve: ({ confidence }) => fraction(confidence),
    }),
    automatic: t.exposeBoolean('automatic', { description: 'Whether it would stand without a person.' }),
    standing: t.exposeBoolean('standing', {
      description: 'Whether it is a suggestion already and would stay one.',
    }),
    evidence: t.field({
      type: [MatchEvidenceType],
      description: 'Why they belong together.',
      resolve: ({ evidence }) => [...evidence],
    }),
    rivals: t.field({
      type: [MatchRivalType],
      description: 'What else could be meant, and why it is not taken.',
      resolve: ({ rivals }) => [...rivals],
    }),
    differenceSplits: t.field({
      type: [DifferenceSplitType],
      description: 'What lines and items differ by, part by part.',
      resolve: ({ differenceSplits }) =>
        differenceSplits.map(({ amount, ...split }) => ({
          ...split,
          ...(amount ? { amount: { minor: String(amount.minor), currency: amount.currency } } : {}),
        })),
    }),
  }),
});

export const UnmatchedLineType: TypeRef<UnmatchedLine> = record<UnmatchedLine>(graph, 'UnmatchedLine', {
  description: 'A line for which a run would find nothing.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    line: t.field({
      type: StatementLineType,
      nullable: true,
      description: 'The line.',
      resolve: ({ lineId }, _args, context) => shared.lineById(context).load(lineId),
    }),
    reason: t.exposeString('reason', { description: 'Why, as the reason of the exception it would become.' }),
    detail: t.exposeString('detail', { description: 'Why, in a sentence.' }),
  }),
});

export const MatchProposalsType: TypeRef<Proposals> = record<Proposals>(graph, 'MatchProposals', {
  description: 'What a run over all open lines of a book would lead to.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    accepted: t.int({
      description: 'How many matches would stand by themselves.',
      resolve: (row) => row.accepted.length,
    }),
    suggested: t.int({
      description: 'How many new matches would be suggested.',
      resolve: (row) => row.suggested.length,
    }),
    exceptions: t.int({
      description: 'How many lines would find no match.',
      resolve: (row) => row.unmatched.length,
    }),
    withdrawn: t.int({
      description: 'How many suggestions would be taken back.',
      resolve: (row) => row.withdrawn.length,
    }),
    matches: t.field({
      type: [ProposedMatchType],
      description: `The matches, the surest first; ${mostShown} at most.`,
      resolve: (row) =>
        [
          ...[...row.accepted, ...row.suggested].map((match) => ({ ...match, standing: false })),
          ...row.kept.map((match) => ({ ...match, standing: true })),
        ]
          .toSorted((a, b) => b.confidence - a.confidence)
          .slice(0, mostShown),
    }),
    unmatched: t.field({
      type: [UnmatchedLineType],
      description: `The lines without a match; ${mostShown} at most.`,
      resolve: (row) => row.unmatched.slice(0, mostShown),
    }),
  }),
});

graph.builder.queryField('proposeMatches', (t) =>
  t.field({
    type: MatchProposalsType,
    description: 'Does what matchStatementLines would do and keeps nothing: a dry run with its reasons.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { bookId: t.arg.id({ required: true, description: 'The book.' }) },
    resolve: (_root, { bookId }, context) => proposeMatches(context.sql, bookId),
  }),
);
