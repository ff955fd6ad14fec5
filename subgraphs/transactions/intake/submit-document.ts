import { z } from 'zod';
import {
  documentReader,
  type BusinessDocument,
  type DocumentFile,
  type DocumentReader,
} from '#connectors/ports';
import type { Actor } from '#kernel/actor';
import { canonicalJson } from '#kernel/canonical';
import { command, type ExecuteContext, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import type { StoredFile } from '#kernel/files';
import { id, oneOf } from '#kernel/input';
import { dimensionList, dimensionsOf, fieldList, fieldsOf } from '../dimensions/dimension-input.ts';
import { analyse } from './analyse.ts';
import { lockBook } from './books.ts';
import { documentKinds, isErrorCode, type Book, type Examined, type IntakeDocument } from './document.ts';
import { generalProblems, normaliseDocument, normaliseProblem, storable } from './normalise-document.ts';
import { normaliseFields, type DocumentFields } from './normalise-fields.ts';
import { receiveDocuments, type ExaminedRecord } from './receive-documents.ts';

const written = (longest: number, description: string) =>
  z.string().max(longest).optional().meta({ description });

const lineFields = z.object({
  description: written(2000, 'What was delivered.'),
  quantity: written(40, 'Exact decimal text.'),
  net: written(40, 'Net amount of the line, plain decimal text.'),
  taxRate: written(40, 'Percent, for example "19".'),
  taxCategory: written(10, 'Category of the tax by EN 16931: S, Z, E, AE, K, G or O.'),
  tax: written(40, 'Tax on the line, plain decimal text.'),
  category: written(200, "The sender's own category, for example Travel."),
  dimensions: dimensionList('What the line belongs to, where that differs from the document.').optional(),
});

/** Everything but the kind is text as the sender has it: what is wrong with it is told, and the rest is kept. */
const documentFields = z.object({
  kind: oneOf('DocumentKind', documentKinds),
  number: written(200, 'The number the issuer gave it; receipts and expenses may have none.'),
  issuedOn: written(40, 'Day of issue, YYYY-MM-DD.'),
  dueOn: written(40, 'Day by which it is to be paid, YYYY-MM-DD.'),
  counterpartyName: written(500, 'Whom it is from; for a sales invoice, whom it is for.'),
  taxId: written(80, 'VAT or tax number of the counterparty.'),
  iban: written(80, 'Account the counterparty wants to be paid on.'),
  country: written(80, 'ISO 3166 code of the counterparty.'),
  email: written(200, 'Address of the counterparty.'),
  currency: written(20, 'ISO 4217 code.'),
  total: written(40, 'What it comes to with tax, plain decimal text such as "1284.50".'),
  tax: written(40, 'The tax in the total; none when left out, unless the lines state theirs.'),
  lines: z
    .array(lineFields)
    .max(1000)
    .optional()
    .meta({ description: 'What was delivered; one line when left out.' }),
  paymentReference: written(200, 'What is to be quoted when paying.'),
  employee: written(200, 'Who spent it, when that is not the sender.'),
  note: written(2000, 'Anything else worth keeping.'),
  dimensions: dimensionList('What all of it belongs to, such as a cost centre.').optional(),
  fields: fieldList("Values of the book's custom fields.").optional(),
});

type GivenDocument = z.output<typeof documentFields>;

const sources = ['api', 'portal', 'chat', 'file'];

/** Hands in documents: one by its fields, or all of a file. */
export const submitDocument = command({
  name: 'submitDocument',
  description:
    'Hands in a document by its fields, or all documents of an uploaded file. What cannot be booked is kept in ' +
    'quarantine with its problems; what is in the book already answers the first copy with DUPLICATE_DOCUMENT.',
  scope: 'transactions:write',
  input: z.object({
    bookId: id(),
    fileId: id().optional().meta({ description: 'An uploaded file; either this or document.' }),
    document: documentFields.optional(),
    source: z
      .string()
      .refine((value) => sources.includes(value), `is none of ${sources.join(', ')}`)
      .optional()
      .meta({
        description: 'Where it comes from: api, portal, chat or file; found by itself when left out.',
      }),
  }),
  prepare: readSubmittedFile,
  async run(transaction, input, file) {
    if ((input.document === undefined) === (file === undefined)) {
      const message = 'Send either a document or a fileId';
      throw new CrossfootError('FIELD_MISSING', message, { path: ['document'] });
    }
    const book = await lockBook(transaction, input.bookId);
    const source = input.source ?? (file ? 'file' : transaction.actor.source);
    const reader = transaction.services.port(documentReader);
    if (file) await storeFile(transaction, file.stored);
    const documentIds = await receiveDocuments(
      transaction,
      {
        bookId: book.id,
        source: storedSource(source),
        format: file?.read.format ?? 'fields',
        fileId: file?.stored.id,
      },
      await analyse(
        transaction,
        book.id,
        file
          ? recordsOf(file.read, book)
          : [examineFields(input.document as GivenDocument, transaction.actor, reader)],
      ),
    );
    return { documentId: documentIds[0] ?? null, documentIds };
  },
});

interface SubmittedFile {
  readonly stored: StoredFile;
  readonly read: DocumentFile;
}

/** Reads the file before the transaction begins; throws what refuses the file as a whole, with its line. */
async function readSubmittedFile(
  input: { readonly fileId?: string | undefined },
  { actor, services }: ExecuteContext,
): Promise<SubmittedFile | undefined> {
  if (input.fileId === undefined) return undefined;
  const stored = await services.files.describe(actor.organisationId, input.fileId);
  const bytes = await services.files.read(actor.organisationId, input.fileId);
  const read = services.port(documentReader).readFile(bytes, stored.name);
  const refused = read.problems.find((problem) => problem.severity === 'refused');
  if (refused) {
    const code = isErrorCode(refused.code) ? refused.code : 'FILE_UNREADABLE';
    const where = refused.line === undefined ? '' : `Line ${refused.line}: `;
    throw new CrossfootError(code, `${where}${refused.message}`, { path: ['fileId'] });
  }
  return { stored, read };
}

async function storeFile(transaction: Transaction, file: StoredFile): Promise<void> {
  await transaction.query(
    `insert into transactions.file (organisation_id, id, name, media_type, size, sha256)
     values ($1, $2, $3, $4, $5, $6) on conflict (organisation_id, id) do nothing`,
    [
      transaction.organisationId,
      file.id,
      storable(file.name),
      storable(file.mediaType),
      file.size,
      file.sha256,
    ],
  );
}

function storedSource(source: string): string {
  return sources.includes(source) ? source : 'system';
}

function recordsOf(file: DocumentFile, book: Book): ExaminedRecord[] {
  const shared = file.problems.map(normaliseProblem);
  return file.records.map(({ document, problems, raw, line }) => {
    const examined = document ? normaliseDocument(document, book) : unread(file.format);
    const own = [
      ...problems.map(normaliseProblem),
      ...examined.problems,
      ...generalProblems(examined.document),
    ];
    return { document: examined.document, problems: [...shared, ...own], raw, line };
  });
}

/** A record that could not be read as a document; its text is kept for whoever corrects it. */
function unread(format: string): Examined {
  const kind = format === 'csv-expenses' ? 'EXPENSE' : 'INVOICE';
  return { document: { kind, counterparty: {}, lines: [] }, problems: [] };
}

function examineFields(given: GivenDocument, actor: Actor, reader: DocumentReader): ExaminedRecord {
  const spent = given.kind === 'EXPENSE' || given.kind === 'RECEIPT';
  const person = actor.kind === 'member' || actor.kind === 'embed' ? actor.name : undefined;
  const fields = spent && !given.employee ? { ...given, employee: person } : given;
  const read: DocumentFields = {
    ...fields,
    dimensions: dimensionsOf(fields.dimensions, ['document']),
    fields: fieldsOf(fields.fields),
    lines: fields.lines?.map((line, index) => ({
      ...line,
      dimensions: dimensionsOf(line.dimensions, ['document', 'lines', String(index)]),
    })),
  };
  return { ...examined(normaliseFields(read), reader), raw: canonicalJson(fields) };
}

/** Adds what the rules of all documents and those of the reader find in a document given by its fields. */
export function examined({ document, problems }: Examined, reader: DocumentReader): Examined {
  const business = businessDocument(document);
  const found = business ? reader.check(business).map(normaliseProblem) : [];
  return { document, problems: [...problems, ...generalProblems(document), ...found] };
}

/** The document as readers know it, or undefined while it lacks what a check of its amounts needs. */
function businessDocument(document: IntakeDocument): BusinessDocument | undefined {
  const { kind, issuedOn, currency, amounts, counterparty } = document;
  if (issuedOn === undefined || currency === undefined || amounts === undefined) return undefined;
  return {
    kind:
      kind === 'CREDIT_NOTE'
        ? 'credit-note'
        : kind === 'EXPENSE' || kind === 'RECEIPT'
          ? 'expense'
          : 'invoice',
    // What is missing was found before; here only the amounts are looked at.
    number: document.number ?? '-',
    seller: { name: counterparty.name ?? '-' },
    issuedOn,
    currency,
    lines: document.lines,
    net: amounts.net,
    tax: amounts.tax,
    gross: amounts.total,
    payable: amounts.payable,
    line: 1,
  };
}
