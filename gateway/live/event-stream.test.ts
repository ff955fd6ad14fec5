import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginning, comparePositions, type DomainEvent, type EventPosition } from '#kernel/events';
import type { EventFeed } from './event-feed.ts';
import { longestQueue, openEventStream, type EventStream } from './event-stream.ts';

/** Before the beginning, so that nobody stands there yet. */
const longAgo: EventPosition = { xid: -1n, id: 0n };

/** An outbox and a feed whose every step a test takes by hand. */
function byHand() {
  const outbox: DomainEvent[] = [];
  const listeners = new Set<(event: DomainEvent) => void>();
  const answers: (() => void)[] = [];
  let handedOut = 0;
  const read = (after: EventPosition, limit: number): Promise<DomainEvent[]> => {
    // What is read is decided now; the answer arrives when the test lets it.
    const found = outbox.filter((event) => comparePositions(event.position, after) > 0).slice(0, limit);
    return new Promise((resolve) => answers.push(() => resolve(found)));
  };
  const feed: EventFeed = {
    position: () => outbox[handedOut - 1]?.position ?? beginning,
    listen(_topic, listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: async () => undefined,
  };
  const options = { reader: { read }, feed, topic: { organisationId: 'org_1', subject: 'draft' } };
  return {
    options,
    reads: () => answers.length,
    stream: (more: { wants?: (event: DomainEvent) => boolean } = {}): EventStream =>
      openEventStream({ ...options, after: longAgo, wants: more.wants ?? (() => true) }),
    commit(): void {
      const id = BigInt(outbox.length + 1);
      outbox.push({ position: { xid: id, id }, subjectId: `dr_${id}` } as DomainEvent);
    },
    /** Lets the feed read and hand out one more event. */
    handOut(): void {
      const event = outbox[handedOut];
      if (!event) return;
      handedOut += 1;
      for (const listener of listeners) listener(event);
    },
    /** Lets the oldest read under way arrive. */
    async answer(): Promise<void> {
      answers.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
    listening: () => listeners.size,
    subjects: () => outbox.map((event) => event.subjectId),
  };
}

/** Takes events until there are so many; answers what has been taken so far. */
function collect(stream: EventStream): { taken: string[]; failed: () => unknown } {
  const taken: string[] = [];
  let failure: unknown;
  const run = async (): Promise<void> => {
    for (let events = await stream.next(); events; events = await stream.next()) {
      taken.push(...events.map((event) => event.subjectId));
      stream.done();
    }
  };
  run().catch((error: unknown) => (failure = error));
  return { taken, failed: () => failure };
}

test('an event the feed hands out while the past is being read is not lost', async () => {
  const hand = byHand();
  const { taken } = collect(hand.stream());
  hand.commit();
  hand.handOut();
  await hand.answer();
  await hand.answer();
  expect(taken).toEqual(['dr_1']);
});

test('whatever happens when, every event comes once and in order', async () => {
  const step = fc.constantFrom('commit', 'handOut', 'answer');
  await fc.assert(
    fc.asyncProperty(fc.array(step), fc.array(step, { maxLength: 60 }), async (before, steps) => {
      const hand = byHand();
      for (const one of before) await hand[one]();
      const stream = hand.stream();
      const { taken } = collect(stream);
      for (const one of steps) await hand[one]();
      for (let n = 0; n < 4; n += 1) await hand.answer();
      for (let n = 0; n < 80; n += 1) hand.handOut();
      for (let n = 0; n < 4; n += 1) await hand.answer();
      expect(taken).toEqual(hand.subjects());
      stream.end();
    }),
    { numRuns: 300 },
  );
});

test('a subscriber that ends lets go of the feed, even while it waits', async () => {
  const hand = byHand();
  const stream = hand.stream();
  const { taken } = collect(stream);
  await hand.answer();
  await hand.answer();
  expect(hand.listening()).toBe(1);
  const next = stream.next();
  stream.end();
  expect(taken).toEqual([]);
  expect(await next).toBeUndefined();
  expect(hand.listening()).toBe(0);
});

test('whoever begins where the feed stands reads nothing and gets what comes', async () => {
  const hand = byHand();
  const reading = hand.reads();
  const stream = openEventStream({ ...hand.options, after: beginning, wants: () => true });
  expect([stream.live(), hand.listening(), hand.reads()]).toEqual([true, 1, reading]);
  hand.commit();
  hand.handOut();
  expect((await stream.next())?.map((event) => event.subjectId)).toEqual(['dr_1']);
});

test('when more waits than the queue holds, the stream lets go of the feed and reads on, losing nothing', async () => {
  const hand = byHand();
  const stream = openEventStream({ ...hand.options, after: beginning, wants: () => true });
  hand.commit();
  hand.handOut();
  await stream.next();
  for (let n = 0; n < longestQueue + 1; n += 1) {
    hand.commit();
    hand.handOut();
  }
  expect([stream.live(), hand.listening()]).toEqual([false, 0]);
  const { taken } = collect(stream);
  for (let n = 0; n < 10; n += 1) await hand.answer();
  expect(['dr_1', ...taken]).toEqual(hand.subjects());
  expect(stream.live()).toBe(true);
});

test('a stream stands where everything wanted was dealt with, not where it was given', async () => {
  const hand = byHand();
  const stream = openEventStream({ ...hand.options, after: beginning, wants: () => true });
  hand.commit();
  hand.handOut();
  const first = { xid: 1n, id: 1n };
  expect(stream.dealtWith()).toEqual(beginning);
  await stream.next();
  expect(stream.dealtWith()).toEqual(beginning);
  stream.done();
  expect(stream.dealtWith()).toEqual(first);
});

test('events that are not wanted fill no queue', async () => {
  const hand = byHand();
  const stream = hand.stream({ wants: (event) => event.subjectId === `dr_${longestQueue + 5}` });
  const { taken } = collect(stream);
  await hand.answer();
  await hand.answer();
  for (let n = 0; n < longestQueue + 5; n += 1) {
    hand.commit();
    hand.handOut();
  }
  await hand.answer();
  expect(taken).toEqual([`dr_${longestQueue + 5}`]);
  expect(stream.live()).toBe(true);
});
