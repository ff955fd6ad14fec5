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
  return [...groups.values()].map(near);
}

function near(lines: readonly SoughtLine[]): Asked {
  return {
    lines,
    day: lines.map((line) => line.bookedOn).reduce((first, day) => (day < first ? day : first)),
  };
}

/** The open items that can concern each line: of its amount, named by it, or of who may have paid it. */
export async function itemsOfLines(
  ask: Ask,
  bookId: string,
  lines: readonly SoughtLine[],
): Promise<Map<string, Set<string>>> {
  const found = new Map(lines.map((line) => [line.id, new Set<string>()]));
  for (const question of await questionsOf(ask, bookId, lines)) {
    const rows = await ask<{ at: number; item: string }>(
      `select distinct a.at, o.id as item ${question.from}`,
      question.values,
    );
    for (const { at, item } of rows)
      for (const line of question.asked[at]?.lines ?? []) found.get(line.id)?.add(item);
  }
  return found;
}

/** The same of all the lines together. */
export async function itemsOfAnyLine(
  ask: Ask,
  bookId: string,
  lines: readonly SoughtLine[],
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const { from, values } of await questionsOf(ask, bookId, lines)) {
    const rows = await ask<{ item: string }>(`select distinct o.id as item ${from}`, values);
    for (const { item } of rows) found.add(item);
  }
  return found;
}

/** What to ask the database for: items `o` for what is asked under the number `a.at`. */
interface Question {
  readonly asked: readonly Asked[];
  readonly from: string;
  readonly values: readonly unknown[];
}

async function questionsOf(ask: Ask, bookId: string, lines: readonly SoughtLine[]): Promise<Question[]> {
  if (lines.length === 0) return [];
  return [ofAmounts(bookId, lines), ofKeys(bookId, lines), await ofPayers(ask, bookId, lines)].filter(
    ({ asked }) => asked.length > 0,
  );
}

interface Nearest {
  readonly table: 'statement_line' | 'open_item';
  readonly dayOf: string;
  /** What an index begins with that goes on with the day and the id. */
  readonly where: string;
  readonly most: number;
}

/**
 * The rows nearest to `a.day`, ties by id, read off an index on both sides of that day: the cost is bounded, however many
 * rows there are.
 */
function nearest({ table, dayOf, where, most }: Nearest): string {
  const side = (condition: string, direction: string) =>
    `(select id, ${dayOf} as day from reconciliation.${table} where book_id = $1 and ${where}
         and ${dayOf} ${condition} a.day order by ${dayOf} ${direction}, id ${direction} limit ${most})`;
  return `select near.id from (${side('>=', 'asc')} union all ${side('<', 'desc')}) near
           order by abs(near.day - a.day), near.id limit ${most}`;
}

const itemsNear = (where: string, most: number) =>
  nearest({ table: 'open_item', dayOf: 'issued_on', where: `${where} and open_minor <> 0`, most });

function ofAmounts(bookId: string, lines: readonly SoughtLine[]): Question {
  const asked = together(lines, ({ minor, currency }) => `${minor} ${currency}`);
  return {
    asked,
    from: `from unnest($2::int[], $3::bigint[], $4::text[], $5::date[]) as a (at, minor, currency, day)
      cross join lateral (${itemsNear('currency = a.currency and open_minor = a.minor', mostAlike)}) o`,
    values: [
      bookId,
      asked.map((_one, at) => at),
      asked.map(({ lines: [line] }) => String(line?.minor)),
      asked.map(({ lines: [line] }) => line?.currency),
      asked.map(({ day }) => day),
    ],
  };
}

function ofKeys(bookId: string, lines: readonly SoughtLine[]): Question {
  const asked = lines.map((line) => ({ lines: [line], day: line.bookedOn }));
  const keys = lines.flatMap((line, at) => keysOfLine(line).map((key) => ({ at, key, day: line.bookedOn })));
  return {
    asked: keys.length === 0 ? [] : asked,
    from: `from unnest($2::int[], $3::text[], $4::date[]) as a (at, key, day)
      cross join lateral (
        select o.id from (
          select open_item_id as id from reconciliation.open_item_key
           where book_id = $1 and key = a.key limit ${mostOfKey}) k
         cross join lateral (
          select id, issued_on from reconciliation.open_item where id = k.id and open_minor <> 0 limit 1) o
         order by abs(o.issued_on - a.day), o.id limit ${mostAlike}) o`,
    values: [bookId, keys.map(({ at }) => at), keys.map(({ key }) => key), keys.map(({ day }) => day)],
  };
}

