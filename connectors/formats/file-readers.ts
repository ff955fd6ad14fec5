import { provide, type ProvidedPort } from '#kernel/ports';
import { payoutReportReader } from '#connectors/payout-ports';
import { documentReader, statementReader, tableReader } from '#connectors/ports';
import { paymentFiles } from '#connectors/payment-ports';
import { checkDocument } from './document-check.ts';
import { readDocumentFile } from './document-formats.ts';
import { writePaymentInitiation } from './pain001.ts';
import { readPaymentStatus } from './pain002.ts';
import { readPayoutReport } from './payout-formats.ts';
import { readStatementFile } from './statement-formats.ts';
import { openTable } from './table-formats.ts';

/** The readers and writers of files, as the ports by which subgraphs find them. */
export const fileReaders: readonly ProvidedPort[] = [
  provide(documentReader, { readFile: readDocumentFile, check: checkDocument }),
  provide(statementReader, { readFile: readStatementFile }),
  provide(payoutReportReader, { readFile: readPayoutReport }),
  provide(tableReader, { open: openTable }),
  provide(paymentFiles, { write: writePaymentInitiation, readStatus: readPaymentStatus }),
];
