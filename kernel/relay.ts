import pg from 'pg';
import { createPool, roleUrl, type Database } from '#kernel/database';
import type { DomainEvent, EventPosition } from '#kernel/events';
import type { Log } from '#kernel/log';
import { carryOverNats, noReads, type EventCarrier, type ReadStats } from '#kernel/nats-reader';
import { endOfOutbox, readOutbox, type EventFilter } from '#kernel/outbox';
import { sleep } from '#kernel/sleep';

const channel = 'crossfoot_committed';
const pollMilliseconds = 500;

/** The outbox as its readers see it. */
export interface EventReader {
  /** Committed events behind a position, in order, at most `limit`; none can later appear before those given. */
  read(after: EventPosition, limit: number, filter?: EventFilter): Promise<DomainEvent[]>;
  /** The position behind which only events of the future lie. */
  end(): Promise<EventPosition>;
  /** Calls back soon after commits, from any process, and at least twice a second; answers how to stop. */
  readonly onCommit: (wake: () => void) => () => void;
  /** Tells all readers of all processes that something was committed. */
  committed(): void;
  /** What the reads of this process were answered from, since it started. */
  stats(): ReadStats;
  readonly pool: pg.Pool;
  stop(): Promise<void>;
}

/**
 * Reads the outbox with a gap-safe cursor: only rows below the oldest running transaction, in the order (xid, id).
 * Wake-ups travel by LISTEN/NOTIFY after the commit, outside its transaction, because NOTIFY inside it makes all
 * committers wait for one another; a lost wake-up costs one poll. With a NATS server the events themselves travel
 * through it, and the notification is for the process that publishes them.
 */
export async function createEventReader(
  database: Database,
  log: Log,
  options: { readonly natsUrl?: string } = {},
): Promise<EventReader> {
  const pool = createPool(database, 'relay', 8);
  const stopping = new AbortController();
  const readers = wakerSet();
  const committers = wakerSet();
  const { natsUrl } = options;
  const carrier: EventCarrier = natsUrl
    ? carryOverNats({ database, pool, natsUrl, log, wake: readers.wake, onCommit: committers.add })
    : carryOverPostgres(pool, readers.wake);
  const committed = (): void => {
    committers.wake();
    if (!carrier.carries()) readers.wake();
  };
  const listening = listen(database, committed, { signal: stopping.signal, log });
  const poll = setInterval(() => {
    committers.wake();
    carrier.poll();
  }, pollMilliseconds);
  const notifier = coalescedNotifier(pool, committed, log);
  await listening.ready;
  return {
    pool,
    read: (after, limit, filter) => carrier.read(after, limit, filter),
    end: () => carrier.end(),
    stats: () => carrier.stats(),
    onCommit: readers.add,
    committed: notifier,
    async stop() {
      stopping.abort();
      clearInterval(poll);
      await Promise.all([listening.done, carrier.stop()]);
      await pool.end();
    },
  };
}

/** Readers on the database itself. */
function carryOverPostgres(pool: pg.Pool, wake: () => void): EventCarrier {
  const counted = noReads();
  return {
    carries: () => false,
    async read(after, limit, filter) {
      counted.postgresReads += 1;
      return (await readOutbox(pool, after, { limit, filter })).events;
    },
    end: () => endOfOutbox(pool),
    poll: wake,
    stats: () => ({ ...counted }),
    stop: () => Promise.resolve(),
  };
}

function wakerSet(): { readonly wake: () => void; readonly add: (wake: () => void) => () => void } {
  const wakers = new Set<() => void>();
  return {
    wake: () => wakers.forEach((wake) => wake()),
    add(wake) {
      wakers.add(wake);
      return () => wakers.delete(wake);
    },
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
