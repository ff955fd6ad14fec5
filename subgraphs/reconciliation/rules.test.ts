import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { add, money, parseMoney } from '#kernel/money';
import type { BankLine } from '#connectors/ports';
import { spellings } from './statements/account-number.ts';
import { isBankCharge } from './matches/bank-charge.ts';
import { identitiesAfter, identityOf, lineKeys } from './statements/line-identity.ts';
import { bankLine } from './matching/fixtures.ts';
import { sharePayment } from './matches/share-payment.ts';
import { findGap, predecessorsOfTheDay } from './statements/statement-chain.ts';
import {
  advance,
  exceptionTransitions,
  lineTransitions,
  matchTransitions,
  statementTransitions,
} from './states.ts';

const eur = (amount: string) => parseMoney(amount, 'EUR');

describe('account numbers', () => {
  test('two spellings of one account have one in common, two accounts have none', () => {
    const common = (a: string, b: string) => spellings(a).some((each) => spellings(b).includes(each));
    expect(common('DE89370400440532013000', '37040044/0532013000')).toBe(true);
    expect(common('NL91ABNA0417164300', '417164300')).toBe(true);
    expect(common('DE89370400440532013000', 'DE12500105170648489890')).toBe(false);
    expect(common('1234', '001234')).toBe(false);
  });
});

const line = (fields: Partial<BankLine>): BankLine => ({
  bookedOn: calendarDate('2026-03-02'),
  amount: eur('-3.20'),
  status: 'booked',
  reversal: false,
  counterparty: {},
  remittance: 'Kaffee',
  details: [],
  raw: '',
  line: 1,
  ...fields,
});

const lineIdentities = (lines: BankLine[]) => lineKeys(lines).map(identityOf);

describe('the identity of a line', () => {
  test('equal lines stay apart and are the same ones when the file comes again', () => {
    const twice = lineIdentities([line({}), line({})]);
    expect(new Set(twice).size).toBe(2);
    expect(lineIdentities([line({}), line({}), line({ remittance: 'Tee' })]).slice(0, 2)).toEqual(twice);
  });

  test('blanks and case of a text do not matter, day and amount do', () => {
    const [one] = lineIdentities([line({ remittance: 'Rechnung 7' })]);
    expect(lineIdentities([line({ remittance: 'RECHNUNG  7 ' })])).toEqual([one]);
    expect(lineIdentities([line({ remittance: 'Rechnung 7', amount: eur('3.20') })])).not.toEqual([one]);
  });

  test('with a reference of the bank the text may change; a fee under the same reference is another line', () => {
    const [one] = lineIdentities([line({ bankReference: 'B1', remittance: 'short' })]);
    expect(lineIdentities([line({ bankReference: 'B1', remittance: 'in full' })])).toEqual([one]);
    const [, fee] = lineIdentities([
      line({ bankReference: 'B1' }),
      line({ bankReference: 'B1', amount: eur('-0.50') }),
    ]);
    expect(fee).not.toBe(one);
  });

  test('the order of the lines in a file does not change who they are', () => {
    const pool = fc.constantFrom(...['a', 'b', 'c'].map((remittance) => line({ remittance })));
    fc.assert(
      fc.property(fc.array(pool), (lines) => {
        expect(lineIdentities(lines.toReversed()).toSorted()).toEqual(lineIdentities(lines).toSorted());
      }),
    );
  });
});

test('lines of a statement that goes on within the day are others than the equal ones before it', () => {
  const morning = lineIdentities([line({}), line({})]);
  const evening = identitiesAfter(lineKeys([line({})]), new Set(morning));
  expect(lineIdentities([line({}), line({}), line({})])).toEqual([...morning, ...evening]);
});

describe('the chain of statements', () => {
  const link = (startsOn: string, endsOn: string, [opening, closing]: [bigint, bigint]) => ({
    startsOn,
    endsOn,
    opening,
    closing,
  });

  test('a statement that opens with what the last one closed with joins', () => {
    expect(
      findGap(link('2026-03-03', '2026-03-03', [10n, 30n]), [link('2026-03-01', '2026-03-02', [0n, 10n])]),
    ).toBeUndefined();
  });

  test('another opening balance is a gap, measured against the latest before it', () => {
    const others = [link('2026-03-02', '2026-03-02', [5n, 10n]), link('2026-02-01', '2026-02-28', [0n, 30n])];
    expect(findGap(link('2026-03-05', '2026-03-05', [30n, 31n]), others)).toEqual({
      endsOn: '2026-03-02',
      closing: 10n,
      opening: 30n,
    });
  });

  test('a statement goes on from one that ended on its day, not from a shorter telling of the day', () => {
    const own = link('2026-03-03', '2026-03-03', [10n, 30n]);
    const before = link('2026-03-02', '2026-03-03', [4n, 10n]);
    const shorter = link('2026-03-03', '2026-03-03', [10n, 10n]);
    expect(predecessorsOfTheDay(own, [before, shorter])).toEqual([before]);
  });

  test('nothing is said of the first statement, of overlaps and without balances', () => {
    const one = link('2026-03-03', '2026-03-05', [10n, 30n]);
    expect(findGap(one, [])).toBeUndefined();
    expect(findGap(one, [link('2026-03-01', '2026-03-04', [0n, 99n])])).toBeUndefined();
    expect(
      findGap({ startsOn: '2026-03-03' }, [link('2026-03-01', '2026-03-02', [0n, 10n])]),
    ).toBeUndefined();
    expect(findGap(one, [link('2026-04-01', '2026-04-02', [0n, 10n])])).toBeUndefined();
  });
});