async function ofPayers(ask: Ask, bookId: string, lines: readonly SoughtLine[]): Promise<Question> {
  const payers = Map.groupBy(lines, ({ counterpartyName, account }) =>
    JSON.stringify([counterpartyName, account]),
  );
  const parties = await partiesOf(ask, bookId, [...payers.values()]);
  const pairs = parties.flatMap(({ lines: own, party }) => own.map((line) => ({ line, party })));
  const groups = Map.groupBy(pairs, ({ line, party }) =>
    JSON.stringify([line.bookedOn.slice(0, 7), line.minor < 0n, party]),
  );
  const asked = [...groups.values()].map((group) => ({
    ...near(group.map(({ line }) => line)),
    party: group[0]?.party,
  }));
  return {
    asked,
    from: `from unnest($2::int[], $3::text[], $4::date[], $5::boolean[]) as a (at, party, day, out)
      cross join lateral (${itemsNear('party_key = a.party and (open_minor < 0) = a.out', mostOfParty)}) o`,
    values: [
      bookId,
      asked.map((_one, at) => at),
      asked.map(({ party }) => party),
      asked.map(({ day }) => day),
      asked.map(({ lines: [line] }) => (line?.minor ?? 0n) < 0n),
    ],
  };
}

/**
 * The parties that each group of lines, all of one payer, may be of, by the words of its name and its account. Whose
 * account is known is not looked for by words that many share.
 */
async function partiesOf(
  ask: Ask,
  bookId: string,
  payers: readonly (readonly SoughtLine[])[],
): Promise<{ lines: readonly SoughtLine[]; party: string }[]> {
  const words = payers.flatMap(([line], at) =>
    wordsOf([line?.counterpartyName], line?.account === undefined ? [] : [line.account]).map((word) => ({
      at,
      word,
      weight: weightOfWord[word.charAt(0)] ?? 1,
    })),
  );
  if (words.length === 0) return [];
  const parties = await ask<{ at: number; party: string }>(
    `with a as materialized (
       select * from unnest($2::int[], $3::text[], $4::int[]) as a (at, word, weight)
     ), known as materialized (
       select distinct a.at from a
        cross join lateral (
          select 1 from reconciliation.party_word where book_id = $1 and word = a.word limit 1) w
        where a.weight = ${weightOfWord['a']}
     )
     select at, party from (
       select a.at, w.party_key as party,
              row_number() over (partition by a.at order by sum(a.weight) desc, w.party_key) as place
         from a join reconciliation.party_word w on w.word = a.word
        where w.book_id = $1 and (a.weight >= ${weightOfWord['n']} or a.at not in (select at from known))
        group by a.at, w.party_key) ranked
      where place <= ${mostParties}`,
    [bookId, words.map(({ at }) => at), words.map(({ word }) => word), words.map(({ weight }) => weight)],
  );
  return parties.map(({ at, party }) => ({ lines: payers[at] ?? [], party }));
}

const open = `status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not held`;

const linesNear = (where: string) =>
  nearest({ table: 'statement_line', dayOf: 'booked_on', where: `${where} and ${open}`, most: mostBeside });

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
     )
     select l.id from (select minor, currency, min(day) as day from a group by 1, 2) a
      cross join lateral (${linesNear('currency = a.currency and minor = a.minor')}) l
     union
     select l.id from (select account, min(day) as day from a where account is not null group by 1) a
      cross join lateral (${linesNear('counterparty_account_index = a.account')}) l
     union
     select l.id from (select name, min(day) as day from a where name is not null group by 1) a
      cross join lateral (${linesNear('counterparty_name = a.name')}) l
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
