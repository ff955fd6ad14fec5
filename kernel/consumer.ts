import type pg from 'pg';
import { systemActor } from '#kernel/actor';
import type { CommandDoor } from '#kernel/command-door';
import { beginning, type DomainEvent, type EventPosition, type EventType } from '#kernel/events';
import type { Log } from '#kernel/log';
import type { EventReader } from '#kernel/relay';
import { sleep } from '#kernel/sleep';
import type { Handler, Handlers } from '#kernel/subgraph';

const batchSize = 200;

interface ConsumerOptions {
  /** The subgraph's name; its place in the order of events is kept under it. */
  readonly name: string;
  readonly handlers: Handlers;
  readonly door: CommandDoor;
  readonly reader: EventReader;
  readonly log: Log;
}

/** A running consumer of events. */
export interface Consumer {
  /** Resolves when every event committed before the call has been handled or parked. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Feeds a subgraph's handlers with events, in order and once: the place is kept in the database, each reaction is a
 * command keyed by its event, and one process at a time does it, by advisory lock. An event whose handler fails is
 * parked and tried again with growing pauses, so that one bad event stops nobody.
 */
export function startConsumer(options: ConsumerOptions): Consumer {
  const stopping = new AbortController();
  let wake: () => void = () => undefined;
  let pending = true;
  const stopListening = options.reader.onCommit(() => {
    pending = true;
    wake();
  });
  const done = lead(options, stopping.signal, async (client) => {
    let place = await loadPlace(client, options.name);
    while (!stopping.signal.aborted) {
      pending = false;
      place = await drain(options, client, place);
      await retryParked(options, client);
      if (!pending && !stopping.signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
    }
  });
  return {
    async settled() {
      const target = await options.reader.end();
      for (;;) {
        const place = await loadPlace(options.reader.pool, options.name);
        const rest = await options.reader.read(place, 1, { types: Object.keys(options.handlers) });
        const next = rest[0]?.position;
        if (!next || next.xid > target.xid) return;
        await sleep(5);
      }
    },
    async stop() {
      stopping.abort();
      stopListening();
      wake();
      await done;
    },
  };
}

/** Takes the lock of the consumer on one connection and keeps working on it; waits while another process leads. */
async function lead(
  options: ConsumerOptions,
  signal: AbortSignal,
  work: (client: pg.PoolClient) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    let client: pg.PoolClient | undefined;
    try {
      client = await options.reader.pool.connect();
      const held = await client.query<{ held: boolean }>(
        'select pg_try_advisory_lock(hashtext($1)) as held',
        [`crossfoot.consumer.${options.name}`],
      );
      if (held.rows[0]?.held) await work(client);
      else await sleep(500, signal);
    } catch (error) {
      options.log.warn({ problem: String(error), consumer: options.name }, 'the consumer starts again');
      await sleep(250, signal);
    } finally {
      // Closing the connection gives the lock back whatever state it is in.
      client?.release(true);
    }
  }
}

async function loadPlace(queryable: Pick<pg.Pool, 'query'>, name: string): Promise<EventPosition> {
  const found = await queryable.query<{ xid: string; event_id: bigint }>(
    'select xid::text as xid, event_id from kernel.consumer where name = $1',
    [name],
  );
  const row = found.rows[0];
  return row ? { xid: BigInt(row.xid), id: row.event_id } : beginning;
}

async function drain(
  options: ConsumerOptions,
  client: pg.PoolClient,
  from: EventPosition,
): Promise<EventPosition> {
  const types = Object.keys(options.handlers);
  if (types.length === 0) return from;
  let place = from;
  for (;;) {
    const events = await options.reader.read(place, batchSize, { types });
    for (const event of events) {
      const problem = await handle(options, event);
      if (problem) await park(client, options.name, { event, problem });
    }
    const last = events.at(-1);
    if (!last) return place;
    place = last.position;
    await client.query(
      `insert into kernel.consumer (name, xid, event_id) values ($1, $2::text::xid8, $3)
       on conflict (name) do update set xid = excluded.xid, event_id = excluded.event_id, updated_at = now()`,
      [options.name, String(place.xid), String(place.id)],
    );
    if (events.length < batchSize) return place;
  }
}

/** Runs all reactions to one event; answers what went wrong, if anything did. */
async function handle(options: ConsumerOptions, event: DomainEvent): Promise<string | undefined> {
  const handlers = (options.handlers[event.type] ?? []) as readonly Handler<EventType>[];
  for (const handler of handlers) {
    try {
      const input = handler.input(event);
      if (input === undefined) continue;
      const outcome = await options.door.run(handler.command, input, {
        actor: systemActor(options.name, event.organisationId),
        idempotencyKey: `event:${event.position.id}:${handler.command.name}`,
      });
      if (outcome.result === undefined)
        return outcome.errors.map((e) => `${e.code}: ${e.message}`).join('; ');
    } catch (error) {
      options.log.error({ err: error, event: event.type, subject: event.subjectId }, 'a handler failed');
      return error instanceof Error ? error.message : String(error);
    }
  }
  return undefined;
}

async function park(
  client: pg.PoolClient,
  consumer: string,
  failure: { event: DomainEvent; problem: string },
): Promise<void> {
  await client.query(
    `insert into kernel.parked_event (consumer, event_id, attempts, problem, next_attempt_at)
     values ($1, $2, 1, $3, now() + interval '1 second')
     on conflict (consumer, event_id) do update
        set attempts = kernel.parked_event.attempts + 1, problem = excluded.problem,
            next_attempt_at = now() + least(interval '1 hour', interval '1 second' * 2 ^ least(kernel.parked_event.attempts, 12))`,
    [consumer, String(failure.event.position.id), failure.problem.slice(0, 2000)],
  );
}

async function retryParked(options: ConsumerOptions, client: pg.PoolClient): Promise<void> {
  const due = await client.query<{ event_id: bigint; xid: string }>(
    `select p.event_id, o.xid::text as xid from kernel.parked_event p join kernel.outbox o on o.id = p.event_id
      where p.consumer = $1 and p.next_attempt_at <= now() order by p.event_id limit 50`,
    [options.name],
  );
  for (const row of due.rows) {
    const [event] = await options.reader.read({ xid: BigInt(row.xid), id: row.event_id - 1n }, 1);
    const problem = event ? await handle(options, event) : undefined;
    if (event && problem) await park(client, options.name, { event, problem });
    else {
      await client.query('delete from kernel.parked_event where consumer = $1 and event_id = $2', [
        options.name,
        String(row.event_id),
      ]);
    }
  }
}
