import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { parseMoney } from '#kernel/money';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { scope } from '../schema-values.ts';
import { BankAccountType, BankStatementType } from '../statements/schema-accounts.ts';
import { JournalEntryType, StatementLineType } from '../statements/schema-lines.ts';
import { kindTitles } from './kind-titles.ts';
import type {
  WrittenAccount,
  WrittenGap,
  WrittenItem,
  WrittenMoney,
  WrittenSum,
  WrittenTotals,
} from './statement-content.ts';

const views = ['partner', 'portal'] as const;
/** At most so many lines or entries of one item are shown. */
const most = 100;

/** An amount as it is written, for the graph. */
export const moneyOf = ({ amount, currency }: WrittenMoney) => parseMoney(amount, currency);

export const VerdictType = enumeration(graph, 'ReconciliationVerdict', {
  description: 'Whether bank and books agree but for the listed items.',
  values: {
    PROVEN: 'The balance of the books is that of the bank and the listed items, exactly.',
    UNPROVEN: 'Something remains that no listed item explains; the statement says how much.',
    INCOMPLETE: 'It cannot be said: the bank has stated no balance, or the books are not all known here yet.',
  },
});

export const ItemKindType = enumeration(graph, 'ReconciliationItemKind', {
  description: 'What stands between the balance of the bank and that of the books.',
  values: kindTitles,
});

export const ItemType: TypeRef<WrittenItem> = record<WrittenItem>(graph, 'ReconciliationItem', {
  description: 'Something that stands between the balance of the bank and that of the books.',
  scope,
  views,
  fields: (t) => ({
    kind: t.field({ type: ItemKindType, description: 'What it is.', resolve: (row) => row.kind }),
    on: t.field({ type: 'Date', description: 'Its day.', resolve: (row) => row.on }),
    effect: t.field({
      type: graph.money,
      description: 'What has to be added to the balance of the bank for it to come to that of the books.',
      resolve: (row) => moneyOf(row.effect),
    }),
    booked: t.field({
      type: graph.money,
      nullable: true,
      description: 'What was booked as a difference; it keeps nothing apart.',
      resolve: (row) => row.booked && moneyOf(row.booked),
    }),
    label: t.exposeString('label', { description: 'What people know it by.' }),
    reference: t.exposeString('reference', {
      nullable: true,
      description: 'The number of the entry, the reference of the line, or the kind of the difference.',
    }),
    detail: t.exposeString('detail', { nullable: true, description: 'What else there is to say.' }),
    lines: t.field({
      type: [StatementLineType],
      description: `The lines of the bank, the first ${most}.`,
      resolve: async (row, _args, context) => {
        const found = await load.lineById(context).loadMany(row.lineIds.slice(0, most));
        return found.flatMap((one) => (one && 'id' in one ? [one] : []));
      },
    }),
    journalEntries: t.field({
      type: [JournalEntryType],
      description: `The entries of the books, the first ${most}.`,
      resolve: (row) => row.journalEntryIds.slice(0, most).map((id) => ({ id })),
    }),
  }),
});

export const TotalsType: TypeRef<WrittenTotals> = record<WrittenTotals>(graph, 'ReconciliationTotals', {
  description: 'The proof in one currency: books = bank + items + remainder.',
  scope,
  views,
  fields: (t) => ({
    bank: t.field({
      type: graph.money,
      description: 'The balance at the bank.',
      resolve: ({ bank }) => moneyOf(bank),
    }),
    items: t.field({
      type: graph.money,
      description: 'What the listed items come to.',
      resolve: ({ items }) => moneyOf(items),
    }),
    book: t.field({
      type: graph.money,
      description: 'The balance in the books, debits positive.',
      resolve: ({ book }) => moneyOf(book),
    }),
    remainder: t.field({
      type: graph.money,
      description: 'What the listed items do not explain.',
      resolve: ({ remainder }) => moneyOf(remainder),
    }),
  }),
});

export const SumType: TypeRef<WrittenSum> = record<WrittenSum>(graph, 'ReconciliationItemSum', {
  description: 'How many items of a kind there are, and what they come to.',
  scope,
  views,
  fields: (t) => ({
    kind: t.field({ type: ItemKindType, description: 'The kind.', resolve: (row) => row.kind }),
    title: t.string({ description: 'The kind in words.', resolve: ({ kind }) => kindTitles[kind] }),
    count: t.exposeInt('count', { description: 'How many.' }),
    effect: t.field({
      type: graph.money,
      description: 'What they come to.',
      resolve: ({ effect }) => moneyOf(effect),
    }),
  }),
});

export const BalanceType: TypeRef<WrittenAccount> = record<WrittenAccount>(graph, 'ReconciliationBalance', {
  description: 'What the bank says of one account.',
  scope,
  views,
  fields: (t) => ({
    bankAccount: t.field({
      type: BankAccountType,
      nullable: true,
      description: 'The account.',
      resolve: (row, _args, context) => load.bankAccountById(context).load(row.bankAccountId),
    }),
    statement: t.field({
      type: BankStatementType,
      nullable: true,
      description: 'The last statement with a balance at or before the day.',
      resolve: (row, _args, context) =>
        row.statementId === null ? null : load.statementById(context).load(row.statementId),
    }),
    statedOn: t.field({
      type: 'Date',
      nullable: true,
      description: 'The day at whose end the bank has stated the balance.',
      resolve: (row) => row.statedOn,
    }),
    stated: t.field({
      type: graph.money,
      nullable: true,
      description:
        'What that statement closes with; before the first closing balance, what the first statement opens with.',
      resolve: (row) => row.stated && moneyOf(row.stated),
    }),
    later: t.field({
      type: graph.money,
      description: 'What lines after it come to, up to the day.',
      resolve: (row) => moneyOf(row.later),
    }),
    laterCount: t.exposeInt('laterCount', { description: 'How many such lines there are.' }),
    balance: t.field({
      type: graph.money,
      description: 'Both together.',
      resolve: (row) => moneyOf(row.balance),
    }),
  }),
});

export const GapType: TypeRef<WrittenGap> = record<WrittenGap>(graph, 'ReconciliationGap', {
  description: 'Days over which the balances a bank states rose by something else than the lines it brought.',
  scope,
  views,
  fields: (t) => ({
    bankAccount: t.field({
      type: BankAccountType,
      nullable: true,
      description: 'The account.',
      resolve: (row, _args, context) => load.bankAccountById(context).load(row.bankAccountId),
    }),
    afterOn: t.field({
      type: 'Date',
      nullable: true,
      description: 'The day of the balance before; nothing before the first.',
      resolve: (row) => row.afterOn,
    }),
    throughOn: t.field({
      type: 'Date',
      description: 'The day of the balance that does not agree.',
      resolve: (row) => row.throughOn,
    }),
    statement: t.field({
      type: BankStatementType,
      nullable: true,
      description: 'The statement that gives that balance.',
      resolve: (row, _args, context) => load.statementById(context).load(row.statementId),
    }),
    amount: t.field({
      type: graph.money,
      description: 'What the balance rose by beyond the known lines.',
      resolve: (row) => moneyOf(row.amount),
    }),
  }),
});
