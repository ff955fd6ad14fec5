import { record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import type { AccountType } from '../ledger/chart-of-accounts.ts';
import type { Side } from '../ledger/entry.ts';
import { AccountTypeEnum } from '../ledger/schema-accounts.ts';
import { SideEnum } from '../ledger/schema-journal.ts';
import type { Preview, PreviewColumn, PreviewRow } from './preview-import.ts';
import { ImportFieldEnum, ImportSettingsType } from './schema-imports.ts';

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

/** How a file would be read. */
export const PreviewType: TypeRef<Preview> = record<Preview>(graph, 'ImportPreview', {
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
