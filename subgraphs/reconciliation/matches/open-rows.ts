import type { CalendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import type { MatchItem } from '../matching/model.ts';
import type { Ask, SoughtLine } from './find-concerned.ts';
import { loadPaidThrough, type PaidThrough } from './paid-through.ts';
import type { OpenLine } from './plan-matches.ts';

/** An open line as it is loaded, amounts in minor units as text. */
export interface LineRow {
  readonly id: string;
  readonly book_id: string;
  readonly bank_account_id: string;
  readonly statement_id: string;
  readonly imported_by: string | null;
  readonly booked_on: CalendarDate;
  readonly minor: string;
  readonly currency: string;
  readonly reversal: boolean;
  readonly counterparty_name: string | null;
  readonly counterparty_account_index: string | null;
  readonly counterparty_last_four: string | null;
  readonly refs: string[];
  readonly remittance: string;
  readonly transaction_code: string | null;
  /** Whether a run has looked at it. */
  readonly looked: boolean;
}

/** An open item as it is loaded. */
export interface ItemRow {
  readonly id: string;
  readonly kind: string;
  readonly issued_on: CalendarDate;
  readonly due_on: CalendarDate | null;
  readonly minor: string;
  readonly currency: string;
  readonly reference: string | null;
  readonly payment_reference: string | null;
  readonly counterparty_name: string | null;
  readonly counterparty_accounts: string[];
  readonly vendor_id: string | null;
  readonly party_key: string | null;
  readonly control_account_code: string;
}

const lineColumns = `l.id, l.book_id, l.bank_account_id, l.statement_id, s.imported_by, l.booked_on::text as booked_on,
            l.minor::text as minor, l.currency, l.reversal, l.counterparty_name, l.counterparty_account_index,
            l.counterparty_last_four, l.refs, l.remittance, l.transaction_code, l.looked_at is not null as looked`;
/** Lines the ledger has refused to post wait for a person. */
const forRuns = `l.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not l.held
        and l.id not in (select e.line_id from reconciliation.exception e
                          where e.status = 'OPEN' and e.reason in ('CLOSED_PERIOD', 'POSTING_REFUSED')
                            and e.line_id is not null)`;

/** The open lines of a book: those no run has looked at from the earliest on, then the others, the newest first. */
export async function openLines(ask: Ask, bookId: string, most: number): Promise<LineRow[]> {
  const from = `select ${lineColumns}
       from reconciliation.statement_line l join reconciliation.bank_statement s on s.id = l.statement_id
      where l.book_id = $1 and ${forRuns}`;
  const due = await ask<LineRow>(`${from} and l.looked_at is null order by l.booked_on, l.id limit $2`, [
    bookId,
    most,
  ]);
  if (due.length === most) return due;
  const looked = await ask<LineRow>(
    `${from} and l.looked_at is not null order by l.booked_on desc, l.id limit $2`,
    [bookId, most - due.length],
  );
  return [...due, ...looked];
}

/** Those of the lines that are open and no person's alone. */
export async function linesByIds(ask: Ask, ids: readonly string[]): Promise<LineRow[]> {
  if (ids.length === 0) return [];
  return ask<LineRow>(
    `select ${lineColumns}
       from reconciliation.statement_line l join reconciliation.bank_statement s on s.id = l.statement_id
      where l.id = any($1) and ${forRuns} order by l.booked_on, l.id`,
    [ids],
  );
}

const itemColumns = `id, kind, issued_on::text as issued_on, due_on::text as due_on, open_minor::text as minor, currency,
            reference, payment_reference, counterparty_name, counterparty_accounts, vendor_id, party_key,
            control_account_code`;

/** The open items named. */
export function itemRows(
  ask: Ask,
  { bookId, itemIds }: { bookId: string; itemIds: readonly string[] },
): Promise<ItemRow[]> {
  return ask<ItemRow>(
    `select ${itemColumns} from reconciliation.open_item where id = any($2) and book_id = $1 and open_minor <> 0`,
    [bookId, itemIds],
  );
}

/** The open items of a book, issued up to a day where one is said, the newest first. */
export function openItems(
  ask: Ask,
  bookId: string,
  { until, most }: { until: CalendarDate | undefined; most: number },
): Promise<ItemRow[]> {
  return ask<ItemRow>(
    `select ${itemColumns} from reconciliation.open_item o
      where book_id = $1 and open_minor <> 0 and o.issued_on <= coalesce($3::date, 'infinity')
      order by o.issued_on desc, o.id limit $2`,
    [bookId, most, until ?? null],
  );
}

/** What a line is looked up by. */
export function soughtLine(row: LineRow): SoughtLine {
  return {
    id: row.id,
    bookedOn: row.booked_on,
    minor: BigInt(row.minor),
    currency: row.currency,
    references: row.refs,
    text: row.remittance,
    counterpartyName: row.counterparty_name ?? undefined,
    account: row.counterparty_account_index ?? undefined,
  };
}

function accountOf({ counterparty_account_index: index, counterparty_last_four: last }: LineRow) {
  return index === null ? undefined : `${index}${last ?? ''}`;
}

/** Accounts are compared by their keyed hash; the last four characters go with it for the evidence people read. */
export function toLines(rows: readonly LineRow[]): OpenLine[] {
  return rows.map((row) => ({
    id: row.id,
    bankAccountId: row.bank_account_id,
    statementId: row.statement_id,
    importedBy: row.imported_by ?? undefined,
    transactionCode: row.transaction_code ?? undefined,
    bookedOn: row.booked_on,
    amount: money(BigInt(row.minor), row.currency),
    counterpartyName: row.counterparty_name ?? undefined,
    counterpartyAccount: accountOf(row),
    references: row.refs,
    text: row.remittance,
    reversal: row.reversal,
  }));
}

interface AliasRow {
  readonly party_key: string;
  readonly kind: string;
  readonly value: string;
  readonly shown: string;
}

/** An alias of more parties than this says nothing: a factor, a processor, a family name. */
const mostSharing = 3;

/** Items for the matcher, with what the book has learned of other names and accounts of their parties. */
export async function toItems(
  ask: Ask,
  { bookId, items, lines }: { bookId: string; items: readonly ItemRow[]; lines: readonly LineRow[] },
): Promise<MatchItem[]> {
  const known = new Map(lines.map((row) => [row.counterparty_account_index, accountOf(row)]));
  const spelt = (account: string) => known.get(account) ?? account;
  const parties = [...new Set(items.flatMap((item) => item.party_key ?? []))];
  const aliases = await ask<AliasRow>(
    `select a.party_key, a.kind, a.value, a.shown from reconciliation.payer_alias a
      where a.book_id = $1 and a.party_key = any($2) and a.withdrawn_at is null
        and (select count(*) from reconciliation.payer_alias b
              where b.book_id = a.book_id and b.kind = a.kind and b.value = a.value and b.withdrawn_at is null) <= $3`,
    [bookId, parties, mostSharing],
  );
  const paidThrough = await loadPaidThrough(ask, bookId);
  const learned = Map.groupBy(aliases, (alias) => alias.party_key);
  return items.map((row) => {
    const own = learned.get(row.party_key ?? '') ?? [];
    const of = (kind: string) => own.filter((alias) => alias.kind === kind);
    return {
      id: row.id,
      kind: row.kind === 'PAYABLE' ? 'payable' : 'receivable',
      issuedOn: row.issued_on,
      dueOn: row.due_on ?? undefined,
      open: money(BigInt(row.minor), row.currency),
      reference: row.reference ?? undefined,
      paymentReference: row.payment_reference ?? undefined,
      counterpartyName: row.counterparty_name ?? undefined,
      counterpartyAccounts: [...row.counterparty_accounts, ...of('ACCOUNT').map((alias) => alias.value)].map(
        spelt,
      ),
      partyId: row.vendor_id ?? undefined,
      aliases: of('NAME').map((alias) => alias.shown),
      ...(isPaidThrough(paidThrough, row) ? { through: 'processor' as const } : {}),
    };
  });
}

function isPaidThrough(known: PaidThrough, { kind, party_key: party, control_account_code: code }: ItemRow) {
  if (kind !== 'RECEIVABLE') return false;
  return known.controlAccountCodes.has(code) || (party !== null && known.partyKeys.has(party));
}
