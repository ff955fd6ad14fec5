import {
  DiscardPolicy,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { connect, headers, nanos, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import type pg from 'pg';
import {
  eventFromWire,
  eventToWire,
  type DomainEvent,
  type EventPosition,
  type WireEvent,
} from '#kernel/events';
import type { ChainedEvent } from '#kernel/nats-window';
import { mac, sameText } from '#kernel/secrets';

/** The stream in which every event of an installation stands, in the outbox's order. */
export const streamName = 'CROSSFOOT_EVENTS';

const subjectRoot = 'crossfoot.events';
const signatureHeader = 'Crossfoot-Signature';
const day = 24 * 60 * 60 * 1000;

/**
 * A message on the stream: the event, and the position behind which it is the next, so that whoever holds both of two
 * neighbours can tell that nothing is missing between them.
 */
interface EventMessage {
  readonly event: WireEvent;
  readonly previous: { readonly xid: string; readonly id: string };
}

/** What of an event is published. */
export interface Publication {
  readonly subject: string;
  readonly messageId: string;
  readonly payload: string;
  readonly headers: MsgHdrs;
}

/** Whose events are signed and taken: the key, and the database they must come from. */
export interface Origin {
  readonly key: Buffer;
  /** From `identifyDatabase`. */
  readonly source: string;
}

/** Opens a connection that ends, rather than heals, when the server goes; credentials may stand in the URL. */
export function connectNats(url: string): Promise<NatsConnection> {
  const { protocol, host, username, password } = new URL(url);
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return connect({
    servers: host,
    name: 'crossfoot',
    ...(protocol === 'tls:' && { tls: {} }),
    ...(user && (pass ? { user, pass } : { token: user })),
    reconnect: false,
    timeout: 3_000,
    // A server that vanished without a word is noticed within this time twice.
    pingInterval: 5_000,
    maxPingOut: 2,
  });
}

/** Makes the stream where there is none; one an operator made, with replicas of its own, stays as it is. */
export async function openStream(connection: NatsConnection): Promise<JetStreamManager> {
  const manager = await jetstreamManager(connection);
  const found = await manager.streams.info(streamName).catch(() => undefined);
  // Several processes may get here at once; making the same stream twice is no error.
  if (!found) {
    await manager.streams.add({
      name: streamName,
      subjects: [`${subjectRoot}.>`],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(3 * day),
      max_bytes: 512 * 1024 * 1024,
      duplicate_window: nanos(10 * 60 * 1000),
    });
  }
  return manager;
}

/**
 * Names the history a database tells: its cluster, itself and its timeline. Positions mean something within it only; a
 * restored or promoted database may give the same ones to other events.
 */
export async function identifyDatabase(queryable: Pick<pg.ClientBase, 'query'>): Promise<string> {
  const answer = await queryable.query<{ source: string }>(
    `select concat_ws('.', s.system_identifier, d.oid, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)) as source
       from pg_control_system() as s, pg_database as d where d.datname = current_database()`,
  );
  return answer.rows[0]?.source ?? '';
}

/** Makes the message of an event; `previous` is the position behind which it is the next. */
export function publicationOf(event: DomainEvent, previous: EventPosition, origin: Origin): Publication {
  const message: EventMessage = {
    event: eventToWire(event),
    previous: { xid: String(previous.xid), id: String(previous.id) },
  };
  const payload = JSON.stringify(message);
  const { xid, id } = event.position;
  const head = headers();
  head.set(signatureHeader, sign(payload, origin));
  return {
    subject: `${subjectRoot}.${event.organisationId.replaceAll(/[^\w-]/g, '_')}.${event.type}`,
    messageId: `${xid}.${id}@${origin.source}`,
    payload,
    headers: head,
  };
}

/** The event of a message, or undefined when the message is not one of this installation's database. */
export function readMessage(
  message: { readonly data: Uint8Array; readonly headers?: MsgHdrs },
  origin: Origin,
): ChainedEvent | undefined {
  const payload = Buffer.from(message.data).toString('utf8');
  if (!sameText(message.headers?.get(signatureHeader) ?? '', sign(payload, origin))) return undefined;
  // The signature shows that `publicationOf` wrote it, so its shape needs no check.
  const { event, previous } = JSON.parse(payload) as EventMessage;
  return {
    event: eventFromWire(event),
    previous: { xid: BigInt(previous.xid), id: BigInt(previous.id) },
    bytes: payload.length,
  };
}

function sign(payload: string, origin: Origin): string {
  return mac(origin.key, `${origin.source}\n${payload}`);
}
