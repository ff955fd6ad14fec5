import { CrossfootError } from '#kernel/errors';
import type { PayoutReportFile } from '#connectors/payout-ports';
import type { TableSource } from '#connectors/ports';
import { pagesOf } from './payout-json.ts';
import { isShopify, readShopify } from './payout-shopify.ts';
import { isSquare, readSquare } from './payout-square-json.ts';
import { isStripe, readStripe } from './payout-stripe-json.ts';
import { headingsOf } from './payout-table.ts';
import { payoutTables } from './payout-tables.ts';
import { refusedReport } from './payout-values.ts';
import { openCsv } from './table-csv.ts';
import { headOf } from './table-text.ts';
import { decodeText } from './text.ts';

const providers = [
  { recognises: isStripe, read: readStripe },
  { recognises: isSquare, read: readSquare },
  { recognises: isShopify, read: readShopify },
];

/** A JSON document is held in memory as a whole; beyond this the API is to be asked for smaller pages. */
const largestDocument = 64 * 1024 * 1024;

/**
 * Reads a report of a payment provider, recognised by what it contains; rows of tables are read as a stream. Never fails
 * for what the file contains. Refused are unknown formats (FORMAT_UNKNOWN) and what cannot be read (FILE_UNREADABLE).
 */
export async function readPayoutReport(source: TableSource): Promise<PayoutReportFile> {
  try {
    const head = decodeText(await headOf(source));
    if (head.trim() === '') return refusedReport('unknown', 'FILE_UNREADABLE', 'The file is empty.');
    return /^\s*[[{]/.test(head) ? await readDocument(source) : await readTable(source, head);
  } catch (error) {
    if (!(error instanceof CrossfootError)) throw error;
    return refusedReport('unknown', error.code, error.message);
  }
}

async function readTable(source: TableSource, head: string): Promise<PayoutReportFile> {
  const table = await openCsv(source, {});
  const headings = new Set(headingsOf(table.header));
  const report = payoutTables.find((one) => one.recognises(headings));
  if (report) return report.read(table, { name: source.name, head });
  const message = `No report of a payment provider has these columns: ${table.header.slice(0, 6).join(', ')}.`;
  return refusedReport('unknown', 'FORMAT_UNKNOWN', message);
}

async function readDocument(source: TableSource): Promise<PayoutReportFile> {
  if (source.size > largestDocument) {
    const message = `A JSON document of more than ${largestDocument / 1024 / 1024} MB is not read; ask for smaller pages.`;
    return refusedReport('JSON', 'FILE_TOO_LARGE', message);
  }
  const parts: Uint8Array[] = [];
  for await (const part of source.bytes()) parts.push(part);
  const pages = pagesOf(decodeText(Buffer.concat(parts)));
  if (!pages) return refusedReport('JSON', 'FILE_UNREADABLE', 'The file begins like JSON and is none.');
  const provider = providers.find((one) => one.recognises(pages));
  if (provider) return provider.read(pages);
  return refusedReport('JSON', 'FORMAT_UNKNOWN', 'The JSON holds no payout of a provider that is known.');
}
