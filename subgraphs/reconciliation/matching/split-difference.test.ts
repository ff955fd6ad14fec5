import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { money, parseMoney } from '#kernel/money';
import { splitDifference, type Settled } from './split-difference.ts';

interface Case {
  readonly paid: string;
  readonly applied: string;
  readonly open?: string;
  readonly on?: string;
  readonly more?: Partial<Settled>;
}

function splits({ paid, applied, open = applied, on = '2026-03-10', more = {} }: Case) {
  return splitDifference({
    paid: parseMoney(paid, 'EUR'),
    bookedOn: calendarDate(on),
    items: [
      {
        applied: parseMoney(applied, 'EUR'),
        open: parseMoney(open, 'EUR'),
        issuedOn: calendarDate('2026-03-01'),
      },
    ],
    ...more,
  }).map(({ kind, amount, accountCode }) =>
    [kind, amount && `${amount.minor}`, accountCode].filter(Boolean).join(' '),
  );
}

const tolerance = { most: parseMoney('5.00', 'EUR'), mostShare: 200, accountCode: '6990' };

describe('what a difference is', () => {
  test('nothing, where nothing differs', () =>
    expect(splits({ paid: '10.00', applied: '10.00' })).toEqual([]));
  test('a cent is rounding', () =>
    expect(splits({ paid: '99.99', applied: '100.00' })).toEqual(['ROUNDING -1']));
  test('two percent soon is a discount, of what we owe as of what we are owed', () => {
    expect(splits({ paid: '98.00', applied: '100.00' })).toEqual(['EARLY_PAYMENT_DISCOUNT -200']);
    expect(splits({ paid: '-98.00', applied: '-100.00' })).toEqual(['EARLY_PAYMENT_DISCOUNT 200']);
  });
  test('two percent after half a year is none', () =>
    expect(splits({ paid: '98.00', applied: '100.00', on: '2026-09-10' })).toEqual(['BANK_CHARGE -200']));
  test('a discount and a round charge beside it are two parts', () =>
    expect(splits({ paid: '972.50', applied: '1000.00' })).toEqual([
      'EARLY_PAYMENT_DISCOUNT -2000',
      'BANK_CHARGE -750',
    ]));
  test('more than what is settled is an overpayment', () => {
    expect(splits({ paid: '120.00', applied: '100.00' })).toEqual(['OVERPAYMENT 2000']);
    expect(splits({ paid: '-120.00', applied: '-100.00' })).toEqual(['OVERPAYMENT -2000']);
  });
  test('what stays open is a partial payment and no difference', () =>
    expect(splits({ paid: '40.00', applied: '40.00', open: '100.00' })).toEqual(['PARTIAL_PAYMENT 6000']));
  test('what the book tolerates goes to its account, and no more than that', () => {
    expect(splits({ paid: '996.50', applied: '1000.00', more: { tolerance } })).toEqual([
      'TOLERANCE -350 6990',
    ]);
    expect(splits({ paid: '1003.50', applied: '1000.00', more: { tolerance } })).toEqual([
      'TOLERANCE 350 6990',
    ]);
    expect(splits({ paid: '97.23', applied: '100.00', more: { tolerance } })).toEqual(['BANK_CHARGE -277']);
    expect(splits({ paid: '991.00', applied: '1000.00', more: { tolerance } })).toEqual(['BANK_CHARGE -900']);
  });
  test('a person says the account', () =>
    expect(splits({ paid: '50.00', applied: '100.00', more: { accountCode: '4730' } })).toEqual([
      'CHOSEN -5000 4730',
    ]));
  test('with several currencies the ledger says what was gained or lost', () =>
    expect(
      splits({
        paid: '90.00',
        applied: '100.00',
        more: {
          items: [
            {
              applied: money(10000n, 'USD'),
              open: money(10000n, 'USD'),
              issuedOn: calendarDate('2026-03-01'),
            },
          ],
        },
      }),
    ).toEqual(['CURRENCY']));
});

test('the booked parts add up to what lines and items differ by, whatever that is', () => {
  const amount = fc.bigInt({ min: 1n, max: 1_000_000n });
  fc.assert(
    fc.property(
      amount,
      amount,
      amount,
      fc.constantFrom(1n, -1n),
      fc.boolean(),
      (paid, applied, more, sign, tolerant) => {
        const parts = splitDifference({
          paid: money(sign * paid, 'EUR'),
          bookedOn: calendarDate('2026-03-10'),
          items: [
            {
              applied: money(sign * applied, 'EUR'),
              open: money(sign * (applied + more), 'EUR'),
              issuedOn: calendarDate('2026-03-01'),
            },
          ],
          ...(tolerant ? { tolerance } : {}),
        });
        const total = (booked: boolean) =>
          parts
            .filter(({ kind }) => (kind === 'PARTIAL_PAYMENT') !== booked)
            .reduce((sum, part) => sum + (part.amount?.minor ?? 0n), 0n);
        expect(total(true)).toBe(sign * (paid - applied));
        expect(total(false)).toBe(sign * more);
      },
    ),
  );
});
