import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { entity, record, type TypeRef } from '#kernel/graphql-types';
import { pageOfParent } from '#kernel/pages-of-parents';
import { money } from '#kernel/money';
import { BankStatementEntity, type BankAccount, type BankStatement } from '../entities.ts';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { BookStub } from '../references.ts';
import { BankStatementStatusType, moneyOrNull, scope } from '../schema-values.ts';

export const BankAccountType: TypeRef<BankAccount> = entity<BankAccount>(graph, 'BankAccount', {
  description: 'An account of a book at a bank.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.bankAccountById(context).load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    ibanLastFour: t.exposeString('lastFour', {
      description: 'The last four characters of its IBAN or number; the rest is never shown.',
    }),
    bic: t.exposeString('bic', { nullable: true, description: 'The bank.' }),
    currency: t.expose('currency', { type: 'CurrencyCode', description: 'The currency it is kept in.' }),
    ledgerAccountCode: t.exposeString('ledgerAccountCode', {
      description: 'The account of the ledger that stands for it.',
    }),
    book: t.field({
      type: BookStub,
      nullable: true,
      description: 'The book it belongs to.',
      resolve: (row) => ({ id: row.bookId }),
    }),
    balance: t.field({
      type: graph.money,
      nullable: true,
      description: 'What the last statement closed with.',
      resolve: async (row, _args, context) =>
        moneyOrNull(await load.balanceByAccount(context).load(row.id), row.currency),
    }),
    unmatchedCount: t.int({
      description: 'How many lines are neither matched nor booked.',
      resolve: async (row, _args, context) =>
        (await load.countsByAccount(context).load(row.id))
          .filter(({ status }) => status !== 'MATCHED' && status !== 'BOOKED')
          .reduce((sum, { count }) => sum + count, 0),
    }),
    statements: t.field({
      type: connectionOf(graph, BankStatementType),
      description: 'Its statements, the last imported first.',
      args: pageArgs(t),
      resolve: (row, args, context) =>
        pageOfParent(context, BankStatementEntity, { args, column: 'bankAccountId', parent: row.id }),
    }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When it was opened here.' }),
  }),
});

export const BankStatementType: TypeRef<BankStatement> = entity<BankStatement>(graph, 'BankStatement', {
  description: 'A statement of a bank.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.statementById(context).load(id),
  fields: (t) => ({
    bankAccount: t.field({
      type: BankAccountType,
      nullable: true,
      description: 'The account.',
      resolve: (row, _args, context) => load.bankAccountById(context).load(row.bankAccountId),
    }),
    format: t.exposeString('format', { description: 'The format of the file, for example camt.053.001.08.' }),
    reference: t.exposeString('reference', { nullable: true, description: "The bank's name for it." }),
    openingBalance: t.field({
      type: graph.money,
      nullable: true,
      description: 'What it opens with.',
      resolve: (row) => moneyOrNull(row.openingMinor, row.currency),
    }),
    closingBalance: t.field({
      type: graph.money,
      nullable: true,
      description: 'What it closes with.',
      resolve: (row) => moneyOrNull(row.closingMinor, row.currency),
    }),
    from: t.expose('startsOn', { type: 'Date', nullable: true, description: 'Its first day.' }),
    to: t.expose('endsOn', { type: 'Date', nullable: true, description: 'Its last day.' }),
    lineCount: t.exposeInt('lineCount', { description: 'How many booked lines it has.' }),
    knownCount: t.exposeInt('knownCount', {
      description: 'How many of them an earlier statement had brought; they stand there.',
    }),
    pendingCount: t.exposeInt('pendingCount', {
      description: 'How many lines were only announced; a later statement brings them when they are booked.',
    }),
    status: t.field({
      type: BankStatementStatusType,
      description: 'Whether it is used.',
      resolve: (row) => row.status as 'IMPORTED',
    }),
    problems: t.field({
      type: [graph.userError],
      description: 'What is wrong or remarkable about it.',
      resolve: (row) => row.problems,
    }),
    importedAt: t.expose('importedAt', { type: 'DateTime', description: 'When it was imported.' }),
  }),
});

/** How the lines of an account stand. */
export interface Summary {
  readonly account: BankAccount;
  readonly counts: readonly load.LineCount[];
}

const countOf = ({ counts }: Summary, status: string): number =>
  counts.filter((one) => one.status === status).reduce((sum, { count }) => sum + count, 0);

export const ReconciliationSummaryType: TypeRef<Summary> = record<Summary>(graph, 'ReconciliationSummary', {
  description: 'How far the lines of a bank account are reconciled.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => {
    const countField = (status: string, description: string) =>
      t.int({ description, resolve: (row) => countOf(row, status) });
    return {
      bankAccount: t.field({
        type: BankAccountType,
        nullable: true,
        description: 'The account.',
        resolve: (row) => row.account,
      }),
      unmatched: countField('UNMATCHED', 'Lines of which nothing is known yet, those held back among them.'),
      suggested: countField('SUGGESTED', 'Lines with a match that waits for somebody to agree.'),
      matched: countField('MATCHED', 'Lines that have settled open items.'),
      exceptions: countField('EXCEPTION', 'Lines that need a person.'),
      booked: countField('BOOKED', 'Lines booked to an account.'),
      unreconciled: t.field({
        type: [graph.money],
        description: 'What the lines that are neither matched nor booked come to, in each currency.',
        resolve: ({ counts }) => {
          const open = counts.filter(({ status }) => status !== 'MATCHED' && status !== 'BOOKED');
          const groups = Map.groupBy(open, ({ currency }) => currency);
          return [...groups].map(([currency, rows]) =>
            money(
              rows.reduce((sum, { minor }) => sum + minor, 0n),
              currency,
            ),
          );
        },
      }),
    };
  },
});
