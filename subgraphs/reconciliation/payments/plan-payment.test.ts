import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { money, parseMoney } from '#kernel/money';
import { planPayment, type PayableItem, type PaymentWish } from './plan-payment.ts';

const day = calendarDate;
const account = (id: string) => ({ id, index: `hash of ${id}` });

const bill: PayableItem = {
  label: 'INV-7',
  open: parseMoney('100.00', 'EUR'),
  issuedOn: day('2026-11-01'),
  dueOn: day('2026-12-01'),
  namedAccounts: [],
  vendor: { name: 'Borealis', status: 'ACTIVE', accounts: [account('a')] },
  discount: undefined,
  ordered: false,
};
const wish: PaymentWish = { executionOn: day('2026-11-10'), onLastDay: false };
const discount = { percent: '2', days: 14 };

function codeOf(item: Partial<PayableItem>, more: Partial<PaymentWish> = {}): string {
  try {
    return planPayment({ ...bill, ...item }, { ...wish, ...more }).payeeAccountId;
  } catch (error) {
    if (error instanceof CrossfootError) return error.code;
    throw error;
  }
}

describe('the account a bill is paid to', () => {
  const two = { name: 'B', status: 'ACTIVE', accounts: [account('a'), account('b')] };

  test('is the one chosen, the one the bill names, or the only one', () => {
    expect(codeOf({})).toBe('a');
    expect(codeOf({ vendor: two, namedAccounts: ['hash of b'] })).toBe('b');
    expect(codeOf({ vendor: two, namedAccounts: ['hash of b'] }, { payeeAccountId: 'a' })).toBe('a');
  });

  test('is left to a person where the bill names one the vendor is not known to have', () => {
    expect(codeOf({ namedAccounts: ['hash of a forged one'] })).toBe('PAYEE_ACCOUNT_UNCLEAR');
    expect(codeOf({ vendor: two })).toBe('PAYEE_ACCOUNT_UNCLEAR');
    expect(codeOf({ vendor: two, namedAccounts: ['hash of a', 'hash of b'] })).toBe('PAYEE_ACCOUNT_UNCLEAR');
    expect(codeOf({ vendor: { ...two, accounts: [] } })).toBe('PAYEE_ACCOUNT_UNCLEAR');
    expect(codeOf({}, { payeeAccountId: 'of somebody else' })).toBe('PAYEE_ACCOUNT_UNCLEAR');
  });

  test('is nobody else’s: only confirmed vendors are paid, and a bill only by one order', () => {
    expect(codeOf({ vendor: undefined })).toBe('PAYEE_UNCONFIRMED');
    for (const status of ['PROPOSED', 'BLOCKED', undefined]) {
      expect(codeOf({ vendor: { ...two, status } })).toBe('PAYEE_UNCONFIRMED');
    }
    expect(codeOf({ ordered: true })).toBe('PAYMENT_ORDERED');
  });
});

describe('a discount', () => {
  const planned = (executionOn: string, more: Partial<PaymentWish> = {}) =>
    planPayment({ ...bill, discount }, { ...wish, executionOn: day(executionOn), ...more });

  test('is taken up to its last day and not after it', () => {
    expect(planned('2026-11-15')).toMatchObject({ amount: { minor: 9800n }, settles: { minor: 10_000n } });
    expect(planned('2026-11-16')).toMatchObject({ amount: { minor: 10_000n }, settles: { minor: 10_000n } });
  });

  test('is not taken of a part', () => {
    expect(planned('2026-11-10', { amount: parseMoney('40', 'EUR') })).toMatchObject({
      amount: { minor: 4000n },
      settles: { minor: 4000n },
    });
  });

  test('decides which day is the last one in time', () => {
    const last = { onLastDay: true };
    expect(planned('2026-11-10', last).executionOn).toBe('2026-11-15');
    expect(planned('2026-11-20', last).executionOn).toBe('2026-12-01');
    expect(planned('2026-12-20', last).executionOn).toBe('2026-12-20');
  });
});

test('more than is open, nothing, or another currency is never paid', () => {
  const refused = ['0', '-1', '100.01'].map((amount) => codeOf({}, { amount: parseMoney(amount, 'EUR') }));
  expect(refused).toEqual(['FIELD_INVALID', 'FIELD_INVALID', 'FIELD_INVALID']);
  expect(codeOf({}, { amount: parseMoney('10', 'USD') })).toBe('CURRENCY_MISMATCH');
});

test('what is paid is never more than what it settles, and that never more than is open', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 12n }),
      fc.integer({ min: 0, max: 1000 }),
      fc.option(fc.bigInt({ min: 1n, max: 10n ** 12n }), { nil: undefined }),
      (open, tenths, part) => {
        const item = {
          ...bill,
          open: money(open, 'EUR'),
          discount: { percent: `${Math.floor(tenths / 10)}.${tenths % 10}`, days: 30 },
        };
        const amount = part === undefined || part > open ? undefined : money(part, 'EUR');
        const planned = planPayment(item, { ...wish, amount });
        expect(planned.amount.minor <= planned.settles.minor).toBe(true);
        expect(planned.settles.minor <= open).toBe(true);
      },
    ),
  );
});
