import { Gauge, type Registry } from 'prom-client';
import type { BreakerState } from './breaker.ts';
import type { SubgraphSource } from './subgraph-source.ts';

/** How a source in another process is doing. */
export interface ConnectionFigures {
  /** Open connections. */
  readonly connected: number;
  /** Requests under way. */
  readonly running: number;
  /** Requests that wait for a connection. */
  readonly waiting: number;
  readonly breaker: BreakerState;
}

interface Figured extends SubgraphSource {
  readonly figures?: () => ConnectionFigures;
}

/** Shows the connections to subgraphs in other processes; those in this one have none. */
export function showConnections(
  sources: Readonly<Record<string, Figured | undefined>>,
  registry: Registry,
): void {
  const registers = [registry];
  const remote = Object.entries(sources).flatMap(([subgraph, source]) =>
    source?.figures ? [{ subgraph, figures: source.figures }] : [],
  );
  if (remote.length === 0) return;
  new Gauge({
    name: 'crossfoot_subgraph_connections',
    help: 'Connections to a subgraph by state: open, and requests running or waiting for one.',
    labelNames: ['subgraph', 'state'],
    registers,
    collect() {
      for (const { subgraph, figures } of remote) {
        const { connected, running, waiting } = figures();
        this.set({ subgraph, state: 'open' }, connected);
        this.set({ subgraph, state: 'running' }, running);
        this.set({ subgraph, state: 'waiting' }, waiting);
      }
    },
  });
  new Gauge({
    name: 'crossfoot_subgraph_breaker_open',
    help: 'Whether requests to a subgraph fail at once because it did not answer: 1 open, 0.5 probing, 0 closed.',
    labelNames: ['subgraph'],
    registers,
    collect() {
      for (const { subgraph, figures } of remote) this.set({ subgraph }, degrees[figures().breaker]);
    },
  });
}

const degrees: Readonly<Record<BreakerState, number>> = { open: 1, probing: 0.5, closed: 0 };
