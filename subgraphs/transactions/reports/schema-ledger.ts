import { dateOf } from '#kernel/calendar';
import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import * as load from '../ledger/loaders.ts';
import { AccountType } from '../ledger/schema-accounts.ts';
import { JournalEntryType, JournalLineType } from '../ledger/schema-journal.ts';
import { generalLedger, linesOfFigure, type AccountLedger } from './general-ledger.ts';
import type { LedgerLine } from './ledger-lines.ts';
import { filterOf, reportArgs } from './schema-input.ts';

const { builder } = graph;
const scope = 'transactions:read';
const views = ['partner', 'portal'] as const;

const LedgerLineType: TypeRef<LedgerLine> = record<LedgerLine>(graph, 'LedgerLine', {
  description:
    'A line of the journal with what the lines up to it come to. Debits are positive, credits negative.',
  scope,
  views,
  fields: (t) => ({
    postedOn: t.expose('postedOn', { type: 'Date', description: 'The day it counts for.' }),
    entry: t.field({
      type: JournalEntryType,
      description: 'Its entry, which leads to the document and to what the audit log says of it.',
      resolve: (line, _args, context) => load.requireEntry(context, line.entryId),
    }),
    line: t.field({
      type: JournalLineType,
      description: 'The line as it was posted.',
      resolve: (line, _args, context) => load.requireLine(context, line.entryId, line.position),
    }),
    amount: t.field({
      type: graph.money,
      description: 'In the currency of the line.',
      resolve: ({ amount }) => amount,
    }),
    functional: t.field({
      type: graph.money,
      nullable: true,
      description:
        'In the base currency of the book; null for foreign lines of a time before there were rates.',
      resolve: ({ functional }) => functional,
    }),
    balance: t.field({
      type: graph.money,
      description: 'What the lines in its currency come to, with this one.',
      resolve: ({ balance }) => balance,
    }),
    functionalBalance: t.field({
      type: graph.money,
      description: 'What all lines come to in the base currency, with this one.',
      resolve: ({ functionalBalance }) => functionalBalance,
    }),
  }),
});

/** Pages of journal lines with running balances. */
export const LedgerLines = connectionOf(graph, LedgerLineType);

const AccountLedgerType: TypeRef<AccountLedger> = record<AccountLedger>(graph, 'AccountLedger', {
  description: 'An account of the general ledger, from one day to another.',
  scope,
  views,
  fields: (t) => ({
    account: t.field({
      type: AccountType,
      description: 'The account.',
      resolve: ({ accountId }, _args, context) => load.requireAccount(context, accountId),
    }),
    from: t.expose('from', { type: 'Date', description: 'The first day.' }),
    to: t.expose('to', { type: 'Date', description: 'The last day, included.' }),
    opening: t.field({
      type: graph.money,
      description: 'Debits less credits before the first day, in the base currency.',
      resolve: ({ opening }) => opening,
    }),
    closing: t.field({
      type: graph.money,
      description: 'Debits less credits to the end of the last day, in the base currency.',
      resolve: ({ closing }) => closing,
    }),
    openingOriginal: t.field({
      type: [graph.money],
      description: 'Debits less credits before the first day, for each currency of the lines.',
      resolve: ({ openingOriginal }) => [...openingOriginal],
    }),
    closingOriginal: t.field({
      type: [graph.money],
      description: 'Debits less credits to the end of the last day, for each currency of the lines.',
      resolve: ({ closingOriginal }) => [...closingOriginal],
    }),
    lines: t.field({
      type: LedgerLines,
      description:
        'The lines of the days in their order, with running balances that begin from the opening balance.',
      args: pageArgs(t),
      resolve: (ledger, args) => ledger.lines(args),
    }),
  }),
});

builder.queryFields((t) => ({
  generalLedger: t.field({
    type: AccountLedgerType,
    description:
      'One account of the general ledger: opening balance, lines with running balances, closing balance.',
    views: [...views],
    authScopes: { scope },
    args: {
      ...reportArgs(t),
      accountId: t.arg.id({ required: true, description: 'The account.' }),
      from: t.arg({ type: 'Date', description: 'The first day; that of the fiscal year when left out.' }),
      to: t.arg({ type: 'Date', description: 'The last day, included; today when left out.' }),
    },
    resolve: (_root, args, context) =>
      generalLedger(context.sql, {
        bookId: args.bookId,
        accountId: args.accountId,
        from: args.from ?? undefined,
        to: args.to ?? dateOf(new Date()),
        dimensions: filterOf(args.dimensions),
      }),
  }),
  figureLines: t.field({
    type: LedgerLines,
    description: 'The journal lines a figure of a report adds up, in their order.',
    views: [...views],
    authScopes: { scope },
    args: {
      drillDown: t.arg({ type: 'String', required: true, description: 'What the figure carries.' }),
      ...pageArgs(t),
    },
    resolve: (_root, { drillDown, ...args }, context) => linesOfFigure(context.sql, drillDown, args),
  }),
}));
