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
const mostParties = 4;
const mostOfParty = 60;
/** Lines beside a line: of the same amount, and of the same payer. */
const mostBeside = 20;

/** The open items that can concern each line: of its amount, named by it, or of who may have paid it. */
export async function itemsOfLines(
  ask: Ask,
  bookId: string,
  lines: readonly SoughtLine[],
): Promise<Map<string, Set<string>>> {
  const found = new Map(lines.map((line) => [line.id, new Set<string>()]));
  const keep = (rows: readonly { line: string; item: string }[]) => {
    for (const { line, item } of rows) found.get(line)?.add(item);
  };
  if (lines.length === 0) return found;
  keep(
    await ask<{ line: string; item: string }>(
      `select a.line, o.id as item
         from unnest($2::text[], $3::bigint[], $4::text[], $5::date[]) as a (line, minor, currency, day)
        cross join lateral (
          select id from reconciliation.open_item
           where book_id = $1 and currency = a.currency and open_minor = a.minor and open_minor <> 0
           order by abs(issued_on - a.day), id limit ${mostAlike}) o`,
      [
        bookId,
        lines.map((line) => line.id),
        lines.map((line) => String(line.minor)),
        lines.map((line) => line.currency),
        lines.map((line) => line.bookedOn),
      ],
    ),
  );
  keep(await namedItems(ask, bookId, lines));
  keep(await itemsOfPayers(ask, bookId, lines));
  return found;
}

async function namedItems(ask: Ask, bookId: string, lines: readonly SoughtLine[]) {
  const keys = lines.flatMap((line) => keysOfLine(line).map((key) => [line.id, key, line.bookedOn] as const));
  if (keys.length === 0) return [];
  return ask<{ line: string; item: string }>(
    `select a.line, o.id as item
       from unnest($2::text[], $3::text[], $4::date[]) as a (line, key, day)
      cross join lateral (
        select i.id from reconciliation.open_item_key k join reconciliation.open_item i on i.id = k.open_item_id
         where k.book_id = $1 and k.key = a.key and i.open_minor <> 0
         order by abs(i.issued_on - a.day), i.id limit ${mostAlike}) o`,
    [bookId, keys.map(([line]) => line), keys.map(([, key]) => key), keys.map(([, , day]) => day)],
  );
}

async function itemsOfPayers(ask: Ask, bookId: string, lines: readonly SoughtLine[]) {
  const words = lines.flatMap((line) =>
    wordsOf([line.counterpartyName], line.account === undefined ? [] : [line.account]).map(
      (word) => [line.id, word, weightOfWord[word.charAt(0)] ?? 1] as const,
    ),
  );
  if (words.length === 0) return [];
  const parties = await ask<{ line: string; party: string }>(
    `select line, party from (
       select a.line, w.party_key as party,
              row_number() over (partition by a.line order by sum(a.weight) desc, w.party_key) as place
         from unnest($2::text[], $3::text[], $4::int[]) as a (line, word, weight)
         join reconciliation.party_word w on w.book_id = $1 and w.word = a.word
        group by a.line, w.party_key) ranked
      where place <= ${mostParties}`,
    [bookId, words.map(([line]) => line), words.map(([, word]) => word), words.map(([, , weight]) => weight)],
  );
  const known = new Map(lines.map((line) => [line.id, line]));
  const asked = parties.flatMap(({ line, party }) => {
    const one = known.get(line);
    return one ? [{ line, party, day: one.bookedOn, out: one.minor < 0n }] : [];
  });
  if (asked.length === 0) return [];
  return ask<{ line: string; item: string }>(
    `select a.line, o.id as item
       from unnest($2::text[], $3::text[], $4::date[], $5::boolean[]) as a (line, party, day, out)
      cross join lateral (
        select id from reconciliation.open_item
         where book_id = $1 and party_key = a.party and open_minor <> 0 and (open_minor < 0) = a.out
         order by abs(issued_on - a.day), id limit ${mostOfParty}) o`,
    [
      bookId,
      asked.map((one) => one.line),
      asked.map((one) => one.party),
      asked.map((one) => one.day),
      asked.map((one) => one.out),
    ],
  );
}

const open = `status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not held`;

/** Open lines that may answer the same items as these: of the same amount or payer, or suggested for the items. */
export async function linesBeside(
  ask: Ask,
  bookId: string,
  { lines, itemIds }: { lines: readonly SoughtLine[]; itemIds: readonly string[] },
): Promise<string[]> {
  const rows = await ask<{ id: string }>(
    `with a as (
       select * from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::date[])
         as a (minor, currency, account, name, day)
     )
     select o.id from (select minor, currency, min(day) as day from a group by 1, 2) a cross join lateral (
       select id from reconciliation.statement_line
        where book_id = $1 and currency = a.currency and minor = a.minor and ${open}
        order by abs(booked_on - a.day), id limit ${mostBeside}) o
     union
     select o.id from (select account, min(day) as day from a where account is not null group by 1) a cross join lateral (
       select id from reconciliation.statement_line
        where book_id = $1 and counterparty_account_index = a.account and ${open}
        order by abs(booked_on - a.day), id limit ${mostBeside}) o
     union
     select o.id from (select name, min(day) as day from a where name is not null group by 1) a cross join lateral (
       select id from reconciliation.statement_line
        where book_id = $1 and counterparty_name = a.name and ${open}
        order by abs(booked_on - a.day), id limit ${mostBeside}) o
     union
     select l.line_id from reconciliation.match_item i
       join reconciliation.match m on m.id = i.match_id and m.status = 'SUGGESTED' and m.book_id = $1
       join reconciliation.match_line l on l.match_id = m.id and l.live
      where i.open_item_id = any($7)`,
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
