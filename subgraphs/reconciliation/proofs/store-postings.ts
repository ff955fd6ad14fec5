import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';

/** What an entry comes to on one account in one currency; minor units as text, debits positive. */
export interface PostingToStore {
  readonly journalEntryId: string;
  readonly accountCode: string;
  readonly number: string;
  readonly kind: string;
  readonly postedOn: CalendarDate;
  readonly description: string;
  readonly minor: string;
  readonly currency: string;
  readonly documentId?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly reversalOf?: string | undefined;
  readonly postedAt: string;
}

/** Stores postings of bank accounts; what is known already stays as it is. */
export async function storePostings(
  transaction: Transaction,
  bookId: string,
  postings: readonly PostingToStore[],
): Promise<void> {
  if (postings.length === 0) return;
  await transaction.query(
    `insert into reconciliation.bank_posting (organisation_id, book_id, journal_entry_id, account_code, currency, minor,
       number, kind, description, posted_on, root_entry_id, document_id, vendor_id, posted_at)
     select $1, $2, r."journalEntryId", r."accountCode", r.currency, r.minor, r.number, r.kind, r.description,
            r."postedOn", coalesce(r."reversalOf", r."journalEntryId"), r."documentId", r."vendorId", r."postedAt"
       from jsonb_to_recordset($3::jsonb) as r ("journalEntryId" text, "accountCode" text, currency text, minor bigint,
         number text, kind text, description text, "postedOn" date, "reversalOf" text, "documentId" text,
         "vendorId" text, "postedAt" timestamptz)
     on conflict (organisation_id, journal_entry_id, account_code, currency) do nothing`,
    [transaction.organisationId, bookId, JSON.stringify(postings)],
  );
}
