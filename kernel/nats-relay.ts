import { jetstream, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type pg from 'pg';
import { createPool, type Database } from '#kernel/database';
import type { DomainEvent, EventPosition } from '#kernel/events';
import type { Log } from '#kernel/log';
import {
  identifyDatabase,
  openStream,
  publicationOf,
  readMessage,
  streamName,
  type Origin,
} from '#kernel/nats-stream';
import { endOfOutbox, readOutbox } from '#kernel/outbox';
import { sleep } from '#kernel/sleep';

const batchSize = 256;
const consumerName = 'nats';

interface RelayOptions {
  readonly database: Database;
  readonly connection: NatsConnection;
  readonly key: Buffer;
  readonly log: Log;
  /** Calls back soon after commits and at least twice a second; answers how to stop. */
  readonly onCommit: (wake: () => void) => () => void;
  /** Hears how many events were published. */
  readonly published: (count: number) => void;
  /** Given when the connection has ended or the process stops. */
  readonly signal: AbortSignal;
}

/**
 * Publishes the outbox to the stream, in its order and without gap or repetition. One process leads, by advisory lock
 * on a session of its own over which it also keeps its place, so that whoever lost the lock cannot move the place any
 * more. Every process with a connection stands by. Returns when the signal is given.
 */
export async function relayToNats(options: RelayOptions): Promise<void> {
  const { database, log, signal } = options;
  const pool = createPool(database, 'relay', 1);
  let complained = false;
  while (!signal.aborted) {
    let client: pg.PoolClient | undefined;
    try {
      client = await pool.connect();
      await standBy(client, signal);
      if (!signal.aborted) await lead(options, client);
    } catch (error) {
      if (!signal.aborted && !complained) log.warn({ problem: String(error) }, 'the NATS relay starts again');
      complained = true;
    } finally {
      // Closing the session gives the lock back whatever state it is in.
      client?.release(true);
    }
    // Another process, whose connection may be better, takes over meanwhile.
    await sleep(1_000, signal);
  }
  await pool.end();
}

async function standBy(client: pg.PoolClient, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const answer = await client.query<{ held: boolean }>(
      "select pg_try_advisory_lock(hashtext('crossfoot.relay.nats')) as held",
    );
    if (answer.rows[0]?.held) return;
    await sleep(500, signal);
  }
}

/** Where the stream stands: its last sequence number, and behind which event the next one comes. */
interface StreamPlace {
  readonly sequence: number;
  readonly position: EventPosition;
}

