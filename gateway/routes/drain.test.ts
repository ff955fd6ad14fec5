import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSmallPlatform, type SmallPlatform } from '../fixtures/small-platform.ts';

let platform: SmallPlatform;
beforeEach(async () => {
  const config = { port: 0, host: '127.0.0.1', oidc: undefined, uploadLimitBytes: 1024, allowedOrigins: [] };
  platform = await startSmallPlatform({ config: { ...config, drainMilliseconds: 3_000 } });
});
afterEach(() => platform.stop());

test('a gateway that stops says it is not ready, and still answers and sends its clients elsewhere', async () => {
  const ready = await fetch(`${platform.url}/readyz`);
  expect([ready.status, ready.headers.get('connection')]).toEqual([200, 'keep-alive']);
  const stopped = platform.gateway.stop();
  const unready = await fetch(`${platform.url}/readyz`);
  expect([unready.status, await unready.json()]).toEqual([503, { status: 'stopping', parts: {} }]);
  expect((await fetch(`${platform.url}/livez`)).status).toBe(200);
  const { status, headers, body } = await platform.ask('{ viewerName }');
  expect([status, headers.get('connection'), body.data]).toEqual([200, 'close', { viewerName: 'Ana' }]);
  await stopped;
  await expect(fetch(`${platform.url}/livez`)).rejects.toThrow('fetch failed');
});
