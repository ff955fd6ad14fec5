import { expect, test } from 'vitest';
import { createPorts, portKey, provide } from '#kernel/ports';

const greeting = portKey<(name: string) => string>('greeting');

test('a port answers with what was provided for its key', () => {
  const port = createPorts([provide(greeting, (name) => `hello ${name}`)]);
  expect(port(greeting)('Ana')).toBe('hello Ana');
});

test('the last one provided for a key wins', () => {
  const port = createPorts([provide(greeting, () => 'first'), provide(greeting, () => 'second')]);
  expect(port(greeting)('Ana')).toBe('second');
});

test('a port nobody provides is named, also when another key has the same name', () => {
  const port = createPorts([provide(portKey<string>('greeting'), 'another port')]);
  expect(() => port(greeting)).toThrow('Nothing provides the port greeting');
});
