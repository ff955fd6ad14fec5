import { record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { bankAccountById } from '../loaders.ts';
import { scope } from '../schema-values.ts';
import { BankAccountType } from '../statements/schema-accounts.ts';
import type { AccountMonth } from './account-months.ts';
import type { DayRange } from './coverage.ts';
import { VerdictType } from './schema-statement-parts.ts';

const views = ['partner', 'portal'] as const;

const DayRangeType: TypeRef<DayRange> = record<DayRange>(graph, 'DayRange', {
  description: 'Days from one to another.',
  scope,
  views,
  fields: (t) => ({
    from: t.field({ type: 'Date', description: 'The first day.', resolve: (row) => row.from }),
    to: t.field({ type: 'Date', description: 'The last day, included.', resolve: (row) => row.to }),
  }),
});

/** A bank account in a close checklist. */
export const AccountMonthType: TypeRef<AccountMonth> = record<AccountMonth>(graph, 'BankAccountMonth', {
  description: 'A bank account over the days of a close checklist.',
  scope,
  views,
  fields: (t) => ({
    bankAccount: t.field({
      type: BankAccountType,
      nullable: true,
      description: 'The account.',
      resolve: (row, _args, context) => bankAccountById(context).load(row.id),
    }),
    days: t.exposeInt('days', { description: 'How many days there are.' }),
    coveredDays: t.int({
      description:
        'How many of them statements cover; days on which the balance went on unchanged are covered.',
      resolve: (row) => row.covered,
    }),
    gaps: t.field({
      type: [DayRangeType],
      description: 'The days of which no statement tells.',
      resolve: (row) => [...row.gaps],
    }),
    verdict: t.field({
      type: VerdictType,
      description: 'Whether its balance is proven at the last day; `reconciliationStatement` says how.',
      resolve: (row) => row.verdict,
    }),
    balance: t.field({
      type: graph.money,
      description: 'What the bank says at the end of the last day.',
      resolve: (row) => row.balance,
    }),
    remainder: t.field({
      type: graph.money,
      description: 'What no listed item would explain.',
      resolve: (row) => row.remainder,
    }),
    unmatchedCount: t.int({
      description: 'How many lines of these days are neither matched nor booked.',
      resolve: (row) => row.unmatched,
    }),
  }),
});
