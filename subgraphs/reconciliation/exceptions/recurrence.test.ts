import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, calendarDate } from '#kernel/calendar';
import { backTest, learn, type DecidedLine } from './back-test.ts';
import { bar, findRecurrence, passes } from './find-recurrence.ts';
import { earlierOf, historyOf } from './history.ts';

let count = 0;
const decided = (fields: Partial<DecidedLine> = {}): DecidedLine => {
  count += 1;
  const bookedOn = addDays(calendarDate('2020-01-01'), count);
  return {
    id: `bl_${count.toString().padStart(6, '0')}`,
    bookedOn,
    minor: -490n,
    currency: 'EUR',
    counterpartyName: null,
    text: `Entgelt Kontoführung ${bookedOn}`,
    accountCode: '4970',
    memo: null,
    ...fields,
  };
};
const many = (times: number, fields: Partial<DecidedLine> = {}) =>
  Array.from({ length: times }, () => decided(fields));
const none = { inForce: new Set<string>() };

describe('the back-test', () => {
  test('learns from three, then judges each line by the ones before it', () => {
    expect(backTest(many(10))).toEqual({ right: 7, wrong: 0, none: 3 });
    expect(backTest(many(3))).toEqual({ right: 0, wrong: 0, none: 3 });
  });

  test('is wrong where somebody decided otherwise, and by hand counts as otherwise', () => {
    expect(backTest([...many(4), decided({ accountCode: '4900' })])).toEqual({ right: 1, wrong: 1, none: 3 });
    expect(backTest([...many(4), decided({ accountCode: null })])).toEqual({ right: 1, wrong: 1, none: 3 });
  });

  test('stops to know once decisions part', () => {
    const parted = [...many(4), decided({ accountCode: '4900' }), ...many(3)];
    expect(backTest(parted)).toEqual({ right: 1, wrong: 1, none: 6 });
    expect(learn(parted)).toBeUndefined();
  });

  test('leaves amounts alone that are more than twice the greatest so far', () => {
    expect(learn(many(3))).toEqual({ accountCode: '4970', upToMinor: 980n });
    expect(backTest([...many(3), decided({ minor: -980n }), decided({ minor: -1961n })])).toEqual({
      right: 1,
      wrong: 0,
      none: 4,
    });
  });

  test('judges in the order of days, whatever order the lines come in', () => {
    const lines = [...many(5), decided({ accountCode: '4900' }), ...many(2)];
    expect(backTest(lines.toReversed())).toEqual(backTest(lines));
  });

  test('accounts for every line once', () => {
    const line = fc.record({
      accountCode: fc.constantFrom('4970', '4970', '4970', '4900', null),
      minor: fc.bigInt({ min: -2_000n, max: -1n }),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (all) => {
        const tested = backTest(all.map((one) => decided(one)));
        expect(tested.right + tested.wrong + tested.none).toBe(all.length);
      }),
    );
  });
});

