import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import { eventually } from './platform.ts';

/** A subscription over the real graphql-ws client, with what it has received so far. */
export interface Subscriber<Event> {
  readonly received: readonly Event[];
  readonly errors: readonly unknown[];
  /** Waits until so many events have come. */
  until(count: number): Promise<readonly Event[]>;
  /** Drops the socket without a word, as a broken network would. */
  cut(): Promise<void>;
}

/** Subscribes and waits until the server has accepted the socket. */
export async function subscribe<Event>(
  url: string,
  token: string,
  operation: { query: string; variables?: Record<string, unknown> },
): Promise<Subscriber<Event>> {
  const received: Event[] = [];
  const errors: unknown[] = [];
  let acknowledged = false;
  const client: Client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    lazy: false,
    on: {
      connected: () => {
        acknowledged = true;
      },
    },
    onNonLazyError: (error) => errors.push(error),
  });
  client.subscribe<Record<string, Event>>(operation, {
    next: (message) => {
      if (message.errors) errors.push(...message.errors);
      const event = message.data && Object.values(message.data)[0];
      if (event) received.push(event);
    },
    error: (error) => errors.push(error),
    complete: () => undefined,
  });
  await eventually(() => Promise.resolve(acknowledged || errors.length > 0));
  return {
    received,
    errors,
    async until(count) {
      await eventually(() => {
        if (errors.length > 0) throw new Error(`The subscription failed: ${JSON.stringify(errors)}`);
        return Promise.resolve(received.length >= count);
      });
      return received;
    },
    async cut() {
      client.terminate();
      await client.dispose();
    },
  };
}
