import { addDays, type CalendarDate } from '#kernel/calendar';
import { foldName } from '#kernel/names';
import type { RunQuery } from '../rates/rate-for.ts';
import { controlAccounts } from './aged-report.ts';
import type { CashHistory, CashItem, CashMove } from './forecast-model.ts';
import { loadReportAccounts, type ReportBook } from './load-sums.ts';

/** Two years, so that what comes by the year was seen twice, and a little more. */
const historyDays = 800;

/** The history of a book's money up to a day, and what there was at its end. */
export interface LoadedCash extends CashHistory {
  /** Minor units of the base currency. */
  readonly opening: bigint;
}

interface MoveRow {
  readonly id: string;
  readonly on: CalendarDate;
  readonly minor: string;
  readonly description: string;
  readonly vendor_id: string | null;
}

interface ItemRow {
  readonly id: string;
  readonly posted_on: CalendarDate;
  readonly due_on: CalendarDate | null;
  readonly minor: string;
  readonly description: string;
  readonly vendor_id: string | null;
  readonly counterparty: string | null;
}

interface PaymentRow {
  readonly payment_id: string;
  readonly item_id: string;
  readonly on: CalendarDate;
  readonly minor: string;
}

const worth = `sum(case l.side when 'DEBIT' then l.functional_minor else -l.functional_minor end)`;
/** An entry and its reversal are one; those that come to nothing are left out. */
const netText = `
  select coalesce(e.reversal_of, e.id) as id, ${worth} as minor
    from transactions.journal_line l
    join transactions.journal_entry e on e.organisation_id = l.organisation_id and e.id = l.journal_entry_id
   where l.account_id = any ($1::text[]) and l.posted_on between $2 and $3
   group by 1 having ${worth} <> 0`;
const movesText = `
  select n.id, e.posted_on::text as on, n.minor::text as minor, e.description, e.vendor_id
    from (${netText}) n join transactions.journal_entry e on e.id = n.id
   where e.posted_on between $2 and $3 order by e.posted_on, e.id`;
const itemsText = `
  select n.id, e.posted_on::text as posted_on, d.due_on::text as due_on, n.minor::text as minor, e.description,
         e.vendor_id, coalesce(case when d.kind in ('EXPENSE', 'RECEIPT') then d.employee end, d.vendor_name,
                               d.counterparty_name) as counterparty
    from (${netText}) n
    join transactions.journal_entry e on e.id = n.id
    left join transactions.document d on d.id = e.document_id
   where e.kind not in ('PAYMENT', 'BANK') order by e.posted_on, e.id`;
const paymentsText = `
  select s.payment_entry_id as payment_id, s.item_entry_id as item_id, p.posted_on::text as on,
         s.functional_minor::text as minor
    from transactions.journal_entry p
    join transactions.settled_amount s on s.organisation_id = p.organisation_id and s.payment_entry_id = p.id
   where p.book_id = $1 and p.posted_on between $2 and $3
     and not exists (select 1 from transactions.journal_entry r where r.reversal_of = p.id and r.posted_on <= $3)
   order by p.posted_on, s.payment_entry_id, s.position`;
const openingText = `
  select coalesce(${worth}, 0)::text as minor from transactions.journal_line l
   where l.account_id = any ($1::text[]) and l.posted_on <= $2`;

/** Loads what a forecast is made from, as it stood at the end of a day. */
export async function loadCashHistory(
  run: RunQuery,
  book: ReportBook,
  on: CalendarDate,
): Promise<LoadedCash> {
  const accounts = [...(await loadReportAccounts(run, book)).values()];
  const cash = accounts.filter(({ group }) => group === 'CASH').map(({ id }) => id);
  const control = (['PAYABLE', 'RECEIVABLE'] as const).flatMap((side) => controlAccounts(side, accounts));
  const since = addDays(on, -historyDays);
  const payments = await run<PaymentRow>(paymentsText, [book.id, since, on]);
  const ofItem = Map.groupBy(payments, (payment) => payment.item_id);
  const items = (await run<ItemRow>(itemsText, [control, since, on])).map((row) =>
    itemOf(row, ofItem.get(row.id)),
  );
  const byId = new Map(items.map((item) => [item.id, item]));
  const settled = new Map(payments.map((payment) => [payment.payment_id, byId.get(payment.item_id)]));
  const moves = await run<MoveRow>(movesText, [cash, since, on]);
  const [opening] = await run<{ minor: string }>(openingText, [cash, on]);
  return {
    opening: BigInt(opening?.minor ?? 0),
    items,
    moves: moves.map((row) => moveOf(row, settled.get(row.id))),
  };
}

function itemOf(row: ItemRow, payments: readonly PaymentRow[] = []): CashItem {
  return {
    id: row.id,
    party: row.vendor_id ?? partyOf(row.counterparty ?? row.description),
    label: row.description,
    postedOn: row.posted_on,
    dueOn: row.due_on ?? row.posted_on,
    minor: BigInt(row.minor),
    payments: payments.map(({ on, minor }) => ({ on, minor: BigInt(minor) })),
  };
}

function moveOf(row: MoveRow, item: CashItem | undefined): CashMove {
  return {
    on: row.on,
    minor: BigInt(row.minor),
    party: item?.party ?? row.vendor_id ?? partyOf(row.description),
    label: row.description,
  };
}

/** Texts that differ in numbers only, as days and running numbers do, name one party. */
function partyOf(text: string): string {
  return foldName(text.replace(/\d+/g, ' '));
}
