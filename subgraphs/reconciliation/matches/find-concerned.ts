import type { Transaction } from '#kernel/command';
import {
  keysOfLine,
  needlesOf,
  weightOfWord,
  wordsOf,
  type KeyedItem,
  type KeyedLine,
} from '../matching/search-keys.ts';

/** How a book is asked: in a command's transaction or in a request's. */
export type Ask = <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;

/** Asks in the transaction of a command. */
export function askOf(transaction: Transaction): Ask {
  return (sql, values) => transaction.query(sql, values);
}

/** A line that is to be matched, with what it is looked up by; amounts in minor units. */
export interface SoughtLine extends KeyedLine {
  readonly id: string;
  readonly bookedOn: string;
  readonly minor: bigint;
  readonly currency: string;
}

/** So many items of one amount or key are loaded, those nearest in time; more cannot be told apart anyway. */
const mostAlike = 20;
/** A key that more items have ever had, settled ones among them, names nothing. */
const mostOfKey = 500;
const mostParties = 4;
const mostOfParty = 60;
/** Lines beside a line: of the same amount, and of the same payer. */
const mostBeside = 20;

/** Lines that ask the same, asked for once: in one month, near the first of them. */
interface Asked {
  readonly lines: readonly SoughtLine[];
  readonly day: string;
}

function together(lines: readonly SoughtLine[], keyOf: (line: SoughtLine) => string): Asked[] {
  const groups = Map.groupBy(lines, (line) => `${line.bookedOn.slice(0, 7)} ${keyOf(line)}`);
  return [...groups.values()].map((group) => ({
    lines: group,
    day: group.map((line) => line.bookedOn).reduce((first, day) => (day < first ? day : first)),
  }));
}

/** The open items that can concern each line: of its amount, named by it, or of who may have paid it. */
export async function itemsOfLines(
  ask: Ask,
  bookId: string,
  lines: readonly SoughtLine[],
): Promise<Map<string, Set<string>>> {
  const found = new Map(lines.map((line) => [line.id, new Set<string>()]));
  if (lines.length === 0) return found;
  const keep = (asked: readonly Asked[], rows: readonly { at: number; item: string }[]) => {
    for (const { at, item } of rows) for (const line of asked[at]?.lines ?? []) found.get(line.id)?.add(item);
  };
  const amounts = together(lines, ({ minor, currency }) => `${minor} ${currency}`);
  keep(amounts, await itemsOfAmounts(ask, bookId, amounts));
  const single = lines.map((line) => ({ lines: [line], day: line.bookedOn }));
  keep(single, await namedItems(ask, bookId, single));
  const payers = together(lines, ({ counterpartyName, account, minor }) =>
    JSON.stringify([counterpartyName, account, minor < 0n]),
  );
  keep(payers, await itemsOfPayers(ask, bookId, payers));
  return found;
}

interface Found {
  readonly at: number;
  readonly item: string;
}

// Joined and then cut: this costs little also where the database has no statistics of the rows yet.
function itemsOfAmounts(ask: Ask, bookId: string, asked: readonly Asked[]): Promise<Found[]> {
  return ask<Found>(
    `select at, item from (
       select a.at, o.id as item, row_number() over (partition by a.at order by abs(o.issued_on - a.day), o.id) as place
         from unnest($2::int[], $3::bigint[], $4::text[], $5::date[]) as a (at, minor, currency, day)
         join reconciliation.open_item o on o.currency = a.currency and o.open_minor = a.minor
        where o.book_id = $1 and o.open_minor <> 0) near
      where place <= ${mostAlike}`,
    [
      bookId,
      asked.map((_one, at) => at),
      asked.map(({ lines: [line] }) => String(line?.minor)),
      asked.map(({ lines: [line] }) => line?.currency),
      asked.map(({ day }) => day),
    ],
  );
}

async function namedItems(ask: Ask, bookId: string, asked: readonly Asked[]): Promise<Found[]> {
  const keys = asked.flatMap(({ lines, day }, at) =>
    lines.flatMap((line) => keysOfLine(line).map((key) => ({ at, key, day }))),
  );
  if (keys.length === 0) return [];
  return ask<Found>(
    `select at, item from (
       select a.at, o.id as item,
              row_number() over (partition by a.at, a.key order by abs(o.issued_on - a.day), o.id) as place
         from unnest($2::int[], $3::text[], $4::date[]) as a (at, key, day)
        cross join lateral (
          select open_item_id as id from reconciliation.open_item_key
           where book_id = $1 and key = a.key limit ${mostOfKey}) k
        cross join lateral (
          select id, issued_on from reconciliation.open_item where id = k.id and open_minor <> 0 limit 1) o) near
      where place <= ${mostAlike}`,
    [bookId, keys.map(({ at }) => at), keys.map(({ key }) => key), keys.map(({ day }) => day)],
  );
}

