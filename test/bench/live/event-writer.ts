import pg from 'pg';
import { encodeCursor } from '#kernel/events';

/** Commits events of one organisation, as commands do, and remembers when each commit was done. */
export interface EventWriter {
  /** Commits so many events in one transaction; answers their cursors. */
  readonly commit: (events: number) => Promise<readonly string[]>;
  /** When the event of a cursor was committed, in milliseconds. */
  readonly committedAt: (cursor: string) => number | undefined;
  /** The cursors of everything committed, in order. */
  readonly cursors: readonly string[];
  close(): Promise<void>;
}

interface WriterOptions {
  readonly url: string;
  readonly organisationId: string;
  readonly bookId: string;
}

/** Opens a writer whose events are about the entries of a book. */
export async function openEventWriter({ url, organisationId, bookId }: WriterOptions): Promise<EventWriter> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const found = await client.query<{ id: string }>(
    'select id from transactions.journal_entry where book_id = $1 order by id',
    [bookId],
  );
  const entries = found.rows.map(({ id }) => id);
  const times = new Map<string, number>();
  const cursors: string[] = [];
  return {
    cursors,
    committedAt: (cursor) => times.get(cursor),
    async commit(events) {
      const subjects = Array.from(
        { length: events },
        (_, n) => entries[(cursors.length + n) % entries.length],
      );
      const { rows } = await client.query<{ id: string; xid: string }>({
        name: 'commit_events',
        text: `insert into kernel.outbox (organisation_id, book_id, type, subject_id, facts, actor_id, occurred_at)
               select $1, $2, 'journalEntry.posted', subject, '{}', 'mem_bench', now()
                 from unnest($3::text[]) as subject returning id::text, xid::text`,
        values: [organisationId, bookId, subjects],
      });
      const at = performance.timeOrigin + performance.now();
      // The wake-up follows the commit, as the reader of a process sends it.
      const woken = client.query('notify crossfoot_committed');
      const made = rows.map(({ id, xid }) => encodeCursor({ xid: BigInt(xid), id: BigInt(id) }));
      for (const cursor of made) times.set(cursor, at);
      cursors.push(...made);
      await woken;
      return made;
    },
    close: () => client.end(),
  };
}
