import type { CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import type { LookUp } from '#kernel/expressions';

/** Runs a query, in a command or in a request. */
export type Query = <Row extends object>(sql: string, values: readonly unknown[]) => Promise<Row[]>;

/** Revisions this process has read. They never change, so that nothing has to be invalidated: a new upload is a new id. */
const known = new Map<string, ReadonlyMap<string, string>>();
const mostKnown = 200;

/** The look-up tables of a book on a day, as expressions see them: by name, the latest revision that is valid. */
export async function loadLookUps(query: Query, bookId: string, on: CalendarDate): Promise<LookUp> {
  const tables = await query<TableRow>(
    `select distinct on (name) id, name, valid_from::text as valid_from, valid_until::text as valid_until
       from transactions.lookup_table
      where book_id = $1 and (valid_from is null or valid_from <= $2::date)
        and (valid_until is null or valid_until >= $2::date)
      order by name, revision desc`,
    [bookId, on],
  );
  await readMissing(query, tables);
  return lookUpIn(tables, on);
}

/** The look-up tables of a book for any day, read at once. */
export async function loadLookUpsOfDays(query: Query, bookId: string): Promise<(on: CalendarDate) => LookUp> {
  const tables = await query<TableRow>(
    `select id, name, valid_from::text as valid_from, valid_until::text as valid_until
       from transactions.lookup_table where book_id = $1 order by name, revision desc`,
    [bookId],
  );
  await readMissing(query, tables);
  return (on) => lookUpIn(tables, on);
}

interface TableRow {
  readonly id: string;
  readonly name: string;
  readonly valid_from: CalendarDate | null;
  readonly valid_until: CalendarDate | null;
}

async function readMissing(query: Query, tables: readonly TableRow[]): Promise<void> {
  const missing = tables.filter(({ id }) => !known.has(id));
  if (missing.length === 0) return;
  const rows = await query<{ id: string; entries: Record<string, string> }>(
    'select id, entries from transactions.lookup_table where id = any ($1)',
    [missing.map(({ id }) => id)],
  );
  for (const { id, entries } of rows) remember(id, new Map(Object.entries(entries)));
}

/** Of several revisions that are valid, the first in the list, which is the latest, answers. */
function lookUpIn(tables: readonly TableRow[], on: CalendarDate): LookUp {
  const entries = new Map<string, ReadonlyMap<string, string> | undefined>();
  for (const { id, name, valid_from: from, valid_until: until } of tables)
    if (!entries.has(name) && (from === null || from <= on) && (until === null || until >= on))
      entries.set(name, known.get(id));
  return (table, key) => {
    const found = entries.get(table);
    if (found) return found.get(key);
    throw new CrossfootError('EXPRESSION_FAILED', `The book has no look-up table "${table}" on ${on}`);
  };
}

function remember(id: string, entries: ReadonlyMap<string, string>): void {
  const [oldest] = known.keys();
  if (known.size >= mostKnown && oldest !== undefined) known.delete(oldest);
  known.set(id, entries);
}
