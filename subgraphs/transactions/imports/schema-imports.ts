import { userError } from '#kernel/errors';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { BookType, MemberType } from '../intake/references.ts';
import { FileType } from '../intake/schema.ts';
import { fileById } from '../intake/loaders.ts';
import { isErrorCode } from '../intake/document.ts';
import type { Import } from './entities.ts';
import type { DateStyle, DecimalMark, ImportField, ImportKind, ImportSettings } from './import-kinds.ts';
import type { ImportStatus } from './import-status.ts';
import * as load from './loaders.ts';

const scope = 'transactions:read';

/** The kind of an import. */
export const ImportKindEnum = enumeration(graph, 'ImportKind', {
  description: 'What the rows of a file become.',
  values: {
    JOURNAL: 'Journal entries; rows with the same entry belong together.',
    CHART_OF_ACCOUNTS: 'Accounts of the chart.',
    OPENING_BALANCES: 'One opening entry for each currency.',
    BUDGET: 'Amounts of a budget by account and month; of rows that agree in these the last one counts.',
  },
});

const ImportStatusEnum = enumeration(graph, 'ImportStatus', {
  description: 'Where an import stands.',
  values: {
    QUEUED: 'It waits for its turn.',
    READING: 'Its rows are read and put on the stage; nothing is applied yet.',
    APPLYING: 'Its rows become entries or accounts.',
    PAUSED: 'Somebody stopped it; it can be resumed.',
    SUCCEEDED: 'Everything was applied.',
    PARTLY_SUCCEEDED: 'What could be applied was; the file of its errors names the rest.',
    FAILED: 'Nothing of it was applied, or its file could not be read to the end.',
    CANCELLED: 'Somebody ended it; what was applied before stays.',
  },
});

/** What a column of an import holds. */
export const ImportFieldEnum = enumeration(graph, 'ImportField', {
  description: 'What a column of a file holds.',
  values: {
    ENTRY: 'The name of the entry that a row belongs to.',
    DATE: 'The day of the entry; of a budget the month, or a day of it.',
    ACCOUNT: 'The code of the account.',
    CONTRA_ACCOUNT: 'The code of the account on the other side, where one row is an entry.',
    AMOUNT: 'The amount; positive is a debit unless a column says the side.',
    DEBIT: 'The amount, when it is a debit.',
    CREDIT: 'The amount, when it is a credit.',
    SIDE: 'Whether the amount is a debit or a credit: D, C, Debit, Credit, Soll, Haben …',
    CURRENCY: 'ISO 4217 code.',
    DESCRIPTION: 'What the entry is about.',
    MEMO: 'What the line is about.',
    NAME: 'The name of the account.',
    TYPE: 'The type of the account.',
    COST_CENTRE: 'The cost centre of the line.',
    DEPARTMENT: 'The department or class of the line.',
    PROJECT: 'The project of the line.',
    CLIENT: 'The client of the line.',
  },
});

const DecimalMarkEnum = enumeration(graph, 'DecimalMark', {
  description: 'The mark before the decimals of amounts.',
  values: { POINT: '1,234.50 and 1234.50', COMMA: '1.234,50 and 1234,50' },
});

const DateStyleEnum = enumeration(graph, 'DateStyle', {
  description: 'How a file writes days.',
  values: {
    YEAR_MONTH_DAY: '2026-01-31',
    COMPACT: '20260131',
    DAY_MONTH_YEAR_DOTS: '31.01.2026',
    DAY_MONTH_YEAR: '31/01/2026',
    MONTH_DAY_YEAR: '01/31/2026',
  },
});

interface MappedColumn {
  readonly field: ImportField;
  readonly column: string;
}

const MappedColumnType: TypeRef<MappedColumn> = record<MappedColumn>(graph, 'ImportMappedColumn', {
  description: 'A column and what it is taken for.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    field: t.field({ type: ImportFieldEnum, description: 'What it holds.', resolve: (row) => row.field }),
    column: t.exposeString('column', { description: 'Its heading.' }),
  }),
});

