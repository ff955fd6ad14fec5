import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import type { Money } from '#kernel/money';
import type { Dimensions, Fields } from '../dimensions/catalogue.ts';
import type { DraftLineRole, NewDraftLine } from './draft-lines.ts';
import type { DraftStatus } from './draft-status.ts';
import type { LineTax, Side } from './entry.ts';

/** A draft as it is stored, with its lines in order. */
export interface StoredDraft {
  readonly id: string;
  readonly bookId: string;
  readonly status: DraftStatus;
  /** Raised by every change; an approval is good for the version it was given for. */
  readonly version: number;
  readonly documentId: string | undefined;
  readonly vendorId: string | undefined;
  readonly description: string;
  readonly total: Money;
  readonly postedOn: CalendarDate;
  readonly approvedBy: string | undefined;
  /** Values of the book's custom fields. */
  readonly fields: Fields;
  readonly lines: readonly (NewDraftLine & { readonly position: number })[];
}

interface DraftRow {
  readonly id: string;
  readonly book_id: string;
  readonly status: DraftStatus;
  readonly version: number;
  readonly document_id: string | null;
  readonly vendor_id: string | null;
  readonly description: string;
  readonly total_minor: bigint;
  readonly total_currency: string;
  readonly posted_on: CalendarDate;
  readonly approved_by: string | null;
  readonly fields: Fields;
}

interface LineRow {
  readonly position: number;
  readonly role: DraftLineRole;
  readonly code: string;
  readonly side: Side;
  readonly minor: bigint;
  readonly currency: string;
  readonly memo: string | null;
  readonly dimensions: Dimensions;
  readonly tax_code: string | null;
  readonly tax_role: LineTax['role'] | null;
}

/** Loads a draft with its lines and locks it for this transaction; throws NOT_FOUND. */
export async function loadDraft(transaction: Transaction, id: string): Promise<StoredDraft> {
  const row = await transaction.maybe<DraftRow>(
    `select id, book_id, status, version, document_id, vendor_id, description, total_minor, total_currency, posted_on,
            approved_by, fields
       from transactions.draft where id = $1 for update`,
    [id],
  );
  if (!row) throw new CrossfootError('NOT_FOUND', `There is no draft ${id}`, { path: ['draftId'] });
  const lines = await transaction.query<LineRow>(
    `select l.position, l.role, a.code, l.side, l.minor, l.currency, l.memo, l.dimensions,
            l.tax_code, l.tax_role
       from transactions.draft_line l
       join transactions.account a on a.organisation_id = l.organisation_id and a.id = l.account_id
      where l.draft_id = $1 order by l.position`,
    [id],
  );
  return {
    id: row.id,
    bookId: row.book_id,
    status: row.status,
    version: row.version,
    documentId: row.document_id ?? undefined,
    vendorId: row.vendor_id ?? undefined,
    description: row.description,
    total: { minor: row.total_minor, currency: row.total_currency },
    postedOn: row.posted_on,
    approvedBy: row.approved_by ?? undefined,
    fields: row.fields,
    lines: lines.map(
      ({ position, role, code, side, minor, currency, memo, dimensions, tax_code, tax_role }) => ({
        position,
        role,
        accountCode: code,
        side,
        money: { minor, currency },
        memo: memo ?? undefined,
        dimensions: Object.keys(dimensions).length > 0 ? dimensions : undefined,
        tax: tax_code === null || tax_role === null ? undefined : { code: tax_code, role: tax_role },
      }),
    ),
  };
}
