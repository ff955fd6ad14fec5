import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import * as load from '../ledger/loaders.ts';
import { AccountType } from '../ledger/schema-accounts.ts';
import { JournalEntryType, JournalLineType } from '../ledger/schema-journal.ts';
import type { TaxReportRow } from '../tax/tax-report.ts';
import {
  taxReport,
  taxReportLines,
  type TaxControl,
  type TaxReport,
  type TaxReportLine,
} from './load-tax-report.ts';

const { builder } = graph;
const scope = 'transactions:read';
const views = ['partner', 'portal'] as const;

const DirectionEnum = enumeration(graph, 'TaxDirection', {
  description: 'Whose tax it is.',
  values: {
    OUTPUT: 'On sales; owed to the state.',
    INPUT: 'On purchases; deducted as far as it may be.',
    REVERSE_CHARGE: 'On purchases whose tax the buyer owes: owed and deducted at once.',
  },
});

/** A figure of a report in the base currency of its book. */
interface Figured<Row> {
  readonly row: Row;
  readonly currency: string;
}

const RowType: TypeRef<Figured<TaxReportRow>> = record<Figured<TaxReportRow>>(graph, 'TaxReportRow', {
  description: 'One tax at one rate. Amounts are in the base currency.',
  scope,
  views,
  fields: (t) => {
    const figure = (name: 'base' | 'owed' | 'deductible' | 'nonDeductible', description: string) =>
      t.field({
        type: graph.money,
        description,
        resolve: ({ row, currency }) => ({ minor: row[name], currency }),
      });
    return {
      direction: t.field({
        type: DirectionEnum,
        description: 'Whose tax.',
        resolve: ({ row }) => row.direction,
      }),
      taxCode: t.string({
        description: 'The code; `taxReportLines` lists the lines behind it.',
        resolve: ({ row }) => row.taxCode,
      }),
      name: t.string({
        nullable: true,
        description: 'The name of the tax; null for a code the book does not have.',
        resolve: ({ row }) => row.name,
      }),
      percent: t.field({
        type: 'Decimal',
        nullable: true,
        description: 'The rate in per cent on the day of the document; null where none was in force.',
        resolve: ({ row }) => row.percent,
      }),
      base: figure('base', 'What was taxed, net.'),
      owed: figure('owed', 'Tax owed to the state.'),
      deductible: figure('deductible', 'Tax that comes back from the state.'),
      nonDeductible: figure('nonDeductible', 'Tax that is cost.'),
      lines: t.int({ description: 'How many posted lines these add up.', resolve: ({ row }) => row.lines }),
    };
  },
});

const ControlType: TypeRef<Figured<TaxControl>> = record<Figured<TaxControl>>(graph, 'TaxControl', {
  description:
    'An account taxes stand on, beside what the report knows of it. Debits are positive, credits negative.',
  scope,
  views,
  fields: (t) => ({
    account: t.field({
      type: AccountType,
      description: 'The account.',
      resolve: ({ row }, _args, context) => load.requireAccount(context, row.accountId),
    }),
    posted: t.field({
      type: graph.money,
      description: 'All that was posted to it in these days.',
      resolve: ({ row, currency }) => ({ minor: row.posted, currency }),
    }),
    reported: t.field({
      type: graph.money,
      description: 'What of it has a tax code, so that the report counts it.',
      resolve: ({ row, currency }) => ({ minor: row.reported, currency }),
    }),
    difference: t.field({
      type: graph.money,
      description: 'Posted less reported: lines without a tax code, such as the payment of a tax.',
      resolve: ({ row, currency }) => ({ minor: row.posted - row.reported, currency }),
    }),
    linesWithoutCode: t.int({
      description: 'How many lines the difference is made of.',
      resolve: ({ row }) => row.withoutCode,
    }),
  }),
});

