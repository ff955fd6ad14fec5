import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { money, type Money } from '#kernel/money';
import { calculateTax, type TaxAnswer, type TaxQuestion } from './calculate-tax.ts';
import type { TaxCode } from './tax-code.ts';

const on = calendarDate('2026-06-15');

const code = (name: string, percent: string, more: Partial<TaxCode> = {}): TaxCode => ({
  code: name,
  name,
  jurisdiction: 'XX',
  treatment: 'TAXED',
  rates: percent === '' ? [] : [{ from: calendarDate('2000-01-01'), percent }],
  components: [],
  compound: false,
  recoverablePercent: '37.5',
  rounding: { mode: 'half-up', level: 'DOCUMENT', together: false },
  ...more,
});

/** Codes of every kind: single, with many decimals, several at once, tax on tax, rounded as one sum, reversed. */
const codes = new Map(
  [
    code('A', '19'),
    code('B', '7'),
    code('C', '9.975'),
    code('D', '0.0625'),
    code('ON-TAX', '9.5', { compound: true }),
    code('A+C', '', { components: ['A', 'C'] }),
    code('B+ON', '', { components: ['B', 'ON-TAX'] }),
    code('SUM', '', {
      components: ['A', 'B', 'D'],
      rounding: { mode: 'half-up', level: 'DOCUMENT', together: true },
    }),
    code('R', '21', { treatment: 'REVERSE_CHARGE' }),
    code('ZERO', '', { treatment: 'ZERO_RATED' }),
  ].map((one) => [one.code, one]),
);
const singles = ['A', 'B', 'C', 'D'];

const rounding = fc.record({
  mode: fc.constantFrom('half-up', 'half-even', 'down', 'up'),
  level: fc.constantFrom('LINE', 'DOCUMENT'),
  together: fc.boolean(),
}) as fc.Arbitrary<NonNullable<TaxQuestion['rounding']>>;

const amounts = fc.bigInt({ min: -10_000_000n, max: 10_000_000n });
const lines = fc.array(
  fc.record({
    amount: amounts.map((minor) => money(minor, 'EUR')),
    taxCodes: fc
      .subarray([...codes.keys()].slice(-6), { maxLength: 1 })
      .chain((whole) =>
        fc.subarray(singles, { maxLength: 2 }).map((more) => (whole.length > 0 ? whole : more)),
      ),
  }),
  { minLength: 1, maxLength: 25 },
);

const ask = (more: Pick<TaxQuestion, 'lines'> & Partial<TaxQuestion>): TaxAnswer =>
  calculateTax({ codes, on, pricesInclude: false, ...more });
const total = (list: readonly Money[]): bigint => list.reduce((sum, one) => sum + one.minor, 0n);
const size = (value: bigint): bigint => (value < 0n ? -value : value);

