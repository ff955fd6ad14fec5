import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, calendarDate, type CalendarDate } from '#kernel/calendar';
import { bankBalance, type LinesOfDay, type StatedBalance } from './bank-balance.ts';
import { broughtForward } from './brought-forward.ts';
import {
  prove,
  totalsOf,
  type ProofGroup,
  type ProofInput,
  type ProofLine,
  type ProofPosting,
} from './prove.ts';

const first = calendarDate('2026-03-01');
const asOf = calendarDate('2026-03-31');
const day = fc.integer({ min: 0, max: 60 }).map((days) => addDays(first, days));
const minor = fc.bigInt({ min: -1_000_000n, max: 1_000_000n });
const states = ['UNMATCHED', 'SUGGESTED', 'EXCEPTION', 'MATCHED', 'BOOKED'];

const line: fc.Arbitrary<ProofLine> = fc.record({
  id: fc.uuid(),
  day,
  minor,
  currency: fc.constant('EUR'),
  status: fc.constantFrom(...states),
  held: fc.boolean(),
  label: fc.string({ maxLength: 10 }),
  reference: fc.constant(undefined),
});
const posting: fc.Arbitrary<ProofPosting> = fc.record({
  journalEntryId: fc.uuid(),
  number: fc.string({ maxLength: 10 }),
  kind: fc.constant('PAYMENT'),
  postedOn: day,
  minor,
  currency: fc.constant('EUR'),
  description: fc.string({ maxLength: 10 }),
});
const group: fc.Arbitrary<ProofGroup> = fc.record({
  lines: fc.array(line, { maxLength: 3 }),
  postings: fc.array(posting, { maxLength: 3 }),
});

const total = (rows: readonly { minor: bigint }[]): bigint => rows.reduce((sum, row) => sum + row.minor, 0n);
const upTo = (groups: readonly ProofGroup[], through: CalendarDate) => ({
  lines: groups.flatMap(({ lines }) => lines.filter((one) => one.day <= through)),
  postings: groups.flatMap(({ postings }) => postings.filter((one) => one.postedOn <= through)),
});

/** The proof of a bank whose statement closes with all of its lines, and of books that have all of their entries. */
function inputOf(
  groups: readonly ProofGroup[],
  { opening, before, closing }: { opening: bigint; before: bigint; closing?: bigint },
): ProofInput {
  const { lines, postings } = upTo(groups, asOf);
  const days = lines.map((one): LinesOfDay => ({ day: one.day, held: false, minor: one.minor, count: 1 }));
  const statement: StatedBalance = {
    id: 'bs_1',
    reference: undefined,
    held: false,
    startsOn: first,
    endsOn: asOf,
    opening,
    closing: closing ?? opening + total(lines),
  };
  return {
    asOf,
    currency: 'EUR',
    banks: [bankBalance([statement], days, asOf)],
    otherLines: [],
    books: [{ currency: 'EUR', minor: before + total(postings), before: { minor: before, count: 1 } }],
    groups,
    differencesBooked: [],
    booksKnown: true,
  };
}

