import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { money } from '#kernel/money';
import { graph } from '../graph.ts';
import { lineById } from '../loaders.ts';
import { scope } from '../schema-values.ts';
import { StatementLineType } from '../statements/schema-lines.ts';
import { describeKey } from '../triage/line-keys.ts';
import type { BackTest } from './back-test.ts';
import type { BookingRule } from './entities.ts';
import type { RuleProposal } from './find-recurrence.ts';
import * as load from './loaders.ts';

enumeration(graph, 'RuleDirection', {
  description: 'Which way the money of the lines of a rule goes.',
  values: { IN: 'To us.', OUT: 'From us.' },
});

export const BackTestType: TypeRef<BackTest> = record<BackTest>(graph, 'BookingRuleBackTest', {
  description:
    'How a rule would have done over past lines of its kind, each judged by what had been decided before it only.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    right: t.exposeInt('right', { description: 'Lines it would have booked as somebody did.' }),
    wrong: t.exposeInt('wrong', {
      description: 'Lines it would have booked where somebody decided otherwise.',
    }),
    none: t.exposeInt('none', { description: 'Lines it would have left to a person.' }),
  }),
});

export const BookingRuleType: TypeRef<BookingRule> = entity<BookingRule>(graph, 'BookingRule', {
  description: 'A rule by which lines that pay nothing open are booked, in one of its versions.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.bookingRuleById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is called.' }),
    takes: t.string({ description: 'Which lines it takes.', resolve: (row) => describeKey(row.key) }),
    version: t.exposeInt('version', { description: 'Its version, from 1.' }),
    replaces: t.field({
      type: BookingRuleType,
      nullable: true,
      description: 'The version before.',
      resolve: (row, _args, context) =>
        row.replacesId ? load.bookingRuleById(context).load(row.replacesId) : null,
    }),
    accountCode: t.exposeString('accountCode', { description: 'The account its lines go to.' }),
    memo: t.exposeString('memo', { nullable: true, description: 'The memo of its bookings.' }),
    upTo: t.field({
      type: graph.money,
      description: 'The greatest amount it books, without a sign; beyond it a person decides.',
      resolve: (row) => money(row.upToMinor, row.currency),
    }),
    backTest: t.field({
      type: BackTestType,
      description: 'The back-test on which it was accepted.',
      resolve: (row) => ({ right: row.testedRight, wrong: row.testedWrong, none: row.testedNone }),
    }),
    booked: t.int({
      description: 'How many lines it has booked.',
      resolve: async (row, _args, context) => (await load.bookingsByRule(context).load(row.id)).booked,
    }),
    undone: t.int({
      description: 'How many of its bookings were taken back.',
      resolve: async (row, _args, context) => (await load.bookingsByRule(context).load(row.id)).undone,
    }),
    acceptedAt: t.expose('acceptedAt', { type: 'DateTime', description: 'When it came into force.' }),
    retiredAt: t.expose('retiredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken out of force.',
    }),
  }),
});

export const RuleProposalType: TypeRef<RuleProposal> = record<RuleProposal>(graph, 'BookingRuleProposal', {
  description: 'A booking rule that past decisions suggest.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'By which it is accepted or declined.' }),
    name: t.exposeString('name', { description: 'What the rule would be called.' }),
    takes: t.string({ description: 'Which lines it would take.', resolve: (row) => describeKey(row.key) }),
    accountCode: t.exposeString('accountCode', { description: 'The account they would go to.' }),
    memo: t.string({
      nullable: true,
      description: 'The memo of its bookings.',
      resolve: (row) => row.memo,
    }),
    upTo: t.field({
      type: graph.money,
      description: 'The greatest amount it would book, without a sign.',
      resolve: (row) => money(row.upToMinor, row.currency),
    }),
    total: t.exposeInt('total', { description: 'How many past lines of the kind there are.' }),
    backTest: t.expose('backTest', {
      type: BackTestType,
      description: 'How it would have done over them.',
    }),
    lines: t.field({
      type: [StatementLineType],
      description: 'The newest of them.',
      resolve: async (row, _args, context) => {
        const lines = await lineById(context).loadMany([...row.lineIds]);
        return lines.flatMap((line) => (line && 'id' in line ? [line] : []));
      },
    }),
  }),
});

graph.builder.objectFields(StatementLineType, (t) => ({
  bookingRule: t.field({
    type: BookingRuleType,
    nullable: true,
    description: 'The rule that booked it.',
    resolve: (row, _args, context) => load.bookingRuleByLine(context).load(row.id),
  }),
}));
