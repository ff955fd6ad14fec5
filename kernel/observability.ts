import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { ObservabilityConfig } from '#kernel/config';
import type { Log } from '#kernel/log';
import { startTracing, type Tracing } from '#kernel/tracing';

/** What is recorded about the work of one process: figures for Prometheus and, where somebody collects them, traces. */
export interface Observability {
  readonly registry: Registry;
  readonly tracing: Tracing | undefined;
  /** One of this many requests to a subgraph has its fields timed; 0 for none. */
  readonly timedRequests: number;
  /** Hands over the spans still held. */
  stop(): Promise<void>;
}

/** Starts it for a process, with the figures of the process itself; `name` tells processes apart. */
export async function startObservability(
  config: ObservabilityConfig,
  name: string,
  log: Log,
): Promise<Observability> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const traces = config.traces && {
    url: config.traces.url,
    serviceName: config.traces.serviceName ?? `crossfoot-${name}`,
  };
  const tracing = await startTracing(traces, log);
  return {
    registry,
    tracing,
    timedRequests: config.timedRequests,
    stop: async () => tracing?.stop(),
  };
}

/** A figure that is looked up when somebody reads the figures. */
export interface LookedUp<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly kind: 'gauge' | 'counter';
  readonly labels: readonly Label[];
}

/** Says one value of a figure. */
export type Say<Label extends string> = (labels: Record<Label, string>, value: number) => void;

type Reader = (say: Say<string>) => Promise<void> | void;

const readersOf = new WeakMap<Registry, Map<string, Reader[]>>();

/**
 * Adds a figure that is looked up when somebody reads the figures. Several parts may add the same one, told apart by
 * labels; what cannot be looked up is left out, because a missing figure is noticed and a wrong one is not.
 */
export function lookUp<Label extends string>(
  registry: Registry,
  figure: LookedUp<Label>,
  read: (say: Say<Label>) => Promise<void> | void,
): void {
  const figures = readersOf.get(registry) ?? new Map<string, Reader[]>();
  readersOf.set(registry, figures);
  const known = figures.get(figure.name);
  if (known) {
    known.push(read as Reader);
    return;
  }
  const readers: Reader[] = [read as Reader];
  figures.set(figure.name, readers);
  const { name, help } = figure;
  const options = { name, help, labelNames: [...figure.labels], registers: [registry] };
  const all = async (reset: () => void, say: Say<string>): Promise<void> => {
    const said: Parameters<Say<string>>[] = [];
    await Promise.allSettled(readers.map(async (one) => one((...value) => void said.push(value))));
    reset();
    for (const value of said) say(...value);
  };
  if (figure.kind === 'gauge') {
    const gauge: Gauge = new Gauge({
      ...options,
      collect: () =>
        all(
          () => gauge.reset(),
          (labels, value) => gauge.set(labels, value),
        ),
    });
  } else {
    const counter: Counter = new Counter({
      ...options,
      collect: () =>
        all(
          () => counter.reset(),
          (labels, value) => counter.inc(labels, value),
        ),
    });
  }
}
