import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, sha256Hex } from './canonical.ts';

describe('canonical JSON', () => {
  test('sorts keys at every level and leaves lists in order', () => {
    expect(canonicalJson({ b: [2, 1, { z: 0, a: 0 }], a: { d: null, c: true } })).toBe(
      '{"a":{"c":true,"d":null},"b":[2,1,{"a":0,"z":0}]}',
    );
  });

  test('sorts keys by UTF-16 code unit, as RFC 8785 shows', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(
      Object.values(
        JSON.parse(`[${[...canonicalJson(value).matchAll(/:(\d)/g)].map((hit) => hit[1]).join(',')}]`),
      ),
    ).toEqual([2, 4, 6, 7, 1, 5, 3]);
  });

  test('writes numbers as RFC 8785 shows', () => {
    expect(canonicalJson([333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0])).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
    );
  });

  test('escapes text as RFC 8785 shows', () => {
    expect(canonicalJson('\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/')).toBe(
      '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"',
    );
  });

  test('writes a bigint as a string of all its digits', () => {
    expect(canonicalJson({ minor: -9007199254740993n })).toBe('{"minor":"-9007199254740993"}');
  });

  test('drops keys that hold undefined and keeps places of lists', () => {
    expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
    // oxlint-disable-next-line no-sparse-arrays -- a hole is the case under test
    expect(canonicalJson([1, undefined, , 2])).toBe('[1,null,null,2]');
  });

  test('refuses undefined where nothing holds it', () => {
    expect(() => canonicalJson(undefined)).toThrowError(TypeError);
  });

  test('takes objects without a prototype and instants', () => {
    const bare: Record<string, unknown> = Object.create(null);
    bare['at'] = new Date('2026-01-02T03:04:05.678Z');
    expect(canonicalJson(bare)).toBe('{"at":"2026-01-02T03:04:05.678Z"}');
  });

  test('keeps a key named __proto__', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":1,"a":2}'))).toBe('{"__proto__":1,"a":2}');
  });

  test('takes the same object twice, but no cycle', () => {
    const shared = { a: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
    const cycle: Record<string, unknown> = {};
    cycle['self'] = { cycle };
    expect(() => canonicalJson(cycle)).toThrowError(TypeError);
  });

  test.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['infinity', Number.NEGATIVE_INFINITY],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a Map', new Map([['a', 1]])],
    ['a Set', new Set([1])],
    ['bytes', new Uint8Array([1])],
    ['a Buffer', Buffer.from('a')],
    ['an instance of a class', new (class Account {})()],
    ['a regular expression', /a/],
    ['an invalid Date', new Date(Number.NaN)],
    ['a lone surrogate', '\ud800'],
    ['a key with a lone surrogate', { '\udc00': 1 }],
  ])('refuses %s, also deep inside', (_, value) => {
    expect(() => canonicalJson(value)).toThrowError(TypeError);
    expect(() => canonicalJson({ a: [{ b: value }] })).toThrowError(TypeError);
  });

  test('says the same value, whatever the order of keys', () => {
    const json = fc.jsonValue({ stringUnit: 'grapheme' });
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), json), (record) => {
        const turned = Object.fromEntries(Object.entries(record).toReversed());
        const text = canonicalJson(record);
        expect(canonicalJson(turned)).toBe(text);
        // Through JSON on both sides, since it knows no minus zero.
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(record)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe('SHA-256', () => {
  test('gives the published digests', () => {
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test('hashes text as UTF-8 and bytes as they are', () => {
    expect(sha256Hex('€')).toBe(sha256Hex(new Uint8Array([0xe2, 0x82, 0xac])));
  });
});
