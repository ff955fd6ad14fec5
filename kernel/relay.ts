import pg from 'pg';
import { createPool, roleUrl, type Database } from '#kernel/database';
import { comparePositions, type DomainEvent, type EventPosition, type EventType } from '#kernel/events';
import type { Log } from '#kernel/log';
import { sleep } from '#kernel/sleep';

const channel = 'crossfoot_committed';
const pollMilliseconds = 500;

/** Which events a reader wants; left out means all. */
export interface EventFilter {
  readonly organisationId?: string;
  readonly types?: readonly string[];
  /** The first part of the types' names: `journalEntry` for `journalEntry.posted` and its like. */
  readonly subject?: string;
}

/** The outbox as its readers see it. */
export interface EventReader {
  /** Committed events behind a position, in order, at most `limit`; none can later appear before those given. */
  read(after: EventPosition, limit: number, filter?: EventFilter): Promise<DomainEvent[]>;
  /** The position behind which only events of the future lie. */
  end(): Promise<EventPosition>;
  /** Calls back soon after commits, from any process, and at least twice a second; answers how to stop. */
  onCommit(wake: () => void): () => void;
  /** Tells all readers of all processes that something was committed. */
  committed(): void;
  readonly pool: pg.Pool;
  stop(): Promise<void>;
}

/**
 * Reads the outbox with a gap-safe cursor: only rows below the oldest running transaction, in the order (xid, id).
 * Wake-ups travel by LISTEN/NOTIFY after the commit, outside its transaction, because NOTIFY inside it makes all
 * committers wait for one another; a lost wake-up costs one poll.
 */
export async function createEventReader(database: Database, log: Log): Promise<EventReader> {
  const pool = createPool(database, 'relay', 8);
  const stopping = new AbortController();
  const wakers = new Set<() => void>();
  const wakeAll = () => wakers.forEach((wake) => wake());
  const listening = listen(database, wakeAll, { signal: stopping.signal, log });
  const poll = setInterval(wakeAll, pollMilliseconds);
  const notifier = coalescedNotifier(pool, wakeAll, log);
  await listening.ready;
  return {
    pool,
    read: (after, limit, filter) => readEvents(pool, after, { limit, filter: filter ?? {} }),
    async end() {
      const answer = await pool.query<{ xid: string }>(
        'select pg_snapshot_xmin(pg_current_snapshot())::text as xid',
      );
      // Everything of transactions below the horizon is readable now; events from the horizon on are the future.
      return { xid: BigInt(answer.rows[0]?.xid ?? 0) - 1n, id: 9_223_372_036_854_775_807n };
    },
    onCommit(wake) {
      wakers.add(wake);
      return () => wakers.delete(wake);
    },
    committed: notifier,
    async stop() {
      stopping.abort();
      clearInterval(poll);
      await listening.done;
      await pool.end();
    },
  };
}

interface OutboxRow {
  id: bigint;
  xid: string;
  organisation_id: string;
  book_id: string | null;
  type: string;
  subject_id: string;
  facts: unknown;
  actor_id: string;
  occurred_at: Date;
}

async function readEvents(
  pool: pg.Pool,
  after: EventPosition,
  options: { limit: number; filter: EventFilter },
): Promise<DomainEvent[]> {
  const answer = await pool.query<OutboxRow>({
    name: 'read_outbox',
    text: `select id, xid::text as xid, organisation_id, book_id, type, subject_id, facts, actor_id, occurred_at
             from kernel.outbox
            where (xid, id) > ($1::text::xid8, $2)
              and xid < pg_snapshot_xmin(pg_current_snapshot())
              and ($3::text is null or organisation_id = $3)
              and ($4::text[] is null or type = any ($4))
              and ($6::text is null or starts_with(type, $6 || '.'))
            -- Qualified: a bare xid would be the text of the select list, in which 1000 comes before 999.
            order by outbox.xid, outbox.id limit $5`,
    values: [
      String(after.xid),
      String(after.id),
      options.filter.organisationId ?? null,
      options.filter.types ?? null,
      options.limit,
      options.filter.subject ?? null,
    ],
  });
  return answer.rows.map(eventOf);
}

function eventOf(row: OutboxRow): DomainEvent {
  return {
    position: { xid: BigInt(row.xid), id: row.id },
    organisationId: row.organisation_id,
    bookId: row.book_id ?? undefined,
    type: row.type as EventType,
    subjectId: row.subject_id,
    facts: row.facts as DomainEvent['facts'],
    actorId: row.actor_id,
    occurredAt: row.occurred_at,
  };
}

/** At most one NOTIFY under way; commits meanwhile share the next one. */
function coalescedNotifier(pool: pg.Pool, wakeAll: () => void, log: Log): () => void {
  let running = false;
  let again = false;
  const notify = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await pool
        .query(`notify ${channel}`)
        .catch((error: unknown) => log.debug({ problem: String(error) }, 'a wake-up was lost'));
    } while (again);
    running = false;
  };
  return () => {
    wakeAll();
    if (running) again = true;
    else void notify();
  };
}

function listen(
  database: Database,
  wake: () => void,
  options: { signal: AbortSignal; log: Log },
): { ready: Promise<void>; done: Promise<void> } {
  let markReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    markReady = resolve;
  });
  const connectOnce = async (): Promise<void> => {
    const client = new pg.Client({
      connectionString: roleUrl(database, 'relay'),
      application_name: 'crossfoot_listen',
      keepAlive: true,
    });
    const ended = new Promise<void>((resolve) => {
      client.once('end', resolve);
      client.on('error', () => resolve());
      options.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', wake);
    await client.connect();
    await client.query(`listen ${channel}`);
    markReady();
    wake();
    await ended;
    await client.end().catch(() => undefined);
  };
  const run = async (): Promise<void> => {
    while (!options.signal.aborted) {
      await connectOnce().catch((error: unknown) =>
        options.log.warn({ problem: String(error) }, 'listening was interrupted'),
      );
      if (!options.signal.aborted) await sleep(250, options.signal);
    }
  };
  return { ready, done: run() };
}

/** The later of two positions. */
export function laterPosition(a: EventPosition, b: EventPosition): EventPosition {
  return comparePositions(a, b) < 0 ? b : a;
}
