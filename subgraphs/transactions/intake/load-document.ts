import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { money } from '#kernel/money';
import type { Dimensions, Fields } from '../dimensions/catalogue.ts';
import type { DocumentStatus } from './document-status.ts';
import type { Counterparty, DocumentKind, DocumentLine, IntakeDocument } from './document.ts';

/** A document as it is stored: the counterparty's account stays sealed. */
export interface StoredDocument extends IntakeDocument {
  readonly counterparty: Omit<Counterparty, 'iban'>;
  readonly sealedIban?: string;
  /** The keyed hash of the counterparty's compact account. */
  readonly ibanIndex?: string;
  readonly id: string;
  readonly bookId: string;
  readonly status: DocumentStatus;
  readonly vendorId?: string;
  readonly vendorName?: string;
  readonly source: string;
  readonly format: string;
  readonly fileId?: string;
  readonly recordHash: string;
  readonly ordinal: number;
  readonly raw: string;
  readonly fileLine?: number;
  /** Codes of what is wrong with it. */
  readonly problemCodes: readonly string[];
  /** The person who handed it in; nobody for system sources. */
  readonly submittedBy?: string;
  /** The person who corrected it in quarantine; counts as a submitter for four-eyes rules. */
  readonly correctedBy?: string;
}

/** Loads a document with its lines and locks it for this transaction; throws NOT_FOUND. */
export async function loadDocument(transaction: Transaction, id: string): Promise<StoredDocument> {
  const row = await transaction.require<DocumentRow>(
    `There is no document ${id}`,
    `select id, book_id, kind, status, number, issued_on, due_on, counterparty_name, counterparty_tax_id,
            counterparty_sealed_iban, counterparty_iban_index, counterparty_country, counterparty_email, vendor_id,
            vendor_name, currency, net, tax, total, payable, payment_reference, order_reference, employee, note, dimensions, fields, source, format, file_id,
            file_line, raw, record_hash, ordinal, problems, submitted_by, corrected_by
       from transactions.document where id = $1 for update`,
    [id],
  );
  const lines = await transaction.query<LineRow>(
    `select description, quantity::text as quantity, net, tax_rate::text as tax_rate, tax, currency, category, dimensions,
            tax_category
       from transactions.document_line where document_id = $1 order by position`,
    [id],
  );
  return { ...storedOf(row), lines: lines.map(lineOf) };
}

/** Keeps which vendor a document was found to come from. */
export async function setDocumentVendor(
  transaction: Transaction,
  id: string,
  vendor: { readonly id: string; readonly name: string },
): Promise<void> {
  await transaction.query('update transactions.document set vendor_id = $2, vendor_name = $3 where id = $1', [
    id,
    vendor.id,
    vendor.name,
  ]);
}

interface DocumentRow {
  readonly id: string;
  readonly book_id: string;
  readonly kind: DocumentKind;
  readonly status: DocumentStatus;
  readonly number: string | null;
  readonly issued_on: CalendarDate | null;
  readonly due_on: CalendarDate | null;
  readonly counterparty_name: string | null;
  readonly counterparty_tax_id: string | null;
  readonly counterparty_sealed_iban: string | null;
  readonly counterparty_iban_index: string | null;
  readonly counterparty_country: string | null;
  readonly counterparty_email: string | null;
  readonly vendor_id: string | null;
  readonly vendor_name: string | null;
  readonly currency: string | null;
  readonly net: bigint | null;
  readonly tax: bigint | null;
  readonly total: bigint | null;
  readonly payable: bigint | null;
  readonly payment_reference: string | null;
  readonly order_reference: string | null;
  readonly employee: string | null;
  readonly note: string | null;
  readonly dimensions: Dimensions;
  readonly fields: Fields;
  readonly source: string;
  readonly format: string;
  readonly file_id: string | null;
  readonly file_line: number | null;
  readonly raw: string;
  readonly record_hash: string;
  readonly ordinal: number;
  readonly problems: readonly { readonly code: string }[];
  readonly submitted_by: string | null;
  readonly corrected_by: string | null;
}

interface LineRow {
  readonly description: string;
  readonly quantity: string | null;
  readonly net: bigint;
  readonly tax_rate: string | null;
  readonly tax_category: string | null;
  readonly tax: bigint | null;
  readonly currency: string;
  readonly category: string | null;
  readonly dimensions: Dimensions;
}

function storedOf(row: DocumentRow): Omit<StoredDocument, 'lines'> {
  return {
    id: row.id,
    bookId: row.book_id,
    kind: row.kind,
    status: row.status,
    number: row.number ?? undefined,
    issuedOn: row.issued_on ?? undefined,
    dueOn: row.due_on ?? undefined,
    counterparty: {
      name: row.counterparty_name ?? undefined,
      taxId: row.counterparty_tax_id ?? undefined,
      country: row.counterparty_country ?? undefined,
      email: row.counterparty_email ?? undefined,
    },
    sealedIban: row.counterparty_sealed_iban ?? undefined,
    ibanIndex: row.counterparty_iban_index ?? undefined,
    vendorId: row.vendor_id ?? undefined,
    vendorName: row.vendor_name ?? undefined,
    currency: row.currency ?? undefined,
    amounts: amountsOf(row),
    paymentReference: row.payment_reference ?? undefined,
    orderReference: row.order_reference ?? undefined,
    employee: row.employee ?? undefined,
    note: row.note ?? undefined,
    dimensions: row.dimensions,
    fields: row.fields,
    source: row.source,
    format: row.format,
    fileId: row.file_id ?? undefined,
    fileLine: row.file_line ?? undefined,
    raw: row.raw,
    recordHash: row.record_hash,
    ordinal: row.ordinal,
    problemCodes: row.problems.map((problem) => problem.code),
    submittedBy: row.submitted_by ?? undefined,
    correctedBy: row.corrected_by ?? undefined,
  };
}

function amountsOf({ currency, net, tax, total, payable }: DocumentRow): StoredDocument['amounts'] {
  if (currency === null || net === null || tax === null || total === null || payable === null)
    return undefined;
  return {
    net: money(net, currency),
    tax: money(tax, currency),
    total: money(total, currency),
    payable: money(payable, currency),
  };
}

function lineOf(row: LineRow): DocumentLine {
  return {
    description: row.description,
    quantity: row.quantity ?? undefined,
    net: money(row.net, row.currency),
    taxRate: row.tax_rate ?? undefined,
    taxCategory: row.tax_category ?? undefined,
    tax: row.tax === null ? undefined : money(row.tax, row.currency),
    category: row.category ?? undefined,
    dimensions: row.dimensions,
  };
}