describe('recurrence', () => {
  test('what was booked alike often enough is proposed, with its back-test and the newest lines', () => {
    const lines = many(14);
    const [proposal, ...others] = findRecurrence(lines, none);
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({
      key: 'out||entgelt kontofuhrung',
      currency: 'EUR',
      accountCode: '4970',
      upToMinor: 980n,
      total: 14,
      backTest: { right: 11, wrong: 0, none: 3 },
    });
    expect(proposal?.lineIds).toEqual(lines.slice(-5).map(({ id }) => id));
  });

  test('five alike are below the bar, six are not', () => {
    expect([findRecurrence(many(5), none).length, findRecurrence(many(6), none).length]).toEqual([0, 1]);
  });

  test('nothing is proposed where decisions part, or for lines matched by hand', () => {
    expect(findRecurrence([...many(8), ...many(4, { accountCode: '4900' })], none)).toEqual([]);
    expect(findRecurrence(many(12, { accountCode: null }), none)).toEqual([]);
  });

  test('nothing below the bar is ever proposed, whatever was decided', () => {
    const line = fc.record({
      accountCode: fc.constantFrom('4970', '4970', '4970', '4970', '4900', null),
      counterpartyName: fc.constantFrom('Stadtwerke', 'Telekom', null),
      text: fc.constantFrom('Strom', 'Wasser', ''),
      minor: fc.bigInt({ min: -5_000n, max: 5_000n }),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 80 }), (all) => {
        for (const { backTest: tested, accountCode, total } of findRecurrence(
          all.map((one) => decided(one)),
          none,
        )) {
          expect(passes(tested)).toBe(true);
          expect(tested.right).toBeGreaterThanOrEqual(bar.right);
          expect(tested.right + tested.wrong + tested.none).toBe(total);
          expect(accountCode).not.toBeNull();
        }
      }),
    );
  });

  test('one wide rule is proposed where several narrow ones would do the same', () => {
    const power = { counterpartyName: 'Stadtwerke', text: 'Strom', accountCode: '4240' };
    const water = { ...power, text: 'Wasser' };
    expect(findRecurrence([...many(6, power), ...many(6, water)], none).map(({ key }) => key)).toEqual([
      'out|stadtwerke|',
    ]);
    const apart = findRecurrence([...many(6, power), ...many(6, { ...water, accountCode: '4250' })], none);
    expect(new Map(apart.map(({ key, accountCode }) => [key, accountCode]))).toEqual(
      new Map([
        ['out|stadtwerke|strom', '4240'],
        ['out|stadtwerke|wasser', '4250'],
      ]),
    );
  });

  test('what a rule in force decides is not proposed', () => {
    const inForce = new Set(['EUR out||entgelt kontofuhrung']);
    expect(findRecurrence(many(14), { inForce })).toEqual([]);
    expect(findRecurrence(many(14, { currency: 'USD' }), { inForce })).toHaveLength(1);
  });

  test('the memo is proposed where it was the same every time', () => {
    expect(findRecurrence(many(6, { memo: 'Account fee' }), none)[0]?.memo).toBe('Account fee');
    expect(
      findRecurrence([...many(6, { memo: 'A' }), ...many(2, { memo: 'B' })], none)[0]?.memo,
    ).toBeUndefined();
  });

  test('the id of a proposal stays while more of the same is decided', () => {
    expect(findRecurrence(many(6), none)[0]?.id).toBe(findRecurrence(many(20), none)[0]?.id);
  });
});

describe('what was done before', () => {
  const past = (lines: readonly DecidedLine[], closed: Parameters<typeof historyOf>[0]['closed'] = []) =>
    historyOf({ decided: lines, closed, inForce: new Set(), declinedProposals: new Set() });
  const { id: _id, ...line } = decided();
  const asked = { ...line, id: 'bl_new' };

  test('a line is told how many were like it, where they went, and the rule they suggest', () => {
    const history = past(many(14));
    expect(earlierOf(history, asked)).toMatchObject({
      times: 14,
      booked: { accountCode: '4970', times: 14 },
      rule: { accountCode: '4970', total: 14 },
    });
    expect(history.chargesAccountCode).toBe('4970');
  });

  test('no account is proposed when the newest ones went elsewhere', () => {
    expect(earlierOf(past([...many(5), ...many(1, { accountCode: '4900' })]), asked).booked).toBeUndefined();
  });

  test('the words that closed lines like it come with how often they did', () => {
    const closed = Array.from({ length: 3 }, () => ({ ...line, resolution: 'Private' }));
    expect(earlierOf(past([], closed), asked).closed).toEqual({ resolution: 'Private', times: 3 });
  });

  test('a declined proposal does not come back', () => {
    const [proposal] = past(many(14)).proposals;
    const declinedProposals = new Set([proposal?.id ?? '']);
    const history = historyOf({ decided: many(14), closed: [], inForce: new Set(), declinedProposals });
    expect(history.proposals).toEqual([]);
  });
});
