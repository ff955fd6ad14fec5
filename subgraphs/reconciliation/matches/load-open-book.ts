import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { money } from '#kernel/money';
import type { MatchItem } from '../matching/model.ts';
import type { OpenBook, OpenLine } from './plan-matches.ts';

/** As much as one run takes on; what no run has seen yet goes first. */
const mostLines = 50_000;
const mostItems = 200_000;

interface LineRow {
  readonly id: string;
  readonly bank_account_id: string;
  readonly statement_id: string;
  readonly imported_by: string | null;
  readonly booked_on: CalendarDate;
  readonly minor: bigint;
  readonly currency: string;
  readonly reversal: boolean;
  readonly counterparty_name: string | null;
  readonly counterparty_account_index: string | null;
  readonly counterparty_last_four: string | null;
  readonly refs: string[];
  readonly remittance: string;
  readonly transaction_code: string | null;
}

interface ItemRow {
  readonly id: string;
  readonly kind: string;
  readonly issued_on: CalendarDate;
  readonly due_on: CalendarDate | null;
  readonly open_minor: bigint;
  readonly currency: string;
  readonly reference: string | null;
  readonly payment_reference: string | null;
  readonly counterparty_name: string | null;
  readonly counterparty_accounts: string[];
  readonly vendor_id: string | null;
}

/** Loads what a run works on. Lines the ledger has refused to post wait for a person and are left out. */
export async function loadOpenBook(transaction: Transaction, bookId: string): Promise<OpenBook> {
  const rows = await transaction.query<LineRow>(
    `select l.id, l.bank_account_id, l.statement_id, s.imported_by, l.booked_on, l.minor, l.currency, l.reversal,
            l.counterparty_name, l.counterparty_account_index, l.counterparty_last_four, l.refs, l.remittance,
            l.transaction_code
       from reconciliation.statement_line l join reconciliation.bank_statement s on s.id = l.statement_id
      where l.book_id = $1 and l.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not l.held
        and not exists (select 1 from reconciliation.exception e where e.line_id = l.id and e.status = 'OPEN'
                           and e.reason in ('CLOSED_PERIOD', 'POSTING_REFUSED'))
      order by l.status = 'UNMATCHED' desc, l.booked_on desc, l.id limit $2`,
    [bookId, mostLines],
  );
  const lines = rows.map(lineOf);
  const known = new Map(
    lines.map((line, at) => [rows[at]?.counterparty_account_index, line.counterpartyAccount]),
  );
  if (lines.length === 0) return { lines: [], items: [], suggestions: [], declined: new Map() };
  const items = await transaction.query<ItemRow>(
    `select id, kind, issued_on, due_on, open_minor, currency, reference, payment_reference, counterparty_name,
            counterparty_accounts, vendor_id
       from reconciliation.open_item where book_id = $1 and open_minor <> 0
      order by issued_on desc, id limit $2`,
    [bookId, mostItems],
  );
  const ids = lines.map((line) => line.id);
  const suggestions = await transaction.query<{ id: string; content: string }>(
    `select m.id, m.content from reconciliation.match m
      where m.book_id = $1 and m.status = 'SUGGESTED'
        and exists (select 1 from reconciliation.match_line l where l.match_id = m.id and l.line_id = any($2))`,
    [bookId, ids],
  );
  return {
    lines,
    items: items.map((row) => itemOf(row, known)),
    suggestions,
    declined: await declinedOf(transaction, ids),
  };
}

async function declinedOf(
  transaction: Transaction,
  lineIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const rows = await transaction.query<{ line_id: string; items: string[] }>(
    `select line_id, array_agg(open_item_id) as items from reconciliation.declined_pair
      where line_id = any($1) group by line_id`,
    [lineIds],
  );
  return new Map(rows.map((row) => [row.line_id, new Set(row.items)]));
}

/** Accounts are compared by their keyed hash; the last four characters go with it for the evidence people read. */
function lineOf(row: LineRow): OpenLine {
  const { counterparty_account_index: index } = row;
  return {
    id: row.id,
    bankAccountId: row.bank_account_id,
    statementId: row.statement_id,
    importedBy: row.imported_by ?? undefined,
    transactionCode: row.transaction_code ?? undefined,
    bookedOn: row.booked_on,
    amount: money(row.minor, row.currency),
    counterpartyName: row.counterparty_name ?? undefined,
    counterpartyAccount: index === null ? undefined : `${index}${row.counterparty_last_four ?? ''}`,
    references: row.refs,
    text: row.remittance,
    reversal: row.reversal,
  };
}

function itemOf(row: ItemRow, known: ReadonlyMap<string | null | undefined, string | undefined>): MatchItem {
  return {
    id: row.id,
    kind: row.kind === 'PAYABLE' ? 'payable' : 'receivable',
    issuedOn: row.issued_on,
    dueOn: row.due_on ?? undefined,
    open: money(row.open_minor, row.currency),
    reference: row.reference ?? undefined,
    paymentReference: row.payment_reference ?? undefined,
    counterpartyName: row.counterparty_name ?? undefined,
    counterpartyAccounts: row.counterparty_accounts.map((index) => known.get(index) ?? index),
    partyId: row.vendor_id ?? undefined,
  };
}
