import { Counter, Gauge, type Registry } from 'prom-client';
import type { DomainEvent } from '#kernel/events';
import { createEntityCache } from './entity-cache.ts';
import { createEpochs, type Epochs } from './epochs.ts';
import { sharingSource } from './sharing-source.ts';
import type { SubgraphSource, SubgraphSources } from './subgraph-source.ts';

interface LayerOptions {
  readonly registry: Registry;
  readonly config: {
    /** Whether equal reads under way at the same time are asked once. */
    readonly deduplication?: boolean;
    /** Memory for kept entities; 0 or nothing keeps none. */
    readonly entityCacheBytes?: number;
  };
}

/** The sources as plans use them, and what they must be told. */
export interface LayeredSources {
  readonly sources: SubgraphSources;
  /** What whoever shares answers of several subgraphs must look at, too. */
  readonly epochs: Epochs;
  /** To be called with every event of the feed before anybody else acts on it. */
  readonly noticed: (event: DomainEvent) => void;
}

/** Puts sharing and, where there is memory for it, the cache of entities in front of every subgraph. */
export function layerSources(bare: SubgraphSources, options: LayerOptions): LayeredSources {
  const { config } = options;
  const epochs = createEpochs();
  const figures = layerFigures(options.registry);
  const capacityBytes = config.entityCacheBytes ?? 0;
  const cache =
    capacityBytes > 0
      ? createEntityCache({ capacityBytes, epochs, looked: (...looked) => figures.looked(...looked) })
      : undefined;
  const layered = ([name, source]: [string, SubgraphSource]): [string, SubgraphSource] => {
    const share = config.deduplication ?? true;
    const sharing = sharingSource(source, { epochs, share, joined: () => figures.joined(name) });
    return [name, cache ? cache.over(name, sharing) : sharing];
  };
  figures.measure(() => cache?.bytes ?? 0);
  return {
    sources: Object.fromEntries(Object.entries(bare).map(layered)),
    epochs,
    noticed(event) {
      epochs.raise(event.organisationId);
      cache?.noticed(event);
    },
  };
}

function layerFigures(registry: Registry) {
  const registers = [registry];
  const shared = new Counter({
    name: 'crossfoot_subgraph_reads_shared_total',
    help: 'Reads of a subgraph that were answered with an equal one under way.',
    labelNames: ['subgraph'],
    registers,
  });
  const entities = new Counter({
    name: 'crossfoot_cached_entities_total',
    help: 'Entities of cached types by how they were found: known or asked.',
    labelNames: ['found'],
    registers,
  });
  return {
    joined: (subgraph: string) => shared.inc({ subgraph }),
    looked(known: number, asked: number): void {
      entities.inc({ found: 'known' }, known);
      entities.inc({ found: 'asked' }, asked);
    },
    measure(bytes: () => number): void {
      new Gauge({
        name: 'crossfoot_entity_cache_bytes',
        help: 'Memory of the kept entities, by estimate.',
        registers,
        collect() {
          this.set(bytes());
        },
      });
    },
  };
}
