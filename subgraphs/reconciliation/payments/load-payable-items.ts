import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { money } from '#kernel/money';
import type { PayableItem } from './plan-payment.ts';

/** A bill with what its payment says to the creditor. */
export interface LoadedItem extends PayableItem {
  readonly id: string;
  readonly journalEntryId: string;
  readonly creditorNames: Readonly<Record<string, string>>;
  /** What the creditor wants to read: his reference and the number of the bill. */
  readonly remittance: string;
  /** A bank line that may have paid it waits for a decision. */
  readonly suggested: boolean;
}

interface ItemRow {
  readonly id: string;
  readonly journal_entry_id: string;
  readonly label: string;
  readonly reference: string | null;
  readonly payment_reference: string | null;
  readonly counterparty_name: string | null;
  readonly counterparty_accounts: string[];
  readonly issued_on: CalendarDate;
  readonly due_on: CalendarDate | null;
  readonly open_minor: bigint;
  readonly currency: string;
  readonly vendor_id: string | null;
  readonly vendor_name: string | null;
  readonly vendor_status: string | null;
  readonly percent: string | null;
  readonly days: number | null;
  readonly ordered: boolean;
  readonly suggested: boolean;
  readonly accounts: readonly { id: string; index: string; holder: string | null }[] | null;
}

/** Which bills: those named, or those due until a day that no order pays yet; what lapses by then counts as due. */
export type ItemSearch =
  | { readonly ids: readonly string[] }
  | { readonly dueUntil: CalendarDate; readonly executionOn: CalendarDate };

/** So many bills go into one order. */
export const mostPayments = 5_000;

/** Loads bills of a book that are open, the oldest first. */
export async function loadPayableItems(
  transaction: Transaction,
  bookId: string,
  search: ItemSearch,
): Promise<LoadedItem[]> {
  const named = 'ids' in search ? search.ids : null;
  const [dueUntil, executionOn] = 'ids' in search ? [null, null] : [search.dueUntil, search.executionOn];
  const rows = await transaction.query<ItemRow>(
    `select o.id, o.journal_entry_id, o.label, o.reference, o.payment_reference, o.counterparty_name,
            o.counterparty_accounts, o.issued_on, o.due_on, o.open_minor, o.currency, o.vendor_id, y.name as vendor_name,
            y.status as vendor_status, t.percent, t.days, p.id is not null as ordered,
            exists (select 1 from reconciliation.match_item i join reconciliation.match m on m.id = i.match_id
                     where i.open_item_id = o.id and m.status = 'SUGGESTED') as suggested,
            (select jsonb_agg(jsonb_build_object('id', a.id, 'index', a.account_index, 'holder', a.holder) order by a.id)
               from reconciliation.payee_account a where a.vendor_id = o.vendor_id) as accounts
       from reconciliation.open_item o
       left join reconciliation.payee y on y.vendor_id = o.vendor_id
       left join reconciliation.discount_terms t on t.book_id = o.book_id and t.vendor_id = o.vendor_id
       left join reconciliation.payment_line p on p.open_item_id = o.id and p.live
      where o.book_id = $1 and o.kind = 'PAYABLE' and o.open_minor < 0
        and (o.id = any($2)
             or (p.id is null and (coalesce(o.due_on, o.issued_on) <= $3
                                   or o.issued_on + t.days between $4 and $3)))
      order by o.issued_on, o.id limit ${mostPayments}`,
    [bookId, named, dueUntil, executionOn],
  );
  return rows.map(itemOf);
}

function itemOf(row: ItemRow): LoadedItem {
  const accounts = row.accounts ?? [];
  const name = row.vendor_name ?? row.counterparty_name ?? row.label;
  return {
    id: row.id,
    journalEntryId: row.journal_entry_id,
    label: row.label,
    open: money(-row.open_minor, row.currency),
    issuedOn: row.issued_on,
    dueOn: row.due_on ?? undefined,
    namedAccounts: row.counterparty_accounts,
    vendor: row.vendor_id === null ? undefined : { name, status: row.vendor_status ?? undefined, accounts },
    discount:
      row.percent !== null && row.days !== null ? { percent: row.percent, days: row.days } : undefined,
    ordered: row.ordered,
    suggested: row.suggested,
    creditorNames: Object.fromEntries(accounts.map(({ id, holder }) => [id, holder ?? name])),
    remittance: [row.payment_reference, row.reference ?? (row.payment_reference ? null : row.label)]
      .filter((each) => each !== null)
      .join(' '),
  };
}
