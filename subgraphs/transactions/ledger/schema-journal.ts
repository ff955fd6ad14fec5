import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { liveField } from '#kernel/graphql-live';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { BookType, MemberType, VendorType } from '../intake/references.ts';
import { documentById } from '../intake/loaders.ts';
import { DocumentType } from '../intake/schema.ts';
import { JournalEntryEntity, JournalLineEntity, type JournalEntry, type JournalLine } from './entities.ts';
import { totalOf, type Side } from './entry.ts';
import * as load from './loaders.ts';
import { AccountType } from './schema-accounts.ts';

const { builder } = graph;
const scope = 'transactions:read';

/** The two columns of a journal, in the graph. */
export const SideEnum = enumeration(graph, 'Side', {
  description: 'The two columns of a journal.',
  values: { DEBIT: 'The left one.', CREDIT: 'The right one.' },
});

const KindEnum = enumeration(graph, 'JournalEntryKind', {
  description: 'Why an entry is in the books.',
  values: {
    DOCUMENT: 'An approved document.',
    PAYMENT: 'A match of bank lines with open items.',
    BANK: 'A bank line booked straight to an account.',
    MANUAL: 'Made by hand.',
    REVERSAL: 'The mirror image of an entry that was taken back.',
    OPENING: 'Balances brought forward.',
    REVALUATION: 'Open foreign amounts at the rate of a period end; taken back on the next day.',
  },
});

/** A line of the journal. */
export const JournalLineType: TypeRef<JournalLine> = record<JournalLine>(graph, 'JournalLine', {
  description: 'One line of an entry.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    account: t.field({
      type: AccountType,
      description: 'The account it is posted to.',
      resolve: (row, _args, context) => load.requireAccount(context, row.accountId),
    }),
    side: t.field({ type: SideEnum, description: 'Its column.', resolve: (row) => row.side as Side }),
    money: t.field({ type: graph.money, description: 'Its amount, positive.', resolve: moneyOf }),
    memo: t.exposeString('memo', { nullable: true, description: 'A remark.' }),
  }),
});

/** An entry of the journal. */
export const JournalEntryType: TypeRef<JournalEntry> = entity<JournalEntry>(graph, 'JournalEntry', {
  description:
    'An entry of the journal: balanced in each currency, never changed, taken back by a reversal only.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.entryById(context).load(id),
  fields: (t) => ({
    number: t.exposeString('number', {
      description: 'JE, year and number, without gaps in each book and year.',
    }),
    kind: t.field({ type: KindEnum, description: 'Why it is there.', resolve: (row) => row.kind as never }),
    postedOn: t.expose('postedOn', { type: 'Date', description: 'The day it counts for.' }),
    description: t.exposeString('description', { description: 'What happened.' }),
    vendor: t.field({
      type: VendorType,
      nullable: true,
      description: 'The other side, when it is a known one.',
      resolve: (row) => (row.vendorId ? { id: row.vendorId } : null),
    }),
    document: t.field({
      type: DocumentType,
      nullable: true,
      description: 'The document it books.',
      resolve: (row, _args, context) => (row.documentId ? documentById(context).load(row.documentId) : null),
    }),
    lines: t.field({
      type: [JournalLineType],
      description: 'Its lines, in order.',
      resolve: (row, _args, context) => load.linesByEntry(context).load(row.id),
    }),
    total: t.field({
      type: graph.money,
      description: 'Its debits in the currency of its first line.',
      resolve: async (row, _args, context) => {
        const lines = await load.linesByEntry(context).load(row.id);
        return totalOf(lines.map((line) => ({ side: line.side as Side, money: moneyOf(line) })));
      },
    }),
    reversalOf: t.field({
      type: JournalEntryType,
      nullable: true,
      description: 'The entry this one takes back.',
      resolve: (row, _args, context) =>
        row.reversalOf ? load.entryById(context).load(row.reversalOf) : null,
    }),
    reversedBy: t.field({
      type: JournalEntryType,
      nullable: true,
      description: 'The entry that takes this one back.',
      resolve: (row, _args, context) => load.reversalByEntry(context).load(row.id),
    }),
    book: t.field({
      type: BookType,
      description: 'The book it is in.',
      resolve: (row) => ({ id: row.bookId }),
    }),
    postedBy: t.field({
      type: MemberType,
      nullable: true,
      description: 'Who posted or approved it; null when nobody had to.',
      resolve: (row) => (row.postedBy ? { id: row.postedBy } : null),
    }),
    postedAt: t.expose('postedAt', { type: 'DateTime', description: 'When it came into the journal.' }),
  }),
});

builder.queryFields((t) => ({
  journalEntry: t.field({
    type: JournalEntryType,
    nullable: true,
    description: 'One entry.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => load.entryById(context).load(args.id),
  }),
  journalEntries: t.field({
    type: connectionOf(graph, JournalEntryType),
    description: 'The journal of a book, newest day first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      accountId: t.arg.id({ description: 'Only entries with a line on this account.' }),
      from: t.arg({ type: 'Date', description: 'The first day.' }),
      to: t.arg({ type: 'Date', description: 'The last day, included.' }),
      ...pageArgs(t),
    },
    resolve: async (_root, args, context) => {
      const em = await context.read();
      const lines = args.accountId
        ? em
            .createQueryBuilder(JournalLineEntity)
            .select('journalEntryId')
            .where({ accountId: args.accountId })
        : undefined;
      return pageOf(context, JournalEntryEntity, {
        args,
        by: 'postedOn',
        where: {
          bookId: args.bookId,
          ...(args.from || args.to
            ? {
                postedOn: {
                  ...(args.from ? { $gte: args.from } : {}),
                  ...(args.to ? { $lte: args.to } : {}),
                },
              }
            : {}),
          ...(lines ? { id: { $in: lines.getNativeQuery() } } : {}),
        } as never,
      });
    },
  }),
}));

liveField(graph, {
  subject: 'journalEntry',
  type: JournalEntryType,
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.entryById(context).load(id),
});

function moneyOf(row: { readonly minor: bigint; readonly currency: string }) {
  return { minor: row.minor, currency: row.currency };
}