describe('a reconciliation statement', () => {
  test('foots for any lines, matches and entries: bank and listed items come to the books exactly', () => {
    fc.assert(
      fc.property(fc.array(group, { maxLength: 30 }), minor, minor, (groups, opening, before) => {
        const input = inputOf(groups, { opening, before });
        const { verdict, totals, items } = prove(input);
        expect(verdict).toBe('PROVEN');
        const { lines, postings } = upTo(groups, asOf);
        const [own] = totals;
        expect(own).toMatchObject({
          bank: opening + total(lines),
          book: before + total(postings),
          remainder: 0n,
        });
        expect(items.reduce((sum, { effect }) => sum + effect, own?.bank ?? 0n)).toBe(own?.book);
      }),
    );
  });

  test('from which an item is dropped is unproven by exactly that item', () => {
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 20 }), fc.nat(), (groups, pick) => {
        const input = inputOf(groups, { opening: 0n, before: 0n });
        const { items } = prove(input);
        fc.pre(items.length > 0);
        const dropped = items[pick % items.length];
        const [own] = totalsOf(
          input,
          items.filter((item) => item !== dropped),
        );
        expect(own?.remainder).toBe(dropped?.effect);
      }),
    );
  });

  test('whose bank has lost a line is unproven by exactly that line, and says between which balances', () => {
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 20 }), fc.nat(), (groups, pick) => {
        const { lines } = upTo(groups, asOf);
        fc.pre(lines.length > 0);
        const lost = lines[pick % lines.length];
        fc.pre(lost !== undefined && lost.minor !== 0n);
        const left = groups.map((one) => ({ ...one, lines: one.lines.filter((each) => each !== lost) }));
        const proof = prove(inputOf(left, { opening: 0n, before: 0n, closing: total(lines) }));
        expect(proof.verdict).toBe('UNPROVEN');
        expect(proof.totals[0]?.remainder).toBe(-(lost?.minor ?? 0n));
        const balance = inputOf(left, { opening: 0n, before: 0n, closing: total(lines) }).banks[0];
        expect(balance?.unexplained).toEqual([
          { after: undefined, through: asOf, statementId: 'bs_1', minor: lost?.minor },
        ]);
      }),
    );
  });

  test('of several currencies foots in each of them', () => {
    const foreign = group.map(({ lines, postings }) => ({
      lines: lines.map((one) => ({ ...one, currency: 'USD' })),
      postings: postings.map((one, place) => ({ ...one, currency: place === 0 ? 'USD' : 'GBP' })),
    }));
    fc.assert(
      fc.property(fc.array(foreign, { maxLength: 10 }), (groups) => {
        const { lines, postings } = upTo(groups, asOf);
        const books = ['USD', 'GBP'].map((currency) => ({
          currency,
          minor: total(postings.filter((one) => one.currency === currency)),
          before: { minor: 0n, count: 0 },
        }));
        const proof = prove({
          ...inputOf([], { opening: 0n, before: 0n }),
          groups,
          otherLines: [{ currency: 'USD', minor: total(lines) }],
          books,
        });
        expect(proof.totals.map(({ remainder }) => remainder)).toEqual(proof.totals.map(() => 0n));
      }),
    );
  });

  test('is incomplete where the bank has stated no balance, whatever comes out', () => {
    const input = inputOf([], { opening: 0n, before: 0n });
    expect(prove({ ...input, banks: [bankBalance([], [], asOf)] }).verdict).toBe('INCOMPLETE');
    expect(prove({ ...input, booksKnown: false }).verdict).toBe('INCOMPLETE');
  });
});

