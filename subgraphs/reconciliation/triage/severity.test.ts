import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { money, parseMoney } from '#kernel/money';
import { exceptionReasons, severityOrder, type ExceptionReason } from './reasons.ts';
import { defaultSeverities, severityOf, type SeverityRules } from './severity.ts';

const eur = (amount: string) => parseMoney(amount, 'EUR');
const nothingSaid: SeverityRules = { byReason: {}, byAmount: [] };
const rules: SeverityRules = {
  byReason: { NO_CANDIDATE: 'MEDIUM', RETURNED: 'LOW' },
  byAmount: [
    { severity: 'MEDIUM', from: eur('1000.00') },
    { severity: 'HIGH', from: eur('10000.00') },
    { severity: 'HIGH', from: parseMoney('500', 'JPY') },
  ],
};

test('a book that says nothing has the usual urgency of each reason', () => {
  expect(severityOf(nothingSaid, 'NO_CANDIDATE', eur('1000000.00'))).toBe('LOW');
  expect(severityOf(nothingSaid, 'RETURNED', undefined)).toBe('HIGH');
});

test('what a book says of a reason holds, and an amount raises it but never lowers it', () => {
  expect(severityOf(rules, 'RETURNED', eur('1.00'))).toBe('LOW');
  expect(severityOf(rules, 'RETURNED', eur('-1000.00'))).toBe('MEDIUM');
  expect(severityOf(rules, 'RETURNED', eur('999.99'))).toBe('LOW');
  expect(severityOf(rules, 'NO_CANDIDATE', eur('10000.00'))).toBe('HIGH');
  expect(severityOf(rules, 'DUPLICATE', eur('1000.00'))).toBe('HIGH');
});

test('an amount is held against steps in its own currency only', () => {
  expect(severityOf(rules, 'RETURNED', parseMoney('500', 'JPY'))).toBe('HIGH');
  expect(severityOf(rules, 'RETURNED', parseMoney('90000.00', 'USD'))).toBe('LOW');
});

test('a larger amount is never less urgent, whatever its sign, and never below its reason', () => {
  const reason = fc.constantFrom(...(Object.keys(exceptionReasons) as ExceptionReason[]));
  const size = fc.bigInt({ min: 0n, max: 10_000_000n });
  const rank = (severity: string) => severityOrder.findIndex((one) => one === severity);
  fc.assert(
    fc.property(reason, size, size, fc.boolean(), (one, a, b, negative) => {
      const [small, large] = a <= b ? [a, b] : [b, a];
      const of = (minor: bigint) => rank(severityOf(rules, one, money(negative ? -minor : minor, 'EUR')));
      expect(of(small)).toBeLessThanOrEqual(of(large));
      expect(of(small)).toBeGreaterThanOrEqual(rank(rules.byReason[one] ?? defaultSeverities[one]));
    }),
  );
});