async function itemsOfPayers(ask: Ask, bookId: string, asked: readonly Asked[]): Promise<Found[]> {
  const words = asked.flatMap(({ lines: [line] }, at) =>
    wordsOf([line?.counterpartyName], line?.account === undefined ? [] : [line.account]).map((word) => ({
      at,
      word,
      weight: weightOfWord[word.charAt(0)] ?? 1,
    })),
  );
  if (words.length === 0) return [];
  const parties = await ask<{ at: number; party: string }>(
    `select at, party from (
       select a.at, w.party_key as party,
              row_number() over (partition by a.at order by sum(a.weight) desc, w.party_key) as place
         from unnest($2::int[], $3::text[], $4::int[]) as a (at, word, weight)
         join reconciliation.party_word w on w.word = a.word
        where w.book_id = $1 group by a.at, w.party_key) ranked
      where place <= ${mostParties}`,
    [bookId, words.map(({ at }) => at), words.map(({ word }) => word), words.map(({ weight }) => weight)],
  );
  if (parties.length === 0) return [];
  return ask<Found>(
    `select at, item from (
       select a.at, o.id as item,
              row_number() over (partition by a.at, a.party order by abs(o.issued_on - a.day), o.id) as place
         from unnest($2::int[], $3::text[], $4::date[], $5::boolean[]) as a (at, party, day, out)
         join reconciliation.open_item o on o.party_key = a.party and (o.open_minor < 0) = a.out
        where o.book_id = $1 and o.open_minor <> 0) near
      where place <= ${mostOfParty}`,
    [
      bookId,
      parties.map(({ at }) => at),
      parties.map(({ party }) => party),
      parties.map(({ at }) => asked[at]?.day),
      parties.map(({ at }) => (asked[at]?.lines[0]?.minor ?? 0n) < 0n),
    ],
  );
}

const open = `status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not held`;
const openHere = `l.book_id = $1 and l.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not l.held`;

/**
 * Open lines that may answer the same items as these: of the same amount or payer, or suggested for the items, which are
 * looked up one by one: in a plan for any values, a list of a hundred thousand is gone through for every row.
 */
export async function linesBeside(
  ask: Ask,
  bookId: string,
  { lines, itemIds }: { lines: readonly SoughtLine[]; itemIds: readonly string[] },
): Promise<string[]> {
  const rows = await ask<{ id: string }>(
    `with a as (
       select * from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::date[])
         as a (minor, currency, account, name, day)
     ), near as (
       select l.id, row_number() over (partition by l.currency, l.minor order by abs(l.booked_on - a.day), l.id) as place
         from (select minor, currency, min(day) as day from a group by 1, 2) a
         join reconciliation.statement_line l on l.currency = a.currency and l.minor = a.minor where ${openHere}
       union all
       select l.id, row_number() over (partition by a.account order by abs(l.booked_on - a.day), l.id)
         from (select account, min(day) as day from a where account is not null group by 1) a
         join reconciliation.statement_line l on l.counterparty_account_index = a.account where ${openHere}
       union all
       select l.id, row_number() over (partition by a.name order by abs(l.booked_on - a.day), l.id)
         from (select name, min(day) as day from a where name is not null group by 1) a
         join reconciliation.statement_line l on l.counterparty_name = a.name where ${openHere}
     )
     select id from near where place <= ${mostBeside}
     union
     select l.line_id from unnest($7::text[]) as w (id)
      cross join lateral (
        select match_id from reconciliation.match_item where open_item_id = w.id offset 0) i
       join reconciliation.match m on m.id = i.match_id and m.status = 'SUGGESTED' and m.book_id = $1
       join reconciliation.match_line l on l.match_id = m.id and l.live`,
    [
      bookId,
      lines.map((line) => String(line.minor)),
      lines.map((line) => line.currency),
      lines.map((line) => line.account ?? null),
      lines.map((line) => line.counterpartyName ?? null),
      lines.map((line) => line.bookedOn),
      itemIds,
    ],
  );
  return rows.map((row) => row.id);
}

/** Open lines that new items can concern: of their amount, naming them, or of who owes or is owed them. */
export async function linesOfItems(
  ask: Ask,
  bookId: string,
  items: readonly (KeyedItem & { readonly minor: bigint; readonly currency: string })[],
): Promise<string[]> {
  if (items.length === 0) return [];
  const needles = [...new Set(items.flatMap(needlesOf))];
  const rows = await ask<{ id: string }>(
    `select l.id from reconciliation.statement_line l
       join (select distinct * from unnest($2::bigint[], $3::text[]) as a (minor, currency)) a
         on l.currency = a.currency and l.minor = a.minor
      where l.book_id = $1 and l.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not l.held
     union
     select id from reconciliation.statement_line
      where book_id = $1 and counterparty_account_index = any($4) and ${open}
     union
     select id from reconciliation.statement_line l
      where book_id = $1 and ${open}
        and exists (select 1 from unnest($5::text[]) as n (needle) where strpos(l.looked_text, n.needle) > 0)`,
    [
      bookId,
      items.map((item) => String(item.minor)),
      items.map((item) => item.currency),
      items.flatMap((item) => item.accounts),
      needles,
    ],
  );
  return rows.map((row) => row.id);
}
