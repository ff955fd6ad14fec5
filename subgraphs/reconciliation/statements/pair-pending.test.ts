import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarDate, addDays } from '#kernel/calendar';
import { pairPending, type PairedMovement } from './pair-pending.ts';

const first = calendarDate('2026-03-02');
let made = 0;
function movement(day: number, minor: bigint, more: Partial<PairedMovement> = {}): PairedMovement {
  made += 1;
  const id = more.identity ?? `m${made}`;
  return {
    id,
    identity: id,
    on: addDays(first, day),
    minor,
    currency: 'EUR',
    name: '',
    text: '',
    references: [],
    ...more,
  };
}
const pairs = (pending: PairedMovement[], booked: PairedMovement[]) =>
  pairPending(pending, booked, 14).map(({ pendingId, bookedId, by }) => [pendingId, bookedId, by]);

test('a reference of the bank decides, whatever the amount', () => {
  const pending = movement(0, -100_00n, { identity: 'p', bankReference: 'A1' });
  const wrong = movement(0, -100_00n, { identity: 'w', name: 'Hotel' });
  const right = movement(3, -87_50n, { identity: 'r', bankReference: 'A1' });
  expect(pairs([pending], [wrong, right])).toEqual([['p', 'r', 'REFERENCE']]);
});

test('a card payment is recognised with its tip, and the nearest amount first', () => {
  const dinner = movement(0, -50_00n, { identity: 'dinner', name: 'OSTERIA DA LUCA 0042 BERLIN' });
  const lunch = movement(0, -48_00n, { identity: 'lunch', name: 'OSTERIA DA LUCA 0042 BERLIN' });
  const tipped = movement(2, -55_00n, { identity: 'tipped', name: 'Osteria da Luca' });
  const exact = movement(2, -48_00n, { identity: 'exact', name: 'Osteria da Luca' });
  expect(pairs([dinner, lunch], [tipped, exact])).toEqual([
    ['lunch', 'exact', 'AMOUNT'],
    ['dinner', 'tipped', 'PARTY'],
  ]);
});

test('another direction, currency, party, payment or time is no pair', () => {
  const pending = movement(0, -50_00n, { identity: 'p', name: 'Osteria da Luca', references: ['E1'] });
  const others = [
    movement(1, 50_00n, { name: 'Osteria da Luca' }),
    movement(1, -50_00n, { name: 'Osteria da Luca', currency: 'USD' }),
    movement(1, -50_00n, { name: 'Bookshop Miller' }),
    movement(1, -50_00n, { name: 'Osteria da Luca', references: ['E2'] }),
    movement(15, -50_00n, { name: 'Osteria da Luca' }),
    movement(-5, -50_00n, { name: 'Osteria da Luca' }),
    movement(1, -90_00n, { name: 'Osteria da Luca' }),
  ];
  for (const other of others) expect(pairs([pending], [other])).toEqual([]);
});

test('words for no reference are none', () => {
  const pending = movement(0, -50_00n, {
    bankReference: 'NONREF',
    references: ['NOTPROVIDED'],
    name: 'One Shop',
  });
  const booked = movement(0, -51_00n, {
    bankReference: 'NONREF',
    references: ['NOTPROVIDED'],
    name: 'Other House',
  });
  expect(pairs([pending], [booked])).toEqual([]);
});

const movements = (prefix: string) =>
  fc
    .array(
      fc.record({
        day: fc.integer({ min: 0, max: 6 }),
        minor: fc.integer({ min: 1, max: 6 }).map((n) => BigInt(-n * 1000)),
        name: fc.constantFrom('Osteria Luca', 'Bookshop', ''),
        bankReference: fc.option(fc.constantFrom('R1', 'R2'), { nil: undefined }),
      }),
      { maxLength: 6 },
    )
    .map((all) =>
      all.map(({ day, minor, ...more }, at) => movement(day, minor, { ...more, identity: `${prefix}${at}` })),
    );

test('the order in which movements come changes nothing, and each is used once', () => {
  fc.assert(
    fc.property(movements('p'), movements('b'), fc.nat(), (pending, booked, turn) => {
      const found = pairs(pending, booked);
      const turned = <T>(list: T[]) => [
        ...list.slice(turn % (list.length + 1)),
        ...list.slice(0, turn % (list.length + 1)),
      ];
      expect(pairs(turned(pending), turned(booked.toReversed()))).toEqual(found);
      expect(new Set(found.map(([one]) => one)).size).toBe(found.length);
      expect(new Set(found.map(([, one]) => one)).size).toBe(found.length);
    }),
  );
});
