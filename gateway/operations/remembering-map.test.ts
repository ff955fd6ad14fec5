import { expect, test } from 'vitest';
import { rememberingMap } from './remembering-map.ts';

test('what is used stays, what is not used goes, and the size is bounded', () => {
  const map = rememberingMap<number, string>(10);
  map.keep(0, 'used');
  for (let key = 1; key <= 100; key += 1) {
    map.keep(key, `value ${key}`);
    expect(map.get(0)).toBe('used');
    expect(map.size).toBeLessThanOrEqual(10);
  }
  expect(map.get(1)).toBeUndefined();
  expect(map.get(100)).toBe('value 100');
});

test('a value that is replaced or deleted does not come back from the older generation', () => {
  const map = rememberingMap<string, number>(2);
  map.keep('a', 1);
  map.keep('b', 2);
  map.keep('a', 3);
  expect(map.get('a')).toBe(3);
  map.delete('a');
  expect(map.get('a')).toBeUndefined();
  map.clear();
  expect([map.get('b'), map.size]).toEqual([undefined, 0]);
});
