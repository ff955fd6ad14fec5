import type { Server } from 'node:http';
import type { DomainEvent } from '#kernel/events';
import type { Log } from '#kernel/log';
import type { EventReader } from '#kernel/relay';
import type { Authenticator } from '../auth/authenticate.ts';
import { createExecutor } from '../execution/executor.ts';
import type { FederatedGraph } from '../graph/federated-graph.ts';
import type { Metrics } from '../metrics.ts';
import type { KnownOperation } from '../operations/admission.ts';
import type { SubgraphSources } from '../sources/subgraph-source.ts';
import { startEventFeed } from './event-feed.ts';
import { createHttpOperations, type HttpOperations } from './http-operations.ts';
import { createOpenConnections, type ConnectionLimits } from './open-connections.ts';
import { serveSockets, type SocketServerOptions } from './socket-server.ts';
import { createSubscriptions, type SubscriptionOptions } from './subscriptions.ts';

interface LiveOptions
  extends Pick<SocketServerOptions, 'admit' | 'execute'>, Pick<SubscriptionOptions, 'tracing'> {
  readonly graph: FederatedGraph;
  readonly sources: SubgraphSources;
  readonly reader: Pick<EventReader, 'read' | 'end' | 'onCommit'>;
  readonly authenticator: Authenticator;
  readonly limits?: ConnectionLimits | undefined;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Sees every event before subscribers do. */
  readonly noticed?: (event: DomainEvent) => void;
}

/** What is allowed where the operator says nothing else. */
export const defaultLimits: ConnectionLimits = {
  perCredential: 500,
  perOrganisation: 20_000,
  operationsPerSocket: 100,
};

/** Everything live of a gateway. */
export interface Live {
  /** Serves sockets on the HTTP server. */
  serve(server: Server): void;
  /** Subscriptions in the body of HTTP answers. */
  readonly http: HttpOperations;
  /** The operations of the subscriptions under way. */
  readonly operations: () => Iterable<KnownOperation>;
  /** Goes on over another graph; its sources may be left out when they are the same. */
  replan(graph: FederatedGraph, sources?: SubgraphSources): void;
  stop(): Promise<void>;
}

/** Starts the feed of events, the subscriptions on it and the account of who is connected. */
export async function startLive(options: LiveOptions): Promise<Live> {
  const { authenticator, metrics, limits = defaultLimits } = options;
  const connections = createOpenConnections(limits);
  const noticed = (event: DomainEvent): void => {
    options.noticed?.(event);
    authenticator.noticed(event);
    connections.noticed(event);
    metrics.eventLagSeconds.set((Date.now() - event.occurredAt.getTime()) / 1000);
  };
  const feed = await startEventFeed({ reader: options.reader, log: options.log, noticed });
  const { sources, log } = options;
  const over = (graph: FederatedGraph, present: SubgraphSources) => ({
    graph,
    executor: createExecutor({ graph, sources: present, log }),
  });
  const subscriptions = createSubscriptions({ ...options, ...over(options.graph, sources), feed });
  const { subscribe } = subscriptions;
  const http = createHttpOperations({ ...options, subscribe, connections });
  let schema = options.graph.api;
  let stopSockets: () => Promise<void> = () => Promise.resolve();
  return {
    http,
    serve(server) {
      const { operationsPerSocket } = limits;
      const present = () => schema;
      stopSockets = serveSockets(server, {
        ...options,
        schema: present,
        subscribe,
        connections,
        operationsPerSocket,
      });
    },
    operations: () => subscriptions.operations(),
    replan(graph, present = sources) {
      schema = graph.api;
      subscriptions.replan(over(graph, present));
    },
    async stop() {
      http.stop();
      await stopSockets();
      await feed.stop();
    },
  };
}
