import { mutation } from '#kernel/graphql-command';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { entity, type TypeRef } from '#kernel/graphql-types';
import { byId } from '#kernel/loaders';
import { MappingTemplateVersionType } from '../classification/schema-templates.ts';
import { TransactionKindEnum } from '../classification/schema-template-parts.ts';
import { versionById } from '../classification/template-loaders.ts';
import type { TransactionKind } from '../classification/template.ts';
import { graph } from '../graph.ts';
import { BookType } from '../intake/references.ts';
import { draftById, entryById } from './loaders.ts';
import { recordTransactions } from './record-transactions.ts';
import { RecordedTransactionEntity, type RecordedTransactionRow } from './recorded-entities.ts';
import { DraftType } from './schema-drafts.ts';
import { JournalEntryType } from './schema-journal.ts';

const scope = 'transactions:read';
const views = ['partner', 'portal'] as const;
const recordedById = byId(RecordedTransactionEntity);

const RecordedTransactionType: TypeRef<RecordedTransactionRow> = entity<RecordedTransactionRow>(
  graph,
  'RecordedTransaction',
  {
    description: 'A transaction of a shop, till, card or marketplace that was recorded by a template.',
    scope,
    views,
    load: (id, context) => recordedById(context).load(id),
    fields: (t) => ({
      source: t.exposeString('source', { description: 'Where it comes from.' }),
      externalId: t.exposeString('externalId', { description: 'What its source calls it.' }),
      kind: t.field({
        type: TransactionKindEnum,
        description: 'What it is.',
        resolve: (row) => row.kind as TransactionKind,
      }),
      occurredOn: t.expose('occurredOn', { type: 'Date', description: 'Its day.' }),
      gross: t.field({
        type: graph.money,
        description: 'What changed hands, tax included.',
        resolve: (row) => ({ minor: row.grossMinor, currency: row.currency }),
      }),
      templateVersion: t.field({
        type: MappingTemplateVersionType,
        views: ['portal'],
        nullable: true,
        description: 'The version of the template that decided.',
        resolve: (row, _args, context) => versionById(context).load(row.templateVersionId),
      }),
      templateRule: t.exposeString('templateRule', { description: 'The rule that decided.' }),
      draft: t.field({
        type: DraftType,
        nullable: true,
        description: 'The draft of its entry; none where it was posted at once.',
        resolve: (row, _args, context) => (row.draftId ? draftById(context).load(row.draftId) : null),
      }),
      journalEntry: t.field({
        type: JournalEntryType,
        nullable: true,
        description: 'Its entry in the journal, once it is there.',
        resolve: async (row, _args, context) => {
          const draft = row.draftId ? await draftById(context).load(row.draftId) : null;
          const entryId = row.journalEntryId ?? draft?.journalEntryId;
          return entryId ? entryById(context).load(entryId) : null;
        },
      }),
      book: t.field({ type: BookType, description: 'Its book.', resolve: (row) => ({ id: row.bookId }) }),
      recordedAt: t.expose('recordedAt', { type: 'DateTime', description: 'When it was recorded.' }),
    }),
  },
);

graph.builder.objectFields(DraftType, (t) => ({
  templateVersion: t.field({
    type: MappingTemplateVersionType,
    views: ['portal'],
    nullable: true,
    description: 'The version of the mapping template that decided, where one did.',
    resolve: (row, _args, context) =>
      row.templateVersionId ? versionById(context).load(row.templateVersionId) : null,
  }),
  templateRule: t.exposeString('templateRule', {
    views: ['portal'],
    nullable: true,
    description: 'The rule of the template that decided.',
  }),
}));

graph.builder.queryField('recordedTransactions', (t) =>
  t.field({
    type: connectionOf(graph, RecordedTransactionType),
    description: 'The transactions recorded in a book, the newest first.',
    views,
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      source: t.arg.string({ description: 'Only those of one source.' }),
      ...pageArgs(t),
    },
    resolve: (_root, args, context) =>
      pageOf(context, RecordedTransactionEntity, {
        args,
        where: { bookId: args.bookId, ...(args.source ? { source: args.source } : {}) },
      }),
  }),
);

mutation(
  graph,
  { ...recordTransactions, views },
  {
    transactions: {
      type: [RecordedTransactionType],
      description:
        'Those that are recorded now, in the order they were sent; refused ones are in the errors.',
      resolve: async ({ recordedIds }, context) => {
        const rows = await Promise.all(recordedIds.map((id) => recordedById(context).load(id)));
        return rows.filter((row) => row !== null);
      },
    },
    recorded: {
      type: 'Int',
      description: 'How many are new.',
      resolve: ({ recorded }) => recorded,
    },
    alreadyKnown: {
      type: 'Int',
      description: 'How many were recorded before.',
      resolve: ({ alreadyKnown }) => alreadyKnown,
    },
  },
);
