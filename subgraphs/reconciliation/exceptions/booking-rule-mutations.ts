import type { Context } from '#kernel/context';
import { mutation } from '#kernel/graphql-command';
import type { StatementLine } from '../entities.ts';
import { graph } from '../graph.ts';
import { lineById } from '../loaders.ts';
import { StatementLineType } from '../statements/schema-lines.ts';
import { acceptRuleProposal } from './accept-rule-proposal.ts';
import { changeBookingRule } from './change-booking-rule.ts';
import { createBookingRule } from './create-booking-rule.ts';
import { declineRuleProposal } from './decline-rule-proposal.ts';
import * as load from './loaders.ts';
import { retireBookingRule } from './retire-booking-rule.ts';
import { BackTestType, BookingRuleType, RuleProposalType } from './schema-booking-rules.ts';

const views = ['partner', 'portal'] as const;

async function linesOf(context: Context, ids: readonly string[]): Promise<StatementLine[]> {
  const lines = await lineById(context).loadMany([...ids]);
  return lines.flatMap((line) => (line && 'id' in line ? [line] : []));
}

const bookingRulePayload = {
  bookingRule: {
    type: BookingRuleType,
    description: 'The rule.',
    resolve: ({ bookingRuleId }: { bookingRuleId: string }, context: Context) =>
      load.bookingRuleById(context).load(bookingRuleId),
  },
};

mutation(graph, { ...acceptRuleProposal, views }, bookingRulePayload);
mutation(
  graph,
  { ...createBookingRule, views },
  {
    bookingRule: {
      type: BookingRuleType,
      description: 'The rule; nothing of a dry run.',
      resolve: ({ bookingRuleId }, context) => load.bookingRuleById(context).load(bookingRuleId),
    },
    takes: { type: 'String', description: 'Which lines it takes.', resolve: ({ takes }) => takes },
    backTest: {
      type: BackTestType,
      description: 'How it would have done over past lines of its kind.',
      resolve: ({ backTest }) => backTest,
    },
    otherwise: {
      type: [StatementLineType],
      description: 'The newest of those that people decided otherwise, ten at most.',
      resolve: ({ otherwiseLineIds }, context) => linesOf(context, otherwiseLineIds),
    },
    openCount: {
      type: 'Int',
      description: 'How many open lines it takes now.',
      resolve: ({ openLineIds }) => openLineIds.length,
    },
    openLines: {
      type: [StatementLineType],
      description: 'The newest of those, ten at most.',
      resolve: ({ openLineIds }, context) => linesOf(context, openLineIds.slice(0, 10)),
    },
  },
);
mutation(graph, { ...changeBookingRule, views }, bookingRulePayload);
mutation(graph, { ...retireBookingRule, views }, bookingRulePayload);
mutation(
  graph,
  { ...declineRuleProposal, views },
  {
    proposals: {
      type: [RuleProposalType],
      description: 'What is still proposed.',
      resolve: async ({ bookId }, context) => [...(await load.historyByBook(context).load(bookId)).proposals],
    },
  },
);
