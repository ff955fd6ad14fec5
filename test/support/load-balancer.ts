import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

const lookMilliseconds = 100;

/** One address before several servers, as an operator would have: it knows of a server only whether it is ready. */
export interface LoadBalancer {
  readonly url: string;
  /** Connections that were handed to each server so far. */
  readonly handed: readonly number[];
  stop(): Promise<void>;
}

/** Hands each new connection to the next server that said it is ready when it was last asked. No stickiness. */
export async function balanceLoad(urls: readonly string[]): Promise<LoadBalancer> {
  const ready = urls.map(() => true);
  const handed = urls.map(() => 0);
  const sockets = new Set<Socket>();
  let next = 0;
  const choose = (): number | undefined => {
    for (let step = 0; step < urls.length; step += 1) {
      const index = (next + step) % urls.length;
      if (!ready[index]) continue;
      next = index + 1;
      return index;
    }
    return undefined;
  };
  const hand = (client: Socket): void => {
    const index = choose();
    if (index === undefined) {
      client.destroy();
      return;
    }
    const { hostname, port } = new URL(urls[index] ?? '');
    const server = connect(Number(port), hostname);
    handed[index] = (handed[index] ?? 0) + 1;
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  };
  const listener = createServer(hand);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const look = async (url: string, index: number): Promise<void> => {
    const signal = AbortSignal.timeout(2_000);
    ready[index] = await fetch(`${url}/readyz`, { signal }).then(
      (answer) => answer.ok,
      () => false,
    );
  };
  let stopped = false;
  const looking = urls.map(async (url, index) => {
    while (!stopped) {
      await look(url, index);
      await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
    }
  });
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    handed,
    async stop() {
      stopped = true;
      await Promise.all(looking);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
