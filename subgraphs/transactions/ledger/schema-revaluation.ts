import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { mutation } from '#kernel/graphql-command';
import { entity, record, type TypeRef } from '#kernel/graphql-types';
import { byId, byParent } from '#kernel/loaders';
import { fromWire, toWire } from '#kernel/wire-money';
import { graph } from '../graph.ts';
import { BookType, MemberType } from '../intake/references.ts';
import type { KnownRate } from '../rates/choose-rate.ts';
import { ExchangeRateType } from '../rates/schema.ts';
import * as load from './loaders.ts';
import {
  RevaluationEntity,
  RevaluationLineEntity,
  type Revaluation,
  type RevaluationLine,
} from './revaluation-entities.ts';
import { revalueBook, type RevaluedBalance } from './revalue-book.ts';
import { JournalEntryType } from './schema-journal.ts';

const { builder } = graph;
const scope = 'transactions:read';
const revaluationById = byId(RevaluationEntity);
const linesByRevaluation = byParent(RevaluationLineEntity, 'revaluationId', { position: 'asc' });

const RevaluationLineType: TypeRef<RevaluedBalance> = record<RevaluedBalance>(graph, 'RevaluationLine', {
  description: 'The balance of an account in a foreign currency, at the rate of a day.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    accountCode: t.exposeString('accountCode', { description: 'The account that holds it.' }),
    accountName: t.exposeString('accountName', { description: 'The name of the account.' }),
    balance: t.field({
      type: graph.money,
      description: 'Debits less credits in the foreign currency.',
      resolve: (row) => fromWire(row.balance),
    }),
    carried: t.field({
      type: graph.money,
      description: 'What that stands at in the books.',
      resolve: (row) => fromWire(row.carried),
    }),
    exchangeRate: t.field({
      type: ExchangeRateType,
      description: 'The rate of the day.',
      resolve: (row) => row.rate,
    }),
    worth: t.field({
      type: graph.money,
      description: 'What it is worth at that rate.',
      resolve: (row) => fromWire(row.worth),
    }),
    difference: t.field({
      type: graph.money,
      description: 'Worth less what it stands at: a gain when positive, a loss when negative.',
      resolve: (row) => fromWire(row.difference),
    }),
  }),
});

const RevaluationType: TypeRef<Revaluation> = entity<Revaluation>(graph, 'Revaluation', {
  description: 'A run that valued the foreign balances of a book at the rates of a day.',
  scope,
  views: ['partner'],
  load: (id, context) => revaluationById(context).load(id),
  fields: (t) => ({
    on: t.expose('onDay', { type: 'Date', description: 'The day at whose end balances were valued.' }),
    lines: t.field({
      type: [RevaluationLineType],
      description: 'The balances, by account and currency.',
      resolve: async (row, _args, context) => (await linesByRevaluation(context).load(row.id)).map(balanceOf),
    }),
    journalEntry: t.field({
      type: JournalEntryType,
      nullable: true,
      description: 'What it posted; null when nothing had to be.',
      resolve: (row, _args, context) =>
        row.journalEntryId ? load.entryById(context).load(row.journalEntryId) : null,
    }),
    reversal: t.field({
      type: JournalEntryType,
      nullable: true,
      description: 'What takes that back on the next day.',
      resolve: (row, _args, context) =>
        row.reversalEntryId ? load.entryById(context).load(row.reversalEntryId) : null,
    }),
    book: t.field({
      type: BookType,
      description: 'The book.',
      resolve: (row) => ({ id: row.bookId }),
    }),
    revaluedBy: t.field({
      type: MemberType,
      nullable: true,
      description: 'Who ran it.',
      resolve: (row) => (row.revaluedBy ? { id: row.revaluedBy } : null),
    }),
    revaluedAt: t.expose('revaluedAt', { type: 'DateTime', description: 'When.' }),
  }),
});

builder.queryFields((t) => ({
  revaluations: t.field({
    type: connectionOf(graph, RevaluationType),
    description: 'The revaluations of a book, newest first.',
    views: ['partner'],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      on: t.arg({ type: 'Date', description: 'Only those of this day.' }),
      ...pageArgs(t),
    },
    resolve: (_root, args, context) =>
      pageOf(context, RevaluationEntity, {
        args,
        where: { bookId: args.bookId, ...(args.on ? { onDay: args.on } : {}) },
      }),
  }),
}));

mutation(
  graph,
  { ...revalueBook, views: ['partner'] },
  {
    revaluation: {
      type: RevaluationType,
      description: 'The run; the earlier one when nothing has changed since, null for a dry run.',
      resolve: (result, context) => revaluationById(context).load(result.revaluationId),
    },
    lines: {
      type: [RevaluationLineType],
      description: 'The balances as they are now.',
      resolve: (result) => [...result.lines],
    },
    posted: {
      type: 'Boolean',
      description: 'Whether anything had to be posted.',
      resolve: (result) => result.posted,
    },
  },
);

function balanceOf(row: RevaluationLine): RevaluedBalance {
  const { accountCode, accountName, currency, baseCurrency } = row;
  const base = (minor: bigint) => toWire({ minor, currency: baseCurrency });
  return {
    accountCode,
    accountName,
    balance: toWire({ minor: row.minor, currency }),
    carried: base(row.functionalMinor),
    rate: { rate: row.rate, source: row.rateSource, on: row.rateOn, path: row.ratePath } as KnownRate,
    worth: base(row.worthMinor),
    difference: base(row.differenceMinor),
  };
}
