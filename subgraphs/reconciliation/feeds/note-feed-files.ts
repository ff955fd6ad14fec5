import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { id } from '#kernel/input';
import { newId } from '#kernel/ids';
import { lockRunning } from './feed-runs.ts';
import type { FeedRow } from './feed-status.ts';

const entry = z.object({ name: z.string(), size: z.int(), modified: z.string() });

/** A file as a feed lists it. */
export type ListedFile = z.output<typeof entry>;

/**
 * Notes what a feed lists. Answers the files that are whole and not taken yet, those that were taken and are still to be
 * put away, and how many are left alone because they may still be written.
 */
export const noteFeedFiles = command({
  name: 'noteFeedFiles',
  description: 'Notes what a feed lists, and tells which files are whole.',
  scope: 'platform:internal',
  input: z.object({ runId: id(), files: z.array(entry).max(20_000) }),
  async run(transaction, { runId, files }) {
    const feed = await lockRunning(transaction, runId);
    const taken = await takenOf(transaction, feed, files);
    const fresh = files.filter((_, at) => !taken.has(at));
    await forgetGone(transaction, feed, fresh);
    const whole = await noteWaiting(transaction, feed, fresh);
    const ready = fresh.filter(({ name }) => whole.has(name));
    const putAway = [...taken].flatMap(([at, one]) => {
      const file = files[at];
      return file && one.put_away_at === null ? [{ ...file, id: one.id, state: one.state }] : [];
    });
    return { ready, putAway, unsettled: fresh.length - ready.length };
  },
  // A repeated key has no use for thousands of names.
  remember: () => ({}),
});

interface TakenRow {
  readonly id: string;
  readonly state: string;
  readonly put_away_at: Date | null;
}

/** What was taken before and is as it was then, by its place in the list. */
async function takenOf(
  transaction: Transaction,
  feed: FeedRow,
  files: readonly ListedFile[],
): Promise<Map<number, TakenRow>> {
  const rows = await transaction.query<TakenRow & { at: number }>(
    `select distinct on (r.at) r.at, f.id, f.state, f.put_away_at
       from jsonb_to_recordset($2::jsonb) as r (at int, name text, size bigint, modified text)
       join reconciliation.bank_feed_file f
         on f.bank_feed_id = $1 and f.name = r.name and f.size = r.size and f.modified = r.modified
        and f.state <> 'WAITING' order by r.at, f.id desc`,
    [feed.id, JSON.stringify(files.map((file, at) => ({ at, ...file })))],
  );
  return new Map(rows.map((row) => [row.at, row]));
}

/** A file that waited and is gone was renamed or taken back. */
async function forgetGone(
  transaction: Transaction,
  feed: FeedRow,
  files: readonly ListedFile[],
): Promise<void> {
  await transaction.query(
    `delete from reconciliation.bank_feed_file
      where bank_feed_id = $1 and state = 'WAITING' and not (name = any($2))`,
    [feed.id, files.map(({ name }) => name)],
  );
}

/** Keeps since when each file has been as it is; answers the names of those that have stood still for long enough. */
async function noteWaiting(
  transaction: Transaction,
  feed: FeedRow,
  files: readonly ListedFile[],
): Promise<Set<string>> {
  const rows = await transaction.query<{ name: string }>(
    `with listed as (
       select * from jsonb_to_recordset($3::jsonb) as r (id text, name text, size bigint, modified text)
     ), still as (
       select w.name from reconciliation.bank_feed_file w join listed r on r.name = w.name
        where w.bank_feed_id = $2 and w.state = 'WAITING' and w.size = r.size and w.modified = r.modified
          and w.still_since <= now() - make_interval(secs => $5)
     ), noted as (
       insert into reconciliation.bank_feed_file as f (organisation_id, id, book_id, bank_feed_id, name, size, modified,
         state, still_since, first_seen_at)
       select $1, r.id, $6, $2, r.name, r.size, r.modified, 'WAITING', now(), $4 from listed r
           on conflict (organisation_id, bank_feed_id, name) where state = 'WAITING'
           do update set size = excluded.size, modified = excluded.modified, still_since = excluded.still_since
            where (f.size, f.modified) is distinct from (excluded.size, excluded.modified)
     )
     select name from still`,
    [
      transaction.organisationId,
      feed.id,
      JSON.stringify(files.map((file) => ({ ...file, id: newId('bff') }))),
      transaction.now,
      feed.settle_seconds,
      feed.book_id,
    ],
  );
  return new Set(rows.map((row) => row.name));
}