describe('the balance of a bank', () => {
  const statement = (changes: Partial<StatedBalance>): StatedBalance => ({
    id: 'bs_1',
    reference: undefined,
    held: false,
    startsOn: first,
    endsOn: asOf,
    opening: 0n,
    closing: 0n,
    ...changes,
  });
  const on = (text: string) => calendarDate(text);

  test('is the last stated one and the lines after it', () => {
    const balance = bankBalance(
      [
        statement({ endsOn: on('2026-03-10'), closing: 500n }),
        statement({ id: 'bs_2', startsOn: on('2026-04-01'), endsOn: on('2026-04-30'), opening: 620n }),
      ],
      [
        { day: on('2026-03-09'), held: false, minor: 500n, count: 1 },
        { day: on('2026-03-20'), held: false, minor: 120n, count: 2 },
        { day: on('2026-04-02'), held: false, minor: 7n, count: 1 },
      ],
      asOf,
    );
    expect(balance).toMatchObject({ minor: 620n, later: { minor: 120n, count: 2 }, unexplained: [] });
  });

  test('of statements of one day is that from which none goes on', () => {
    const both = [
      statement({ id: 'bs_9', startsOn: asOf, opening: 100n, closing: 300n }),
      statement({ id: 'bs_3', startsOn: asOf, opening: 300n, closing: 250n }),
    ];
    const days = [{ day: asOf, held: false, minor: 150n, count: 3 }];
    expect(bankBalance(both, days, asOf)).toMatchObject({ minor: 250n, opening: 100n, unexplained: [] });
    expect(bankBalance(both.toReversed(), days, asOf)).toMatchObject({ minor: 250n, opening: 100n });
  });

  test('of a held statement counts until a sound one says what there is', () => {
    const held = statement({
      id: 'bs_2',
      held: true,
      startsOn: on('2026-03-20'),
      opening: 80n,
      closing: 90n,
    });
    const days = [
      { day: on('2026-03-05'), held: false, minor: 50n, count: 1 },
      { day: on('2026-03-25'), held: true, minor: 10n, count: 1 },
    ];
    const before = statement({ endsOn: on('2026-03-10'), closing: 50n });
    expect(bankBalance([before, held], days, asOf)).toMatchObject({
      minor: 90n,
      soundThrough: on('2026-03-10'),
      unexplained: [{ after: on('2026-03-10'), through: asOf, minor: 30n }],
    });
    const sound = statement({ id: 'bs_4', endsOn: asOf, closing: 55n });
    expect(bankBalance([before, held, sound], days, asOf)).toMatchObject({
      minor: 55n,
      soundThrough: asOf,
      unexplained: [{ through: asOf, minor: 5n }],
    });
  });

  test('without an opening begins with what its first closing balance leaves', () => {
    const days = [{ day: on('2026-03-05'), held: false, minor: 50n, count: 1 }];
    const balance = bankBalance([statement({ opening: undefined, closing: 70n })], days, asOf);
    expect(balance).toMatchObject({ opening: 20n, minor: 70n, unexplained: [] });
  });
});

test('before the first closing balance, what the first statement opens with is stated too', () => {
  const statement: StatedBalance = {
    id: 'bs_1',
    reference: undefined,
    held: false,
    startsOn: first,
    endsOn: calendarDate('2026-04-30'),
    opening: 10n,
    closing: 60n,
  };
  const days = [{ day: calendarDate('2026-03-20'), held: false, minor: 50n, count: 1 }];
  expect(bankBalance([statement], days, asOf)).toMatchObject({
    stated: { minor: 10n, on: '2026-02-28' },
    later: { minor: 50n },
    minor: 60n,
  });
  // Without one, it follows from the first closing balance, but the bank has not said it.
  expect(bankBalance([{ ...statement, opening: undefined }], days, asOf)).toMatchObject({
    stated: undefined,
    opening: 10n,
    minor: 60n,
  });
  expect(bankBalance([statement], days, calendarDate('2026-02-01')).stated).toBeUndefined();
});

describe('what was there before the first line', () => {
  const early = (together: string, on: string, minorOf: bigint) => ({
    together,
    day: calendarDate(on),
    minor: minorOf,
  });

  test('is cut where the books stood at the balance the bank opens with; what came after is listed', () => {
    const newest = [
      early('c', '2026-02-20', 7n),
      early('b', '2026-02-10', 40n),
      early('a', '2026-02-01', 60n),
    ];
    expect(broughtForward(100n, { minor: 107n, count: 3 }, newest)).toEqual({
      minor: 100n,
      count: 2,
      listed: ['c'],
    });
    expect(broughtForward(0n, { minor: 107n, count: 3 }, newest).listed).toEqual(['c', 'b', 'a']);
  });

  test('stays together where the books never stood there, or in the middle of a day only', () => {
    const newest = [early('b', '2026-02-10', 40n), early('a', '2026-02-10', 60n)];
    expect(broughtForward(60n, { minor: 100n, count: 2 }, newest)).toEqual({
      minor: 100n,
      count: 2,
      listed: [],
    });
    expect(broughtForward(1n, { minor: 100n, count: 2 }, newest).listed).toEqual([]);
    expect(broughtForward(0n, { minor: 100n, count: 5 }, newest).listed).toEqual([]);
  });
});
