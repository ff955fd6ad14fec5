import type { Server } from 'node:http';
import type { DomainEvent } from '#kernel/events';
import type { Log } from '#kernel/log';
import type { EventReader } from '#kernel/relay';
import type { Authenticator } from '../auth/authenticate.ts';
import type { FederatedGraph } from '../graph/federated-graph.ts';
import type { Metrics } from '../metrics.ts';
import type { SubgraphSources } from '../sources/subgraph-source.ts';
import { startEventFeed } from './event-feed.ts';
import { createOpenSockets } from './open-sockets.ts';
import { serveSockets, type SocketServerOptions } from './socket-server.ts';
import { createSubscriptions } from './subscriptions.ts';

interface LiveOptions extends Pick<SocketServerOptions, 'admit' | 'execute'> {
  readonly graph: FederatedGraph;
  readonly sources: SubgraphSources;
  readonly reader: Pick<EventReader, 'read' | 'end' | 'onCommit'>;
  readonly authenticator: Authenticator;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Starts everything live: the feed of events, the subscriptions on it and the sockets over which they run. */
export async function startLive(server: Server, options: LiveOptions): Promise<{ stop(): Promise<void> }> {
  const { graph, authenticator, metrics } = options;
  const sockets = createOpenSockets();
  const noticed = (event: DomainEvent): void => {
    authenticator.noticed(event);
    sockets.noticed(event);
    metrics.eventLagSeconds.set((Date.now() - event.occurredAt.getTime()) / 1000);
  };
  const feed = await startEventFeed({ reader: options.reader, log: options.log, noticed });
  const subscribe = createSubscriptions({ ...options, feed });
  const stopSockets = serveSockets(server, { ...options, schema: graph.api, subscribe, sockets });
  return {
    async stop() {
      await stopSockets();
      await feed.stop();
    },
  };
}
