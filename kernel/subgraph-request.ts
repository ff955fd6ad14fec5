import type { Actor } from '#kernel/actor';
import type { DomainEvent } from '#kernel/events';

/** One operation for a subgraph, on behalf of an actor the gateway has authenticated. */
export interface SubgraphRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly actor: Actor;
  /** Whether the answer's extension `times` is to say what took how long. */
  readonly timed?: boolean;
}

/** A subscription of which a subgraph renders one step for each event. */
export interface RenderRequest extends SubgraphRequest {
  readonly events: readonly DomainEvent[];
}
