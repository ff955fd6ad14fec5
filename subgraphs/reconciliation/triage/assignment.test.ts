import { describe, expect, test } from 'vitest';
import { parseMoney } from '#kernel/money';
import { assign, checkCondition, type Assignable } from './assignment.ts';
import { chooseBookingRule, indexRules, type BookingRuleInForce } from './choose-booking-rule.ts';
import { describeKey, keysOf } from './line-keys.ts';

const rule = (id: string, condition: string) => ({ id, condition, ownerId: `mem_${id}` });
const one: Assignable = {
  reason: 'RETURNED',
  severity: 'HIGH',
  amount: parseMoney('-1250.00', 'EUR'),
  counterparty: 'Stadtwerke München',
  text: 'Rücklastschrift Abschlag',
  account: '1200',
  accountName: 'Current account',
};

describe('assignment', () => {
  test('the first rule whose condition holds decides', () => {
    const rules = [
      rule('small', 'abs(amount) < 100'),
      rule('returns', 'reason == "RETURNED" && account == "1200"'),
      rule('all', 'true'),
    ];
    expect(assign(rules, one)?.ownerId).toBe('mem_returns');
    expect(assign(rules.slice(0, 1), one)).toBeUndefined();
  });

  test('conditions know reason, severity, signed amount, currency, other side, text and account', () => {
    const holds = (condition: string) => assign([rule('x', condition)], one) !== undefined;
    expect(holds('severity == "HIGH" && amount < -1000 && currency == "EUR"')).toBe(true);
    expect(holds('mentions(counterparty, "stadtwerke munchen") && mentions(text, "RÜCKLASTSCHRIFT")')).toBe(
      true,
    );
    expect(holds('accountName == "Savings"')).toBe(false);
  });

  test('what an exception does not have is nothing, and a condition that fails does not hold', () => {
    const bare: Assignable = { reason: 'FEED_FAILED', severity: 'MEDIUM' };
    expect(assign([rule('zero', 'amount == 0 && counterparty == ""')], bare)?.id).toBe('zero');
    expect(assign([rule('bad', 'month(text) == 3'), rule('next', 'true')], bare)?.id).toBe('next');
  });

  test('a condition that names what is not there is refused', () => {
    expect(() => checkCondition('reason == "X" && colour == "red"')).toThrow(/colour/);
    expect(() => checkCondition('amount')).toThrow(/true or false/);
  });
});

describe('keys of lines', () => {
  const key = (text: string, counterpartyName?: string, minor = -490n) =>
    keysOf({ text, counterpartyName, minor });

  test('what changes from month to month is no part of a key', () => {
    expect(key('Entgelt Kontoführung Februar 2026')).toEqual(key('Entgelt Kontoführung März 2027 Nr. 4711'));
    expect(key('Abschlag Strom 03/26 K-123', 'Stadtwerke GmbH')).toEqual(
      key('ABSCHLAG STROM 04/26 K-123', 'Stadtwerke'),
    );
  });

  test('the direction, the other side and the lasting words are', () => {
    expect(key('Fee')).not.toEqual(key('Fee', undefined, 490n));
    expect(key('Strom', 'Stadtwerke')).toEqual(['out|stadtwerke|strom', 'out|stadtwerke|']);
    expect(key('', 'Stadtwerke')).toEqual(['out|stadtwerke|']);
    expect(key('4711 2026')).toEqual([]);
  });

  test('a key is told in words', () => {
    expect(describeKey('out|stadtwerke|strom')).toBe('Payments to stadtwerke: strom');
    expect(describeKey('in||zinsen')).toBe('Payments in: zinsen');
  });
});

describe('booking rules', () => {
  const inForce = (id: string, key: string, upToMinor = 10_000n): BookingRuleInForce => ({
    id,
    name: id,
    key,
    currency: 'EUR',
    accountCode: '4970',
    upToMinor,
  });
  const rules = indexRules([
    inForce('wide', 'out|stadtwerke|'),
    inForce('narrow', 'out|stadtwerke|strom', 5_000n),
  ]);
  const chosen = (text: string, minor: bigint, currency = 'EUR') =>
    chooseBookingRule(rules, { text, minor, currency, counterpartyName: 'Stadtwerke' })?.id;

  test('the narrowest rule that fits takes the line', () => {
    expect([chosen('Strom', -4_000n), chosen('Wasser', -4_000n)]).toEqual(['narrow', 'wide']);
  });

  test('an amount beyond what it books, another currency or direction is left to a person', () => {
    expect([chosen('Strom', -5_000n), chosen('Strom', -5_001n)]).toEqual(['narrow', undefined]);
    expect([chosen('Wasser', -4_000n, 'USD'), chosen('Wasser', 4_000n)]).toEqual([undefined, undefined]);
  });
});
