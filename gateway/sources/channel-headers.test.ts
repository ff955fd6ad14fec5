import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { systemActor } from '#kernel/actor';
import { signatureHeaders } from '#kernel/signing';
import { remoteSource } from './remote-source.ts';

test('a subgraph is sent the signed context and nothing that a client wrote into its headers', async () => {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    received.push(request.headers);
    response.setHeader('content-type', 'application/json').end('{"data":{}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const secrets = 'a secret of the tests, long enough to be taken';
  const source = remoteSource({ name: 'vendors', url: `http://127.0.0.1:${port}`, secrets });
  await source.execute({ query: '{ a }', actor: systemActor('vendors', 'org_1') });
  await source.close();
  server.close();
  const expected = [
    'host',
    'connection',
    'content-type',
    'content-length',
    ...Object.values(signatureHeaders),
  ];
  expect(received).toHaveLength(1);
  expect(Object.keys(received[0] ?? {}).filter((name) => !expected.includes(name))).toEqual([]);
});
