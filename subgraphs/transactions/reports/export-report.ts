import { z } from 'zod';
import { calendarDate, dateOf } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, id, oneOf } from '#kernel/input';
import { bytesOf, reportFile, type ReportFile } from '#kernel/report-file';
import { journalWriters } from '#connectors/journal-ports';
import { dimensionList, dimensionsOf } from '../dimensions/dimension-input.ts';
import type { RunQuery } from '../rates/rate-for.ts';
import { writtenJournal } from './journal-file.ts';
import { exportedReports, reportTable, type TableRequest } from './report-tables.ts';
import { accountsOf } from './reports.ts';
import { safTFile } from './saf-t-file.ts';

/** The kinds of file: tables, then whole journals. */
export const exportFormats = ['CSV', 'XLSX', 'PDF', 'HLEDGER', 'BEANCOUNT', 'SAF_T'] as const;

/** Larger than what may be uploaded, because nobody else decides on it. */
const limitBytes = 4 * 1024 ** 3;
/** The day of a journal without entries. */
const anyDay = '1970-01-01';

/** Writes a report, or the journal, to a file. */
export const exportReport = command({
  name: 'exportReport',
  description:
    'Writes a report as CSV, XLSX or PDF, or the journal for hledger, beancount or as SAF-T 2.0, to a file that can be ' +
    'fetched from its path.',
  scope: 'transactions:read',
  input: z.object({
    bookId: id(),
    format: oneOf('ReportFormat', exportFormats),
    report: oneOf('ReportKind', exportedReports).optional().meta({
      graphql: 'ReportKind',
      description: 'Which report; left out for HLEDGER, BEANCOUNT and SAF_T, which are the journal.',
    }),
    from: date().optional().meta({
      graphql: 'Date',
      description:
        'The first day; that of the fiscal year when left out, of a journal that of its first entry.',
    }),
    to: date().optional().meta({
      graphql: 'Date',
      description: 'The last day, included; today when left out, of a journal that of its last entry.',
    }),
    compareFrom: date()
      .optional()
      .meta({ graphql: 'Date', description: 'The first of the days to compare with.' }),
    compareTo: date()
      .optional()
      .meta({ graphql: 'Date', description: 'The last of the days to compare with.' }),
    accountId: id().optional().meta({ graphql: 'ID', description: 'The only account of a general ledger.' }),
    dimensions: dimensionList('Only lines that have all of these; of reports only.').optional(),
  }),
  async run(transaction, { format, report, dimensions, ...input }) {
    const run: RunQuery = (sql, values) => transaction.query(sql, values);
    const isTable = format === 'CSV' || format === 'XLSX' || format === 'PDF';
    const to = input.to ?? (isTable ? dateOf(transaction.now) : await lastEntry(run, input.bookId));
    const request = { ...input, to, dimensions: dimensionsOf(dimensions) };
    const file = isTable
      ? await tableFile(run, { format, request: tableRequest(report, request), madeAt: transaction.now })
      : await journalFile(transaction, run, { format, ...request });
    const { name, mediaType } = file;
    const stored = await transaction.services.files.put(transaction.organisationId, file.content, {
      name,
      mediaType,
      limitBytes,
    });
    transaction.audit({
      subjectType: 'Book',
      subjectId: input.bookId,
      after: { format, report, from: input.from, to, fileId: stored.id },
    });
    return { fileId: stored.id, name, mediaType, size: stored.size };
  },
});

type Asked = Omit<TableRequest, 'report'>;

function tableRequest(report: TableRequest['report'] | undefined, request: Asked): TableRequest {
  if (report !== undefined) return { ...request, report };
  throw new CrossfootError('FIELD_MISSING', 'Say which report is to be written', { path: ['report'] });
}

async function tableFile(
  run: RunQuery,
  { format, request, madeAt }: { format: 'CSV' | 'XLSX' | 'PDF'; request: TableRequest; madeAt: Date },
): Promise<ReportFile> {
  const table = await reportTable(run, request);
  return reportFile(table, { format, on: request.to, madeAt });
}

async function journalFile(
  transaction: Transaction,
  run: RunQuery,
  asked: Asked & { readonly format: 'HLEDGER' | 'BEANCOUNT' | 'SAF_T' },
): Promise<ReportFile> {
  const { book, accounts } = await accountsOf(run, asked.bookId);
  const days = { from: asked.from ?? (await firstEntry(run, book.id)), to: asked.to };
  if (asked.format === 'SAF_T') {
    const content = bytesOf(safTFile(run, { book, accounts, days, madeOn: dateOf(transaction.now) }));
    return { name: `saf-t-${days.to}.xml`, mediaType: 'application/xml', content };
  }
  const writers = transaction.services.port(journalWriters);
  const writer = asked.format === 'HLEDGER' ? writers.hledger : writers.beancount;
  const content = bytesOf(writer.write(writtenJournal(run, book, { ...days, accounts })));
  return { name: `journal-${days.to}.${writer.extension}`, mediaType: writer.mediaType, content };
}

async function firstEntry(run: RunQuery, bookId: string): Promise<string> {
  const [row] = await run<{ day: string | null }>(
    'select min(posted_on)::text as day from transactions.journal_entry where book_id = $1',
    [bookId],
  );
  return calendarDate(row?.day ?? anyDay);
}

async function lastEntry(run: RunQuery, bookId: string): Promise<string> {
  const [row] = await run<{ day: string | null }>(
    'select max(posted_on)::text as day from transactions.journal_entry where book_id = $1',
    [bookId],
  );
  return calendarDate(row?.day ?? anyDay);
}
