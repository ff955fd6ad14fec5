import { z } from 'zod';
import { startOfMonth } from '#kernel/calendar';
import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { record, type TypeRef } from '#kernel/graphql-types';
import { date } from '#kernel/input';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { scope } from '../schema-values.ts';
import { BankAccountType } from '../statements/schema-accounts.ts';
import { pageOfList } from './list-page.ts';
import { loadProof } from './load-proof.ts';
import {
  BalanceType,
  GapType,
  ItemKindType,
  ItemType,
  moneyOf,
  SumType,
  TotalsType,
  VerdictType,
} from './schema-statement-parts.ts';
import { statementContent, type StatementContent } from './statement-content.ts';

const views = ['partner', 'portal'] as const;

export const StatementType: TypeRef<StatementContent> = record<StatementContent>(
  graph,
  'ReconciliationStatement',
  {
    description:
      'Proves the balance of the books from that of the bank: every item between them is listed, and what remains is said.',
    scope,
    views,
    fields: (t) => ({
      bankAccount: t.field({
        type: BankAccountType,
        nullable: true,
        description: 'The account.',
        resolve: (row, _args, context) => load.bankAccountById(context).load(row.bankAccountId),
      }),
      ledgerAccountCode: t.exposeString('ledgerAccountCode', {
        description: 'The account of the ledger that stands for it.',
      }),
      from: t.field({
        type: 'Date',
        description: 'The first day of the differences that are listed.',
        resolve: (row) => row.from,
      }),
      on: t.field({
        type: 'Date',
        description: 'The day at whose end the balances are compared.',
        resolve: (row) => row.asOf,
      }),
      drawnUpAt: t.field({
        type: 'DateTime',
        description: 'From what was known then; what is posted into its days later changes it.',
        resolve: (row) => new Date(row.drawnUpAt),
      }),
      verdict: t.field({
        type: VerdictType,
        description: 'Whether bank and books agree.',
        resolve: (row) => row.verdict,
      }),
      bankBalance: t.field({
        type: graph.money,
        description: 'The balance at the bank, in the currency of the account.',
        resolve: (row) => ownOf(row, 'bank'),
      }),
      bookBalance: t.field({
        type: graph.money,
        description: 'The balance in the books, in the currency of the account; debits positive.',
        resolve: (row) => ownOf(row, 'book'),
      }),
      remainder: t.field({
        type: graph.money,
        description: 'What the listed items do not explain, in the currency of the account.',
        resolve: (row) => ownOf(row, 'remainder'),
      }),
      totals: t.field({
        type: [TotalsType],
        description: 'The proof in each currency, that of the account first.',
        resolve: (row) => [...row.totals],
      }),
    }),
  },
);

graph.builder.objectFields(StatementType, (t) => ({
  bankBalances: t.field({
    type: [BalanceType],
    description: 'What the bank says, for each account that shares the account of the ledger.',
    resolve: (row) => [...row.accounts],
  }),
  unexplained: t.field({
    type: [GapType],
    description: 'Where balances and lines of the bank part.',
    resolve: (row) => [...row.unexplained],
  }),
  summary: t.field({
    type: [SumType],
    description: 'What the items come to, by kind.',
    resolve: (row) => [...row.summary],
  }),
  items: t.field({
    type: connectionOf(graph, ItemType),
    description: 'What stands between both balances, by kind and day.',
    args: { ...pageArgs(t), kind: t.arg({ type: ItemKindType, description: 'Only of this kind.' }) },
    resolve: (row, { kind, ...args }) =>
      pageOfList(kind ? row.items.filter((item) => item.kind === kind) : row.items, args),
  }),
  notes: t.field({
    type: ['String'],
    description: 'What a reader must know.',
    resolve: (row) => [...row.notes],
  }),
  lastEntryNumber: t.exposeString('lastEntryNumber', {
    nullable: true,
    description: 'The last entry of the books on this account that it knows of.',
  }),
}));

function ownOf({ totals, currency }: StatementContent, what: 'bank' | 'book' | 'remainder') {
  return moneyOf(totals[0]?.[what] ?? { amount: '0', currency });
}

const asked = z.object({ asOf: date(), from: date().optional() });

graph.builder.queryField('reconciliationStatement', (t) =>
  t.field({
    type: StatementType,
    description:
      'Proves the balance of the books from that of the bank at the end of a day, as far as is known now.',
    views: [...views],
    authScopes: { scope },
    args: {
      bankAccountId: t.arg.id({ required: true, description: 'The account.' }),
      asOf: t.arg({
        type: 'Date',
        required: true,
        description: 'The day at whose end the balances are compared.',
      }),
      from: t.arg({
        type: 'Date',
        description: 'The first day of the differences that are listed; that of the month when left out.',
      }),
    },
    resolve: async (_root, { bankAccountId, ...args }, context) => {
      const { asOf, from = startOfMonth(asOf) } = asked.parse({
        asOf: args.asOf,
        from: args.from ?? undefined,
      });
      const proof = await loadProof(context.sql, { bankAccountId, from, asOf });
      return statementContent(proof, new Date());
    },
  }),
);
