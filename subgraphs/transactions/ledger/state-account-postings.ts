import { z } from 'zod';
import type { CalendarDate } from '#kernel/calendar';
import { command } from '#kernel/command';
import type { AccountPosting } from '#kernel/events';
import { id, text } from '#kernel/input';

/** How many entries one event tells of. */
const page = 500;

interface PostingRow {
  readonly id: string;
  readonly number: string;
  readonly kind: string;
  readonly posted_on: CalendarDate;
  readonly description: string;
  readonly minor: string;
  readonly currency: string;
  readonly document_id: string | null;
  readonly vendor_id: string | null;
  readonly reversal_of: string | null;
  readonly posted_at: Date;
}

/** Entries by their ids, so that a page never ends within one. */
const postings = `
  select e.id, e.number, e.kind, e.posted_on, e.description, s.minor, s.currency, e.document_id, e.vendor_id,
         e.reversal_of, e.posted_at
    from (select l.journal_entry_id from transactions.account a
            join transactions.journal_line l on l.organisation_id = a.organisation_id and l.account_id = a.id
           where a.book_id = $1 and a.code = $2 and l.journal_entry_id > $3
           group by 1 order by 1 limit ${page}) p
    join transactions.journal_entry e on e.id = p.journal_entry_id
   cross join lateral (
     select l.currency, sum(case l.side when 'DEBIT' then l.minor else -l.minor end)::text as minor
       from transactions.journal_line l
       join transactions.account a on a.organisation_id = l.organisation_id and a.id = l.account_id
      where l.journal_entry_id = e.id and a.code = $2 group by 1) s
   order by e.id, s.currency`;

/** States what was posted to the account of a bank account before it was opened, a page at a time. */
export const stateAccountPostings = command({
  name: 'stateAccountPostings',
  description: 'States what was posted to the account of a bank account before it was opened.',
  scope: 'platform:internal',
  input: z.object({
    bankAccountId: id(),
    bookId: id(),
    accountCode: text(20),
    after: z.string().max(100).optional(),
  }),
  async run(transaction, { bankAccountId, bookId, accountCode, after = '' }) {
    const rows = await transaction.query<PostingRow>(postings, [bookId, accountCode, after]);
    const told = new Set(rows.map((row) => row.id)).size;
    transaction.emit({
      type: 'accountPostings.stated',
      subjectId: bankAccountId,
      bookId,
      facts: {
        accountCode,
        postings: rows.map(asPosting),
        ...(told < page ? {} : { next: rows.at(-1)?.id ?? '' }),
      },
    });
    return { bankAccountId, told };
  },
});

function asPosting(row: PostingRow): AccountPosting {
  return {
    journalEntryId: row.id,
    number: row.number,
    kind: row.kind,
    postedOn: row.posted_on,
    description: row.description,
    minor: row.minor,
    currency: row.currency,
    postedAt: row.posted_at.toISOString(),
    ...(row.document_id === null ? {} : { documentId: row.document_id }),
    ...(row.vendor_id === null ? {} : { vendorId: row.vendor_id }),
    ...(row.reversal_of === null ? {} : { reversalOf: row.reversal_of }),
  };
}
