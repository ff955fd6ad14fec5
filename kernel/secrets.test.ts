import { expect, test } from 'vitest';
import { localVault } from './secrets.ts';

const place = { organisationId: 'org_1', column: 'statement_line.record', rowId: 'bl_1' };

test('what is sealed opens at its own place, in any process, and nowhere else', () => {
  const sealed = localVault('secret').seal('Müller DE89', place);
  const vault = localVault('secret');
  expect(vault.open(sealed, place)).toBe('Müller DE89');
  for (const other of [{ organisationId: 'org_2' }, { column: 'line.record' }, { rowId: 'bl_2' }])
    expect(() => vault.open(sealed, { ...place, ...other })).toThrow('unable to authenticate');
  expect(() => localVault('another secret').open(sealed, place)).toThrow('unable to authenticate');
});

test('a vault that has served many organisations still has the key of each', () => {
  const vault = localVault('secret');
  const [sealed, index] = [vault.seal('text', place), vault.blindIndex('DE89', 'org_1')];
  const indexes = Array.from({ length: 2_500 }, (_, n) => vault.blindIndex('DE89', `org_${n + 2}`));
  expect(new Set([index, ...indexes]).size).toBe(2_501);
  expect(vault.open(sealed, place)).toBe('text');
  expect(vault.blindIndex('DE89', 'org_1')).toBe(index);
});

test('one text sealed twice is never the same', () => {
  const vault = localVault('secret');
  expect(vault.seal('text', place)).not.toBe(vault.seal('text', place));
});