/** How a file is read. */
export const ImportSettingsType: TypeRef<ImportSettings> = record<ImportSettings>(graph, 'ImportSettings', {
  description: 'How a file is read, as it was asked for or found out.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    format: t.exposeString('format', { description: 'CSV, XLSX, JSON or NDJSON.' }),
    encoding: t.string({
      nullable: true,
      description: 'Of text files.',
      resolve: (row) => row.encoding,
    }),
    delimiter: t.string({
      nullable: true,
      description: 'Between the cells of CSV.',
      resolve: (row) => row.delimiter,
    }),
    sheet: t.string({ nullable: true, description: 'Of a spreadsheet.', resolve: (row) => row.sheet }),
    decimalMark: t.field({
      type: DecimalMarkEnum,
      description: 'The mark before the decimals of amounts.',
      resolve: (row): DecimalMark => row.decimalMark,
    }),
    dateStyle: t.field({
      type: DateStyleEnum,
      nullable: true,
      description: 'How days are written; null where there are none, or only numbers of a spreadsheet.',
      resolve: (row): DateStyle | undefined => row.dateStyle,
    }),
    mapping: t.field({
      type: [MappedColumnType],
      description: 'Which column holds what.',
      resolve: ({ mapping }) =>
        Object.entries(mapping).map(([field, column]) => ({ field: field as ImportField, column })),
    }),
    currency: t.expose('currency', { type: 'CurrencyCode', description: 'Of rows that name none.' }),
    postedOn: t.field({
      type: 'Date',
      nullable: true,
      description: 'The day of rows that name none.',
      resolve: (row) => row.postedOn,
    }),
    series: t.string({
      nullable: true,
      description: 'What keeps its entries apart from those of other files.',
      resolve: (row) => row.series,
    }),
    stopOnProblems: t.exposeBoolean('stopOnProblems', {
      description: 'Whether a row that cannot be read keeps all others from being applied.',
    }),
  }),
});

const ImportProblemType: TypeRef<load.ProblemRow> = record<load.ProblemRow>(graph, 'ImportProblem', {
  description: 'What is wrong with a row of a file.',
  scope,
  views: ['partner'],
  fields: (t) => ({
    row: t.exposeInt('row', { description: 'Line of the file, row of the sheet, or number of the record.' }),
    column: t.exposeString('column', { nullable: true, description: 'The heading of the column.' }),
    entry: t.exposeString('entry', {
      nullable: true,
      description: 'The entry the row belongs to, as the file names it.',
    }),
    error: t.field({
      type: graph.userError,
      description: 'What is wrong, and what to do about it.',
      resolve: ({ code, message, column }) =>
        userError(isErrorCode(code) ? code : 'FIELD_INVALID', message, column === null ? [] : [column]),
    }),
  }),
});

/** A file of rows on its way into the books. */
export const ImportType: TypeRef<Import> = entity<Import>(graph, 'Import', {
  description: 'A file of journal entries, accounts or opening balances on its way into a book.',
  scope,
  views: ['partner'],
  load: (id, context) => load.importById(context).load(id),
  fields: (t) => ({
    kind: t.field({
      type: ImportKindEnum,
      description: 'What its rows become.',
      resolve: (row) => row.kind as ImportKind,
    }),
    status: t.field({
      type: ImportStatusEnum,
      description: 'Where it stands.',
      resolve: (row) => row.status as ImportStatus,
    }),
    book: t.field({ type: BookType, description: 'Its book.', resolve: (row) => ({ id: row.bookId }) }),
    file: t.field({
      type: FileType,
      nullable: true,
      description: 'The file.',
      resolve: (row, _args, context) => fileById(context).load(row.fileId),
    }),
    settings: t.field({
      type: ImportSettingsType,
      description: 'How it is read.',
      resolve: (row) => row.settings,
    }),
    percentRead: t.int({
      description: 'How much of the file is read, in whole percent.',
      resolve: (row) =>
        row.bytesTotal === 0n || !['QUEUED', 'READING', 'PAUSED'].includes(row.status)
          ? 100
          : Math.min(100, Number((row.bytesRead * 100n) / row.bytesTotal)),
    }),
    rowsRead: t.exposeInt('rowsRead', { description: 'Rows of the file that were read.' }),
    rowsApplied: t.exposeInt('rowsApplied', {
      description: 'Lines that were applied; a row that names both accounts is two lines.',
    }),
    rowsRefused: t.exposeInt('rowsRefused', { description: 'Rows and lines that were refused.' }),
    recordsMade: t.exposeInt('recordsMade', { description: 'Entries or accounts it made.' }),
    recordsKnown: t.exposeInt('recordsKnown', {
      description: 'Entries or accounts that were there before, for example from the same file.',
    }),
    problemCount: t.exposeInt('problemCount', { description: 'How many problems were found.' }),
    problems: t.field({
      type: [ImportProblemType],
      description: `The first ${load.problemsShown} problems; all of them stand in the file of its errors.`,
      resolve: (row, _args, context) => load.problemsByImport(context).load(row.id),
    }),
    failure: t.field({
      type: graph.userError,
      nullable: true,
      description: 'Why the whole of it failed.',
      resolve: ({ problemCode: code, problemMessage: message }) =>
        code && message ? userError(isErrorCode(code) ? code : 'FILE_UNREADABLE', message) : null,
    }),
    errorFile: t.field({
      type: FileType,
      nullable: true,
      description:
        'All problems as CSV: row, column, entry, code, message, remedy; there when it has ended with some.',
      resolve: (row, _args, context) => (row.errorFileId ? fileById(context).load(row.errorFileId) : null),
    }),
    startedBy: t.field({
      type: MemberType,
      nullable: true,
      description: 'The person who started it.',
      resolve: (row) => (row.startedBy ? { id: row.startedBy } : null),
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it was started.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
  }),
});
