import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { encodeCursor, type DomainEvent } from '#kernel/events';
import { subscribeWith, transports, type Subscribed, type Transport } from '../fixtures/live-clients.ts';
import { smallGraph, startLiveGateway, type LiveGateway, type SmallGraph } from '../fixtures/live-gateway.ts';
import { memoryEvents, type MemoryEvents } from '../fixtures/memory-events.ts';

const replicas = 2;
const books = ['bk_1', 'bk_2'] as const;
const entries = ['je_1', 'je_2', 'je_3'] as const;

const actor: Actor = {
  kind: 'member',
  id: 'mem_1',
  memberId: 'mem_1',
  name: 'Ana',
  organisationId: 'org_1',
  scopes: ['transactions:read', 'vendors:read'],
  source: 'api',
};
const actors = new Map([['token', actor]]);

const query = `subscription ($after: Cursor, $bookId: ID) { journalEntryChanged(after: $after, bookId: $bookId) {
  cursor journalEntry { id vendor { name } } } }`;

/** One step of a schedule. */
type Step =
  | { readonly do: 'append' | 'emit'; readonly count: number; readonly entry: number; readonly book: number }
  | { readonly do: 'wake' }
  | { readonly do: 'wait'; readonly milliseconds: number }
  | {
      readonly do: 'connect';
      readonly client: number;
      readonly gateway: number;
      readonly transport: Transport;
    }
  | { readonly do: 'disconnect'; readonly client: number }
  | { readonly do: 'restart'; readonly gateway: number; readonly abruptly: boolean };

/** The filters of the clients; those with the same one share. */
const filters = [undefined, undefined, undefined, ...books, 'bk_1'] as const;

const client = fc.integer({ min: 0, max: filters.length - 1 });
const gateway = fc.integer({ min: 0, max: replicas - 1 });
const given = {
  count: fc.integer({ min: 1, max: 7 }),
  entry: fc.integer({ min: 0, max: entries.length - 1 }),
  book: fc.integer({ min: 0, max: books.length - 1 }),
};
const connect = fc.record({
  do: fc.constant('connect' as const),
  client,
  gateway,
  transport: fc.constantFrom(...transports),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constantFrom('append' as const, 'emit' as const), ...given }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wake' as const) }) },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('wait' as const),
        milliseconds: fc.integer({ min: 0, max: 25 }),
      }),
    },
    { weight: 4, arbitrary: connect },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('disconnect' as const), client }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('restart' as const), gateway, abruptly: fc.boolean() }),
    },
  ),
  { minLength: 20, maxLength: 60 },
);

let small: SmallGraph;
beforeAll(() => {
  small = smallGraph();
  small.data.vendors.set('ven_1', { id: 'ven_1', name: 'Acme' });
  for (const id of entries) small.data.entries.set(id, { id, number: id, vendorId: 'ven_1' });
});

/** A client that comes back with the last cursor it has seen, and writes down everything it was given. */
class ReturningClient {
  readonly bookId: string | undefined;
  readonly #start: string;
  readonly #earlier: string[] = [];
  #now: Subscribed | undefined;

  constructor(bookId: string | undefined, start: string) {
    this.bookId = bookId;
    this.#start = start;
  }

  get seen(): string[] {
    return [...this.#earlier, ...cursorsOf(this.#now)];
  }

  connect(url: string, transport: Transport): void {
    this.disconnect();
    const after = this.#earlier.at(-1) ?? this.#start;
    const variables = { after, bookId: this.bookId };
    this.#now = subscribeWith({ url, token: 'token', transport, query, variables });
  }

  disconnect(): void {
    // What is still on its way when a client goes is as if it had never been sent.
    this.#earlier.push(...cursorsOf(this.#now));
    this.#now?.close();
    this.#now = undefined;
  }
}

function cursorsOf(one: Subscribed | undefined): string[] {
  return (one?.told ?? []).flatMap(({ data }) =>
    data ? [(data['journalEntryChanged'] as { cursor: string }).cursor] : [],
  );
}

/** Everything one schedule plays with. */
class World {
  readonly events: MemoryEvents = memoryEvents();
  readonly emitted: DomainEvent[] = [];
  readonly gateways: LiveGateway[] = [];
  readonly clients: ReturningClient[] = [];

  async open(): Promise<void> {
    for (let n = 0; n < replicas; n += 1) this.gateways.push(await this.start());
    const [mark] = this.events.append({ type: 'member.added', subjectId: 'mem_9' });
    const start = encodeCursor((mark as DomainEvent).position);
    for (const bookId of filters) this.clients.push(new ReturningClient(bookId, start));
  }

  start(): Promise<LiveGateway> {
    return startLiveGateway({ ...small, events: this.events, actors });
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'append':
      case 'emit': {
        const made = Array.from({ length: step.count }, (_, n) => ({
          type: 'journalEntry.posted' as const,
          subjectId: entries[(step.entry + n) % entries.length] ?? 'je_1',
          bookId: books[step.book] ?? 'bk_1',
        }));
        this.emitted.push(...this.events.append(...made));
        if (step.do === 'emit') this.events.wake();
        return;
      }
      case 'wake':
        return this.events.wake();
      case 'wait':
        return new Promise((resolve) => setTimeout(resolve, step.milliseconds));
      case 'connect':
        return this.clients[step.client]?.connect(this.urlOf(step.gateway), step.transport);
      case 'disconnect':
        return this.clients[step.client]?.disconnect();
      case 'restart': {
        const old = this.gateways[step.gateway];
        await (step.abruptly ? old?.kill() : old?.stop());
        this.gateways[step.gateway] = await this.start();
      }
    }
  }

  urlOf(n: number): string {
    return this.gateways[n]?.url ?? '';
  }

  /** What a client must have seen by now, in this order. */
  wanted(one: ReturningClient): string[] {
    return this.emitted
      .filter((event) => one.bookId === undefined || event.bookId === one.bookId)
      .map((event) => encodeCursor(event.position));
  }

  async close(): Promise<void> {
    for (const one of this.clients) one.disconnect();
    for (const one of this.gateways) await one.stop();
  }
}

test('whoever comes and goes, wherever, by whatever transport, sees each event once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (schedule) => {
      const world = new World();
      await world.open();
      try {
        for (const step of schedule) await world.take(step);
        for (const [n, one] of world.clients.entries()) {
          one.connect(world.urlOf(n % replicas), transports[n % transports.length] ?? 'socket');
        }
        // The last event is for everybody, so that whoever has it has all.
        for (const book of books.keys()) await world.take({ do: 'emit', count: 1, entry: 0, book });
        for (const one of world.clients) {
          await expect.poll(() => one.seen, { timeout: 5_000 }).toEqual(world.wanted(one));
        }
      } finally {
        await world.close();
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
}, 120_000);
