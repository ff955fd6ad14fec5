import { maskAccounts } from '#kernel/account-number';
import type { Transaction } from '#kernel/command';
import type { UserError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import type { SealedPlace } from '#kernel/secrets';
import type { DocumentStatus } from './document-status.ts';
import type { DocumentKind, DocumentProblem, IntakeDocument } from './document.ts';
import type { DocumentKeys, KnownDocument } from './fingerprint.ts';
import { storable } from './normalise-document.ts';

/** A document ready to be stored, with what intake decided about it. */
export interface ReceivedDocument {
  readonly id: string;
  readonly status: DocumentStatus;
  readonly document: IntakeDocument;
  readonly keys: DocumentKeys;
  readonly problems: readonly DocumentProblem[];
  readonly recordHash: string;
  readonly ordinal: number;
  readonly raw: string;
  /** One-based line of the file at which the record begins. */
  readonly fileLine?: number;
}

/** What all documents of one submission share. */
export interface Submission {
  readonly bookId: string;
  readonly source: string;
  readonly format: string;
  readonly fileId?: string;
}

/** Where the account of a stored document is sealed for. */
export function storedIbanPlace(organisationId: string, documentId: string): SealedPlace {
  return { organisationId, column: 'document.counterparty_iban', rowId: documentId };
}

/** Longer records stand in their file only. */
const longestRaw = 20_000;

/** Stores the documents of one submission with their lines: two statements however many there are. */
export async function storeDocuments(
  transaction: Transaction,
  submission: Submission,
  documents: readonly ReceivedDocument[],
): Promise<void> {
  if (documents.length === 0) return;
  await transaction.query(
    `insert into transactions.document
       (organisation_id, id, book_id, kind, status, number, issued_on, due_on, counterparty_name,
        counterparty_tax_id, counterparty_sealed_iban, counterparty_iban_index, counterparty_country,
        counterparty_email, currency, net, tax, total, payable, payment_reference, order_reference, employee, note, source, format, file_id, file_line, raw,
        fingerprint, record_hash, ordinal, number_key, name_key, tax_id_key, problems, dimensions, fields, submitted_by,
        received_at)
     select $1, d.id, $2, d.kind, d.status, d.number, d.issued_on, d.due_on, d.counterparty_name,
            d.counterparty_tax_id, d.counterparty_sealed_iban, d.counterparty_iban_index, d.counterparty_country,
            d.counterparty_email, d.currency, d.net, d.tax, d.total, d.payable, d.payment_reference, d.order_reference, d.employee, d.note, $3, $4, $5,
            d.file_line, d.raw, d.fingerprint, d.record_hash, d.ordinal, d.number_key, d.name_key, d.tax_id_key,
            d.problems, d.dimensions, d.fields, $6, $7
       from jsonb_to_recordset($8) as d
            (id text, kind text, status text, number text, issued_on date, due_on date, counterparty_name text,
             counterparty_tax_id text, counterparty_sealed_iban text, counterparty_iban_index text,
             counterparty_country text, counterparty_email text, currency text, net bigint, tax bigint, total bigint, payable bigint, payment_reference text,
             order_reference text, employee text, note text, file_line int, raw text, fingerprint text,
             record_hash text, ordinal int, number_key text, name_key text, tax_id_key text, problems jsonb,
             dimensions jsonb, fields jsonb)`,
    [
      transaction.organisationId,
      submission.bookId,
      submission.source,
      submission.format,
      submission.fileId ?? null,
      transaction.actor.memberId ?? null,
      transaction.now,
      asJson(documents.map((received) => rowOf(transaction, received))),
    ],
  );
  await storeLines(transaction, documents);
}

/** Writes the lines of documents anew. */
export async function storeLines(
  transaction: Transaction,
  documents: readonly { readonly id: string; readonly document: IntakeDocument }[],
): Promise<void> {
  const rows = documents.flatMap(({ id, document }) =>
    document.lines.map((line, index) => ({
      id: newId('dl'),
      document_id: id,
      position: index + 1,
      description: maskAccounts(line.description, document.counterparty.iban),
      quantity: line.quantity,
      net: line.net.minor,
      tax_rate: line.taxRate,
      tax: line.tax?.minor,
      tax_category: line.taxCategory,
      currency: line.net.currency,
      category: line.category,
      dimensions: line.dimensions ?? {},
    })),
  );
  if (rows.length === 0) return;
  await transaction.query(
    `insert into transactions.document_line
       (organisation_id, id, document_id, position, description, quantity, net, tax_rate, tax, currency, category,
        dimensions, tax_category)
     select $1, l.id, l.document_id, l.position, l.description, l.quantity, l.net, l.tax_rate, l.tax, l.currency,
            l.category, l.dimensions, l.tax_category
       from jsonb_to_recordset($2) as l
            (id text, document_id text, position int, description text, quantity numeric, net bigint,
             tax_rate numeric, tax bigint, currency text, category text, dimensions jsonb,
             tax_category text)`,
    [transaction.organisationId, asJson(rows)],
  );
}

/** Writes what a person corrected, and what followed from it. */
export async function storeCorrection(transaction: Transaction, received: ReceivedDocument): Promise<void> {
  await transaction.query(
    `update transactions.document as t
        set kind = d.kind, number = d.number, issued_on = d.issued_on, due_on = d.due_on,
            counterparty_name = d.counterparty_name, counterparty_tax_id = d.counterparty_tax_id,
            counterparty_sealed_iban = d.counterparty_sealed_iban,
            counterparty_iban_index = d.counterparty_iban_index, counterparty_country = d.counterparty_country,
            counterparty_email = d.counterparty_email, currency = d.currency, net = d.net, tax = d.tax, total = d.total, payable = d.payable,
            fingerprint = d.fingerprint, number_key = d.number_key, name_key = d.name_key,
            tax_id_key = d.tax_id_key, problems = d.problems, dimensions = d.dimensions, fields = d.fields,
            corrected_by = $2, corrected_at = $3
       from jsonb_to_record($1) as d
            (id text, kind text, number text, issued_on date, due_on date, counterparty_name text,
             counterparty_tax_id text, counterparty_sealed_iban text, counterparty_iban_index text,
             counterparty_country text, counterparty_email text, currency text, net bigint, tax bigint, total bigint,
             payable bigint, fingerprint text, number_key text, name_key text, tax_id_key text, problems jsonb,
             dimensions jsonb, fields jsonb)
      where t.id = d.id`,
    [asJson(rowOf(transaction, received)), transaction.actor.memberId ?? null, transaction.now],
  );
  await transaction.query('delete from transactions.document_line where document_id = $1', [received.id]);
  await storeLines(transaction, [received]);
}

/** The living documents of a book that share a key with one of the given. */
export async function findKnown(
  transaction: Transaction,
  bookId: string,
  candidates: readonly (DocumentKeys & { readonly recordHash: string })[],
): Promise<KnownDocument[]> {
  const rows = await transaction.query<KnownRow>(
    `select id, kind, number, fingerprint, record_hash, number_key, name_key, tax_id_key, file_id, total, currency,
            corrected_at is not null as corrected
       from transactions.document
      where book_id = $1 and status not in ('REJECTED', 'DUPLICATE')
        and (fingerprint = any($2) or record_hash = any($3) or number_key = any($4))
      order by id`,
    [
      bookId,
      candidates.flatMap((one) => one.fingerprint ?? []),
      candidates.map((one) => one.recordHash),
      candidates.flatMap((one) => one.numberKey ?? []),
    ],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    number: row.number ?? undefined,
    fingerprint: row.fingerprint ?? undefined,
    recordHash: row.record_hash,
    numberKey: row.number_key ?? undefined,
    nameKey: row.name_key ?? undefined,
    taxIdKey: row.tax_id_key ?? undefined,
    fileId: row.file_id ?? undefined,
    corrected: row.corrected,
    totalMinor: row.total ?? undefined,
    currency: row.currency ?? undefined,
  }));
}

