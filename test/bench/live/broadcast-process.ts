import { WebSocketServer } from 'ws';

/** What the bare server is told: a message for everybody, a look at its memory, or where it listens. */
export type BroadcastOrder = { readonly kind: 'send'; readonly text: string } | { readonly kind: 'memory' };

/** The floor: a server that does nothing but send each message to each socket, as the `ws` library shows it. */
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});
process.on('message', (order: BroadcastOrder) => {
  if (order.kind === 'memory') {
    globalThis.gc?.();
    process.send?.({ rss: process.memoryUsage().rss });
    return;
  }
  const bytes = Buffer.from(order.text);
  for (const client of server.clients) {
    if (client.readyState === client.OPEN) client.send(bytes, { binary: false });
  }
});
process.on('disconnect', () => process.exit(0));
