import type { Command } from '#kernel/command';
import { mutation } from '#kernel/graphql-command';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { liveField } from '#kernel/graphql-live';
import { record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import type { AccountType } from '../ledger/chart-of-accounts.ts';
import type { Side } from '../ledger/entry.ts';
import { AccountTypeEnum } from '../ledger/schema-accounts.ts';
import { SideEnum } from '../ledger/schema-journal.ts';
import { cancelImport, pauseImport, resumeImport } from './change-import.ts';
import { ImportEntity } from './entities.ts';
import * as load from './loaders.ts';
import { previewImport, type Preview, type PreviewColumn, type PreviewRow } from './preview-import.ts';
import { ImportFieldEnum, ImportKindEnum, ImportSettingsType, ImportType } from './schema-imports.ts';
import { startImport } from './start-import.ts';

const scope = 'transactions:read';

const PreviewColumnType: TypeRef<PreviewColumn> = record<PreviewColumn>(graph, 'ImportPreviewColumn', {
  description: 'A column of a file.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    column: t.exposeString('column', { description: 'Its heading.' }),
    field: t.field({
      type: ImportFieldEnum,
      nullable: true,
      description: 'What it would be taken for; null when it would be left aside.',
      resolve: (row) => row.field,
    }),
    samples: t.stringList({ description: 'Some of its first values.', resolve: (row) => [...row.samples] }),
  }),
});

const PreviewRowType: TypeRef<PreviewRow> = record<PreviewRow>(graph, 'ImportPreviewRow', {
  description: 'A line as it would be read; of a row that is wrong only where it stands and why.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    row: t.exposeInt('row', { description: 'Line of the file, row of the sheet, or number of the record.' }),
    entry: t.exposeString('entry', { nullable: true, description: 'The entry, as the file names it.' }),
    postedOn: t.expose('postedOn', { type: 'Date', nullable: true, description: 'The day.' }),
    accountCode: t.exposeString('accountCode', { nullable: true, description: 'The account.' }),
    side: t.field({
      type: SideEnum,
      nullable: true,
      description: 'Its column in the journal.',
      resolve: (row) => row.side as Side | null,
    }),
    amount: t.field({
      type: graph.money,
      nullable: true,
      description: 'The amount.',
      resolve: ({ minor, currency }) =>
        minor === null || currency === null ? null : { minor: BigInt(minor), currency },
    }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is about, or the name of the account.',
    }),
    memo: t.exposeString('memo', { nullable: true, description: 'What the line is about.' }),
    accountType: t.field({
      type: AccountTypeEnum,
      nullable: true,
      description: 'The type of the account, in a chart.',
      resolve: (row) => row.accountType as AccountType | null,
    }),
    problems: t.field({
      type: [graph.userError],
      description: 'What is wrong with the row.',
      resolve: (row) => [...row.problems],
    }),
  }),
});

const PreviewType: TypeRef<Preview> = record<Preview>(graph, 'ImportPreview', {
  description: 'How a file would be read.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    settings: t.field({
      type: ImportSettingsType,
      description: 'How it would be read.',
      resolve: (row) => row.settings,
    }),
    sheets: t.stringList({ description: 'The sheets of a spreadsheet.', resolve: (row) => [...row.sheets] }),
    remembered: t.exposeBoolean('remembered', {
      description: 'Whether the mapping was chosen for an earlier file with the same headings.',
    }),
    columns: t.field({
      type: [PreviewColumnType],
      description: 'Its columns.',
      resolve: (row) => [...row.columns],
    }),
    rows: t.field({
      type: [PreviewRowType],
      description: 'Its first rows.',
      resolve: (row) => [...row.rows],
    }),
    problems: t.field({
      type: [graph.userError],
      description: 'What has to be said before the file can be imported.',
      resolve: (row) => [...row.problems],
    }),
    notes: t.stringList({ description: 'What was assumed.', resolve: (row) => [...row.notes] }),
  }),
});

graph.builder.queryFields((t) => ({
  import: t.field({
    type: ImportType,
    nullable: true,
    description: 'One import.',
    views: ['partner'],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => load.importById(context).load(args.id),
  }),
  imports: t.field({
    type: connectionOf(graph, ImportType),
    description: 'The imports into a book, newest first.',
    views: ['partner'],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      kind: t.arg({ type: ImportKindEnum, description: 'Only those of this kind.' }),
      ...pageArgs(t),
    },
    resolve: (_root, args, context) =>
      pageOf(context, ImportEntity, {
        args,
        where: { bookId: args.bookId, ...(args.kind ? { kind: args.kind } : {}) },
      }),
  }),
}));

mutation(
  graph,
  { ...previewImport, views: ['partner'] },
  {
    preview: {
      type: PreviewType,
      description: 'How the file would be read.',
      resolve: ({ preview }) => preview,
    },
  },
);
changes(startImport);
changes(pauseImport);
changes(resumeImport);
changes(cancelImport);

function changes<Input>(change: Command<Input, { importId: string }>): void {
  mutation(
    graph,
    { ...change, views: ['partner'] },
    {
      import: {
        type: ImportType,
        description: 'The import as it is now.',
        resolve: ({ importId }, context) => load.importById(context).load(importId),
      },
    },
  );
}

liveField(graph, {
  subject: 'import',
  type: ImportType,
  scope,
  views: ['partner'],
  load: (id, context) => load.importById(context).load(id),
});
