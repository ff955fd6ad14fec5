import type pg from 'pg';
import { systemActor } from '#kernel/actor';
import { resultOf } from '#kernel/command-door';
import { firstIdAt } from '#kernel/ids';
import type { JobContext } from '#kernel/subgraph';
import { crossFoot, invariants, type Discrepancy, type RowsOf } from './cross-foot.ts';
import { recordValidation } from './validate-record.ts';

/** A book of an organisation. */
export interface BookKey {
  readonly organisationId: string;
  readonly bookId: string;
}

/** A posting may be under way this long before it is committed, and clocks differ. */
const overlapMs = 10 * 60_000;

/**
 * Looks a book over, as it stands at one instant, and records what it finds. A pass asks of what was posted since the
 * last one, of what was found before, and, at its first time or as a sweep, of everything.
 */
export async function validateBook(
  { pool, door }: Pick<JobContext, 'pool' | 'door'>,
  book: BookKey,
  { sweep }: { readonly sweep: boolean },
): Promise<{ opened: number; resolved: number }> {
  const pass = await readSnapshot(pool, book.organisationId, (rowsOf) => look(rowsOf, book, sweep));
  return resultOf(
    await door.run(
      recordValidation,
      { ...pass, bookId: book.bookId },
      { actor: systemActor('transactions', book.organisationId) },
    ),
  );
}

interface Pass {
  readonly sweep: boolean;
  readonly checkedThrough: string;
  readonly asked: readonly string[];
  readonly found: readonly Discrepancy[];
}

async function look(rowsOf: RowsOf, book: BookKey, wanted: boolean): Promise<Pass> {
  const [state] = await rowsOf<{ checked_at: Date; swept_at: Date | null; newest: string | null }>(
    `select s.checked_at, s.swept_at, (select max(e.id) from transactions.journal_entry e
              where e.organisation_id = $1 and e.book_id = $2 and e.id >= coalesce(s.checked_through, '')) as newest
       from (select 1) one left join transactions.validation_state s on s.organisation_id = $1 and s.book_id = $2`,
    [book.organisationId, book.bookId],
  );
  const open = await rowsOf<{ invariant: string; subject_id: string }>(
    `select invariant, subject_id from transactions.validation_finding
      where organisation_id = $1 and book_id = $2 and status = 'OPEN'`,
    [book.organisationId, book.bookId],
  );
  const sweep = wanted || !state?.swept_at;
  const checkedThrough = state?.newest ?? '';
  if (sweep) {
    const found = await crossFoot(rowsOf, book);
    return { sweep, checkedThrough, asked: invariants.map(({ code }) => code), found };
  }
  const since = firstIdAt('je', new Date(state.checked_at.getTime() - overlapMs));
  const named = new Set(open.map(({ invariant }) => invariant));
  const asked = invariants.filter(({ code, reach }) => reach === 'ENTRIES' || named.has(code));
  const besides = open.map((one) => one.subject_id).filter((subject) => subject.startsWith('je_'));
  const found = await crossFoot(rowsOf, { ...book, since, besides }, asked);
  return { sweep, checkedThrough, asked: asked.map(({ code }) => code), found };
}

/** Reads all of it from one snapshot on behalf of an organisation; however long that takes, no posting waits for it. */
async function readSnapshot<T>(
  pool: pg.Pool,
  organisationId: string,
  work: (rowsOf: RowsOf) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query("select set_config('crossfoot.organisation', $1, true)", [organisationId]);
    await client.query('set local statement_timeout = 0');
    const result = await work(async (sql, values) => (await client.query(sql, [...values])).rows as never);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
