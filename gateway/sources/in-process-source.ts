import type { RunningSubgraph } from '#kernel/subgraph-runtime';
import type { SubgraphSource } from './subgraph-source.ts';

/** The source of a subgraph that runs in the gateway's own process. */
export function inProcessSource(running: RunningSubgraph): SubgraphSource {
  return {
    execute: (request) => running.execute(request),
    render: (request) => running.render(request),
    ready: () => running.ready(),
  };
}
