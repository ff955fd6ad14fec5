import type { Executor } from '../execution/executor.ts';
import type { FederatedGraph } from './federated-graph.ts';

/** A supergraph as the gateway serves it. */
export interface LoadedGraph {
  readonly supergraphSdl: string;
  readonly graph: FederatedGraph;
  readonly executor: Executor;
}

/** The graph that is served now; requests under way keep the one with which they began. */
export interface GraphInForce<Loaded extends LoadedGraph = LoadedGraph> {
  readonly current: () => Loaded;
  /** Calls the listener after each replacement; answers how to stop that. */
  onChange(listener: (loaded: Loaded) => void): () => void;
}

/** A graph that can be replaced while it is served. */
export interface ReplaceableGraph<Loaded extends LoadedGraph> extends GraphInForce<Loaded> {
  replace(loaded: Loaded): void;
}

/** Begins with a graph and serves it until another one replaces it. */
export function replaceableGraph<Loaded extends LoadedGraph>(first: Loaded): ReplaceableGraph<Loaded> {
  const listeners = new Set<(loaded: Loaded) => void>();
  let current = first;
  return {
    current: () => current,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replace(loaded) {
      current = loaded;
      for (const listener of listeners) listener(loaded);
    },
  };
}
