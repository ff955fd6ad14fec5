import type { Transaction } from '#kernel/command';
import type { Catalogue } from '../dimensions/catalogue.ts';
import { loadCatalogue, loadValues } from '../dimensions/load-catalogue.ts';
import {
  normaliseColumns,
  normaliseCustomFields,
  normaliseDimensions,
  type Normalised,
} from '../dimensions/normalise-dimensions.ts';
import { blocking, type DocumentProblem, type IntakeDocument } from './document.ts';
import type { ExaminedRecord } from './receive-documents.ts';

/**
 * Finds out what the dimensions and custom fields of documents mean in their book: names become codes, columns of files
 * that are called like a dimension or a field are taken as such, and what cannot be understood is a blocking problem.
 */
export async function analyse(
  transaction: Transaction,
  bookId: string,
  records: readonly ExaminedRecord[],
): Promise<ExaminedRecord[]> {
  const known = await loadCatalogue(transaction, bookId);
  const withColumns = records.map((record) => ({
    ...record,
    document: columnsRead(record.document, known),
  }));
  const texts = withColumns.flatMap(({ document }) =>
    [document, ...document.lines].flatMap((part) => Object.values(part.dimensions ?? {})),
  );
  const catalogue = { ...known, values: await loadValues(transaction, known.dimensions, new Set(texts)) };
  return withColumns.map((record) => analysed(record, catalogue));
}

/** What the sender said counts before what a column says. */
function columnsRead(
  { columns = {}, ...document }: IntakeDocument,
  known: Pick<Catalogue, 'dimensions' | 'fields'>,
): IntakeDocument {
  const { dimensions, fields } = normaliseColumns(columns, known);
  return {
    ...document,
    dimensions: { ...dimensions, ...document.dimensions },
    fields: { ...fields, ...document.fields },
  };
}

function analysed(record: ExaminedRecord, catalogue: Catalogue): ExaminedRecord {
  const { document } = record;
  const problems: DocumentProblem[] = [...record.problems];
  const keep = <T>({ result, problems: found }: Normalised<T>): T => {
    problems.push(...found.map(({ code, message, path }) => blocking(code, message, ...path)));
    return result;
  };
  const on = document.issuedOn;
  return {
    ...record,
    document: {
      ...document,
      dimensions: keep(normaliseDimensions(document.dimensions ?? {}, catalogue, { on })),
      fields: keep(normaliseCustomFields(document.fields ?? {}, catalogue.fields, { required: 'DOCUMENT' })),
      lines: document.lines.map((line, index) => ({
        ...line,
        dimensions: keep(
          normaliseDimensions(line.dimensions ?? {}, catalogue, { on, path: ['lines', String(index)] }),
        ),
      })),
    },
    problems,
  };
}
