import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type pg from 'pg';
import { expect } from 'vitest';
import type { Database } from '#kernel/database';
import { beginning, comparePositions, type DomainEvent, type EventPosition } from '#kernel/events';
import { createLog } from '#kernel/log';
import { connectNats } from '#kernel/nats-stream';
import { createEventReader, type EventReader } from '#kernel/relay';
import { createTestDatabase } from './database.ts';
import { openWriters, type EventWriters } from './event-writers.ts';
import { prepareNats, type TestNats } from './nats-server.ts';
import { eventually } from './platform.ts';

type EventFilter = Parameters<EventReader['read']>[2];

/** A reader that takes every event as it comes, as a consumer does. */
export interface Follower {
  readonly seen: readonly DomainEvent[];
  readonly reader: EventReader;
  place(): EventPosition;
  /** Ends it and its reader, as a process that ends. */
  readonly stop: () => Promise<void>;
}

/** A message of the stream. */
export interface StreamMessage {
  readonly subject: string;
  readonly subjectId: string;
  readonly payload: string;
  readonly signature: string;
}

/** Events written into a database of the test's own and read back over NATS. */
export interface EventTraffic extends Pick<EventWriters, 'emit' | 'writeMuch'> {
  readonly nats: TestNats;
  readonly database: Database;
  readonly owner: pg.Pool;
  openReader(): Promise<EventReader>;
  follow(from?: EventPosition, filter?: EventFilter): Promise<Follower>;
  /** Waits until the reader gets events by messages, not only from the database. */
  untilCarried(reader: EventReader): Promise<void>;
  /** A position of `end` that the event lies before. */
  endBehind(reader: EventReader, subject: string): Promise<EventPosition>;
  /** The subject ids of all events, in the order of the outbox. */
  outbox(): Promise<string[]>;
  /** Expects that each follower sees everything, in the order of the outbox, each event once. */
  expectAllSeen(...followers: readonly Follower[]): Promise<void>;
  /** All messages of the stream, in its order. */
  streamed(): Promise<StreamMessage[]>;
  /** Waits for the relay and expects the stream to be the outbox from some event on: whole, in order, each once. */
  expectStreamed(): Promise<string[]>;
  onNats<Answer>(work: (connection: NatsConnection) => Promise<Answer>): Promise<Answer>;
  /** A process of its own that relays. */
  startRelayProcess(): ChildProcess;
  /** Ends it after everything else, before the database goes. */
  alsoStop(one: { stop(): Promise<unknown> }): void;
  close(): Promise<void>;
}

/** The subject ids of events. */
export const subjectsOf = (events: readonly DomainEvent[]) => events.map((event) => event.subjectId);

/** Prepares a database and a NATS server that does not run yet. */
export async function openEventTraffic(): Promise<EventTraffic> {
  const nats = await prepareNats();
  const { database, owner, drop } = await createTestDatabase();
  const writing = openWriters(database, owner);
  const stops: (() => Promise<unknown>)[] = [];
  let probes = 0;

  const openReader = async (): Promise<EventReader> => {
    const reader = await createEventReader(database, createLog('silent', 'test'), { natsUrl: nats.url });
    const stop = once(() => reader.stop());
    stops.push(stop);
    return { ...reader, stop };
  };
  return {
    nats,
    database,
    owner,
    emit: writing.emit,
    writeMuch: writing.writeMuch,
    openReader,
    async follow(from, filter) {
      const follower = startFollower(await openReader(), from ?? beginning, filter);
      stops.push(follower.stop);
      return follower;
    },
    async untilCarried(reader) {
      const before = reader.stats().received;
      await eventually(async () => {
        await writing.emit([`probe-${(probes += 1)}`]);
        reader.committed();
        return reader.stats().received > before;
      });
    },
    async endBehind(reader, subject) {
      const rows = await owner.query<{ xid: string; id: string }>(
        'select xid::text as xid, id from kernel.outbox where subject_id = $1',
        [subject],
      );
      const position = { xid: BigInt(rows.rows[0]?.xid ?? 0), id: BigInt(rows.rows[0]?.id ?? 0) };
      return eventually(async () => {
        const end = await reader.end();
        return comparePositions(end, position) >= 0 ? end : undefined;
      }) as Promise<EventPosition>;
    },
    ...expectations(owner, nats),
    startRelayProcess() {
      const file = join(import.meta.dirname, '../../kernel/fixtures/relay-process.ts');
      const given = JSON.stringify({ database, natsUrl: nats.url });
      const child = spawn(process.execPath, [file, given], { stdio: ['ignore', 'inherit', 'inherit'] });
      stops.push(() => Promise.resolve(child.kill('SIGKILL')));
      return child;
    },
    alsoStop: (one) => void stops.push(() => one.stop()),
    async close() {
      for (const stop of stops.toReversed()) await stop();
      await writing.close();
      await drop();
      await nats.close();
    },
  };
}

/** What the outbox holds, what the stream holds, and what must be the same. */
function expectations(
  owner: pg.Pool,
  nats: TestNats,
): Pick<EventTraffic, 'outbox' | 'streamed' | 'onNats' | 'expectAllSeen' | 'expectStreamed'> {
  const outbox = async (): Promise<string[]> => {
    const rows = await owner.query<{ subject_id: string }>(
      'select subject_id from kernel.outbox order by xid, id',
    );
    return rows.rows.map((row) => row.subject_id);
  };
  const onNats: EventTraffic['onNats'] = async (work) => {
    const connection = await connectNats(nats.url);
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  };
  const streamed = () => onNats(readStream);
  return {
    outbox,
    onNats,
    streamed,
    async expectAllSeen(...followers) {
      const expected = await outbox();
      for (const follower of followers) {
        await eventually(() => Promise.resolve(follower.seen.length >= expected.length));
        expect(subjectsOf(follower.seen)).toEqual(expected);
      }
    },
    async expectStreamed() {
      const expected = await outbox();
      await eventually(async () => (await streamed()).at(-1)?.subjectId === expected.at(-1));
      const names = (await streamed()).map((message) => message.subjectId);
      expect(names).toEqual(expected.slice(-names.length));
      return names;
    },
  };
}

function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= stop());
}

function startFollower(reader: EventReader, from: EventPosition, filter?: EventFilter): Follower {
  const seen: DomainEvent[] = [];
  let place = from;
  let stopped = false;
  let pending = true;
  let wake: () => void = () => undefined;
  const stopListening = reader.onCommit(() => {
    pending = true;
    wake();
  });
  const done = (async () => {
    while (!stopped) {
      if (!pending) await new Promise<void>((resolve) => (wake = resolve));
      pending = false;
      for (let full = true; full && !stopped;) {
        const batch = await reader.read(place, 50, filter);
        seen.push(...batch);
        place = batch.at(-1)?.position ?? place;
        full = batch.length === 50;
      }
    }
  })();
  return {
    seen,
    reader,
    place: () => place,
    stop: once(async () => {
      stopped = true;
      stopListening();
      wake();
      await done;
      await reader.stop();
    }),
  };
}

async function readStream(connection: NatsConnection): Promise<StreamMessage[]> {
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info('CROSSFOOT_EVENTS');
  const messages: StreamMessage[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq += 1) {
    const stored = await manager.streams.getMessage('CROSSFOOT_EVENTS', { seq });
    if (!stored) continue;
    const { event } = stored.json<{ event: { subjectId: string } }>();
    messages.push({
      subject: stored.subject,
      subjectId: event.subjectId,
      payload: stored.string(),
      signature: stored.header.get('Crossfoot-Signature'),
    });
  }
  return messages;
}
