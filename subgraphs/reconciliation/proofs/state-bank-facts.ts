import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import type { CalendarDate } from '#kernel/calendar';
import type { BankFacts } from '#kernel/events';
import { id } from '#kernel/input';

/** States what reconciliation holds of a book in totals, so that the ledger can hold it against the journal. */
export const stateBankFacts = command({
  name: 'stateBankFacts',
  description:
    'States what reconciliation holds of a book in totals: posted lines, open items, lines not matched.',
  scope: 'platform:internal',
  input: z.object({ bookId: id() }),
  async run(transaction, { bookId }) {
    const facts: BankFacts = {
      accounts: await accountTotals(transaction, bookId),
      open: await openTotals(transaction, bookId),
      unmatched: await unmatchedByMonth(transaction, bookId),
      quarantined: await quarantined(transaction, bookId),
    };
    transaction.emit({ type: 'bankFacts.stated', subjectId: bookId, bookId, facts });
    return { bookId };
  },
});

interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly currency: string;
  readonly posted: string;
  readonly unposted: string;
  readonly closing: string | null;
  readonly closed_on: CalendarDate | null;
  readonly opening: string | null;
  readonly copied: string | null;
}

/** Lines of statements that are held back count for nothing, like the statements themselves. */
async function accountTotals(transaction: Transaction, bookId: string): Promise<BankFacts['accounts']> {
  const rows = await transaction.query<AccountRow>(
    `select a.id, a.name, a.ledger_account_code as code, a.currency, l.posted, l.unposted,
            last.closing_minor::text as closing, last.ends_on as closed_on, first.opening_minor::text as opening,
            case when a.ledger_copied_at is not null then (
              select coalesce(sum(p.minor), 0)::text from reconciliation.bank_posting p
               where p.organisation_id = a.organisation_id and p.book_id = a.book_id
                 and p.account_code = a.ledger_account_code and p.currency = a.currency) end as copied
       from reconciliation.bank_account a
      cross join lateral (
        select coalesce(sum(s.minor) filter (where p.posted), 0)::text as posted,
               coalesce(sum(s.minor) filter (where not p.posted), 0)::text as unposted
          from reconciliation.statement_line s
         cross join lateral (
           select s.status = 'BOOKED' and s.journal_entry_id is not null
               or s.status = 'MATCHED' and exists (
                 select 1 from reconciliation.match_line m
                   join reconciliation.match h on h.organisation_id = m.organisation_id and h.id = m.match_id
                  where m.organisation_id = s.organisation_id and m.line_id = s.id and m.live
                    and h.status = 'ACCEPTED' and h.journal_entry_id is not null) as posted) p
         where s.organisation_id = a.organisation_id and s.bank_account_id = a.id and not s.held) l
       left join lateral (
        select t.closing_minor, t.ends_on from reconciliation.bank_statement t
         where t.organisation_id = a.organisation_id and t.bank_account_id = a.id and t.status = 'IMPORTED'
           and t.closing_minor is not null and t.currency = a.currency
         order by t.ends_on desc nulls last, t.id desc limit 1) last on true
       left join lateral (
        select t.opening_minor from reconciliation.bank_statement t
         where t.organisation_id = a.organisation_id and t.bank_account_id = a.id and t.status = 'IMPORTED'
           and t.opening_minor is not null and t.currency = a.currency
         order by t.starts_on nulls last, t.id limit 1) first on true
      where a.book_id = $1 order by a.id`,
    [bookId],
  );
  return rows.map((row) => ({
    bankAccountId: row.id,
    name: row.name,
    accountCode: row.code,
    currency: row.currency,
    posted: row.posted,
    unposted: row.unposted,
    closing: row.closing ?? undefined,
    closedOn: row.closed_on ?? undefined,
    opening: row.opening ?? undefined,
    copied: row.copied ?? undefined,
  }));
}

/** What a match has taken that the ledger has not posted yet is still open there. */
async function openTotals(transaction: Transaction, bookId: string): Promise<BankFacts['open']> {
  const rows = await transaction.query<{
    code: string;
    vendor_id: string | null;
    currency: string;
    minor: string;
  }>(
    `select o.control_account_code as code, o.vendor_id, o.currency, sum(o.open_minor + coalesce(w.minor, 0))::text as minor
       from reconciliation.open_item o
       left join lateral (
         select sum(i.applied_minor) as minor from reconciliation.match_item i
           join reconciliation.match m on m.organisation_id = i.organisation_id and m.id = i.match_id
          where i.organisation_id = o.organisation_id and i.open_item_id = o.id
            and m.status = 'ACCEPTED' and m.journal_entry_id is null) w on true
      where o.book_id = $1 and not o.reversed
      group by 1, 2, 3 having sum(o.open_minor + coalesce(w.minor, 0)) <> 0 order by 1, 2, 3`,
    [bookId],
  );
  return rows.map((row) => ({
    accountCode: row.code,
    vendorId: row.vendor_id ?? undefined,
    currency: row.currency,
    minor: row.minor,
  }));
}

async function unmatchedByMonth(transaction: Transaction, bookId: string): Promise<BankFacts['unmatched']> {
  return transaction.query<{ month: CalendarDate; count: number }>(
    `select date_trunc('month', booked_on)::date as month, count(*)::int as count
       from reconciliation.statement_line
      where book_id = $1 and status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') group by 1 order by 1`,
    [bookId],
  );
}

async function quarantined(transaction: Transaction, bookId: string): Promise<number> {
  const found = await transaction.maybe<{ count: number }>(
    "select count(*)::int as count from reconciliation.bank_statement where book_id = $1 and status = 'QUARANTINED'",
    [bookId],
  );
  return found?.count ?? 0;
}
