import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { idSource, isId } from './ids.ts';

let newId: (prefix: string) => string;

// The order within a process is state of its source of ids, so every test starts with a fresh one.
beforeEach(() => {
  newId = idSource(randomBytes);
  vi.useFakeTimers({ toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

function at(instant: string): void {
  vi.setSystemTime(new Date(instant));
}

function millisecondsOf(id: string): number {
  const time = id.slice(id.indexOf('_') + 1).slice(0, 10);
  return time
    .split('')
    .reduce((value, digit) => value * 32 + '0123456789abcdefghjkmnpqrstvwxyz'.indexOf(digit), 0);
}

describe('ids', () => {
  test('are a prefix and 26 characters of lower-case Crockford base 32', () => {
    expect(newId('je')).toMatch(/^je_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
  });

  test('begin with the clock in milliseconds', () => {
    at('2026-03-01T12:34:56.789Z');
    expect(millisecondsOf(newId('je'))).toBe(Date.parse('2026-03-01T12:34:56.789Z'));
  });

  test('sort by the time they were made', () => {
    const ids = [
      '1970-01-01T00:00:00.001Z',
      '1999-12-31T23:59:59.999Z',
      '2026-01-01T00:00:00.000Z',
      '2999-01-01T00:00:00Z',
    ].map((instant) => {
      at(instant);
      return newId('je');
    });
    expect(ids.toSorted()).toEqual(ids);
  });

  test('sort in the order of making within one millisecond, and never repeat', () => {
    at('2026-03-01T12:00:00.000Z');
    const ids = Array.from({ length: 20_000 }, () => newId('je'));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('keep their order when the clock steps back', () => {
    at('2026-03-01T12:00:00.000Z');
    const before = newId('je');
    at('2026-03-01T11:00:00.000Z');
    const after = newId('je');
    expect(after > before).toBe(true);
    at('2026-03-01T13:00:00.000Z');
    expect(newId('je') > after).toBe(true);
  });

  test('of two processes in the same millisecond differ', () => {
    at('2026-03-01T12:00:00.000Z');
    const here = newId('je');
    const there = idSource(randomBytes)('je');
    expect(there).not.toBe(here);
    expect(millisecondsOf(there)).toBe(millisecondsOf(here));
  });

  test('keep their order when the random part is used up', () => {
    const exhausted = idSource((size) => Buffer.alloc(size, 0xff));
    at('2026-03-01T12:00:00.000Z');
    const [first, second] = [exhausted('je'), exhausted('je')];
    expect(first.endsWith('zzzzzzzzzzzzzzzz')).toBe(true);
    expect(second > first).toBe(true);
    expect(millisecondsOf(second)).toBe(millisecondsOf(first) + 1);
  });

  test('never repeat, even where the random part does', () => {
    const stuck = idSource((size) => Buffer.alloc(size, 0));
    at('2026-03-01T12:00:00.000Z');
    const first = stuck('je');
    expect(stuck('je') > first).toBe(true);
  });

  test('refuse a prefix that could not be told apart from the rest', () => {
    for (const prefix of ['', 'JE', 'j_e', '1a', 'je ', 'é'])
      expect(() => newId(prefix)).toThrowError(TypeError);
  });
});

describe('the check of an id', () => {
  test('takes what was made with the same prefix and nothing else', () => {
    const id = newId('je');
    expect(isId(id, 'je')).toBe(true);
    expect(isId(id, 'j')).toBe(false);
    expect(isId(id, 'e')).toBe(false);
    expect(isId(newId('doc'), 'je')).toBe(false);
  });

  test.each([
    ['upper case', 'je_01K9ZZZZZZZZZZZZZZZZZZZZZZ'],
    ['letters outside the alphabet', 'je_01k9iloiloiloiloiloiloilou'],
    ['too short', 'je_01k9zzzzzzzzzzzzzzzzzzzzz'],
    ['too long', 'je_01k9zzzzzzzzzzzzzzzzzzzzzzz'],
    ['more than 128 bits', 'je_81k9zzzzzzzzzzzzzzzzzzzzzz'],
    ['no prefix', '01k9zzzzzzzzzzzzzzzzzzzzzz'],
    ['a line end', 'je_01k9zzzzzzzzzzzzzzzzzzzzzz\n'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(isId(text, 'je')).toBe(false);
  });

  test('takes the largest id there is', () => {
    expect(isId(`je_7${'z'.repeat(25)}`, 'je')).toBe(true);
  });
});