describe('whatever the document', () => {
  test('parts sum to the whole, and prices stay what they are', () => {
    fc.assert(
      fc.property(lines, rounding, fc.boolean(), (given, how, pricesInclude) => {
        const answer = ask({ lines: given, rounding: how, pricesInclude });
        answer.lines.forEach((line, index) => {
          const charged = line.taxes.filter((tax) => !tax.reverse).map((tax) => tax.tax);
          expect(line.net.minor + total(charged)).toBe(line.gross.minor);
          expect((pricesInclude ? line.gross : line.net).minor).toBe(given[index]?.amount.minor);
        });
        expect(total(answer.lines.map((line) => line.net))).toBe(answer.net.minor);
        expect(total(answer.lines.map((line) => line.gross))).toBe(answer.gross.minor);
        expect(answer.net.minor + answer.tax.minor).toBe(answer.gross.minor);
        expect(total(answer.totals.filter((tax) => !tax.reverse).map((tax) => tax.tax))).toBe(
          answer.tax.minor,
        );
        for (const tax of answer.totals) {
          const ofLines = answer.lines.flatMap((line) => line.taxes.filter((one) => one.code === tax.code));
          expect(total(ofLines.map((one) => one.tax))).toBe(tax.tax.minor);
          expect(total(ofLines.map((one) => one.base))).toBe(tax.base.minor);
          expect(tax.recoverable.minor + tax.nonRecoverable.minor).toBe(tax.tax.minor);
        }
      }),
    );
  });

  test('no share is a whole unit away from what it is exactly', () => {
    fc.assert(
      fc.property(lines, rounding, (given, how) => {
        const answer = ask({ lines: given, rounding: how });
        for (const { taxes } of answer.lines)
          for (const { percent, base, tax, code: name } of taxes) {
            if (name === 'ON-TAX') continue;
            const [whole = '', fraction = ''] = percent.split('.');
            const unit = 100n * 10n ** BigInt(fraction.length);
            expect(size(tax.minor * unit - base.minor * BigInt(whole + fraction))).toBeLessThan(unit);
          }
      }),
    );
  });

  test('the order of the lines changes no total', () => {
    fc.assert(
      fc.property(lines, rounding, fc.boolean(), fc.infiniteStream(fc.nat()), (given, how, inside, keys) => {
        const shuffled = given
          .map((line) => ({ line, key: keys.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ line }) => line);
        const [one, other] = [given, shuffled].map((each) =>
          ask({ lines: each, rounding: how, pricesInclude: inside }),
        );
        const byCode = (answer: TaxAnswer | undefined) =>
          answer?.totals
            // A tax on tax stands on the taxes of its own line, whose split may exchange units between equal lines.
            .map((tax) => `${tax.code} ${tax.code === 'ON-TAX' ? '' : tax.base.minor} ${tax.tax.minor}`)
            .toSorted()
            .join();
        expect(byCode(other)).toBe(byCode(one));
        expect([other?.net, other?.tax, other?.gross]).toEqual([one?.net, one?.tax, one?.gross]);
      }),
    );
  });

  test('a credit mirrors its invoice', () => {
    fc.assert(
      fc.property(lines, rounding, fc.boolean(), (given, how, inside) => {
        const mirrored = given.map((line) => ({ ...line, amount: money(-line.amount.minor, 'EUR') }));
        const one = ask({ lines: given, rounding: how, pricesInclude: inside });
        const other = ask({ lines: mirrored, rounding: how, pricesInclude: inside });
        expect([other.net.minor, other.tax.minor]).toEqual([-one.net.minor, -one.tax.minor]);
        expect(other.totals.map((tax) => tax.tax.minor)).toEqual(one.totals.map((tax) => -tax.tax.minor));
      }),
    );
  });
});

describe('one tax', () => {
  const modes = fc.constantFrom('half-up', 'half-even') as fc.Arbitrary<'half-up' | 'half-even'>;

  test('put into a price comes out of it again', () => {
    fc.assert(
      fc.property(amounts, fc.constantFrom(...singles), modes, (minor, name, mode) => {
        const line = { amount: money(minor, 'EUR'), taxCodes: [name] };
        const { gross, tax } = ask({ lines: [line], rounding: { mode } });
        const back = ask({ lines: [{ ...line, amount: gross }], rounding: { mode }, pricesInclude: true });
        expect([back.net.minor, back.tax.minor]).toEqual([minor, tax.minor]);
      }),
    );
  });

  test('rounded by line and rounded once differ by half a unit for each line at most', () => {
    fc.assert(
      fc.property(
        fc.array(amounts, { minLength: 1, maxLength: 40 }),
        fc.constantFrom(...singles),
        modes,
        (minors, name, mode) => {
          const given = minors.map((minor) => ({ amount: money(minor, 'EUR'), taxCodes: [name] }));
          const [byLine, once] = (['LINE', 'DOCUMENT'] as const).map(
            (level) => ask({ lines: given, rounding: { mode, level } }).tax.minor,
          ) as [bigint, bigint];
          expect(size(byLine - once) * 2n).toBeLessThanOrEqual(BigInt(minors.length));
        },
      ),
    );
  });

  test('split over lines stays what it is for the whole', () => {
    fc.assert(
      fc.property(fc.array(amounts, { minLength: 1, maxLength: 40 }), modes, (minors, mode) => {
        const given = minors.map((minor) => ({ amount: money(minor, 'EUR'), taxCodes: ['C'] }));
        const amount = money(total(given.map((one) => one.amount)), 'EUR');
        const whole = ask({ lines: [{ amount, taxCodes: ['C'] }], rounding: { mode } });
        const parts = ask({ lines: given, rounding: { mode } });
        expect([parts.net, parts.tax]).toEqual([whole.net, whole.tax]);
      }),
    );
  });
});