const ReportType: TypeRef<TaxReport> = record<TaxReport>(graph, 'TaxReport', {
  description: 'The taxes posted in some days, in the base currency of the book.',
  scope,
  views,
  fields: (t) => {
    type Figure = 'output' | 'input' | 'reverseChargeOwed' | 'reverseChargeDeductible' | 'netPayable';
    const figure = (name: Figure, description: string) =>
      t.field({
        type: graph.money,
        description,
        resolve: (report) => ({ minor: report[name], currency: report.currency }),
      });
    return {
      from: t.expose('from', { type: 'Date', description: 'The first day.' }),
      to: t.expose('to', { type: 'Date', description: 'The last day, included.' }),
      rows: t.field({
        type: [RowType],
        description: 'Each tax at each rate: sales, purchases, reverse charge.',
        resolve: ({ rows, currency }) => rows.map((row) => ({ row, currency })),
      }),
      output: figure('output', 'Tax owed on sales.'),
      input: figure('input', 'Tax deducted on purchases.'),
      reverseChargeOwed: figure('reverseChargeOwed', 'Tax owed as a buyer.'),
      reverseChargeDeductible: figure('reverseChargeDeductible', 'Tax deducted of what is owed as a buyer.'),
      netPayable: figure('netPayable', 'Owed less deducted: what is to be paid; below zero it comes back.'),
      controls: t.field({
        type: [ControlType],
        description: 'The accounts taxes stand on, in the order of their codes.',
        resolve: ({ controls, currency }) => controls.map((row) => ({ row, currency })),
      }),
      reconciled: t.boolean({
        description:
          'Whether every account taxes stand on is what the report says, and every line has its value.',
        resolve: ({ controls, unvalued }) =>
          unvalued === 0 && controls.every((row) => row.posted === row.reported && row.withoutCode === 0),
      }),
      unvaluedLines: t.exposeInt('unvalued', {
        description: 'Lines in other currencies from a time before there were rates; they are in no figure.',
      }),
    };
  },
});

const LineType: TypeRef<TaxReportLine> = record<TaxReportLine>(graph, 'TaxReportLine', {
  description: 'A posted line behind a figure of a tax report.',
  scope,
  views,
  fields: (t) => ({
    postedOn: t.expose('postedOn', { type: 'Date', description: 'The day it counts for.' }),
    entry: t.field({
      type: JournalEntryType,
      description: 'Its entry, which leads to the document.',
      resolve: (line, _args, context) => load.requireEntry(context, line.entryId),
    }),
    line: t.field({
      type: JournalLineType,
      description: 'The line as it was posted.',
      resolve: (line, _args, context) => load.requireLine(context, line.entryId, line.position),
    }),
  }),
});

const daysArgs = {
  from: { type: 'Date', required: true, description: 'The first day.' },
  to: { type: 'Date', required: true, description: 'The last day, included.' },
} as const;

builder.queryFields((t) => ({
  taxReport: t.field({
    type: ReportType,
    description:
      'The taxes of a book: on sales, on purchases, on reverse charge, what is to be paid, by code and rate, beside the accounts they stand on.',
    views: [...views],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      from: t.arg(daysArgs.from),
      to: t.arg(daysArgs.to),
    },
    resolve: (_root, { bookId, from, to }, context) => taxReport(context.sql, { bookId, from, to }),
  }),
  taxReportLines: t.field({
    type: connectionOf(graph, LineType),
    description:
      'The posted lines behind a figure of a tax report: those of a tax code or of an account, or the lines of an account that have no tax code.',
    views: [...views],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      from: t.arg(daysArgs.from),
      to: t.arg(daysArgs.to),
      taxCode: t.arg.string({ description: 'The code; bases of codes it is part of are there, too.' }),
      accountId: t.arg.id({ description: 'Only lines of this account.' }),
      withoutCode: t.arg.boolean({
        description: 'The lines of the account that have no tax code: its difference to the report.',
      }),
      ...pageArgs(t),
    },
    resolve: (_root, { taxCode, accountId, withoutCode, first, after, ...days }, context) =>
      taxReportLines(
        context.sql,
        {
          ...days,
          taxCode: taxCode ?? undefined,
          accountId: accountId ?? undefined,
          withoutCode: withoutCode ?? false,
        },
        { first, after },
      ),
  }),
}));
