import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { entity, extension, type TypeRef } from '#kernel/graphql-types';
import { pageOfParent } from '#kernel/pages-of-parents';
import { money } from '#kernel/money';
import { StatementLineEntity, type OpenItem, type StatementLine } from '../entities.ts';
import { graph } from '../graph.ts';
import * as load from '../loaders.ts';
import { VendorStub, DocumentStub } from '../references.ts';
import { BankStatementType } from './schema-accounts.ts';
import { OpenItemKindType, scope, StatementLineStatusType } from '../schema-values.ts';

/** The ledger's entry, to which this subgraph adds what it leaves open. */
export const JournalEntryType = extension(graph, 'JournalEntry', {
  scope,
  views: ['partner'],
  fields: (t) => ({
    openItem: t.field({
      type: OpenItemType,
      nullable: true,
      description: 'What it leaves to be paid, and how much of that is open.',
      resolve: (entry, _args, context) => load.openItemByEntry(context).load(entry.id),
    }),
  }),
});

export const OpenItemType: TypeRef<OpenItem> = entity<OpenItem>(graph, 'OpenItem', {
  description:
    'What a journal entry leaves to be paid; amounts have the sign of the bank line that settles them.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.openItemById(context).load(id),
  fields: (t) => ({
    kind: t.field({
      type: OpenItemKindType,
      description: 'Who has to pay.',
      resolve: (row) => row.kind as 'PAYABLE',
    }),
    label: t.exposeString('label', { description: 'What people call it.' }),
    reference: t.exposeString('reference', { nullable: true, description: 'The number of the document.' }),
    counterpartyName: t.exposeString('counterpartyName', { nullable: true, description: 'The other side.' }),
    issuedOn: t.expose('issuedOn', { type: 'Date', description: 'The day it was posted on.' }),
    dueOn: t.expose('dueOn', { type: 'Date', nullable: true, description: 'The day it is due.' }),
    amount: t.field({
      type: graph.money,
      description: 'All of it.',
      resolve: (row) => money(row.minor, row.currency),
    }),
    open: t.field({
      type: graph.money,
      description: 'What is still to be paid.',
      resolve: (row) => money(row.openMinor, row.currency),
    }),
    journalEntry: t.field({
      type: JournalEntryType,
      nullable: true,
      description: 'The entry that leaves it open.',
      resolve: (row) => ({ id: row.journalEntryId }),
    }),
    vendor: t.field({
      type: VendorStub,
      nullable: true,
      description: 'The vendor, when there is one.',
      resolve: (row) => (row.vendorId ? { id: row.vendorId } : null),
    }),
    document: t.field({
      type: DocumentStub,
      nullable: true,
      description: 'The document behind it.',
      resolve: (row) => (row.documentId ? { id: row.documentId } : null),
    }),
  }),
});

export const StatementLineType: TypeRef<StatementLine> = entity<StatementLine>(graph, 'StatementLine', {
  description: 'A movement on a bank account.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.lineById(context).load(id),
  fields: (t) => ({
    bookedOn: t.expose('bookedOn', { type: 'Date', description: 'The day it was booked.' }),
    valueOn: t.expose('valueOn', { type: 'Date', nullable: true, description: 'The day it counts from.' }),
    amount: t.field({
      type: graph.money,
      description: 'Positive is money in.',
      resolve: (row) => money(row.minor, row.currency),
    }),
    counterpartyName: t.exposeString('counterpartyName', { nullable: true, description: 'The other side.' }),
    counterpartyLastFour: t.exposeString('counterpartyLastFour', {
      nullable: true,
      description: "The last four characters of the other side's account.",
    }),
    reference: t.string({
      nullable: true,
      description: 'The reference of the payment, or else that of the bank.',
      resolve: (row) => row.refs[0] ?? row.bankReference ?? null,
    }),
    remittance: t.exposeString('remittance', {
      description: 'What the payer wrote; account numbers in it are shortened.',
    }),
    reversal: t.exposeBoolean('reversal', { description: 'Whether the bank marks it as taken back.' }),
    status: t.field({
      type: StatementLineStatusType,
      description: 'How far it is reconciled.',
      resolve: (row) => row.status as 'UNMATCHED',
    }),
    statement: t.field({
      type: BankStatementType,
      nullable: true,
      description: 'The statement that brought it.',
      resolve: (row, _args, context) => load.statementById(context).load(row.statementId),
    }),
    bookedAccountCode: t.exposeString('bookedAccountCode', {
      nullable: true,
      description: 'The account it was booked to.',
    }),
    memo: t.exposeString('bookedMemo', { nullable: true, description: 'What was said when it was booked.' }),
    journalEntry: t.field({
      type: JournalEntryType,
      nullable: true,
      description: 'The entry that books it to an account.',
      resolve: (row) => (row.journalEntryId ? { id: row.journalEntryId } : null),
    }),
  }),
});

graph.builder.objectField(BankStatementType, 'lines', (t) =>
  t.field({
    type: connectionOf(graph, StatementLineType),
    description: 'The lines it brought first, in its order.',
    args: pageArgs(t),
    resolve: (row, args, context) =>
      pageOfParent(context, StatementLineEntity, {
        args,
        column: 'statementId',
        parent: row.id,
        by: 'position',
        direction: 'asc',
      }),
  }),
);
