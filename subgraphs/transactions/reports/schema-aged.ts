import { calendarDate, dateOf } from '#kernel/calendar';
import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { BookType, VendorType } from '../intake/references.ts';
import * as load from '../ledger/loaders.ts';
import { AccountType } from '../ledger/schema-accounts.ts';
import { JournalEntryType } from '../ledger/schema-journal.ts';
import { ageBuckets, type AgeBucket, type AgedAmounts, type AgedItem, type AgedRow } from './aged-items.ts';
import { agedReport, type AgedReport } from './aged-report.ts';

const { builder } = graph;
const scope = 'transactions:read';
const views = ['partner', 'portal'] as const;

const AgeBucketEnum = enumeration(graph, 'AgeBucket', {
  description: 'How long something is overdue.',
  values: {
    NOT_DUE: 'Not yet; on its due day neither.',
    DAYS_1_30: 'For 1 to 30 days.',
    DAYS_31_60: 'For 31 to 60 days.',
    DAYS_61_90: 'For 61 to 90 days.',
    OVER_90: 'For more than 90 days.',
  },
});

interface Column {
  readonly bucket: AgeBucket;
  readonly minor: bigint;
  readonly currency: string;
}

const ColumnType: TypeRef<Column> = record<Column>(graph, 'AgedAmount', {
  description: 'What is open in one column of an aged list.',
  scope,
  views,
  fields: (t) => ({
    bucket: t.field({
      type: AgeBucketEnum,
      description: 'How long it is overdue.',
      resolve: ({ bucket }) => bucket,
    }),
    amount: t.field({
      type: graph.money,
      description: 'How much.',
      resolve: ({ minor, currency }) => ({ minor, currency }),
    }),
  }),
});

const columnsOf = ({ buckets }: AgedAmounts, currency: string): Column[] =>
  ageBuckets.map((bucket) => ({ bucket, minor: buckets[bucket], currency }));

interface ShownItem extends AgedItem {
  readonly base: string;
}

const ItemType: TypeRef<ShownItem> = record<ShownItem>(graph, 'AgedItem', {
  description: 'What an entry left open.',
  scope,
  views,
  fields: (t) => ({
    journalEntry: t.field({
      type: JournalEntryType,
      nullable: true,
      description: 'The entry; a payment is here as far as it settled nothing.',
      resolve: ({ entryId }, _args, context) => load.entryById(context).load(entryId),
    }),
    account: t.field({
      type: AccountType,
      description: 'The account it stands on.',
      resolve: ({ accountId }, _args, context) => load.requireAccount(context, accountId),
    }),
    postedOn: t.expose('postedOn', { type: 'Date', description: 'The day of the entry.' }),
    dueOn: t.expose('dueOn', {
      type: 'Date',
      description: 'The day it is to be paid; the day of the entry where nothing says another.',
    }),
    daysOverdue: t.exposeInt('daysOverdue', { description: 'Negative while it is not due.' }),
    bucket: t.field({
      type: AgeBucketEnum,
      description: 'Its column.',
      resolve: ({ bucket }) => bucket,
    }),
    original: t.field({
      type: graph.money,
      description: 'What the entry posted.',
      resolve: ({ original, currency }) => ({ minor: original, currency }),
    }),
    open: t.field({
      type: graph.money,
      description: 'What is open of it.',
      resolve: ({ open, currency }) => ({ minor: open, currency }),
    }),
    functional: t.field({
      type: graph.money,
      description: 'What is open in the base currency, as it was posted.',
      resolve: ({ functional, base }) => ({ minor: functional, currency: base }),
    }),
  }),
});

interface ShownRow {
  readonly row: AgedRow;
  readonly base: string;
}

const RowType: TypeRef<ShownRow> = record<ShownRow>(graph, 'AgedRow', {
  description: 'What is open with one counterparty in one currency.',
  scope,
  views,
  fields: (t) => ({
    counterparty: t.string({
      nullable: true,
      description: 'Whom it is owed to or by, as the documents say.',
      resolve: ({ row }) => row.counterparty,
    }),
    vendor: t.field({
      type: VendorType,
      nullable: true,
      description: 'The same as master data.',
      resolve: ({ row }) => (row.vendorId === undefined ? null : { id: row.vendorId }),
    }),
    columns: t.field({
      type: [ColumnType],
      description: 'By age.',
      resolve: ({ row }) => columnsOf(row, row.currency),
    }),
    total: t.field({
      type: graph.money,
      description: 'All columns together.',
      resolve: ({ row }) => ({ minor: row.total, currency: row.currency }),
    }),
    functional: t.field({
      type: graph.money,
      description: 'The total in the base currency, as it was posted.',
      resolve: ({ row, base }) => ({ minor: row.functional, currency: base }),
    }),
    items: t.field({
      type: [ItemType],
      description: 'What it is made of, the longest overdue first.',
      resolve: ({ row, base }) => row.items.map((item) => ({ ...item, base })),
    }),
  }),
});

const ListType: TypeRef<AgedReport> = record<AgedReport>(graph, 'AgedList', {
  description: 'What was open on a day, by counterparty and age.',
  scope,
  views,
  fields: (t) => ({
    book: t.field({ type: BookType, description: 'The book.', resolve: ({ book }) => ({ id: book.id }) }),
    on: t.expose('on', { type: 'Date', description: 'The day.' }),
    rows: t.field({
      type: [RowType],
      description: 'Counterparties, each with one row for each currency; the largest first.',
      resolve: ({ rows, book }) => rows.map((row) => ({ row, base: book.currency })),
    }),
    totals: t.field({
      type: [ColumnType],
      description: 'All counterparties together, by currency and age.',
      resolve: ({ totals }) => totals.flatMap((total) => columnsOf(total, total.currency)),
    }),
    functional: t.field({
      type: [ColumnType],
      description: 'Everything in the base currency, by age.',
      resolve: ({ functional, book }) => columnsOf(functional, book.currency),
    }),
    difference: t.field({
      type: graph.money,
      description:
        'What the control accounts come to less what is open; anything but zero is an error of ours.',
      resolve: ({ difference, book }) => ({ minor: difference, currency: book.currency }),
    }),
  }),
});

const args = (t: Parameters<Parameters<typeof builder.queryFields>[0]>[0]) => ({
  bookId: t.arg.id({ required: true, description: 'The book.' }),
  on: t.arg({ type: 'Date', description: 'The day, also a past one; today when left out.' }),
});

const dayOf = (on: string | null | undefined) => (on ? calendarDate(on) : dateOf(new Date()));

builder.queryFields((t) => ({
  agedPayables: t.field({
    type: ListType,
    description: 'What the book owed on a day, by vendor and age.',
    views: [...views],
    authScopes: { scope },
    args: args(t),
    resolve: (_root, { bookId, on }, context) =>
      agedReport(context.sql, { bookId, side: 'PAYABLE', on: dayOf(on) }),
  }),
  agedReceivables: t.field({
    type: ListType,
    description: 'What the book was owed on a day, by customer and age.',
    views: [...views],
    authScopes: { scope },
    args: args(t),
    resolve: (_root, { bookId, on }, context) =>
      agedReport(context.sql, { bookId, side: 'RECEIVABLE', on: dayOf(on) }),
  }),
}));
