import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePositions, type DomainEvent, type EventPosition } from './events.ts';
import { createEventWindow, type EventWindow } from './nats-window.ts';

const at = (xid: number, id = 9_999): EventPosition => ({ xid: BigInt(xid), id: BigInt(id) });

function eventAt(index: number): DomainEvent {
  return {
    position: at(100 + Math.floor(index / 3), index),
    organisationId: index % 2 ? 'org_odd' : 'org_even',
    bookId: undefined,
    type: index % 5 ? 'vendor.changed' : 'member.added',
    subjectId: String(index),
    facts: index % 5 ? {} : { name: 'Ana', email: 'ana@example.org' },
    actorId: 'mem_1',
    occurredAt: new Date(0),
  };
}

/** The outbox the windows of this file look on; the one before the first event is the start. */
const outbox = Array.from({ length: 60 }, (_, index) => eventAt(index));
const placeOf = (index: number): EventPosition => outbox[index]?.position ?? at(50);

function offer(window: EventWindow, index: number, previous = placeOf(index - 1)) {
  const event = outbox[index];
  if (!event) throw new Error(`There is no event ${index}`);
  return window.offer({ event, previous, bytes: 100 });
}

function openWindow(events = 1_000): EventWindow {
  const window = createEventWindow({ events, bytes: 1_000_000 });
  window.begin(at(50));
  return window;
}

const subjects = (events: readonly DomainEvent[] | undefined) => events?.map((event) => event.subjectId);

test('messages that follow on one another are taken, once', () => {
  const window = openWindow();
  expect([0, 1, 1, 2, 0].map((index) => offer(window, index))).toEqual([
    'taken',
    'taken',
    'known',
    'taken',
    'known',
  ]);
  expect(subjects(window.read(at(50), 10))).toEqual(['0', '1', '2']);
});

test('a message behind a gap is not taken until the outbox has filled it', () => {
  const window = openWindow();
  offer(window, 0);
  expect(offer(window, 2)).toBe('gap');
  expect(subjects(window.read(at(50), 10))).toEqual(['0']);
  expect(window.extend(outbox.slice(1, 3), placeOf(2))).toBe(2);
  expect(offer(window, 3)).toBe('taken');
  expect(subjects(window.read(at(50), 10))).toEqual(['0', '1', '2', '3']);
});

test('a message that claims its place over an event the window holds is not taken', () => {
  const window = openWindow();
  offer(window, 0);
  offer(window, 1);
  expect(offer(window, 3, placeOf(0))).toBe('gap');
});

test('what lies before the window, or comes while it is closed, is not answered', () => {
  const window = createEventWindow({ events: 10, bytes: 1_000 });
  expect(offer(window, 0)).toBe('gap');
  expect(window.read(at(50), 10)).toBeUndefined();
  window.begin(placeOf(4));
  expect(window.read(placeOf(3), 10)).toBeUndefined();
  expect(window.read(placeOf(4), 10)).toEqual([]);
  expect(window.extend([], at(400))).toBe(0);
  expect(window.covered()).toEqual(at(400));
  window.close();
  expect(window.read(placeOf(4), 10)).toBeUndefined();
});

test('filters and the limit choose the same as the outbox would', () => {
  const window = openWindow();
  outbox.forEach((_, index) => offer(window, index));
  expect(subjects(window.read(at(50), 3, { types: ['member.added'] }))).toEqual(['0', '5', '10']);
  expect(subjects(window.read(placeOf(0), 2, { subject: 'member', organisationId: 'org_even' }))).toEqual([
    '10',
    '20',
  ]);
  expect(window.read(at(50), 3, { subject: 'mem' })).toEqual([]);
});

test('a full window lets the oldest go and says so', () => {
  const window = openWindow(20);
  outbox.forEach((_, index) => offer(window, index));
  expect(window.read(at(50), 100)).toBeUndefined();
  expect(subjects(window.read(placeOf(40), 100))).toEqual(outbox.slice(41).map((one) => one.subjectId));
  const small = createEventWindow({ events: 1_000, bytes: 1_000 });
  small.begin(at(50));
  outbox.forEach((_, index) => offer(small, index));
  expect(small.read(placeOf(40), 100)).toBeUndefined();
  expect(subjects(small.read(placeOf(55), 100))).toEqual(['56', '57', '58', '59']);
});

test('whatever is lost, repeated or comes out of order, a window never answers with a hole', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('message' as const), index: fc.nat(59) }),
    fc.record({ kind: fc.constant('next' as const) }),
    fc.record({ kind: fc.constant('fill' as const), count: fc.nat(5) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.nat(59), (steps, from) => {
      const window = openWindow(15);
      let newest = -1;
      for (const one of steps) {
        if (one.kind === 'message') offer(window, one.index);
        else if (one.kind === 'next') {
          newest = Math.min(newest + 1, outbox.length - 1);
          offer(window, newest);
        } else {
          const covered = window.covered() ?? at(50);
          const rest = outbox.filter((event) => comparePositions(event.position, covered) > 0);
          const page = rest.slice(0, one.count);
          window.extend(page, page.at(-1)?.position ?? covered);
        }
      }
      const answer = window.read(placeOf(from), 100);
      if (!answer) return;
      expect(subjects(answer)).toEqual(
        outbox.slice(from + 1, from + 1 + answer.length).map((event) => event.subjectId),
      );
      const covered = window.covered() ?? at(50);
      const next = outbox[from + 1 + answer.length];
      expect(next === undefined || comparePositions(next.position, covered) > 0).toBe(true);
    }),
  );
});
