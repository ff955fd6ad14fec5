import { addDays } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { money, type Money } from '#kernel/money';
import { fromWire } from '#kernel/wire-money';
import type { ExpectedPayout, PayoutLine } from '../matching/pair-payouts.ts';
import type { SettledMember } from '../matching/split-payout.ts';
import type { StoredFee } from '../statements/payout-entities.ts';

/** A payout that no bank line has brought yet. */
export interface OpenPayout extends ExpectedPayout {
  /** Its members come to its amount. */
  readonly complete: boolean;
}

/** A bank line that may be a payout. */
export interface OpenPayoutLine extends PayoutLine {
  readonly bankAccountId: string;
}

/** As much as one run takes on, the latest first. */
const mostPayouts = 500;
const mostLines = 5_000;

/** The payouts of a book that are to reach the bank and have not. */
export async function loadOpenPayouts(
  transaction: Transaction,
  bookId: string,
  payoutId?: string,
): Promise<OpenPayout[]> {
  const rows = await transaction.query<{
    id: string;
    provider: string;
    reference: string;
    minor: bigint;
    currency: string;
    keys: string[];
    initiated_on: CalendarDate | null;
    arrives_on: CalendarDate | null;
    complete: boolean;
  }>(
    `select p.id, p.provider, p.reference, p.minor, p.currency, p.keys, p.initiated_on, p.arrives_on, p.complete
       from reconciliation.payout p
      where p.book_id = $1 and ($2::text is null or p.id = $2) and not p.failed and p.minor <> 0
        and not exists (select 1 from reconciliation.match m where m.payout_id = p.id and m.status = 'ACCEPTED')
      order by p.initiated_on desc nulls first, p.id limit $3`,
    [bookId, payoutId ?? null, mostPayouts],
  );
  return rows.map((row) => ({
    id: row.id,
    provider: row.provider,
    reference: row.reference,
    amount: money(row.minor, row.currency),
    keys: row.keys,
    initiatedOn: row.initiated_on ?? undefined,
    arrivesOn: row.arrives_on ?? undefined,
    complete: row.complete,
  }));
}

/** The open lines of a book that have the amount of a payout or name it; those the ledger refused wait for a person. */
export async function loadPayoutLines(
  transaction: Transaction,
  bookId: string,
  payouts: readonly OpenPayout[],
): Promise<OpenPayoutLine[]> {
  const rows = await transaction.query<{
    id: string;
    bank_account_id: string;
    booked_on: CalendarDate;
    minor: bigint;
    currency: string;
    counterparty_name: string | null;
    refs: string[];
    remittance: string;
  }>(
    `select l.id, l.bank_account_id, l.booked_on, l.minor, l.currency, l.counterparty_name, l.refs, l.remittance
       from reconciliation.statement_line l
      where l.book_id = $1 and l.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not l.held
        and (l.minor = any($2::bigint[]) or l.id in (
          select w.id from (
            select x.id, regexp_split_to_table(array_to_string(x.refs, ' ') || ' ' || x.remittance, '[^0-9A-Za-z_-]+') as word
              from reconciliation.statement_line x
             where x.book_id = $1 and x.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not x.held
               and x.booked_on >= $5) w
           where length(w.word) >= 6 and upper(replace(replace(w.word, '_', ''), '-', '')) in (select unnest($3::text[]))))
        and not exists (select 1 from reconciliation.exception e where e.line_id = l.id and e.status = 'OPEN'
                           and e.reason in ('CLOSED_PERIOD', 'POSTING_REFUSED'))
      order by l.booked_on desc, l.id limit $4`,
    [
      bookId,
      payouts.map(({ amount }) => String(amount.minor)),
      [...new Set(payouts.flatMap(({ keys }) => keys))],
      mostLines,
      firstDay(payouts),
    ],
  );
  return rows.map((row) => ({
    id: row.id,
    bankAccountId: row.bank_account_id,
    bookedOn: row.booked_on,
    amount: money(row.minor, row.currency),
    counterpartyName: row.counterparty_name ?? undefined,
    references: row.refs,
    text: row.remittance,
  }));
}

/** No bank books a payout much before it was sent. */
function firstDay(payouts: readonly OpenPayout[]): string {
  const days = payouts.map(({ initiatedOn }) => (initiatedOn ? addDays(initiatedOn, -5) : '1900-01-01'));
  return days.reduce((first, day) => (day < first ? day : first), '9999-12-31');
}

/** Payouts that a person has said a line is not. */
export async function loadDeclinedPayouts(
  transaction: Transaction,
  payoutIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const rows = await transaction.query<{ line_id: string; payouts: string[] }>(
    `select l.line_id, array_agg(m.payout_id) as payouts
       from reconciliation.match m join reconciliation.match_line l on l.match_id = m.id
      where m.payout_id = any($1) and m.status in ('DECLINED', 'UNDONE') group by l.line_id`,
    [payoutIds],
  );
  return new Map(rows.map((row) => [row.line_id, new Set(row.payouts)]));
}

/** The members of payouts in their order, and what is open of the items they pay. */
export async function loadMembers(
  transaction: Transaction,
  payoutIds: readonly string[],
): Promise<{ members: Map<string, SettledMember[]>; open: Map<string, Money> }> {
  const rows = await transaction.query<{
    payout_id: string;
    kind: string;
    gross_minor: bigint;
    fee_minor: bigint;
    currency: string;
    fees: StoredFee[];
    original_minor: bigint | null;
    original_currency: string | null;
    open_item_id: string | null;
    open_minor: bigint | null;
    open_currency: string | null;
  }>(
    `select m.payout_id, m.kind, m.gross_minor, m.fee_minor, m.currency, m.fees, m.original_minor, m.original_currency,
            m.open_item_id, o.open_minor, o.currency as open_currency
       from reconciliation.payout_member m
       left join reconciliation.open_item o on o.organisation_id = m.organisation_id and o.id = m.open_item_id
      where m.payout_id = any($1) order by m.payout_id, m.position, m.id`,
    [payoutIds],
  );
  const open = new Map<string, Money>();
  const members = new Map<string, SettledMember[]>();
  for (const row of rows) {
    if (row.open_item_id !== null && row.open_minor !== null && row.open_currency !== null)
      open.set(row.open_item_id, money(row.open_minor, row.open_currency));
    const list = members.get(row.payout_id) ?? [];
    list.push({
      kind: row.kind,
      gross: money(row.gross_minor, row.currency),
      fee: money(row.fee_minor, row.currency),
      fees: row.fees.map((fee) => ({ kind: fee.kind, amount: fromWire(fee.amount) })),
      original:
        row.original_minor === null || row.original_currency === null
          ? undefined
          : money(row.original_minor, row.original_currency),
      openItemId: row.open_item_id ?? undefined,
    });
    members.set(row.payout_id, list);
  }
  return { members, open };
}
