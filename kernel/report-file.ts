import { renderCsv } from '#kernel/render-csv';
import { renderPdf } from '#kernel/render-pdf';
import { renderXlsx } from '#kernel/render-xlsx';
import type { ReportTable } from '#kernel/report-table';

/** The kinds of file a table is written to. */
export type TableFormat = 'CSV' | 'XLSX' | 'PDF';

/** A file that is to be stored, with its content as it is made. */
export interface ReportFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Writes a table as a file of a kind; its name ends with the day the report is of. Throws REPORT_UNSUITABLE. */
export async function reportFile(
  table: ReportTable,
  { format, on, madeAt }: { readonly format: TableFormat; readonly on: string; readonly madeAt: Date },
): Promise<ReportFile> {
  const name = `${table.name}-${on}.${format.toLowerCase()}`;
  if (format === 'CSV')
    return { name, mediaType: 'text/csv; charset=utf-8', content: bytesOf(renderCsv(table)) };
  if (format === 'PDF')
    return { name, mediaType: 'application/pdf', content: whole(await renderPdf(table, { madeAt })) };
  const mediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  return { name, mediaType, content: whole(await renderXlsx(table)) };
}

/** Text as the bytes of a file, piece by piece. */
export async function* bytesOf(text: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Uint8Array> {
  for await (const piece of text) yield Buffer.from(piece, 'utf8');
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
