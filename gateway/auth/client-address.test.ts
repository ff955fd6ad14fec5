import { expect, test } from 'vitest';
import type { ShownBy } from './authenticate.ts';
import { clientAddress } from './client-address.ts';

const shown = (remoteAddress: string, forwarded?: string | string[]): ShownBy =>
  ({ headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress } }) as unknown as ShownBy;

test('without trusted proxies nobody is believed', () => {
  expect(clientAddress([])(shown('192.0.2.1', '198.51.100.9'))).toBe('192.0.2.1');
});

test.each([
  ['a stranger', shown('192.0.2.1', '198.51.100.9'), '192.0.2.1'],
  ['one proxy', shown('10.0.0.1', '198.51.100.9'), '198.51.100.9'],
  ['a proxy on a socket for both families', shown('::ffff:10.0.0.1', '198.51.100.9'), '198.51.100.9'],
  ['two proxies', shown('10.0.0.1', '198.51.100.9, 10.0.0.2'), '198.51.100.9'],
  [
    'a client that makes up others',
    shown('10.0.0.1', '127.0.0.1, 203.0.113.5, 198.51.100.9'),
    '198.51.100.9',
  ],
  ['several headers', shown('fd00::1', ['203.0.113.5', '198.51.100.9']), '198.51.100.9'],
  ['a proxy that says nothing', shown('10.0.0.1'), '10.0.0.1'],
  ['only proxies', shown('10.0.0.1', '10.0.0.2'), '10.0.0.1'],
])('the address counts that no trusted proxy has: %s', (_who, request, address) => {
  expect(clientAddress(['10.0.0.0/8', 'fd00::/8'])(request)).toBe(address);
});
