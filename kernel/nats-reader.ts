import { DeliverPolicy, jetstream, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type pg from 'pg';
import type { Database } from '#kernel/database';
import {
  beginning,
  comparePositions,
  laterPosition,
  type DomainEvent,
  type EventPosition,
} from '#kernel/events';
import type { Log } from '#kernel/log';
import { relayToNats } from '#kernel/nats-relay';
import {
  connectNats,
  identifyDatabase,
  openStream,
  readMessage,
  streamName,
  type Origin,
} from '#kernel/nats-stream';
import { createEventWindow } from '#kernel/nats-window';
import { endOfOutbox, readOutbox, type EventFilter } from '#kernel/outbox';
import { deriveKey } from '#kernel/secrets';
import { sleep } from '#kernel/sleep';

const windowLimits = { events: 10_000, bytes: 16 * 1024 * 1024 };
const fillSize = 1_000;
const longestMemory = 1_000;
const reconnectMilliseconds = 1_000;

/** What reads were answered from, and what became of the messages of NATS; counts since the process started. */
export interface ReadStats {
  /** Reads answered from the window of received messages. */
  readonly windowReads: number;
  /** Reads answered by the database. */
  readonly postgresReads: number;
  /** Events that came into the window by a message. */
  readonly received: number;
  /** Events that came into the window from the database, because their message was late or missing. */
  readonly filled: number;
  /** Messages of events the window knew. */
  readonly repeated: number;
  /** Messages that are not of this installation's database, or that somebody forged or changed. */
  readonly refused: number;
  /** Events this process published while it led the relay. */
  readonly published: number;
}

/** Counts at their start. */
export function noReads(): { -readonly [Name in keyof ReadStats]: ReadStats[Name] } {
  return {
    windowReads: 0,
    postgresReads: 0,
    received: 0,
    filled: 0,
    repeated: 0,
    refused: 0,
    published: 0,
  };
}

/** How events come to the readers of one process. */
export interface EventCarrier {
  /** Whether it wakes the readers itself when events have come; otherwise commits must. */
  carries(): boolean;
  read(after: EventPosition, limit: number, filter?: EventFilter): Promise<DomainEvent[]>;
  end(): Promise<EventPosition>;
  /** To be called at least twice a second: makes good what was missed and wakes the readers. */
  poll(): void;
  stats(): ReadStats;
  stop(): Promise<void>;
}

interface CarrierOptions {
  readonly database: Database;
  readonly pool: pg.Pool;
  readonly natsUrl: string;
  readonly log: Log;
  /** Wakes the readers. */
  readonly wake: () => void;
  /** Calls back after commits of any process, and at least twice a second; answers how to stop. */
  readonly onCommit: (wake: () => void) => () => void;
}

/**
 * Carries events over NATS JetStream. Messages fill a window in memory, in the outbox's order and without a gap; what
 * does not come, the next poll takes from the database. Without a connection every read goes to the database.
 */
export function carryOverNats(options: CarrierOptions): EventCarrier {
  const { pool, wake, log } = options;
  const counted = noReads();
  const cache = windowedReads(pool, counted);
  const stopping = new AbortController();
  let carrying = false;
  let suspicious = false;
  const fill = singleFlight(async () => {
    if (carrying)
      await cache.fill().catch((problem: unknown) => log.debug({ err: problem }, 'the window waits'));
    wake();
  });
  const link = keepLinked({
    ...options,
    signal: stopping.signal,
    counted,
    refused() {
      counted.refused += 1;
      suspicious = true;
    },
    opened(at) {
      cache.window.begin(at);
      carrying = true;
      wake();
    },
    arrived(chained) {
      const outcome = cache.window.offer(chained);
      if (outcome === 'taken') counted.received += 1;
      if (outcome === 'known') counted.repeated += 1;
      if (outcome === 'gap') fill();
      else wake();
    },
    closed() {
      carrying = false;
      cache.forget();
      wake();
    },
  });
  return {
    carries: () => carrying,
    read: (after, limit, filter = {}) => cache.read(after, limit, filter),
    end: () => cache.end(),
    poll() {
      // A failover or a restore may be why nothing fits any more.
      if (suspicious) link.checkSource();
      suspicious = false;
      fill();
    },
    stats: () => ({ ...counted }),
    async stop() {
      stopping.abort();
      await link.done;
      log.info({ reads: counted }, 'reads of events, by where they were answered');
    },
  };
}

/** Runs a task at most once at a time; a call meanwhile makes it run once more. */
function singleFlight(task: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await task();
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}

/**
 * Reads from the window as long as it proves that nothing is missing, from the database otherwise. No reader sees less
 * than another one, or `end`, has told before.
 */
function windowedReads(
  pool: pg.Pool,
  counted: { windowReads: number; postgresReads: number; filled: number },
) {
  const window = createEventWindow(windowLimits);
  // For each filter, a stretch in which it finds nothing: readers of rare events need not ask for it again.
  const barren = new Map<string, { after: EventPosition; through: EventPosition }>();
  let told = beginning;

  const remember = (key: string, after: EventPosition, through: EventPosition): void => {
    barren.delete(key);
    if (comparePositions(after, through) < 0) barren.set(key, { after, through });
    const oldest = barren.size > longestMemory ? barren.keys().next().value : undefined;
    if (oldest !== undefined) barren.delete(oldest);
  };
  const settle = (events: DomainEvent[], search: Search, through: EventPosition): DomainEvent[] => {
    const last = events.at(-1)?.position;
    if (last) told = laterPosition(told, last);
    if (events.length < search.limit)
      remember(search.key, last ?? search.after, laterPosition(through, search.from));
    return events;
  };
  const readWindow = (search: Search): DomainEvent[] | undefined => {
    const covered = window.covered();
    const events = window.read(search.from, search.limit, search.filter);
    if (!covered || !events) return undefined;
    // Fewer than asked for means that there are no more, which must hold for all that was told.
    if (events.length < search.limit && comparePositions(covered, told) < 0) return undefined;
    counted.windowReads += 1;
    return settle(events, search, covered);
  };
  return {
    window,
    async read(after: EventPosition, limit: number, filter: EventFilter): Promise<DomainEvent[]> {
      const key = JSON.stringify([filter.organisationId, filter.types, filter.subject]);
      const known = window.covered() ? barren.get(key) : undefined;
      const skips =
        known && comparePositions(known.after, after) <= 0 && comparePositions(after, known.through) < 0;
      const search: Search = {
        key,
        limit,
        filter,
        after: skips ? known.after : after,
        from: skips ? known.through : after,
      };
      const answered = readWindow(search);
      if (answered) return answered;
      counted.postgresReads += 1;
      const page = await readOutbox(pool, search.from, { limit, filter });
      return settle(page.events, search, page.horizon);
    },
    async end(): Promise<EventPosition> {
      const end = await endOfOutbox(pool);
      told = laterPosition(told, end);
      return end;
    },
    /** Takes what is missing from the database. */
    async fill(): Promise<void> {
      for (let full = true; full;) {
        const from = window.covered();
        if (!from) return;
        const page = await readOutbox(pool, from, { limit: fillSize });
        const last = page.events.at(-1);
        full = page.events.length === fillSize;
        counted.filled += window.extend(page.events, full && last ? last.position : page.horizon);
      }
    },
    forget(): void {
      window.close();
      barren.clear();
    },
  };
}

interface Search {
  readonly key: string;
  readonly limit: number;
  readonly filter: EventFilter;
  /** Nothing lies between `after` and `from` that the filter wants. */
  readonly after: EventPosition;
  readonly from: EventPosition;
}

interface LinkOptions extends CarrierOptions {
  readonly signal: AbortSignal;
  readonly counted: { published: number };
  /** Messages come from now on; everything up to the position is in the database. */
  readonly opened: (at: EventPosition) => void;
  readonly arrived: (chained: NonNullable<ReturnType<typeof readMessage>>) => void;
  readonly refused: () => void;
  readonly closed: () => void;
}

/** Hands over each message that comes from now on; tells when no more will. */
async function subscribe(
  connection: NatsConnection,
  callback: (message: JsMsg) => void,
  ended: (reason: string) => void,
): Promise<void> {
  await openStream(connection);
  const consumer = await jetstream(connection).consumers.get(streamName, {
    deliver_policy: DeliverPolicy.New,
    inactive_threshold: 30_000,
  });
  const messages = await consumer.consume({
    max_messages: 500,
    expires: 10_000,
    abort_on_missing_resource: true,
    callback,
  });
  void messages.closed().then((error) => ended(String(error ?? 'the subscription ended')));
}

/** Keeps a connection with a subscription and a relay standing by; what breaks is made anew. */
function keepLinked(options: LinkOptions): { readonly done: Promise<void>; checkSource(): void } {
  const { signal, log, pool } = options;
  let origin: Origin = { key: deriveKey(options.database.secret, 'nats-events'), source: '' };
  let leave: (reason: string) => void = () => undefined;
  let complained = false;

  const session = async (): Promise<void> => {
    const connection = await connectNats(options.natsUrl);
    const ended = new AbortController();
    leave = (reason) => ended.abort(reason);
    const stop = (): void => leave('the process stops');
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    void connection.closed().then((error) => ended.abort(String(error ?? 'the connection was closed')));
    try {
      origin = { ...origin, source: await identifyDatabase(pool) };
      const take = (message: JsMsg): void => {
        const chained = readMessage(message, origin);
        if (chained) options.arrived(chained);
        else options.refused();
      };
      await subscribe(connection, take, leave);
      options.opened(await endOfOutbox(pool));
      log.info('events travel over NATS');
      complained = false;
      const published = (count: number): void => void (options.counted.published += count);
      await relayToNats({ ...options, connection, key: origin.key, published, signal: ended.signal });
      throw new Error(String(ended.signal.reason));
    } finally {
      signal.removeEventListener('abort', stop);
      options.closed();
      await connection.close();
    }
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await session().catch((problem: unknown) => {
        if (!signal.aborted && !complained) {
          log.warn(
            { problem: String(problem) },
            'NATS does not carry; events travel over PostgreSQL meanwhile',
          );
        }
        complained = true;
      });
      await sleep(reconnectMilliseconds, signal);
    }
  };
  return {
    done: run(),
    checkSource() {
      void identifyDatabase(pool)
        .then((source) => source === origin.source || leave('the database is another one'))
        .catch(() => undefined);
    },
  };
}
