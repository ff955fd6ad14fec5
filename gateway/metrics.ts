import { Counter, Gauge, Registry } from 'prom-client';
import { quickCounter, quickHistogram, type QuickCounter, type QuickHistogram } from '#kernel/quick-figures';

/** The gateway's figures for Prometheus. */
export interface Metrics {
  readonly registry: Registry;
  readonly operations: QuickCounter<'type' | 'outcome'>;
  readonly operationSeconds: QuickHistogram<'type'>;
  readonly liveSockets: Gauge;
  readonly liveSubscriptions: Gauge;
  readonly eventsDelivered: Counter;
  readonly subscriptionsEnded: Counter<'reason'>;
  readonly eventLagSeconds: Gauge;
}

/** Makes the figures of one gateway, in the registry of its process; gateways without one keep theirs apart. */
export function createMetrics(registry = new Registry()): Metrics {
  const registers = [registry];
  return {
    registry,
    operations: quickCounter(registry, {
      name: 'crossfoot_operations_total',
      help: 'Operations by type (query, mutation, subscription, none) and outcome (ok, errors, refused).',
      labels: ['type', 'outcome'],
    }),
    operationSeconds: quickHistogram(registry, {
      name: 'crossfoot_operation_seconds',
      help: 'Time to answer queries and mutations.',
      labels: ['type'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    }),
    liveSockets: new Gauge({ name: 'crossfoot_live_sockets', help: 'Open WebSockets.', registers }),
    liveSubscriptions: new Gauge({
      name: 'crossfoot_live_subscriptions',
      help: 'Subscriptions under way.',
      registers,
    }),
    eventsDelivered: new Counter({
      name: 'crossfoot_events_delivered_total',
      help: 'Events handed to subscribers.',
      registers,
    }),
    subscriptionsEnded: new Counter({
      name: 'crossfoot_subscriptions_ended_total',
      help: 'Subscriptions ended, by reason: client, or the code of the error.',
      labelNames: ['reason'],
      registers,
    }),
    eventLagSeconds: new Gauge({
      name: 'crossfoot_event_lag_seconds',
      help: 'Time from the last event to its distribution here.',
      registers,
    }),
  };
}

/** Counts an answered operation and its seconds. */
export type OperationFigures = (type: string, outcome: string, seconds: number) => void;

/** The figures of operations with their series looked up once. */
export function operationFigures({ operations, operationSeconds }: Metrics): OperationFigures {
  const counters = new Map<string, ReturnType<Metrics['operations']['series']>>();
  const histograms = new Map<string, ReturnType<Metrics['operationSeconds']['series']>>();
  return (type, outcome, seconds) => {
    let histogram = histograms.get(type);
    if (!histogram) histograms.set(type, (histogram = operationSeconds.series({ type })));
    histogram(seconds);
    const key = `${type} ${outcome}`;
    let counter = counters.get(key);
    if (!counter) counters.set(key, (counter = operations.series({ type, outcome })));
    counter();
  };
}
