import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { GatheringSocket } from './gathering-socket.ts';

test('what is written in one go arrives as one packet, in order, and later writes follow', async () => {
  const packets: string[] = [];
  const server = createServer((socket) => socket.on('data', (data) => packets.push(data.toString())));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = new GatheringSocket();
  await new Promise<void>((resolve) => {
    socket.connect((server.address() as AddressInfo).port, '127.0.0.1', () => resolve());
  });
  let sent = 0;
  for (const text of ['begin;', 'ask;']) socket.write(text, () => (sent += 1));
  await Promise.resolve();
  socket.write('query;');
  await expect.poll(() => packets).toEqual(['begin;ask;query;']);
  expect(sent).toBe(2);
  socket.end('end;');
  await expect.poll(() => packets.join('')).toBe('begin;ask;query;end;');
  server.close();
});
