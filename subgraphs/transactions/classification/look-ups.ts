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
  const tables = await query<{ id: string; name: string }>(
    `select distinct on (name) id, name from transactions.lookup_table
      where book_id = $1 and (valid_from is null or valid_from <= $2::date)
        and (valid_until is null or valid_until >= $2::date)
      order by name, revision desc`,
    [bookId, on],
  );
  const missing = tables.filter(({ id }) => !known.has(id));
  if (missing.length > 0) {
    const rows = await query<{ id: string; entries: Record<string, string> }>(
      'select id, entries from transactions.lookup_table where id = any ($1)',
      [missing.map(({ id }) => id)],
    );
    for (const { id, entries } of rows) remember(id, new Map(Object.entries(entries)));
  }
  const byName = new Map(tables.map(({ id, name }) => [name, known.get(id)]));
  return (table, key) => {
    const found = byName.get(table);
    if (found) return found.get(key);
    throw new CrossfootError('EXPRESSION_FAILED', `The book has no look-up table "${table}" on ${on}`);
  };
}

function remember(id: string, entries: ReadonlyMap<string, string>): void {
  const [oldest] = known.keys();
  if (known.size >= mostKnown && oldest !== undefined) known.delete(oldest);
  known.set(id, entries);
}