describe('sharing a payment among items', () => {
  const open = (id: string, amount: string) => ({ id, open: eur(amount) });

  test('items that add up are paid in full, credit notes among them', () => {
    expect(sharePayment(eur('80.00'), [open('a', '100.00'), open('b', '-20.00')]).items).toEqual([
      { id: 'a', applied: eur('100.00') },
      { id: 'b', applied: eur('-20.00') },
    ]);
  });

  test('the last item is paid in part when it falls short, of either sign', () => {
    expect(sharePayment(eur('-120.00'), [open('a', '-100.00'), open('b', '-50.00')]).items[1]).toEqual({
      id: 'b',
      applied: eur('-20.00'),
    });
  });

  test('too much, nothing for the last item, or the wrong direction is refused', () => {
    for (const amount of ['151.00', '100.00', '99.00', '-1.00', '0.00']) {
      expect(() => sharePayment(eur(amount), [open('a', '100.00'), open('b', '50.00')])).toThrow(/come to/);
    }
  });

  test('amounts a person has said stand, of no more than is open', () => {
    const chosen = { ...open('a', '100.00'), chosen: eur('30.00') };
    expect(sharePayment(eur('80.00'), [chosen, open('b', '50.00')])).toEqual({
      items: [
        { id: 'a', applied: eur('30.00') },
        { id: 'b', applied: eur('50.00') },
      ],
    });
    expect(() => sharePayment(eur('70.00'), [open('b', '50.00'), chosen])).toThrow(/come to/);
    for (const amount of ['100.01', '-1.00', '0.00']) {
      const wrong = { ...open('a', '100.00'), chosen: eur(amount) };
      expect(() => sharePayment(eur('70.00'), [wrong])).toThrow(/no part/);
    }
  });

  test('what does not add up is a difference where an account takes it', () => {
    const share = sharePayment(eur('97.00'), [open('a', '100.00')], { withDifference: true });
    expect(share).toEqual({ items: [{ id: 'a', applied: eur('100.00') }], difference: eur('-3.00') });
  });

  test('items in another currency need their amounts said', () => {
    const dollars = parseMoney('110.00', 'USD');
    expect(sharePayment(eur('100.00'), [{ id: 'a', open: dollars, chosen: dollars }])).toEqual({
      items: [{ id: 'a', applied: dollars }],
    });
    expect(() => sharePayment(eur('100.00'), [{ id: 'a', open: dollars }])).toThrow(/EUR/);
  });

  test('what is applied is exactly what was paid', () => {
    const cents = fc.bigInt({ min: 1n, max: 10_000n });
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1 }), cents, (amounts, part) => {
        const items = amounts.map((minor, at) => ({ id: String(at), open: money(minor, 'EUR') }));
        const last = amounts.at(-1) ?? 1n;
        const total = amounts.reduce((sum, minor) => sum + minor, 0n) - last + (part % last) + 1n;
        const shares = sharePayment(money(total, 'EUR'), items).items;
        expect(shares.map((share) => share.applied).reduce(add)).toEqual(money(total, 'EUR'));
      }),
    );
  });
});

test('charges of banks are known by their words or codes, payments to others are not', () => {
  const charge = bankLine({ id: '1', on: '2026-03-02', amount: '-4.90', text: 'Entgelt Kontoführung' });
  expect(isBankCharge(charge)).toBe(true);
  expect(isBankCharge({ ...charge, text: 'x', transactionCode: 'PMNT/CCRD/CHRG' })).toBe(true);
  expect(isBankCharge({ ...charge, text: 'Coffee' })).toBe(false);
  expect(isBankCharge({ ...charge, counterpartyAccount: 'abc' })).toBe(false);
  expect(isBankCharge({ ...charge, amount: eur('4.90') })).toBe(false);
});

const tables: [string, Record<string, readonly string[]>][] = Object.entries({
  lineTransitions,
  matchTransitions,
  exceptionTransitions,
  statementTransitions,
});

test.each(tables)('only the steps of %s are taken', (name, table) => {
  const allowed = (from: string, to: string): boolean => {
    try {
      advance(name, table, { from, to });
      return true;
    } catch {
      return false;
    }
  };
  const states = Object.keys(table);
  const taken = Object.fromEntries(
    states.map((from) => [from, states.filter((to) => allowed(from, to)).toSorted()]),
  );
  const expected = Object.fromEntries(states.map((from) => [from, table[from]?.toSorted()]));
  expect(taken).toEqual(expected);
  expect(() => advance('A match', matchTransitions, { from: 'UNDONE', to: 'ACCEPTED' })).toThrow(
    'UNDONE cannot become',
  );
});
