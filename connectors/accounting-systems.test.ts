import { expect, test } from 'vitest';
import { createAccountingSystems } from './accounting-systems.ts';

test('systems of one target are opened once, unknown kinds are refused', () => {
  const systems = createAccountingSystems();
  expect(systems.kinds).toEqual(['HLEDGER_JOURNAL']);
  expect(systems.open('HLEDGER_JOURNAL', '/a')).toBe(systems.open('HLEDGER_JOURNAL', '/a'));
  expect(systems.open('HLEDGER_JOURNAL', '/a')).not.toBe(systems.open('HLEDGER_JOURNAL', '/b'));
  expect(() => systems.open('XERO', '/a')).toThrow('no connector for XERO');
});
