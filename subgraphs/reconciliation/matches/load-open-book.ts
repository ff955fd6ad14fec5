import { addDays } from '#kernel/calendar';
import type { KeyedItem } from '../matching/search-keys.ts';
import { itemsOfAnyLine, linesBeside, linesOfItems, type Ask } from './find-concerned.ts';
import { keyedColumns, keyedItem, type KeyedRow } from './key-items.ts';
import {
  itemRows,
  linesByIds,
  openItems,
  openLines,
  soughtLine,
  toItems,
  toLines,
  type ItemRow,
  type LineRow,
} from './open-rows.ts';
import type { OpenBook } from './plan-matches.ts';

/** As much as one step takes on; what no run has seen yet goes first. */
const mostLines = 50_000;
const mostItems = 200_000;
/** A book with no more open lines and items is looked at whole: that costs less than to ask what concerns what. */
const small = 3_000;
/** Lines of one step of a run over a large book, and new items beyond which the book is looked at whole. */
const mostDueLines = 2_000;
const mostDueItems = 1_000;
/** From so many lines on they concern nearly all of a book: to load it costs less than to ask. */
const many = 5_000;
/** An item issued later than this many days after a payment is not what was paid. */
const daysAhead = 60;

/** What a step of a run works on. */
export interface LoadedBook extends OpenBook {
  readonly rows: readonly LineRow[];
}

/** All that is open, or what no run has looked at: its lines, and these items. */
export type Due = 'all' | readonly string[];

/**
 * Loads what a step works on: of a small book everything that is open, of a large one the lines no run has looked at and
 * those that new items can concern, with the items and lines that can be mixed up with them. Lines the ledger has
 * refused to post wait for a person and are left out.
 */
export async function loadOpenBook(ask: Ask, bookId: string, due: Due): Promise<LoadedBook> {
  if (due === 'all' || due.length > mostDueItems || (await isSmall(ask, bookId))) {
    const rows = await openLines(ask, bookId, mostLines);
    return loadAround(ask, bookId, { rows, focus: rows });
  }
  const dueIds = await dueLines(ask, bookId, many + 1);
  const concerned = await linesOfItems(ask, bookId, await loadDueItems(ask, due));
  if (dueIds.length > many) {
    const loaded = await openLines(ask, bookId, mostLines);
    const rows = [...loaded, ...(await others(ask, loaded, concerned.slice(0, mostDueLines)))];
    const seen = new Set(concerned);
    return loadAround(ask, bookId, { rows, focus: rows.filter((row) => !row.looked || seen.has(row.id)) });
  }
  if (dueIds.length + concerned.length === 0) return nothing;
  const focus = new Set([...dueIds.slice(0, mostDueLines), ...concerned.slice(0, mostDueLines)]);
  return loadConcerned(ask, bookId, await linesByIds(ask, [...focus]));
}

const nothing: LoadedBook = {
  rows: [],
  lines: [],
  items: [],
  suggestions: [],
  declined: new Map(),
  focus: new Set(),
};

/** Lines with all open items, or of more than a step takes on those of their time. */
async function loadAround(
  ask: Ask,
  bookId: string,
  { rows, focus }: { rows: readonly LineRow[]; focus: readonly LineRow[] },
): Promise<LoadedBook> {
  if (focus.length === 0) return nothing;
  const last = focus.map((row) => row.booked_on).reduce((a, b) => (a > b ? a : b));
  const until = rows.length < mostLines ? undefined : addDays(last, daysAhead);
  const items = await openItems(ask, bookId, { until, most: mostItems });
  return { ...(await complete(ask, bookId, { rows, items })), focus: idsOf(focus) };
}

/** Lines with the items that can concern them, and the lines and items that can be mixed up with these. */
async function loadConcerned(ask: Ask, bookId: string, rows: readonly LineRow[]): Promise<LoadedBook> {
  const sought = rows.map(soughtLine);
  const near = await itemsOfAnyLine(ask, bookId, sought);
  const beside = await others(
    ask,
    rows,
    await linesBeside(ask, bookId, { lines: sought, itemIds: [...near] }),
  );
  for (const id of await itemsOfAnyLine(ask, bookId, beside.map(soughtLine))) near.add(id);
  const lines = [...rows, ...beside];
  for (const id of await itemsSuggested(ask, lines)) near.add(id);
  const items = await itemRows(ask, { bookId, itemIds: [...near] });
  return { ...(await complete(ask, bookId, { rows: lines, items })), focus: idsOf(rows) };
}

function idsOf(rows: readonly LineRow[]): Set<string> {
  return new Set(rows.map((row) => row.id));
}

function others(ask: Ask, rows: readonly LineRow[], ids: readonly string[]): Promise<LineRow[]> {
  const known = idsOf(rows);
  return linesByIds(
    ask,
    ids.filter((id) => !known.has(id)),
  );
}

async function isSmall(ask: Ask, bookId: string): Promise<boolean> {
  const [size] = await ask<{ lines: number; items: number }>(
    `select (select count(*) from (select from reconciliation.statement_line
               where book_id = $1 and status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not held limit $2) l)::int as lines,
            (select count(*) from (select from reconciliation.open_item
               where book_id = $1 and open_minor <> 0 limit $2) i)::int as items`,
    [bookId, small + 1],
  );
  return !size || (size.lines <= small && size.items <= small);
}

async function loadDueItems(
  ask: Ask,
  ids: readonly string[],
): Promise<(KeyedItem & { readonly minor: bigint; readonly currency: string })[]> {
  if (ids.length === 0) return [];
  const items = await ask<KeyedRow & { readonly minor: string; readonly currency: string }>(
    `select ${keyedColumns}, open_minor::text as minor, currency
       from reconciliation.open_item where id = any($1) and open_minor <> 0 order by id`,
    [ids],
  );
  return items.map((row) => ({ ...keyedItem(row), minor: BigInt(row.minor), currency: row.currency }));
}

/**
 * The items that became open since the last step, more than a step takes one by one cut off. They count as looked at
 * from now on, so this goes before what is open is loaded.
 */
export async function takeDueItems(ask: Ask, bookId: string): Promise<string[]> {
  const rows = await ask<{ id: string }>(
    `with taken as (delete from reconciliation.due_item where book_id = $1 returning open_item_id)
     select open_item_id as id from taken order by 1 limit $2`,
    [bookId, mostDueItems + 1],
  );
  return rows.map((row) => row.id);
}

/** Lines no run has looked at, the earliest first; those the ledger has refused to post are for a person. */
export async function dueLines(ask: Ask, bookId: string, most: number): Promise<string[]> {
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
  { rows, items }: { rows: readonly LineRow[]; items: readonly ItemRow[] },
): Promise<Omit<LoadedBook, 'focus'>> {
  const ids = rows.map((row) => row.id);
  const suggestions = await ask<{ id: string; content: string; lines: string[] }>(
    `select m.id, m.content, array_agg(l.line_id) as lines
       from reconciliation.match m join reconciliation.match_line l on l.match_id = m.id
      where m.book_id = $1 and m.status = 'SUGGESTED' and l.live and l.line_id = any($2)
      group by m.organisation_id, m.id`,
    [bookId, ids],
  );
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
