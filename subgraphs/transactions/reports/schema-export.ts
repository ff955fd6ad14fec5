import { mutation } from '#kernel/graphql-command';
import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { exportReport } from './export-report.ts';

const scope = 'transactions:read';
const views = ['partner', 'portal'] as const;

enumeration(graph, 'ReportFormat', {
  description: 'The kinds of file reports are written to.',
  values: {
    CSV: 'A table as text.',
    XLSX: 'A table as a sheet, amounts as numbers.',
    PDF: 'A print on A4.',
    HLEDGER: 'The journal for hledger.',
    BEANCOUNT: 'The journal for beancount.',
    SAF_T: 'Accounts and journal as an audit file, OECD SAF-T 2.0.',
  },
});

enumeration(graph, 'ReportKind', {
  description: 'The reports that can be written to a file.',
  values: {
    TRIAL_BALANCE: 'Opening balances, movements and closing balances of all accounts.',
    GENERAL_LEDGER: 'Every account with its lines and running balances.',
    PROFIT_AND_LOSS: 'Income and expenses of some days.',
    BALANCE_SHEET: 'What the book has and owes on the last day.',
    CASH_FLOW: 'Where cash came from and went to.',
    AGED_PAYABLES: 'What was owed to others on the last day, by age.',
    AGED_RECEIVABLES: 'What others owed on the last day, by age.',
    MISSING_RECEIPTS: 'What bank and card lines of some days were booked to as expenses without a document.',
    UNMAPPED_LINES: 'What was posted to the suspense account and to other expenses in some days.',
    TAX_REPORT: 'The taxes of some days by direction and code.',
    VARIANCE:
      'Whole months beside those before and beside the budget; the month of the last day alone without a first.',
  },
});

interface ReportFile {
  readonly fileId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
}

const ReportFileType: TypeRef<ReportFile> = record<ReportFile>(graph, 'ReportFile', {
  description: 'A file a report was written to; its content never changes.',
  scope,
  views,
  fields: (t) => ({
    path: t.string({
      description: 'Where to fetch it from, below the address of the gateway, with the same token.',
      resolve: ({ fileId }) => `/files/${fileId}`,
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    mediaType: t.exposeString('mediaType', { description: 'What it is.' }),
    size: t.field({
      type: 'Decimal',
      description: 'In bytes.',
      resolve: ({ size }) => String(size),
    }),
  }),
});

mutation(
  graph,
  { ...exportReport, views: [...views] },
  {
    file: {
      type: ReportFileType,
      description: 'The file.',
      resolve: ({ fileId, name, mediaType, size }): ReportFile => ({ fileId, name, mediaType, size }),
    },
  },
);
