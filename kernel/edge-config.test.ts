import { expect, test } from 'vitest';
import { parseIssuers, parseNetworks, parseRate, parseSecrets } from './edge-config.ts';

test('issuers stand apart by commas or spaces, with an audience of their own if they have one', () => {
  expect(
    parseIssuers('https://a.example/realm,https://b.example|books  http://localhost:1', 'crossfoot'),
  ).toEqual([
    { issuer: 'https://a.example/realm', audience: 'crossfoot' },
    { issuer: 'https://b.example', audience: 'books' },
    { issuer: 'http://localhost:1', audience: 'crossfoot' },
  ]);
  expect(parseIssuers('', 'crossfoot')).toEqual([]);
  for (const wrong of ['a.example', 'ftp://a.example']) {
    expect(() => parseIssuers(wrong, 'crossfoot')).toThrow('OIDC_ISSUER');
  }
});

test('a rate names what comes back each second and what is there at once', () => {
  expect(parseRate('R', '5000:200000')).toEqual({ perSecond: 5000, burst: 200_000 });
  // Enough for the largest single operation.
  expect(parseRate('R', '5')).toEqual({ perSecond: 5, burst: 100_000 });
  expect(parseRate('R', '1000000')).toEqual({ perSecond: 1_000_000, burst: 10_000_000 });
  expect(parseRate('R', 'off')).toBeUndefined();
  for (const wrong of ['', '0', '5:0', '-5', '1.5', 'lots', '5:', '5:6:7']) {
    expect(() => parseRate('R', wrong)).toThrow('R: ');
  }
});

test('networks are addresses with or without the length of their prefix', () => {
  const networks = ['10.0.0.0/8', '::1', 'fd00::/8', '192.0.2.7'];
  expect(parseNetworks('N', networks.join(','))).toEqual(networks);
  for (const wrong of ['10.0.0.0/33', '10.0.0', 'host', '::1/129', '10.0.0.0/8/8', '10.0.0.0/x']) {
    expect(() => parseNetworks('N', wrong)).toThrow('N: ');
  }
});

test('a secret that is short is no secret', () => {
  const [one, two] = ['a'.repeat(32), 'b'.repeat(40)];
  expect(parseSecrets('S', `${one},${two}`)).toEqual([one, two]);
  expect(() => parseSecrets('S', `${one},short`)).toThrow('S: ');
});