interface KnownRow {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly number: string | null;
  readonly fingerprint: string | null;
  readonly record_hash: string;
  readonly number_key: string | null;
  readonly name_key: string | null;
  readonly tax_id_key: string | null;
  readonly file_id: string | null;
  readonly total: bigint | null;
  readonly currency: string | null;
  readonly corrected: boolean;
}

function rowOf(transaction: Transaction, received: ReceivedDocument): Record<string, unknown> {
  const { document, keys } = received;
  const { counterparty, amounts } = document;
  const { iban } = counterparty;
  const { organisationId, services } = transaction;
  return {
    id: received.id,
    kind: document.kind,
    status: received.status,
    number: document.number,
    issued_on: document.issuedOn,
    due_on: document.dueOn,
    counterparty_name: counterparty.name,
    counterparty_tax_id: counterparty.taxId,
    counterparty_sealed_iban: iban && services.vault.seal(iban, storedIbanPlace(organisationId, received.id)),
    counterparty_iban_index: iban && services.vault.blindIndex(iban, organisationId),
    counterparty_country: counterparty.country,
    counterparty_email: counterparty.email,
    currency: document.currency,
    net: amounts?.net.minor,
    tax: amounts?.tax.minor,
    total: amounts?.total.minor,
    payable: amounts?.payable.minor,
    payment_reference: document.paymentReference,
    order_reference: document.orderReference,
    employee: document.employee,
    note: document.note && maskAccounts(document.note, iban),
    file_line: received.fileLine,
    raw: received.raw.length <= longestRaw ? maskAccounts(received.raw, iban) : '',
    fingerprint: keys.fingerprint,
    record_hash: received.recordHash,
    ordinal: received.ordinal,
    number_key: keys.numberKey,
    name_key: keys.nameKey,
    tax_id_key: keys.taxIdKey,
    problems: received.problems.map(asUserError),
    dimensions: document.dimensions ?? {},
    fields: document.fields ?? {},
  };
}

/** A problem as the caller sees it. */
export function asUserError({ code, message, remedy, path }: DocumentProblem): UserError {
  return { code, message, remedy, path };
}

/** JSON has no bigint, and the database no NUL. */
function asJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) => {
    if (typeof entry === 'bigint') return String(entry);
    return typeof entry === 'string' ? storable(entry) : entry;
  });
}
