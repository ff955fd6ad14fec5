import { open, rename } from 'node:fs/promises';
import type { Config } from '#kernel/config';
import { apiClient, type ApiError } from './api-client.ts';
import { onlyBook } from './import.ts';

/** The names of formats on the command line, and what the API calls them. */
const formats: Readonly<Record<string, string>> = {
  hledger: 'HLEDGER',
  beancount: 'BEANCOUNT',
  'saf-t': 'SAF_T',
  csv: 'CSV',
  xlsx: 'XLSX',
  pdf: 'PDF',
};

/** What is to be exported; all but the format may be left out. */
export interface ExportOptions {
  readonly format: string | undefined;
  /** Which report, such as balance-sheet; of CSV, XLSX and PDF only. */
  readonly report: string | undefined;
  readonly bookId: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly out: string | undefined;
}

interface Exported {
  readonly exportReport: {
    readonly file: { readonly path: string; readonly name: string } | null;
    readonly errors: readonly ApiError[];
  };
}

/**
 * Writes the journal of a book for hledger (unless said), beancount or as SAF-T, or a report as CSV, XLSX or PDF, to a
 * file that appears whole or not at all, or to the output.
 */
export async function exportBooks(config: Config, options: ExportOptions): Promise<void> {
  const { format = 'hledger', report, from, to, out } = options;
  if (!Object.hasOwn(formats, format))
    throw new Error(`There is no format ${format}; there are ${Object.keys(formats).join(', ')}`);
  const api = apiClient(config);
  const input = {
    bookId: options.bookId ?? (await onlyBook(api)),
    format: formats[format],
    report: report?.toUpperCase().replaceAll('-', '_'),
    from,
    to,
  };
  const { exportReport }: Exported = await api.run<Exported>(
    `mutation ($input: ExportReportInput!) {
       exportReport(input: $input) { file { path name } errors { code message remedy } }
     }`,
    { input },
  );
  if (!exportReport.file) {
    throw new Error(
      exportReport.errors.map(({ message, remedy }) => `${message}. ${remedy ?? ''}`).join('\n'),
    );
  }
  await write(await api.download(exportReport.file.path), out);
}

async function write(content: Uint8Array, out: string | undefined): Promise<void> {
  if (out === undefined) {
    process.stdout.write(content);
    return;
  }
  const temporary = `${out}.new`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, out);
  process.stdout.write(`wrote ${out}\n`);
}