async function lead(options: RelayOptions, client: pg.PoolClient): Promise<void> {
  const { signal } = options;
  const origin: Origin = { key: options.key, source: await identifyDatabase(client) };
  const manager = await openStream(options.connection);
  const { config } = await manager.streams.info(streamName);
  const limit = payloadLimit(options.connection, config.max_msg_size);
  const publisher = { client: jetstream(options.connection), origin, limit };
  let wake: () => void = () => undefined;
  let pending = true;
  const wakeUp = (): void => {
    pending = true;
    wake();
  };
  const stopListening = options.onCommit(wakeUp);
  signal.addEventListener('abort', wakeUp, { once: true });
  try {
    let place = await findPlace(manager, client, origin);
    while (!signal.aborted) {
      pending = false;
      const { events } = await readOutbox(client, place.position, { limit: batchSize });
      const outcome = await publish(publisher, events, place);
      if (events.length > 0) await savePlace(client, outcome.place.position);
      options.published(outcome.published);
      place = outcome.place;
      if (outcome.problem) {
        options.log.debug({ err: outcome.problem }, 'the NATS relay looks where the stream stands');
        await sleep(100, signal);
        // Only the number is looked up: the position is certain, and the last message may be somebody else's.
        const { state } = await manager.streams.info(streamName);
        place = { ...place, sequence: state.last_seq };
      } else if (events.length < batchSize && !pending && !signal.aborted) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    stopListening();
    signal.removeEventListener('abort', wakeUp);
  }
}

/**
 * The stream itself knows best what was published last; a leader may have died before it kept its place, and a server
 * may have lost messages it had confirmed. Where the stream is empty, the kept place holds, and at the very first time
 * the end of the outbox: the past is read from there.
 */
async function findPlace(
  manager: JetStreamManager,
  client: pg.PoolClient,
  origin: Origin,
): Promise<StreamPlace> {
  const { state } = await manager.streams.info(streamName);
  const sequence = state.last_seq;
  const last = state.messages > 0 ? await manager.streams.getMessage(streamName, { seq: sequence }) : null;
  const published = last ? readMessage({ data: last.data, headers: last.header }, origin) : undefined;
  if (published) return { sequence, position: published.event.position };
  const kept = await client.query<{ xid: string; event_id: bigint }>(
    'select xid::text as xid, event_id from kernel.consumer where name = $1',
    [consumerName],
  );
  const row = kept.rows[0];
  if (row) return { sequence, position: { xid: BigInt(row.xid), id: row.event_id } };
  const position = await endOfOutbox(client);
  await savePlace(client, position);
  return { sequence, position };
}

async function savePlace(client: pg.PoolClient, position: EventPosition): Promise<void> {
  await client.query(
    `insert into kernel.consumer (name, xid, event_id) values ($1, $2::text::xid8, $3)
     on conflict (name) do update set xid = excluded.xid, event_id = excluded.event_id, updated_at = now()`,
    [consumerName, String(position.xid), String(position.id)],
  );
}

interface Publisher {
  readonly client: JetStreamClient;
  readonly origin: Origin;
  /** The longest payload the server takes, in bytes. */
  readonly limit: number;
}

/** What the server takes in one message, or the stream where its operator set less, without room for headers. */
function payloadLimit(connection: NatsConnection, streamLimit: number): number {
  const headroom = 1024;
  const serverLimit = connection.info?.max_payload ?? 1024 * 1024;
  return Math.min(serverLimit, streamLimit > 0 ? streamLimit : serverLimit) - headroom;
}

interface PublishOutcome {
  /** Behind the last event that is certainly on the stream. */
  readonly place: StreamPlace;
  readonly published: number;
  /** Why the stream must be looked at before anything else is published. */
  readonly problem?: unknown;
}

/**
 * Publishes events at once and waits for all confirmations. Each names the sequence number and the message it must
 * follow, so that the server refuses everything behind a message it did not take, and what a former leader still sends.
 */
async function publish(
  publisher: Publisher,
  events: readonly DomainEvent[],
  from: StreamPlace,
): Promise<PublishOutcome> {
  let previous = from.position;
  let lastMsgID: string | undefined;
  let lastSequence = from.sequence;
  const sent = events.map(async (event) => {
    const publication = publicationOf(event, previous, publisher.origin);
    previous = event.position;
    // Readers take an event too long for a message from the outbox: the chain tells them that it is missing.
    if (Buffer.byteLength(publication.payload) > publisher.limit) return undefined;
    const expect = { streamName, lastSequence, ...(lastMsgID !== undefined && { lastMsgID }) };
    lastMsgID = publication.messageId;
    lastSequence += 1;
    return publisher.client.publish(publication.subject, publication.payload, {
      msgID: publication.messageId,
      headers: publication.headers,
      expect,
    });
  });
  const outcomes = await Promise.allSettled(sent);
  let place = from;
  let published = 0;
  let problem: unknown;
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'rejected') return { place, published, problem: outcome.reason };
    const position = events[index]?.position ?? place.position;
    if (outcome.value?.duplicate) problem = 'the stream had some of these already';
    const added = outcome.value?.duplicate === false ? outcome.value : undefined;
    if (added) published += 1;
    place = { position, sequence: added?.seq ?? place.sequence };
  }
  return { place, published, problem };
}
