import type { KeyedItem } from '../matching/search-keys.ts';
import { itemsOfLines, linesBeside, linesOfItems, type Ask } from './find-concerned.ts';
import { itemRows, linesByIds, openLines, soughtLine, toItems, toLines, type LineRow } from './open-rows.ts';
import type { OpenBook } from './plan-matches.ts';

/** As much as one run takes on; what no run has seen yet goes first. */
const mostLines = 50_000;
const mostItems = 200_000;
/** A book with no more open lines and items is looked at whole: that costs less than to ask what concerns what. */
const small = 3_000;
/** Lines of one step of a run over a large book, and new items beyond which the book is looked at whole. */
const mostDueLines = 2_000;
const mostDueItems = 1_000;

/** What a step of a run works on, and what there was to look at. */
export interface LoadedBook extends OpenBook {
  readonly rows: readonly LineRow[];
  /** New items that were looked at; all of the book where it was looked at whole. */
  readonly dueItemIds: readonly string[] | 'all';
}

/**
 * Loads what a run works on: of a small book everything that is open, of a large one the lines no run has looked at and
 * those that new items can concern, with the items and lines that can be mixed up with them. Lines the ledger has
 * refused to post wait for a person and are left out.
 */
export async function loadOpenBook(
  ask: Ask,
  bookId: string,
  { whole }: { whole: boolean },
): Promise<LoadedBook> {
  const due = whole ? undefined : await whatIsDue(ask, bookId);
  if (!due) return loadWhole(ask, bookId);
  if (due.lineIds.length === 0 && due.items.length === 0) return nothing;
  const concerned = await linesOfItems(ask, bookId, due.items);
  const focus = new Set([...due.lineIds, ...concerned.slice(0, mostDueLines)]);
  const rows = await linesByIds(ask, [...focus]);
  const sought = rows.map(soughtLine);
  const found = await itemsOfLines(ask, bookId, sought);
  const near = new Set([...found.values()].flatMap((items) => [...items]));
  const beside = await linesBeside(ask, bookId, { lines: sought, itemIds: [...near] });
  const others = await linesByIds(
    ask,
    beside.filter((id) => !focus.has(id)),
  );
  for (const items of (await itemsOfLines(ask, bookId, others.map(soughtLine))).values())
    for (const id of items) near.add(id);
  const lines = [...rows, ...others];
  for (const id of await itemsSuggested(ask, lines)) near.add(id);
  return {
    ...(await complete(ask, bookId, { lines, itemIds: [...near] })),
    focus: new Set(rows.map((row) => row.id)),
    dueItemIds: due.items.map((item) => item.id),
  };
}

const nothing: LoadedBook = {
  rows: [],
  lines: [],
  items: [],
  suggestions: [],
  declined: new Map(),
  focus: new Set(),
  dueItemIds: [],
};

async function loadWhole(ask: Ask, bookId: string): Promise<LoadedBook> {
  const rows = await openLines(ask, bookId, mostLines);
  if (rows.length === 0) return { ...nothing, dueItemIds: 'all' };
  const book = await complete(ask, bookId, { lines: rows, itemIds: undefined });
  return { ...book, focus: new Set(rows.map((row) => row.id)), dueItemIds: 'all' };
}

interface DueItem extends KeyedItem {
  readonly minor: bigint;
  readonly currency: string;
}

/** What no run has looked at; undefined where the whole book is the better question. */
async function whatIsDue(
  ask: Ask,
  bookId: string,
): Promise<{ lineIds: string[]; items: DueItem[] } | undefined> {
  const [size] = await ask<{ lines: number; items: number }>(
    `select (select count(*) from (select from reconciliation.statement_line
               where book_id = $1 and status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not held limit $2) l)::int as lines,
            (select count(*) from (select from reconciliation.open_item
               where book_id = $1 and open_minor <> 0 limit $2) i)::int as items`,
    [bookId, small + 1],
  );
  if (!size || (size.lines <= small && size.items <= small)) return undefined;
  const items = await ask<{
    id: string;
    reference: string | null;
    payment_reference: string | null;
    counterparty_name: string | null;
    counterparty_accounts: string[];
    vendor_id: string | null;
    minor: string;
    currency: string;
  }>(
    `select id, reference, payment_reference, counterparty_name, counterparty_accounts, vendor_id,
            open_minor::text as minor, currency
       from reconciliation.open_item where book_id = $1 and looked_at is null and open_minor <> 0
      order by id limit $2`,
    [bookId, mostDueItems + 1],
  );
  if (items.length > mostDueItems) return undefined;
  return {
    lineIds: await dueLines(ask, bookId),
    items: items.map((row) => ({
      id: row.id,
      reference: row.reference ?? undefined,
      paymentReference: row.payment_reference ?? undefined,
      counterpartyName: row.counterparty_name ?? undefined,
      accounts: row.counterparty_accounts,
      partyId: row.vendor_id ?? undefined,
      minor: BigInt(row.minor),
      currency: row.currency,
    })),
  };
}

/** Lines no run has looked at, the earliest first; those the ledger has refused to post are for a person. */
export async function dueLines(ask: Ask, bookId: string, most = mostDueLines): Promise<string[]> {
  const rows = await ask<{ id: string }>(
    `select l.id from reconciliation.statement_line l
      where l.book_id = $1 and l.looked_at is null and not l.held
        and l.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION')
        and l.id not in (select e.line_id from reconciliation.exception e
                          where e.status = 'OPEN' and e.reason in ('CLOSED_PERIOD', 'POSTING_REFUSED')
                            and e.line_id is not null)
      order by l.booked_on, l.id limit $2`,
    [bookId, most],
  );
  return rows.map((row) => row.id);
}

async function itemsSuggested(ask: Ask, lines: readonly LineRow[]): Promise<string[]> {
  const rows = await ask<{ id: string }>(
    `select distinct i.open_item_id as id from reconciliation.match_line l
       join reconciliation.match_item i on i.match_id = l.match_id
      where l.live and l.line_id = any($1)`,
    [lines.map((line) => line.id)],
  );
  return rows.map((row) => row.id);
}

async function complete(
  ask: Ask,
  bookId: string,
  { lines: rows, itemIds }: { lines: readonly LineRow[]; itemIds: readonly string[] | undefined },
): Promise<Omit<LoadedBook, 'focus' | 'dueItemIds'>> {
  const ids = rows.map((row) => row.id);
  const suggestions = await ask<{ id: string; content: string; lines: string[] }>(
    `select m.id, m.content, array_agg(l.line_id) as lines
       from reconciliation.match m join reconciliation.match_line l on l.match_id = m.id
      where m.book_id = $1 and m.status = 'SUGGESTED' and l.live and l.line_id = any($2)
      group by m.organisation_id, m.id`,
    [bookId, ids],
  );
  const items = await itemRows(ask, { bookId, itemIds, most: mostItems });
  return {
    rows,
    lines: toLines(rows),
    items: await toItems(ask, { bookId, items, lines: rows }),
    suggestions: suggestions.map(({ id, content, lines: lineIds }) => ({ id, content, lineIds })),
    declined: await declinedOf(ask, ids),
  };
}

async function declinedOf(ask: Ask, lineIds: readonly string[]): Promise<Map<string, Set<string>>> {
  const rows = await ask<{ line_id: string; items: string[] }>(
    `select line_id, array_agg(open_item_id) as items from reconciliation.declined_pair
      where line_id = any($1) group by line_id`,
    [lineIds],
  );
  return new Map(rows.map((row) => [row.line_id, new Set(row.items)]));
}
