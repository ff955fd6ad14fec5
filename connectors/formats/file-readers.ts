import { provide, type ProvidedPort } from '#kernel/ports';
import { documentReader, statementReader, tableReader } from '#connectors/ports';
import { checkDocument } from './document-check.ts';
import { readDocumentFile } from './document-formats.ts';
import { readStatementFile } from './statement-formats.ts';
import { openTable } from './table-formats.ts';

/** The readers of files, as the ports by which subgraphs find them. */
export const fileReaders: readonly ProvidedPort[] = [
  provide(documentReader, { readFile: readDocumentFile, check: checkDocument }),
  provide(statementReader, { readFile: readStatementFile }),
  provide(tableReader, { open: openTable }),
];
